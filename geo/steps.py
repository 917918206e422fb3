"""The roads of a journey, read back from a search."""

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.layer import Layer, Seed
from geo.search import LayerTimes
from geo.snap import Snap

Longs = NDArray[np.int64]
_SAME_S = 1e-6


class Step(NamedTuple):
    """A road or part of one, from one fraction of its length to another."""

    road: int
    start: float
    end: float


class StepReader:
    """
    Reads steps back from one layer's search.

    A node has only one way on, so the steps of all journeys are looked up together, once a node.
    """

    def __init__(self, times: LayerTimes) -> None:
        self.times = times
        self._step: dict[int, Step] = {}
        # Numbers come out of a memoryview several times as fast as out of an array.
        self._following = times.tree.following.data

    def chain(self, node: int) -> list[int]:
        """Nodes from one to the last before the place."""
        following, end = self._following, self.times.layer.n_nodes
        nodes = [node]
        while (node := following[node]) != end:
            nodes.append(node)
        return nodes

    def steps(self, nodes: Sequence[int]) -> list[Step]:
        """Give the steps between neighbouring nodes of a chain."""
        step = self._step
        if not all(node in step for node in nodes[:-1]):
            self.look_up(nodes[:-1])
        return [step[node] for node in nodes[:-1]]

    def look_up(self, nodes: Iterable[int]) -> None:
        """Find the step that leaves each of many nodes; none of them the last before the place."""
        wanted = sorted(set(nodes) - self._step.keys())
        if not wanted:
            return
        tails = np.array(wanted, dtype=np.int64)
        slots = _slots(self.times.layer, tails, self.times.tree.following[tails].astype(np.int64))
        self._step.update(zip(wanted, _steps_of(self.times.layer, slots), strict=True))

    @cached_property
    def _seeds_at(self) -> dict[int, list[Seed]]:
        found: dict[int, list[Seed]] = {}
        for seed in self.times.seeds:
            found.setdefault(seed.node, []).append(seed)
        return found

    def arrival(self, node: int) -> Seed | None:
        """Find the way from the last node into a place; `None` where the vehicle stops at that node."""
        seconds = float(self.times.tree.seconds[node])
        seeds = [seed for seed in self._seeds_at.get(node, ()) if seed.seconds <= seconds + _SAME_S]
        return min(seeds, key=lambda seed: seed.seconds, default=None)


def _slots(layer: Layer, tails: Longs, heads: Longs) -> Longs:
    """Find the cheapest arc for each pair of tail and head."""
    data, tail, first = layer.rows
    start, count = first[heads].astype(np.int64), (first[heads + 1] - first[heads]).astype(np.int64)
    offset = np.cumsum(count) - count
    slot = np.arange(int(count.sum())) + np.repeat(start - offset, count)
    pair = np.repeat(np.arange(len(heads)), count)
    fits = tail[slot] == tails[pair]
    slot, pair = slot[fits], pair[fits]
    order = np.lexsort((data[slot], pair))
    slot, pair = slot[order], pair[order]
    is_best = np.ones(len(pair), dtype=bool)
    is_best[1:] = pair[1:] != pair[:-1]
    return np.asarray(slot[is_best])


def _steps_of(layer: Layer, slots: Longs) -> list[Step]:
    """Name the road and its two fractions for arcs of a layer."""
    graph, cuts = layer.graph, layer.cuts
    whole = len(graph.tail)
    known = np.minimum(slots, whole - 1)
    back = graph.side[known].astype(np.float64)
    found = list(map(Step, graph.road[known].tolist(), back.tolist(), (1.0 - back).tolist()))
    if cuts is None:
        return found
    piece_of = {int(slot): i for i, slot in enumerate(cuts.slot)}
    for at, slot in enumerate(slots.tolist()):
        if slot < whole and slot not in piece_of:
            continue
        number = piece_of[slot] if slot < whole else len(cuts.slot) + slot - whole
        cut = cuts.roads[int(cuts.road[number])]
        piece = int(cuts.piece[number]) - cut.first_piece
        ends = cut.bounds[piece], cut.bounds[piece + 1]
        start, end = ends[::-1] if cuts.side[number] else ends
        found[at] = Step(int(cuts.road[number]), start, end)
    return found


def along(start: Snap, end: Snap | None) -> Step:
    """Give the only step of somebody who sets out on the road of the place."""
    if end is None:
        message = "there is no place on this road"
        raise AssertionError(message)
    return Step(start.road, start.fraction, end.fraction)

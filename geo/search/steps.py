"""The roads of a journey, read back from a search."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from itertools import islice, pairwise
from typing import NamedTuple

import numpy as np

from geo.arrays import Longs
from geo.network.snap import Snap
from geo.search.two_layer import LayerTimes
from geo.search.weighted_graph import Source, WeightedGraph

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
        """Give the steps between neighbouring nodes of a chain, all looked up before."""
        return [self._step[node] for node in nodes[:-1]]

    def unknown(self, nodes: Iterable[int]) -> list[int]:
        """List those of some nodes whose steps have not been looked up, in order."""
        return sorted(set(nodes) - self._step.keys())

    def learn(self, nodes: Sequence[int], steps: Iterable[Step]) -> None:
        """Keep the steps that leave some nodes."""
        self._step.update(zip(nodes, steps, strict=True))

    @cached_property
    def _seeds_at(self) -> dict[int, list[Source]]:
        found: dict[int, list[Source]] = {}
        for seed in self.times.seeds:
            found.setdefault(seed.node, []).append(seed)
        return found

    def arrival(self, node: int) -> Source | None:
        """Find the way from the last node into a place; `None` where the vehicle stops at that node."""
        seconds = float(self.times.tree.seconds[node])
        seeds = [seed for seed in self._seeds_at.get(node, ()) if seed.seconds <= seconds + _SAME_S]
        return min(seeds, key=lambda seed: seed.seconds, default=None)


def look_up(wanted: Mapping[StepReader, Iterable[int]]) -> None:
    """
    Find the step that leaves each of many nodes, none of them the last before the place.

    Parameters
    ----------
    wanted
        Nodes by reader. Their layers have the same closures, so that their rows differ in seconds only.
    """
    asked = [(reader, reader.unknown(nodes)) for reader, nodes in wanted.items()]
    tails = [np.array(nodes, dtype=np.int64) for _, nodes in asked]
    if not sum(map(len, tails)):
        return
    layers = [reader.times.layer for reader, _ in asked]
    heads = [reader.times.tree.following[some] for (reader, _), some in zip(asked, tails, strict=True)]
    slots = _slots(layers, tails, np.concatenate(heads).astype(np.int64))
    steps = iter(_steps_of(layers[0], slots))
    for reader, nodes in asked:
        reader.learn(nodes, islice(steps, len(nodes)))


def _slots(layers: Sequence[WeightedGraph], tails_by_layer: Sequence[Longs], heads: Longs) -> Longs:
    """Find the cheapest arc for each pair of tail and head, layer by layer."""
    _, tail, first = layers[0].rows
    tails = np.concatenate(tails_by_layer)
    start, count = first[heads].astype(np.int64), (first[heads + 1] - first[heads]).astype(np.int64)
    offset = np.cumsum(count) - count
    slot = np.arange(int(count.sum())) + np.repeat(start - offset, count)
    pair = np.repeat(np.arange(len(heads)), count)
    fits = tail[slot] == tails[pair]
    slot, pair = slot[fits], pair[fits]
    if len(slot) == len(heads):
        return np.asarray(slot)
    # Some roads lead from one node to the same other one.
    bounds = np.searchsorted(pair, np.cumsum([0, *map(len, tails_by_layer)]))
    seconds = [
        layer.rows[0][slot[low:high]] for layer, (low, high) in zip(layers, pairwise(bounds), strict=True)
    ]
    order = np.lexsort((np.concatenate(seconds), pair))
    slot, pair = slot[order], pair[order]
    is_best = np.ones(len(pair), dtype=bool)
    is_best[1:] = pair[1:] != pair[:-1]
    return np.asarray(slot[is_best])


def _steps_of(layer: WeightedGraph, slots: Longs) -> list[Step]:
    """Name the road and its two fractions for arcs of a layer."""
    graph, cuts = layer.graph, layer.cuts
    whole = len(graph.tail)
    known = np.minimum(slots, whole - 1)
    back = graph.side[known].astype(np.float64)
    columns = graph.road[known].tolist(), back.tolist(), (1.0 - back).tolist()
    found = list(map(Step._make, zip(*columns, strict=True)))
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
    """Return the only step of a way that starts on the road of the place."""
    if end is None:
        message = "there is no place on this road"
        raise AssertionError(message)
    return Step(start.road, start.fraction, end.fraction)

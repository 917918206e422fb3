"""The roads of a journey, read back from a search."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.layer import Exits, Layer, Seed
from geo.search import LayerTimes, Search
from geo.snap import Snap

_SAME_S = 1e-6


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A road or part of one, from one fraction of its length to another."""

    road: int
    start: float
    end: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One way to a place: driven steps, then walked ones."""

    driven: tuple[Step, ...]
    walked: tuple[Step, ...]
    walk_s: float
    """Seconds after stopping the vehicle, getting out included; all of them for somebody on foot."""
    place: int
    connector_s: float
    """The last of them, from the road to the place."""
    stopped: bool
    """A vehicle was left before the place."""


class StepReader:
    """
    Reads steps back from one layer's search.

    A node has only one way on, so the steps of all journeys are looked up together, once a node.
    """

    def __init__(self, times: LayerTimes) -> None:
        self.times = times
        self._step: dict[int, Step] = {}

    def chain(self, node: int) -> list[int]:
        """Nodes from one to the last before the place."""
        following, end = self.times.tree.following, self.times.layer.n_nodes
        nodes = [node]
        while (node := int(following[node])) != end:
            nodes.append(node)
        return nodes

    def steps(self, nodes: Sequence[int]) -> list[Step]:
        """Give the steps between neighbouring nodes of a chain."""
        if not all(node in self._step for node in nodes[:-1]):
            self.look_up(nodes[:-1])
        return [self._step[node] for node in nodes[:-1]]

    def look_up(self, nodes: Iterable[int]) -> None:
        """Find the step that leaves each of many nodes; none of them the last before the place."""
        wanted = sorted(set(nodes) - self._step.keys())
        if not wanted:
            return
        tails = np.array(wanted, dtype=np.int64)
        slots = _slots(self.times.layer, tails, self.times.tree.following[tails].astype(np.int64))
        self._step.update(zip(wanted, _steps_of(self.times.layer, slots), strict=True))

    def arrival(self, node: int) -> Seed | None:
        """Find the way from the last node into a place; `None` where the vehicle stops at that node."""
        seconds = float(self.times.tree.seconds[node])
        seeds = [s for s in self.times.seeds if s.node == node and s.seconds <= seconds + _SAME_S]
        return min(seeds, key=lambda seed: seed.seconds, default=None)


def _slots(layer: Layer, tails: NDArray[np.int64], heads: NDArray[np.int64]) -> NDArray[np.int64]:
    """Find the cheapest arc for each pair of tail and head."""
    data, tail, first = layer.rows
    start, count = first[heads].astype(np.int64), np.diff(first)[heads].astype(np.int64)
    offset = np.cumsum(count) - count
    slot = np.arange(int(count.sum())) + np.repeat(start - offset, count)
    pair = np.repeat(np.arange(len(heads)), count)
    fits = tail[slot] == tails[pair]
    slot, pair = slot[fits], pair[fits]
    order = np.lexsort((data[slot], pair))
    _, best = np.unique(pair[order], return_index=True)
    return np.asarray(slot[order[best]])


def _steps_of(layer: Layer, slots: NDArray[np.int64]) -> list[Step]:
    graph, cuts = layer.graph, layer.cuts
    whole = len(graph.tail)
    piece_of = {} if cuts is None else {int(slot): i for i, slot in enumerate(cuts.slot)}
    made: list[Step] = []
    for slot in slots.tolist():
        if cuts is not None and (slot >= whole or slot in piece_of):
            number = piece_of[slot] if slot < whole else len(cuts.slot) + slot - whole
            cut = cuts.roads[int(cuts.road[number])]
            piece = int(cuts.piece[number]) - cut.first_piece
            ends = cut.bounds[piece], cut.bounds[piece + 1]
            backward = bool(cuts.side[number])
            road = int(cuts.road[number])
        else:
            road, backward, ends = int(graph.road[slot]), bool(graph.side[slot]), (0.0, 1.0)
        start, end = ends[::-1] if backward else ends
        made.append(Step(road=road, start=start, end=end))
    return made


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """How one origin sets out: by which layer, by which exit."""

    start: Snap
    driving: bool
    exits: Exits
    number: int
    """Position of the origin among those of `exits`."""
    seconds: float


class JourneyReader:
    """Reads whole journeys back from a search on two layers."""

    def __init__(self, search: Search) -> None:
        self._search = search
        self._walking = StepReader(search.walking)
        self._driving = StepReader(search.driving) if search.driving else None

    def journey(self, departure: Departure) -> Journey:
        """Follow one origin to the place it reaches first."""
        reader = self._driving if departure.driving and self._driving else self._walking
        direct_s, place = reader.times.direct(departure.start)
        if direct_s <= departure.seconds + _SAME_S:
            step = _along(departure.start, reader.times.places[place])
            return self._finish([step], departure, place, reader, node=None)
        by_exit = reader.times.by_exit(departure.exits)[departure.number]
        side = int(np.argmin(by_exit))
        node = int(departure.exits.node[departure.number, side])
        first = Step(
            road=departure.start.road,
            start=departure.start.fraction,
            end=float(departure.exits.to_fraction[departure.number, side]),
        )
        nodes = reader.chain(node)
        steps = [first, *reader.steps(nodes)]
        return self._finish(steps, departure, -1, reader, node=nodes[-1])

    def _finish(
        self, steps: list[Step], departure: Departure, place: int, reader: StepReader, *, node: int | None
    ) -> Journey:
        """Add the way from the last node: straight to the place, or on foot from a stop."""
        total_s = departure.seconds
        if node is not None:
            seed = reader.arrival(node)
            if seed is None:
                return self._walk_on(steps, node)
            steps.append(Step(road=seed.road, start=seed.from_fraction, end=seed.to_fraction))
            place = seed.place
        connector_s = reader.times.connector_s[place]
        on_foot = reader is self._walking
        return Journey(
            driven=() if on_foot else tuple(steps),
            walked=tuple(steps) if on_foot else (),
            walk_s=total_s if on_foot else connector_s,
            place=place,
            connector_s=connector_s,
            stopped=on_foot and self._driving is not None,
        )

    def _walk_on(self, driven: list[Step], node: int) -> Journey:
        nodes = self._walking.chain(node)
        walked = self._walking.steps(nodes)
        seed = self._walking.arrival(nodes[-1])
        if seed is None:
            message = f"the walk from node {node} ends at no place"
            raise AssertionError(message)
        walked.append(Step(road=seed.road, start=seed.from_fraction, end=seed.to_fraction))
        return Journey(
            driven=tuple(driven),
            walked=tuple(walked),
            walk_s=float(self._walking.times.tree.seconds[node]) + self._search.dismount_s,
            place=seed.place,
            connector_s=self._walking.times.connector_s[seed.place],
            stopped=True,
        )


def _along(start: Snap, end: Snap | None) -> Step:
    if end is None:
        message = "there is no place on this road"
        raise AssertionError(message)
    return Step(road=start.road, start=start.fraction, end=end.fraction)

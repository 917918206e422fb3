"""The network as rows for a search, with closed stretches cut out of a copy."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Ints, Longs
from geo.network.closed_stretches import Stretch
from geo.network.network import RoadNetwork
from geo.tags.attributes import Trait

_SAME = 1e-9


class Graph:
    """
    Arcs by their head: row `h` lists the nodes from which an arc leads to `h`.

    A search over the rows runs against the direction of travel, that is, towards a place.
    """

    def __init__(self, network: RoadNetwork) -> None:
        n_nodes, n_roads = network.n_nodes, network.n_roads
        self.n_nodes = n_nodes
        self.n_roads = n_roads
        self.tail: Ints = network.arc_tail
        self.head: Ints = network.arc_head
        self.road: Ints = network.arc_road
        self.side: Longs = network.arc_backward.astype(np.int64)
        self.first = np.searchsorted(self.head, np.arange(n_nodes + 1)).astype(np.int32)
        self.key: Longs = self.head.astype(np.int64) * n_nodes + self.tail
        self.head_of: Ints = np.full((2, n_roads), -1, dtype=np.int32)
        """Where each direction of each road leads, -1 where no mode may go."""
        self.head_of[self.side, self.road] = self.head
        self.ends: Ints = np.stack([network.road_from, network.road_to])
        """First and last node of each road, shape `(2, n_roads)`."""
        # An arc from a copy may lead elsewhere than the one from the node itself, which is meant here.
        plain = np.flatnonzero(self.tail == self.ends[self.side, self.road])
        self.head_of[self.side[plain], self.road[plain]] = self.head[plain]
        self.length_m = network.road_length_m
        self._copies = _copies_of(network)
        number = self.side * n_roads + self.road
        self._by_side = np.argsort(number, kind="stable")
        self._first_of_side = np.searchsorted(number[self._by_side], np.arange(2 * n_roads + 1))

    def standing_at(self, road: int, end: int) -> list[int]:
        """Nodes that lie where a road ends: its own and the copies that turn restrictions made of it."""
        node = int(self.ends[end, road])
        return [node, *self._copies.get(node, ())]

    def arcs_on(self, road: int, side: int) -> Longs:
        """Numbers of the arcs of one direction of a road; more than one where a turn is restricted."""
        at = side * self.n_roads + road
        return self._by_side[self._first_of_side[at] : self._first_of_side[at + 1]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CutRoad:
    """A road with closed stretches: the nodes at its cuts and the pieces between them."""

    bounds: tuple[float, ...]
    """Fractions from 0 to 1; piece `i` lies between `bounds[i]` and `bounds[i + 1]`."""
    nodes: tuple[int, ...]
    """Numbers of the cut nodes, one fewer than pieces."""
    first_piece: int
    """Number of the first piece among the pieces of all cut roads."""

    def is_first(self, fraction: float, *, end: int) -> bool:
        """Whether nothing is cut between an end of the road, 0 or 1, and a fraction."""
        low, high = sorted((fraction, float(end)))
        return not any(low < bound < high for bound in self.bounds)

    def pieces_between(self, start: float, end: float) -> list[int]:
        """Which pieces lie between two fractions; those that only touch one of them do not, but for spots."""
        low, high = sorted((start, end))
        found = []
        for piece, (begin, beyond) in enumerate(pairwise(self.bounds)):
            touches_only = beyond == low or begin == high
            if begin <= high and low <= beyond and (begin == beyond or not touches_only):
                found.append(piece)
        return found

    def piece_at(self, fraction: float) -> int:
        """Which piece a fraction lies in; at a spot that is closed, the closed piece."""
        found = [i for i in range(len(self.bounds) - 1) if self.bounds[i] <= fraction <= self.bounds[i + 1]]
        spots = [i for i in found if self.bounds[i] == self.bounds[i + 1]]
        return (spots or found)[0]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class GraphChanges:
    """What closures change in the rows of a graph for one profile."""

    arc: Longs
    """Numbers of the arcs that are other than they were; one that was closed stays closed."""
    seconds: NDArray[np.float64]
    """What they cost now."""
    tail: Ints
    """Where they come from now."""
    more_seconds: NDArray[np.float64]
    """Of the arcs in the rows of cut nodes, which follow those of the graph."""
    more_tail: Ints
    more_first: Ints
    """One past the last arc of each of these rows."""


class ClosureOverlay:
    """
    Closed stretches as changes to the rows of a graph; the graph itself is not touched.

    Where a stretch begins and ends, a node is put into the road, so a vehicle can drive up to the
    closure and its crew walk on from there.

    Parameters
    ----------
    graph
        The whole network.
    stretches
        What each closure covers, in the order of the closures.
    """

    def __init__(self, graph: Graph, stretches: Sequence[Sequence[Stretch]]) -> None:
        self.graph = graph
        self.roads: dict[int, CutRoad] = {}
        self.covered_by: list[list[int]] = []
        """By piece: positions of the closures that cover it."""
        self.node_at: list[tuple[int, float]] = []
        """By cut node: road and fraction."""
        by_road: dict[int, list[tuple[int, float, float]]] = {}
        for closure, some in enumerate(stretches):
            for road, start, end in some:
                by_road.setdefault(road, []).append((closure, start, end))
        for road, closed in by_road.items():
            self._cut(road, closed)
        self._list_arcs()

    @property
    def n_nodes(self) -> int:
        """Nodes of the graph and of the cuts."""
        return self.graph.n_nodes + len(self.node_at)

    def nodes_without(self, nodes: Collection[int]) -> set[int]:
        """Give nodes of the graph instead of cut nodes: the ends of their roads."""
        kept = {node for node in nodes if node < self.graph.n_nodes}
        roads = {self.node_at[node - self.graph.n_nodes][0] for node in set(nodes) - kept}
        return kept | {int(node) for road in roads for node in self.graph.ends[:, road]}

    def _cut(self, road: int, closed: list[tuple[int, float, float]]) -> None:
        marks: list[float] = []
        for _, start, end in closed:
            # A spot needs a node on either side of it.
            marks += [start, end]
        inner: list[float] = []
        for mark in sorted(marks):
            if len(inner) < 2 or inner[-2] != mark:  # noqa: PLR2004 - at most two nodes in one place
                inner.append(mark)
        bounds = (0.0, *_without_ends(inner), 1.0)
        first_node = self.n_nodes
        self.node_at += [(road, fraction) for fraction in bounds[1:-1]]
        self.roads[road] = CutRoad(
            bounds=bounds,
            nodes=tuple(range(first_node, self.n_nodes)),
            first_piece=len(self.covered_by),
        )
        for start, end in pairwise(bounds):
            middle = (start + end) / 2
            self.covered_by.append([c for c, f, t in closed if f - _SAME <= middle <= t + _SAME])

    def _list_arcs(self) -> None:
        """Write down the arcs of all pieces: those in rows of the graph and those in rows of cut nodes."""
        in_graph: list[tuple[int, int, int, int, float, int]] = []
        in_cuts: list[tuple[int, int, int, int, float, int]] = []
        unused: list[int] = []
        for road, cut in self.roads.items():
            for side in (0, 1):
                arcs = self.graph.arcs_on(road, side)
                if not len(arcs):
                    continue
                if not cut.nodes:
                    in_graph += [
                        (int(a), int(self.graph.tail[a]), road, side, 1.0, cut.first_piece) for a in arcs
                    ]
                    continue
                nodes = cut.nodes if side == 0 else cut.nodes[::-1]
                pieces = list(range(len(cut.bounds) - 1))[:: 1 if side == 0 else -1]
                share = [cut.bounds[p + 1] - cut.bounds[p] for p in pieces]
                number = [cut.first_piece + p for p in pieces]
                in_graph.append((int(arcs[0]), nodes[-1], road, side, share[-1], number[-1]))
                unused += arcs[1:].tolist()
                in_cuts += [
                    (nodes[0], int(tail), road, side, share[0], number[0]) for tail in self.graph.tail[arcs]
                ]
                in_cuts += [
                    (nodes[i], nodes[i - 1], road, side, share[i], number[i]) for i in range(1, len(nodes))
                ]
        in_cuts.sort()
        columns = np.array(in_graph + in_cuts, dtype=np.float64).reshape(-1, 6)
        where, tails, roads, sides, self.share, pieces_ = columns.T
        n = len(in_graph)
        self.slot = where[:n].astype(np.int64)
        self.unused = np.array(unused, dtype=np.int64)
        self.cut_head = where[n:].astype(np.int64)
        self.tail = tails.astype(np.int32)
        self.road, self.side = roads.astype(np.int64), sides.astype(np.int64)
        self.piece = pieces_.astype(np.int64)

    def changes(self, side_s: NDArray[np.float64], shut: NDArray[np.bool_]) -> "GraphChanges":
        """
        Tell what is other in the rows for one profile.

        Parameters
        ----------
        side_s
            Seconds by direction and road.
        shut
            By piece: closed to the profile.
        """
        n, none = len(self.slot), len(self.unused)
        seconds = side_s[self.side, self.road]
        seconds = np.where(shut[self.piece], np.inf, seconds * np.where(np.isinf(seconds), 1.0, self.share))
        more = np.searchsorted(self.cut_head, np.arange(self.graph.n_nodes, self.n_nodes) + 1)
        return GraphChanges(
            arc=np.concatenate([self.slot, self.unused]),
            seconds=np.concatenate([seconds[:n], np.full(none, np.inf)]),
            tail=np.concatenate([self.tail[:n], self.graph.tail[self.unused]]),
            more_seconds=seconds[n:],
            more_tail=self.tail[n:],
            more_first=more.astype(np.int32),
        )

    def rows(
        self, cost_s: NDArray[np.float64], changes: "GraphChanges"
    ) -> tuple[NDArray[np.float64], Ints, Ints]:
        """
        Seconds, tails and row starts of the cut graph for one profile.

        Parameters
        ----------
        cost_s
            Seconds by arc of the whole network.
        changes
            For the profile.
        """
        data, tail = cost_s.copy(), self.graph.tail.copy()
        data[changes.arc], tail[changes.arc] = changes.seconds, changes.tail
        first = np.concatenate([self.graph.first, self.graph.first[-1] + changes.more_first])
        return (
            np.concatenate([data, changes.more_seconds]),
            np.concatenate([tail, changes.more_tail]),
            first.astype(np.int32),
        )

    def shut_for(self, stops: Mapping[int, bool] | Sequence[bool]) -> NDArray[np.bool_]:
        """By piece: covered by a closure that stops the profile; `stops` is by closure."""
        return np.array([any(stops[c] for c in covered) for covered in self.covered_by], dtype=bool)


def _copies_of(network: RoadNetwork) -> dict[int, list[int]]:
    """List copies by node: a turn link leads from each copy to its node."""
    copies: dict[int, list[int]] = {}
    links = network.road_traits & (Trait.TURN_LINK | Trait.U_TURN) == Trait.TURN_LINK
    for road in np.flatnonzero(links).tolist():
        copies.setdefault(int(network.road_to[road]), []).append(int(network.road_from[road]))
    return copies


def _without_ends(marks: list[float]) -> list[float]:
    """Drop what an end of the road makes needless: a cut at 0 or 1 keeps one node for a spot."""
    inner = [min(max(mark, 0.0), 1.0) for mark in marks]
    at_start = [m for m in inner if m <= _SAME]
    at_end = [m for m in inner if m >= 1 - _SAME]
    between = [m for m in inner if _SAME < m < 1 - _SAME]
    return [0.0] * (len(at_start) > 1) + between + [1.0] * (len(at_end) > 1)

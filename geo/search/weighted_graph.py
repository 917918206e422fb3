"""One profile's view of the roads at one moment: what each arc costs it, closures applied."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Floats, Ints
from geo.network.snap import Snap, Snaps
from geo.network.weighting import Costs
from geo.search.csr import Csr
from geo.search.graph import ClosureOverlay, Graph

AT_NODE_M = 1.0
"""A point this close to a junction stands on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A way into the place: the last node before it, and the seconds from there."""

    node: int
    """-1 when the journey starts on the very road of the place."""
    seconds: float
    place: int
    """Position of the place among those searched for."""
    road: int
    from_fraction: float
    to_fraction: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tree:
    """Seconds to the place by node, and the next node on the way; `n_nodes` stands for the place."""

    seconds: Floats
    following: Ints


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class AccessEdges:
    """How each of many origins gets onto the graph: two ways, one in each direction of its road."""

    node: NDArray[np.int64]
    """Shape `(n, 2)`, -1 where there is no way."""
    seconds: Floats
    road: NDArray[np.int64]
    from_fraction: Floats
    to_fraction: Floats
    """Shape `(n, 2)`: where on the road the way leads."""

    def ways(self, number: int) -> list[tuple[int, float, float]]:
        """Node, seconds and fraction of both ways of one origin."""
        columns = self.node[number], self.seconds[number], self.to_fraction[number]
        return list(zip(*(column.tolist() for column in columns), strict=True))


@dataclass(kw_only=True, eq=False)
class WeightedGraph:
    """
    The graph as one profile sees it.

    Parameters
    ----------
    graph
        The whole network.
    costs
        Of the profile.
    factor
        How much longer running takes at the moment.
    cuts
        Closed stretches, `None` without closures.
    stops
        By closure of `cuts`: it stops this profile.
    """

    graph: Graph
    costs: Costs
    factor: float = 1.0
    cuts: ClosureOverlay | None = None
    stops: Sequence[bool] = ()
    without: "WeightedGraph | None" = None
    """The same with nothing closed: with it, what closures do not change is not worked out again."""
    side_s: Floats = field(init=False)
    shut: NDArray[np.bool_] = field(init=False)
    _worth_leaving_for: "WeakKeyDictionary[WeightedGraph, NDArray[np.bool_]]" = field(
        default_factory=WeakKeyDictionary, init=False
    )

    def __post_init__(self) -> None:
        self.side_s = self.costs.at_peak(self.factor) if self.without is None else self.without.side_s
        self.shut = self.cuts.shut_for(self.stops) if self.cuts else np.zeros(0, dtype=bool)

    @property
    def n_nodes(self) -> int:
        """Nodes of the graph and of the cuts."""
        return (self.cuts or self.graph).n_nodes

    @cached_property
    def rows(self) -> tuple[Floats, Ints, Ints]:
        """Seconds and tails of the arcs, and where the row of each head begins."""
        graph = self.graph
        arc_s = self.side_s[graph.side, graph.road] if self.without is None else self.without.rows[0]
        if self.cuts is None:
            return arc_s, graph.tail, graph.first
        return self.cuts.rows(arc_s, self.cuts.changes(self.side_s, self.shut))

    @cached_property
    def opened(self) -> Csr:
        """The arcs that can be taken, ready for searching."""
        if self.without is None or self.cuts is None:
            return Csr(*self.rows)
        # Closures change few arcs, so nearly all is taken as it was.
        return self.without.opened.changed(self.cuts.changes(self.side_s, self.shut))

    @cached_property
    def open_heads(self) -> Ints:
        """Where each direction of each road leads, -1 where it cannot be taken; shape `(2, n_roads)`."""
        if self.without is not None:
            return self.without.open_heads
        return np.where(np.isfinite(self.side_s), self.graph.head_of, np.int32(-1))

    @cached_property
    def enterable(self) -> NDArray[np.bool_]:
        """Nodes the profile can arrive at, or set out from."""
        return self.opened.enterable

    def dismount_candidates(self, walker: "WeightedGraph") -> NDArray[np.bool_]:
        """
        Tell where leaving this profile's vehicle may save time; shape `(n_nodes,)`.

        From any other node a walker continues on a road that the vehicle can take at least as fast,
        so that leaving it one node later is no slower.

        Parameters
        ----------
        walker
            People on foot, with the same roads closed.
        """
        kept = self._worth_leaving_for.get(walker)
        if kept is not None:
            return kept
        if self.without is None or self.cuts is None:
            is_slower = np.isfinite(walker.side_s) & ~(self.side_s <= walker.side_s)
            found = np.zeros(self.n_nodes, dtype=bool)
            found[self.graph.tail[is_slower[self.graph.side, self.graph.road]]] = True
        else:
            plain = self.without.dismount_candidates(walker.without or walker)
            # Conservative: treat every node next to a closure as a possible dismount point.
            found = np.concatenate([plain, np.ones(self.n_nodes - len(plain), dtype=bool)])
            found[self.cuts.tail] = True
            found[self.graph.tail[self.cuts.unused]] = True
        self._worth_leaving_for[walker] = found
        return found

    def last_shut(self, road: int, start: float, end: float) -> float | None:
        """Find where the last closed piece between two fractions ends, in their order; None without any."""
        cut = self.cuts.roads.get(road) if self.cuts else None
        if cut is None:
            return None
        shut = [piece for piece in cut.pieces_between(start, end) if bool(self.shut[cut.first_piece + piece])]
        if not shut:
            return None
        return max(cut.bounds[shut[0]], end) if end < start else min(cut.bounds[shut[-1] + 1], end)

    @cached_property
    def parts(self) -> NDArray[np.int32]:
        """Number of the connected part of each node, directions aside."""
        return self.opened.parts

    def search(self, nodes: NDArray[np.int64], seconds: Floats, *, limit_s: float) -> Tree:
        """Find the seconds from every node to the place, given those of the nodes next to it."""
        found, following = self.opened.search(nodes, seconds, limit_s=limit_s)
        return Tree(seconds=found, following=following)

    def seeds(self, snap: Snap, *, place: int, connector_s: float) -> list[Source]:
        """List the ways to a point on a road: from its start, from its end, and from a node it stands at."""
        made = [
            Source(
                node=node,
                seconds=connector_s,
                place=place,
                road=snap.road,
                from_fraction=float(end),
                to_fraction=snap.fraction,
            )
            for end in (0, 1)
            if self._stands_at(snap, end)
            for node in self.graph.standing_at(snap.road, end)
        ]
        for side in (0, 1):
            cost_s = self.side_s[side, snap.road]
            tails, start, is_open = self._piece_behind(snap, side)
            if not np.isfinite(cost_s) or not is_open:
                continue
            seconds = cost_s * abs(snap.fraction - start) + connector_s
            made += [
                Source(
                    node=tail,
                    seconds=seconds,
                    place=place,
                    road=snap.road,
                    from_fraction=start,
                    to_fraction=snap.fraction,
                )
                for tail in tails
            ]
        return made

    def _stands_at(self, snap: Snap, end: int) -> bool:
        """Whether a point is so close to an end of its road that it lies on all roads which meet there."""
        gap_m = abs(snap.fraction - end) * float(self.graph.length_m[snap.road])
        cut = self.cuts.roads.get(snap.road) if self.cuts else None
        return gap_m <= AT_NODE_M and (cut is None or cut.is_first(snap.fraction, end=end))

    def _piece_behind(self, snap: Snap, side: int) -> tuple[list[int], float, bool]:
        """Where one comes from on the way to a point in one direction, and whether that way is open."""
        tails = self.graph.tail[self.graph.arcs_on(snap.road, side)].tolist()
        cut = self.cuts.roads.get(snap.road) if self.cuts else None
        if cut is None:
            return tails, float(side), True
        piece = cut.piece_at(snap.fraction)
        is_open = not self.shut[cut.first_piece + piece]
        at = piece - 1 if side == 0 else piece
        start = cut.bounds[piece + side]
        return ([cut.nodes[at]] if 0 <= at < len(cut.nodes) else tails), start, is_open

    def exits(self, snaps: Snaps) -> AccessEdges:
        """Work out how each origin gets onto the graph."""
        road = np.maximum(snaps.road, 0)
        node = self.graph.head_of[:, road].T.astype(np.int64)
        until = np.tile(np.array([1.0, 0.0]), (len(road), 1))
        cost_s = self.side_s[:, road].T.copy()
        cost_s[(snaps.road < 0) | (node < 0).all(axis=1)] = np.inf
        if self.cuts is not None and self.cuts.roads:
            self._exits_of_cut_roads(snaps, node, until, cost_s)
        part = np.abs(until - snaps.fraction[:, None])
        seconds = np.where(np.isfinite(cost_s), cost_s, 0.0) * part
        seconds[~np.isfinite(cost_s) | (node < 0)] = np.inf
        self._exits_at_nodes(snaps, node, seconds)
        return AccessEdges(
            node=node, seconds=seconds, road=snaps.road, from_fraction=snaps.fraction, to_fraction=until
        )

    def _exits_of_cut_roads(
        self, snaps: Snaps, node: NDArray[np.int64], until: Floats, cost_s: Floats
    ) -> None:
        assert self.cuts is not None  # noqa: S101 - told by the caller
        for i in np.flatnonzero(np.isin(snaps.road, list(self.cuts.roads))).tolist():
            cut = self.cuts.roads[int(snaps.road[i])]
            piece = cut.piece_at(float(snaps.fraction[i]))
            if self.shut[cut.first_piece + piece]:
                cost_s[i] = np.inf
            if piece < len(cut.nodes):
                node[i, 0] = cut.nodes[piece]
            if piece > 0:
                node[i, 1] = cut.nodes[piece - 1]
            until[i] = cut.bounds[piece + 1], cut.bounds[piece]

    def _exits_at_nodes(self, snaps: Snaps, node: NDArray[np.int64], seconds: Floats) -> None:
        """From a junction, allow setting out along any of its roads."""
        length_m = self.graph.length_m[snaps.road]
        for end in (0, 1):
            near = (snaps.road >= 0) & (np.abs(snaps.fraction - end) * length_m <= AT_NODE_M)
            if self.cuts is not None and self.cuts.roads:
                whole = near & ~np.isin(snaps.road, list(self.cuts.roads))
            else:
                whole = near
            node[whole, 1 - end] = self.graph.ends[end, snaps.road[whole]]
            seconds[whole, 1 - end] = 0.0
            for i in np.flatnonzero(near & ~whole).tolist():
                snap = snaps.one(i)
                if snap is not None and self._stands_at(snap, end):
                    node[i, 1 - end] = self.graph.ends[end, snap.road]
                    seconds[i, 1 - end] = 0.0

    def along_s(self, start: Snap, end: Snap) -> float:
        """Seconds from one point to another of the same road without leaving it, infinity when shut."""
        if start.road != end.road:
            return float("inf")
        side = int(end.fraction < start.fraction)
        seconds = float(self.side_s[side, start.road]) * abs(end.fraction - start.fraction)
        cut = self.cuts.roads.get(start.road) if self.cuts else None
        if cut is not None:
            ends = sorted((cut.piece_at(start.fraction), cut.piece_at(end.fraction)))
            if self.shut[cut.first_piece + ends[0] : cut.first_piece + ends[1] + 1].any():
                return float("inf")
        return seconds if seconds == seconds else float("inf")  # noqa: PLR0124 - infinity times nothing

    def along_to_s(self, end: Snap, fractions: Floats) -> Floats:
        """Seconds to a point from others of its road, given by their fractions, as `along_s` finds them."""
        if self.cuts is not None and end.road in self.cuts.roads:
            starts = (Snap(road=end.road, fraction=at, distance_m=0.0) for at in fractions.tolist())
            return np.array([self.along_s(start, end) for start in starts])
        gap = end.fraction - fractions
        cost_s = self.side_s[(gap < 0).astype(np.int64), end.road]
        is_open = np.isfinite(cost_s)
        # Where a direction cannot be taken, not even no distance at all can be.
        return np.where(is_open, np.where(is_open, cost_s, 0.0) * np.abs(gap), np.inf)

"""Shortest-path tree, and repair of its branches when one road is closed."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import depth_first_order, dijkstra

from geo.arrays import Floats, Longs
from geo.search.access_points import NO_ROAD


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Arcs:
    """Arcs among nodes in reach; people's nodes are numbered above those of vehicles."""

    tail: Longs
    head: Longs
    seconds: Floats
    road: Longs
    """Road whose closure shuts the arc, -1 for arcs that no closure of a road shuts."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sources:
    """Where journeys start: node, seconds until then, and the road whose closure shuts it or -1."""

    node: Longs
    seconds: Floats
    road: Longs


class ShortestPathTree:
    """
    A tree of fastest ways from a source numbered `n`, above all nodes.

    Parameters
    ----------
    arcs, seeds
        What was searched.
    seconds
        Of every node and the source.
    before
        The node before each on its fastest way.
    limit_s
        Times beyond this do not matter.
    """

    def __init__(self, arcs: Arcs, seeds: Sources, *, seconds: Floats, before: Longs, limit_s: float) -> None:
        self._arcs = arcs
        self._seeds = seeds
        self._seconds = seconds
        self._before = before
        self._limit_s = limit_s
        self._n = len(before)
        # Position among the nodes behind the road just closed, -1 for all others. One place more than
        # nodes and source, for the -1 that stands for no node.
        self._local = np.full(self._n + 2, -1, dtype=np.int64)

    @cached_property
    def order(self) -> tuple[Longs, Longs, Longs]:
        """Nodes in the order of a walk down the tree; where each node's branch begins and ends in it."""
        n = self._n
        reached = np.flatnonzero(np.isfinite(self._seconds[:n]))
        ones = np.ones(len(reached), dtype=np.int8)
        down = csr_array(coo_array((ones, (self._before[reached], reached)), shape=(n + 1, n + 1)))
        order = depth_first_order(down, n, directed=True, return_predecessors=False).astype(np.int64)
        begin = np.full(n + 2, -1, dtype=np.int64)
        begin[order] = np.arange(len(order))
        size = np.ones(n + 2, dtype=np.int64).tolist()
        parent = self._before.tolist()
        for node in order[:0:-1].tolist():
            size[parent[node]] += size[node]
        return order, begin, begin + np.array(size)

    @cached_property
    def _by_head(self) -> tuple[Longs, Longs]:
        """Arcs from nodes in reach in the order of their heads, and where each head's begin."""
        useful = np.flatnonzero(np.isfinite(self._seconds[self._arcs.tail]))
        order = useful[np.argsort(self._arcs.head[useful], kind="stable")]
        return order, np.searchsorted(self._arcs.head[order], np.arange(self._n + 1))

    def behind_roads(self, last: Longs) -> dict[int, list[int]]:
        """List, by road, the nodes that are reached over it on the way to one of the last nodes."""
        order, begin, end = self.order
        positions = np.sort(begin[last])
        nodes = order[1:]
        leads_on = np.searchsorted(positions, end[nodes]) > np.searchsorted(positions, begin[nodes])
        by_road: dict[int, list[int]] = {}
        for node in nodes[leads_on].tolist():
            road = self._road_into(node)
            if road != NO_ROAD:
                by_road.setdefault(road, []).append(node)
        return by_road

    def _road_into(self, node: int) -> int:
        """Find the road of the arc by which the fastest way comes to a node."""
        order, first = self._by_head
        slots = order[first[node] : first[node + 1]]
        slots = slots[self._arcs.tail[slots] == self._before[node]]
        if not len(slots):
            return NO_ROAD
        return int(self._arcs.road[slots[np.argmin(self._arcs.seconds[slots])]])

    def without(self, road: int, roots: Sequence[int], asked: Longs) -> Floats:
        """
        Find the seconds at some nodes when a road is closed.

        Only nodes behind the road can change: each is tried from its neighbours outside, then the
        improvements are passed on among the nodes inside.

        Parameters
        ----------
        road
            The closed road.
        roots
            Nodes that the fastest ways reach over it.
        asked
            Nodes, of any shape; -1 and the source are allowed.
        """
        order, begin, end = self.order
        inside = np.unique(np.concatenate([order[begin[root] : end[root]] for root in roots]))
        local = self._local
        local[inside] = np.arange(len(inside))
        found = self._search_inside(inside, road)
        at = local[asked]
        local[inside] = -1
        return np.asarray(np.where(at >= 0, found[at], self._seconds[np.maximum(asked, 0)]))

    def seconds_at(self, asked: Longs) -> Floats:
        """Give the seconds at some nodes with nothing closed; -1 is given any."""
        return np.asarray(self._seconds[np.maximum(asked, 0)])

    def _search_inside(self, inside: Longs, road: int) -> Floats:
        arcs, local, n = self._arcs, self._local, len(inside)
        slots = _ragged(*self._by_head, inside)
        slots = slots[arcs.road[slots] != road]
        tail, head, cost = local[arcs.tail[slots]], local[arcs.head[slots]], arcs.seconds[slots]
        outside = tail < 0
        cost = np.where(outside, self._seconds[arcs.tail[slots]] + cost, cost)
        seeds = np.flatnonzero(local[self._seeds.node] >= 0)
        data = np.concatenate([cost, self._seeds.seconds[seeds]])
        rows = np.concatenate([np.where(outside, n, tail), np.full(len(seeds), n)])
        columns = np.concatenate([head, local[self._seeds.node[seeds]]])
        by_row = np.argsort(rows, kind="stable")
        first = np.searchsorted(rows[by_row], np.arange(n + 2))
        graph = csr_array((data[by_row], columns[by_row], first), shape=(n + 1, n + 1))
        return np.asarray(dijkstra(graph, directed=True, indices=np.array(n), limit=self._limit_s))


def _ragged(order: Longs, first: Longs, chosen: Longs) -> Longs:
    start, count = first[chosen], first[chosen + 1] - first[chosen]
    offset = np.cumsum(count) - count
    return np.asarray(order[np.arange(int(count.sum())) + np.repeat(start - offset, count)])

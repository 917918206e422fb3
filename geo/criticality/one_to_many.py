"""Times from some units to every building, and how they change when one road is closed."""

from collections.abc import Sequence
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array
from scipy.sparse.csgraph import dijkstra

from geo.arrays import Floats, Longs
from geo.criticality.shortest_path_tree import Arcs, ShortestPathTree, Sources
from geo.search.access_points import NO_ROAD, Start, Targets, ways_in
from geo.search.weighted_graph import WeightedGraph


class OneToMany:
    """
    Times from some units that travel alike to every building, the soonest unit's counting.

    Parameters
    ----------
    vehicle
        Layer of the reversed network for the units' profile, `None` for people on foot.
    walker
        That of people on foot.
    starts
        Where the units set out.
    doors
        Where the buildings are.
    dismount_s
        To leave the vehicle.
    limit_s
        Longest response looked at.
    pedestrians_pass
        A closed road lets people on foot through.
    """

    def __init__(
        self,
        *,
        vehicle: WeightedGraph | None,
        walker: WeightedGraph,
        starts: Sequence[Start],
        doors: Targets,
        dismount_s: float,
        limit_s: float,
        pedestrians_pass: bool,
    ) -> None:
        self._n = walker.n_nodes
        self._limit_s = limit_s
        self._ways = ways_in(vehicle, walker, starts, doors, pedestrians_pass=pedestrians_pass)
        self._seeds = _seeds(vehicle, walker, starts, pedestrians_pass=pedestrians_pass)
        self._arcs = _all_arcs(vehicle, walker, dismount_s=dismount_s, pedestrians_pass=pedestrians_pass)
        seconds, before = self._search()
        self._branches = ShortestPathTree(
            self._arcs, self._seeds, seconds=seconds, before=before, limit_s=limit_s
        )
        by_way = self._ways.seconds(seconds[self._ways.node])
        self.doors_s: Floats = by_way.min(axis=1, initial=np.inf)
        """Seconds to each building."""
        self._best_way = by_way.argmin(axis=1)

    def _search(self, *, shut_road: int | None = None) -> tuple[Floats, Longs]:
        arcs, seeds, source = self._arcs, self._seeds, 2 * self._n
        shut = arcs.road == shut_road if shut_road is not None else np.zeros(len(arcs.road), dtype=bool)
        used = (
            np.flatnonzero(seeds.road != shut_road) if shut_road is not None else np.arange(len(seeds.road))
        )
        data = np.concatenate([np.where(shut, np.inf, arcs.seconds), seeds.seconds[used]])
        heads = np.concatenate([arcs.head, seeds.node[used]]).astype(np.int32)
        first = np.append(np.searchsorted(arcs.tail, np.arange(source + 1)), len(data)).astype(np.int32)
        rows = csr_array((data, heads, first), shape=(source + 1, source + 1))
        found, before = dijkstra(
            rows, directed=True, indices=np.array(source), limit=self._limit_s, return_predecessors=True
        )
        return np.asarray(found), before[:source].astype(np.int64)

    @cached_property
    def _behind(self) -> dict[int, list[int]]:
        """By road: nodes that the fastest ways to some building reach over it."""
        last = self._ways.node[np.arange(len(self._best_way)), self._best_way]
        return self._branches.behind_roads(last[np.isfinite(self.doors_s) & (last >= 0)])

    @cached_property
    def _on_road(self) -> dict[int, list[int]]:
        """By road: buildings one of whose ways in ends on it."""
        found: dict[int, list[int]] = {}
        for building, road in zip(*np.nonzero(self._ways.road != NO_ROAD), strict=True):
            of_road = found.setdefault(int(self._ways.road[building, road]), [])
            if not of_road or of_road[-1] != building:
                of_road.append(int(building))
        return found

    @cached_property
    def _by_position(self) -> tuple[Longs, Longs]:
        """Positions in the tree of the nodes of all ways in, ascending, and the building of each."""
        _, begin, _ = self._branches.order
        position = begin[self._ways.node]
        building = np.broadcast_to(np.arange(len(position))[:, None], position.shape)
        order = np.argsort(position, axis=None, kind="stable")
        return position.ravel()[order], building.ravel()[order]

    @cached_property
    def _starting_on(self) -> set[int]:
        return set(self._seeds.road[self._seeds.road != NO_ROAD].tolist())

    @property
    def roads(self) -> set[int]:
        """Roads whose closure could change the time to some building."""
        return {*self._behind, *self._on_road, *self._starting_on}

    def without(self, road: int) -> dict[int, float]:
        """Give the buildings that a closed road makes slower to reach, and their new seconds."""
        if road in self._starting_on:
            # Units stand on this very road; so few do that a whole search will do.
            seconds, _ = self._search(shut_road=road)
            after = self._ways.seconds(seconds[self._ways.node], shut_road=road).min(axis=1)
            return self._slower(np.arange(len(after)), after)
        roots = self._behind.get(road, [])
        touched = self._touched(road, roots)
        if not len(touched):
            return {}
        ways = self._ways.of(touched)
        if roots:
            at_node = self._branches.without(road, roots, ways.node)
        else:
            at_node = self._branches.seconds_at(ways.node)
        return self._slower(touched, ways.seconds(at_node, shut_road=road).min(axis=1))

    def _slower(self, buildings: Longs, after: Floats) -> dict[int, float]:
        slower = after > self.doors_s[buildings]
        return dict(zip(buildings[slower].tolist(), after[slower].tolist(), strict=True))

    def _touched(self, road: int, roots: Sequence[int]) -> Longs:
        """Find buildings in reach with a way in that ends on a road or leads over a node behind it."""
        position, building = self._by_position
        _, begin, end = self._branches.order
        parts = [np.array(self._on_road.get(road, []), dtype=np.int64)]
        for root in roots:
            low, high = np.searchsorted(position, (begin[root], end[root]))
            parts.append(building[low:high])
        found = np.unique(np.concatenate(parts))
        return np.asarray(found[np.isfinite(self.doors_s[found])])


def _seeds(
    vehicle: WeightedGraph | None, walker: WeightedGraph, starts: Sequence[Start], *, pedestrians_pass: bool
) -> Sources:
    rows: list[tuple[int, float, int]] = []
    for start in starts:
        # A unit that stands at a junction does not depend on the one road it was joined to.
        if vehicle is not None and start.by_vehicle is not None:
            driven = vehicle.seeds(start.by_vehicle, place=0, connector_s=start.vehicle_s)
            rows += [(s.node, s.seconds, s.road if s.seconds > start.vehicle_s else NO_ROAD) for s in driven]
        if start.on_foot is not None:
            walked = walker.seeds(start.on_foot, place=0, connector_s=start.foot_s)
            free = [pedestrians_pass or seed.seconds <= start.foot_s for seed in walked]
            rows += [
                (seed.node + walker.n_nodes, seed.seconds, NO_ROAD if passes else seed.road)
                for seed, passes in zip(walked, free, strict=True)
            ]
    node, seconds, road = np.array(rows, dtype=np.float64).reshape(-1, 3).T
    return Sources(node=node.astype(np.int64), seconds=seconds, road=road.astype(np.int64))


def _all_arcs(
    vehicle: WeightedGraph | None, walker: WeightedGraph, *, dismount_s: float, pedestrians_pass: bool
) -> Arcs:
    above = walker.n_nodes
    parts = [_arcs_of(walker, offset=above, shut_by_road=not pedestrians_pass)]
    if vehicle is not None:
        parts.append(_arcs_of(vehicle, offset=0, shut_by_road=True))
        both = np.flatnonzero(vehicle.enterable & walker.enterable)
        parts.append((both, both + above, np.full(len(both), dismount_s), np.full(len(both), NO_ROAD)))
    tail, head, seconds, road = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    order = np.argsort(tail, kind="stable")
    return Arcs(tail=tail[order], head=head[order], seconds=seconds[order], road=road[order])


def _arcs_of(layer: WeightedGraph, *, offset: int, shut_by_road: bool) -> tuple[Longs, Longs, Floats, Longs]:
    """List the open arcs of a layer of the reversed network, in the direction of travel."""
    data, tail, first = layer.rows
    row = np.repeat(np.arange(layer.n_nodes), np.diff(first))
    is_open = np.isfinite(data)
    road = np.full(len(data), NO_ROAD, dtype=np.int64)
    if shut_by_road:
        road[: len(layer.graph.road)] = layer.graph.road
        if layer.cuts is not None:
            road[len(layer.graph.road) :] = layer.cuts.road[len(layer.cuts.slot) :]
    return (
        row[is_open].astype(np.int64) + offset,
        tail[is_open].astype(np.int64) + offset,
        data[is_open],
        road[is_open],
    )

"""Where units get onto the roads and buildings join them, for searches from many to many."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from geo.arrays import Floats, Longs
from geo.network.snap import Snap, Snaps
from geo.search.weighted_graph import WeightedGraph

NO_ROAD = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """Where a unit gets onto the roads, by vehicle and on foot, and the seconds until then."""

    by_vehicle: Snap | None
    on_foot: Snap | None
    vehicle_s: float
    foot_s: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Targets:
    """Where doors join the roads, for vehicles and for people; the walk to the door in seconds."""

    building: Longs
    """Whose door it is; the doors of one building follow each other."""
    n_buildings: int
    by_vehicle: Snaps
    on_foot: Snaps
    vehicle_gap_s: Floats
    foot_gap_s: Floats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class TargetEdges:
    """The ways by which each building is reached, a row a building, a column a way."""

    node: Longs
    """Last node, -1 where there is none; people's nodes are numbered above those of vehicles."""
    extra_s: Floats
    """From there to the door."""
    road: Longs
    """Road whose closure shuts the way, -1 where none does."""

    def seconds(self, at_node: Floats, *, shut_road: int = NO_ROAD - 1) -> Floats:
        """Seconds to each building, given those at each of its ways' nodes."""
        found = np.where(self.node >= 0, at_node, np.inf) + self.extra_s
        return np.asarray(np.where(self.road == shut_road, np.inf, found))

    def of(self, chosen: Longs) -> "TargetEdges":
        """Give the ways of some of the buildings."""
        return TargetEdges(node=self.node[chosen], extra_s=self.extra_s[chosen], road=self.road[chosen])

    def by_building(self, doors: Targets) -> "TargetEdges":
        """Put the ways into all doors of a building, given a row a door, into one row."""
        first = np.searchsorted(doors.building, np.arange(doors.n_buildings))
        nth = np.arange(len(doors.building)) - first[doors.building]
        shape = (doors.n_buildings, int(nth.max(initial=0)) + 1, self.node.shape[1])
        node, road = np.full(shape, -1), np.full(shape, NO_ROAD)
        extra_s = np.full(shape, np.inf)
        at = doors.building, nth
        node[at], extra_s[at], road[at] = self.node, self.extra_s, self.road
        row = (shape[0], shape[1] * shape[2])
        return TargetEdges(node=node.reshape(row), extra_s=extra_s.reshape(row), road=road.reshape(row))


def ways_in(
    vehicle: WeightedGraph | None,
    walker: WeightedGraph,
    starts: Sequence[Start],
    doors: Targets,
    *,
    pedestrians_pass: bool,
) -> TargetEdges:
    """
    List the ways into each building, by whichever of its doors.

    The last ones lead along the unit's own road without any node between; they hang on the node
    that stands for the start of all journeys, numbered twice the nodes of a layer.
    """
    above = walker.n_nodes
    foot = _by_nodes(walker, doors.on_foot, doors.foot_gap_s, offset=above)
    columns = [foot if not pedestrians_pass else (*foot[:2], np.full(foot[2].shape, NO_ROAD))]
    walked = [(start.on_foot, start.foot_s) for start in starts]
    columns.append(_direct(walker, walked, doors.on_foot, doors.foot_gap_s, shut=not pedestrians_pass))
    if vehicle is not None:
        columns.append(_by_nodes(vehicle, doors.by_vehicle, doors.vehicle_gap_s, offset=0))
        driven = [(start.by_vehicle, start.vehicle_s) for start in starts]
        columns.append(_direct(vehicle, driven, doors.by_vehicle, doors.vehicle_gap_s, shut=True))
    node, extra_s, road = (np.concatenate(some, axis=1) for some in zip(*columns, strict=True))
    return TargetEdges(node=node, extra_s=extra_s, road=road).by_building(doors)


def _by_nodes(
    layer: WeightedGraph, doors: Snaps, gap_s: Floats, *, offset: int
) -> tuple[Longs, Floats, Longs]:
    exits = layer.exits(doors)
    node = np.where(exits.node >= 0, exits.node + offset, -1)
    # A door at a junction does not depend on the one road it was joined to.
    road = np.where(exits.seconds > 0, exits.road[:, None], NO_ROAD)
    return node, exits.seconds + gap_s[:, None], road


def _direct(
    layer: WeightedGraph,
    starts: Sequence[tuple[Snap | None, float]],
    doors: Snaps,
    gap_s: Floats,
    *,
    shut: bool,
) -> tuple[Longs, Floats, Longs]:
    seconds = np.full((len(gap_s), 1), np.inf)
    for start, start_s in starts:
        if start is None:
            continue
        for i in np.flatnonzero(doors.road == start.road).tolist():
            door = doors.one(i)
            if door is not None:
                # The layer is that of the reversed network: from the door to the unit is the way in.
                seconds[i, 0] = min(seconds[i, 0], start_s + layer.along_s(door, start) + gap_s[i])
    road = np.where(np.isfinite(seconds) & shut, doors.road[:, None], NO_ROAD)
    return np.full(seconds.shape, 2 * layer.n_nodes), seconds, road

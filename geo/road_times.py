"""Travel times along the roads, not only at their ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from geo.layer import Floats
from geo.network import RoadNetwork
from geo.search import LayerTimes
from geo.snap import RoadIndex, Snaps
from geo.travel_times import TravelTimes

_NEVER_S = np.float32(1e9)


class Samples(NamedTuple):
    """Points along roads."""

    road: NDArray[np.int32]
    fraction: NDArray[np.float32]
    points_m: NDArray[np.float32]
    """East and north on the index's plane, shape `(n, 2)`."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Ruler:
    """All roads one behind the other on one long ruler, so that one interpolation finds many points."""

    metres: Floats
    """Vertices east and north, shape `(n_vertices, 2)`."""
    mark_m: Floats
    """By vertex: where it lies on the ruler."""
    begin_m: Floats
    """By road: where it begins."""
    whole_m: Floats
    """By road: its length on the plane."""

    @classmethod
    def of(cls, network: RoadNetwork, index: RoadIndex) -> "Ruler":
        """Lay the roads of a network out."""
        metres = index.plane.to_metres(network.vertices / 1e7)
        step = np.zeros(len(metres))
        step[1:] = np.hypot(*np.diff(metres, axis=0).T)
        # A gap of a metre before each road keeps the marks apart.
        step[network.road_start[:-1]] = 1.0
        mark_m = np.cumsum(step)
        begin_m = mark_m[network.road_start[:-1]]
        return cls(
            metres=metres,
            mark_m=mark_m,
            begin_m=begin_m,
            whole_m=mark_m[network.road_start[1:] - 1] - begin_m,
        )

    def sampled(self, roads: NDArray[np.int64], *, spacing_m: float) -> Samples:
        """Put a point in the middle of each of equal parts of some roads, none longer than a spacing."""
        count = np.maximum(1, np.ceil(self.whole_m[roads] / spacing_m)).astype(np.int64)
        road = np.repeat(roads, count)
        within = np.arange(len(road)) - np.repeat(np.cumsum(count) - count, count)
        fraction = (within + 0.5) / np.repeat(count, count)
        spot = self.begin_m[road] + fraction * self.whole_m[road]
        points = np.stack([np.interp(spot, self.mark_m, self.metres[:, axis]) for axis in (0, 1)], axis=1)
        return Samples(
            road=road.astype(np.int32),
            fraction=fraction.astype(np.float32),
            points_m=points.astype(np.float32),
        )


def seconds_at(times: TravelTimes, samples: Samples) -> NDArray[np.float32]:
    """Seconds from points of roads by the better layer; at least 1e8 where out of reach."""
    search = times.search
    layers = [search.driving, search.walking] if search.driving is not None else [search.walking]
    found = _along(layers[0], samples)
    for more in layers[1:]:
        # On foot only a small part of the roads is in reach, seldom worth a look at all of them.
        chosen = np.flatnonzero(reached_roads(more)[samples.road])
        part = Samples(*(array[chosen] for array in samples))
        found[chosen] = np.minimum(found[chosen], _along(more, part))
    _mend_special(layers, samples, found)
    return found


def reached_roads(times: LayerTimes) -> NDArray[np.bool_]:
    """Roads of which some part is in reach."""
    seconds = np.append(times.tree.seconds, np.inf)
    in_reach = np.isfinite(seconds[times.layer.graph.head_of]) & np.isfinite(times.layer.side_s)
    found = np.asarray(in_reach.any(axis=0))
    found[_special_roads(times)] = True
    return found


def _special_roads(times: LayerTimes) -> list[int]:
    """Roads of the places and roads with closed stretches: time there is not told by their ends alone."""
    own = [place.road for place in times.places if place is not None]
    cut = list(times.layer.cuts.roads) if times.layer.cuts else []
    return sorted({*own, *cut})


def _along(times: LayerTimes, samples: Samples) -> NDArray[np.float32]:
    """Seconds from points of roads that are left by one of their ends."""
    layer = times.layer
    seconds = np.append(times.tree.seconds, np.inf)[layer.graph.head_of]
    shut = ~(np.isfinite(layer.side_s) & np.isfinite(seconds))
    cost = np.where(shut, 0.0, layer.side_s)
    seconds[shut] = _NEVER_S
    # One row a road, so that a sample touches memory once.
    ends = np.stack([seconds[0] + cost[0], cost[0], seconds[1], cost[1]], axis=1).astype(np.float32)
    ahead, cost_ahead, behind, cost_behind = ends[samples.road].T
    forth, back = ahead - samples.fraction * cost_ahead, behind + samples.fraction * cost_behind
    return np.asarray(np.minimum(forth, back), dtype=np.float32)


def _mend_special(layers: Sequence[LayerTimes], samples: Samples, found: NDArray[np.float32]) -> None:
    is_special = np.zeros(len(layers[0].layer.side_s[0]), dtype=bool)
    for times in layers:
        is_special[_special_roads(times)] = True
    special = np.flatnonzero(is_special[samples.road])
    snaps = Snaps(
        road=samples.road[special].astype(np.int64),
        fraction=samples.fraction[special].astype(np.float64),
        distance_m=np.zeros(len(special)),
    )
    exact = np.stack([times.seconds_from(snaps) for times in layers]).min(axis=0)
    found[special] = np.minimum(exact, _NEVER_S)

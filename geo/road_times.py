"""Travel times along the roads, not only at their ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.layer import Floats
from geo.network import RoadNetwork
from geo.search import LayerTimes
from geo.snap import RoadIndex, Snaps
from geo.travel_times import TravelTimes

_NEVER_S = np.float32(1e9)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """Points along roads, in the order of the roads."""

    road: NDArray[np.int32]
    fraction: NDArray[np.float32]
    points_m: NDArray[np.float32]
    """East and north on the index's plane, shape `(n, 2)`."""

    def some(self, chosen: NDArray[np.int64]) -> "Samples":
        """Give some of the samples."""
        return Samples(road=self.road[chosen], fraction=self.fraction[chosen], points_m=self.points_m[chosen])


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


class RoadTimes:
    """
    Seconds from any point of any road after a search, by the better layer.

    Parameters
    ----------
    times
        The search.
    """

    def __init__(self, times: TravelTimes) -> None:
        search = times.search
        layers = [search.driving, search.walking] if search.driving is not None else [search.walking]
        self._layers = [(layer, _at_ends(layer)) for layer in layers]
        self._special = sorted({road for layer in layers for road in _special_roads(layer)})

    @property
    def reached(self) -> NDArray[np.bool_]:
        """Roads of which some part is in reach, shape `(n_roads,)`."""
        found = np.zeros(len(self._layers[0][1][0]), dtype=bool)
        for _, (ahead, behind) in self._layers:
            found |= np.isfinite(ahead) | np.isfinite(behind)
        found[self._special] = True
        return found

    def seconds(self, samples: Samples) -> NDArray[np.float32]:
        """Seconds from points of roads; at least 1e8 where out of reach."""
        found = np.full(len(samples.road), _NEVER_S)
        for times, ends in self._layers:
            # On foot only a small part of the roads is in reach, seldom worth a look at all of them.
            near = np.flatnonzero((np.isfinite(ends[0]) | np.isfinite(ends[1]))[samples.road])
            some = samples if len(near) == len(found) else samples.some(near)
            found[near] = np.minimum(found[near], _along(times, ends, some))
        self._mend_special(samples, found)
        return found

    def _mend_special(self, samples: Samples, found: NDArray[np.float32]) -> None:
        is_special = np.zeros(len(self._layers[0][1][0]), dtype=bool)
        is_special[self._special] = True
        special = np.flatnonzero(is_special[samples.road])
        snaps = Snaps(
            road=samples.road[special].astype(np.int64),
            fraction=samples.fraction[special].astype(np.float64),
            distance_m=np.zeros(len(special)),
        )
        exact = np.stack([times.seconds_from(snaps) for times, _ in self._layers]).min(axis=0)
        found[special] = np.minimum(exact, _NEVER_S)


def _at_ends(times: LayerTimes) -> Floats:
    """Seconds at the node each direction of each road leads to, infinity where it cannot be taken."""
    seconds = np.append(times.tree.seconds, np.inf)[times.layer.graph.head_of]
    seconds[np.isinf(times.layer.side_s)] = np.inf
    return seconds


def _special_roads(times: LayerTimes) -> list[int]:
    """Roads of the places and roads with closed stretches: time there is not told by their ends alone."""
    own = [place.road for place in times.places if place is not None]
    cut = list(times.layer.cuts.roads) if times.layer.cuts else []
    return [*own, *cut]


def _along(times: LayerTimes, ends: Floats, samples: Samples) -> NDArray[np.float32]:
    """Seconds from points of roads that are left by one of their ends."""
    new = np.ones(len(samples.road), dtype=bool)
    new[1:] = samples.road[1:] != samples.road[:-1]
    roads = samples.road[new]
    seconds, cost = ends[:, roads], times.layer.side_s[:, roads]
    shut = np.isinf(seconds)
    seconds[shut], cost[shut] = _NEVER_S, 0.0
    # One row a road, so that a sample touches memory once.
    rows = np.stack([seconds[0] + cost[0], cost[0], seconds[1], cost[1]], axis=1).astype(np.float32)
    ahead, cost_ahead, behind, cost_behind = rows[np.cumsum(new) - 1].T
    forth, back = ahead - samples.fraction * cost_ahead, behind + samples.fraction * cost_behind
    return np.asarray(np.minimum(forth, back), dtype=np.float32)

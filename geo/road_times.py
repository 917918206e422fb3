"""Travel times along the roads, not only at their ends."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geo.layer import Floats
from geo.network import RoadNetwork
from geo.search import LayerTimes
from geo.snap import RoadIndex, Snaps
from geo.travel_times import TravelTimes

FINE_M = 10.0
COARSE_M = 40.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Samples:
    """Points every so many metres along all roads, in the order of the roads."""

    road: NDArray[np.int32]
    fraction: NDArray[np.float32]
    points_m: NDArray[np.float32]
    """East and north on the index's plane, shape `(n, 2)`."""
    first: NDArray[np.int64]
    """First sample of each road, and one past the last."""

    def of_roads(self, roads: NDArray[np.int64]) -> NDArray[np.int64]:
        """Numbers of the samples of some roads."""
        start, count = self.first[roads], np.diff(self.first)[roads]
        offset = np.cumsum(count) - count
        return np.arange(int(count.sum())) + np.repeat(start - offset, count)


class RoadSamples:
    """Samples of one network, coarse and fine, made when first needed."""

    def __init__(self, network: RoadNetwork, index: RoadIndex) -> None:
        self._network = network
        self._index = index

    @cached_property
    def fine(self) -> Samples:
        """A point at least every 10 m."""
        return _sampled(self._network, self._index, spacing_m=FINE_M)

    @cached_property
    def coarse(self) -> Samples:
        """A point at least every 40 m."""
        return _sampled(self._network, self._index, spacing_m=COARSE_M)

    @cached_property
    def boxes_m(self) -> Floats:
        """West, south, east and north of every road on the plane, shape `(n_roads, 4)`."""
        metres = self._index.plane.to_metres(self._network.vertices / 1e7)
        starts = self._network.road_start[:-1]
        low, high = np.minimum.reduceat(metres, starts), np.maximum.reduceat(metres, starts)
        return np.concatenate([low, high], axis=1)


def _sampled(network: RoadNetwork, index: RoadIndex, *, spacing_m: float) -> Samples:
    """Put samples in the middle of equal parts of each road."""
    real = network.is_real_road
    count = np.where(real, np.maximum(1, np.ceil(network.road_length_m / spacing_m)), 0).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(count)])
    road = np.repeat(np.arange(network.n_roads), count)
    fraction = (np.arange(int(first[-1])) - first[road] + 0.5) / count[road]
    metres = index.plane.to_metres(network.vertices / 1e7)
    owner = np.repeat(np.arange(network.n_roads), np.diff(network.road_start))
    step = np.zeros(len(metres))
    step[1:] = np.hypot(*np.diff(metres, axis=0).T)
    step[network.road_start[:-1]] = 0.0
    along = np.cumsum(step)
    begin = along[network.road_start[:-1]]
    whole = along[network.road_start[1:] - 1] - begin
    # Roads follow each other on one long ruler, so a single interpolation places all samples.
    ruler, spot = along + owner, begin[road] + fraction * whole[road] + road
    points = np.stack([np.interp(spot, ruler, metres[:, axis]) for axis in (0, 1)], axis=1)
    return Samples(
        road=road.astype(np.int32),
        fraction=fraction.astype(np.float32),
        points_m=points.astype(np.float32),
        first=first,
    )


def seconds_at(times: TravelTimes, samples: Samples, chosen: NDArray[np.int64]) -> Floats:
    """Seconds from samples by the better layer; infinity where out of reach."""
    search = times.search
    best = _layer_seconds(search.walking, samples, chosen)
    if search.driving is not None:
        best = np.minimum(best, _layer_seconds(search.driving, samples, chosen))
    return best


def reached_roads(times: TravelTimes) -> NDArray[np.bool_]:
    """Roads of which some part is in reach."""
    layers = (times.search.walking, times.search.driving)
    found = np.zeros(len(times.search.walking.layer.side_s[0]), dtype=bool)
    for layer_times in layers:
        if layer_times is None:
            continue
        seconds = np.append(layer_times.tree.seconds, np.inf)
        heads = layer_times.layer.graph.head_of
        in_reach = np.isfinite(seconds[heads]) & np.isfinite(layer_times.layer.side_s)
        found |= in_reach.any(axis=0)
        special = _special_roads(layer_times)
        found[special] = True
    return found


def _special_roads(times: LayerTimes) -> list[int]:
    """Roads of the places and roads with closed stretches: time there is not told by their ends alone."""
    own = [place.road for place in times.places if place is not None]
    cut = list(times.layer.cuts.roads) if times.layer.cuts else []
    return sorted({*own, *cut})


def _layer_seconds(times: LayerTimes, samples: Samples, chosen: NDArray[np.int64]) -> Floats:
    layer = times.layer
    road, fraction = samples.road[chosen], samples.fraction[chosen].astype(np.float64)
    seconds = np.append(times.tree.seconds, np.inf)
    ahead, behind = seconds[layer.graph.head_of]
    cost, back = np.minimum(layer.side_s, 1e9)
    ahead = np.where(np.isfinite(layer.side_s[0]), ahead, np.inf) + cost
    behind = np.where(np.isfinite(layer.side_s[1]), behind, np.inf)
    found = np.minimum(ahead[road] - fraction * cost[road], behind[road] + fraction * back[road])
    special = np.flatnonzero(np.isin(road, _special_roads(times)))
    if len(special):
        snaps = Snaps(
            road=road[special].astype(np.int64),
            fraction=fraction[special],
            distance_m=np.zeros(len(special)),
        )
        found[special] = times.seconds_from(snaps)
    return np.asarray(found)

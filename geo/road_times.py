"""Travel times along the roads, not only at their ends."""

import numpy as np
from numpy.typing import NDArray

from geo.grid_loops import NEVER_S, bound_by_ends
from geo.search import LayerTimes
from geo.snap import Snaps
from geo.travel_times import TravelTimes

Singles = NDArray[np.float32]
Longs = NDArray[np.int64]


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
        self._layers = [search.walking] if search.driving is None else [search.driving, search.walking]
        n_roads = self._layers[0].layer.open_heads.shape[1]
        self.side_s = self._layers[0].layer.side_s, self._layers[-1].layer.side_s
        """By layer, for people on foot twice the same: seconds along each road, shape `(2, n_roads)`."""
        self.ends_s = np.empty((len(self._layers), 2, n_roads), dtype=np.float32)
        """By layer: seconds at the node each direction of each road leads to, 1e9 where it is not open."""
        self.soonest_s, self.latest_s = np.full(n_roads, NEVER_S), np.full(n_roads, NEVER_S)
        """By road: no point of it takes less, and none takes more."""
        for layer, ends_s in zip(self._layers, self.ends_s, strict=True):
            seconds, open_heads = layer.tree.seconds, layer.layer.open_heads
            bound_by_ends(seconds, open_heads, layer.layer.side_s, ends_s, self.soonest_s, self.latest_s)
        # Time on roads of the places and on roads with closed stretches is not told by their ends.
        special = {road for layer in self._layers for road in (*_own_roads(layer), *_cut_roads(layer))}
        self.special = np.array(sorted(special), dtype=np.int64)
        """Roads whose `ends_s` are not given: their points are asked for one by one."""
        self.ends_s[:, :, self.special] = NEVER_S
        self.latest_s[self.special] = NEVER_S
        for road in self.special.tolist():
            for layer in self._layers:
                self.soonest_s[road] = min(float(self.soonest_s[road]), _soonest_on(layer, road))

    def seconds(self, roads: Longs, count: Longs, fraction: Singles) -> Singles:
        """
        Seconds from points of roads, road by road; at least 1e9 where out of reach.

        Parameters
        ----------
        roads, count
            Some roads, and the number of points on each.
        fraction
            Where on its road each point lies, 0 to 1.
        """
        snaps = Snaps(
            road=np.repeat(roads, count),
            fraction=fraction.astype(np.float64),
            distance_m=np.zeros(len(fraction)),
        )
        exact = np.stack([layer.seconds_from(snaps) for layer in self._layers]).min(axis=0)
        return np.asarray(np.minimum(exact, NEVER_S), dtype=np.float32)


def _own_roads(times: LayerTimes) -> list[int]:
    return [place.road for place in times.places if place is not None]


def _cut_roads(times: LayerTimes) -> list[int]:
    return list(times.layer.cuts.roads) if times.layer.cuts else []


def _soonest_on(times: LayerTimes, road: int) -> float:
    """Seconds from the best point of a special road, or less."""
    if any(place is not None and place.road == road for place in times.places):
        return 0.0
    graph, cuts = times.layer.graph, times.layer.cuts
    nodes = {*graph.ends[:, road].tolist(), *graph.head_of[:, road].tolist()} - {-1}
    if cuts is not None:
        nodes.update(cuts.roads[road].nodes)
    return min(float(times.tree.seconds[node]) for node in nodes)

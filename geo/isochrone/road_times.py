"""Travel times along the roads, not only at their ends."""

import numpy as np

from geo.arrays import Floats, Singles
from geo.isochrone.kernels import NEVER_S, bound_by_ends
from geo.network.snap import Snaps
from geo.search.travel_times import TravelTimes
from geo.search.two_layer import LayerTimes


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
        self.ends_s = np.full((len(self._layers), 2, n_roads), NEVER_S)
        """By layer: seconds at the node each direction of each road leads to, 1e9 where it is not open."""
        self.soonest_s, self.latest_s = np.full(n_roads, NEVER_S), np.full(n_roads, NEVER_S)
        """By road: no point of it takes less, and none takes more."""
        for times_in, ends_s in zip(self._layers, self.ends_s, strict=True):
            layer, graph = times_in.layer, times_in.layer.graph
            bound_by_ends(
                times_in.tree.seconds,
                graph.first,
                graph.road,
                graph.side,
                layer.open_heads,
                layer.side_s,
                ends_s,
                self.soonest_s,
                self.latest_s,
            )
        # Time on roads of the places and on roads with closed stretches is not told by their ends.
        special = {road for layer in self._layers for road in (*_own_roads(layer), *_cut_roads(layer))}
        self.special = np.array(sorted(special), dtype=np.int64)
        """Roads whose `ends_s` are not given: their points are asked for one by one."""
        self._special_ends_s = self.ends_s[:, :, self.special]
        self.ends_s[:, :, self.special] = NEVER_S
        self.latest_s[self.special] = NEVER_S
        for road in self.special.tolist():
            least_s = min(_soonest_on(times_in, road) for times_in in self._layers)
            self.soonest_s[road] = min(float(self.soonest_s[road]), least_s)

    def seconds(self, number: int, fraction: Singles) -> Floats:
        """
        Seconds from points of one of the special roads; 1e9 and more where out of reach.

        Parameters
        ----------
        number
            Position of the road among them.
        fraction
            Where on it each point lies, 0 to 1.
        """
        road, at = int(self.special[number]), fraction.astype(np.float64)
        found = np.full(len(at), float(NEVER_S))
        for times, ends_s in zip(self._layers, self._special_ends_s[:, :, number].tolist(), strict=True):
            if times.layer.cuts is not None and road in times.layer.cuts.roads:
                snaps = Snaps(road=np.full(len(at), road), fraction=at, distance_m=np.zeros(len(at)))
                found = np.minimum(found, times.seconds_from(snaps))
                continue
            for end_s, side_s, part in zip(
                ends_s, times.layer.side_s[:, road].tolist(), (1 - at, at), strict=True
            ):
                if end_s < NEVER_S:
                    found = np.minimum(found, end_s + side_s * part)
            # An origin on the same road may reach the place without leaving that road.
            for place, connector_s in zip(times.places, times.connector_s, strict=True):
                if place is not None and place.road == road:
                    found = np.minimum(found, times.layer.along_to_s(place, at) + connector_s)
        return found


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

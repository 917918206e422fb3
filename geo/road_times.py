"""Travel times along the roads, not only at their ends."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.layer import Floats
from geo.network import RoadNetwork
from geo.search import LayerTimes
from geo.snap import RoadIndex, Snaps
from geo.travel_times import TravelTimes

Singles = NDArray[np.float32]
Longs = NDArray[np.int64]
_NEVER_S = np.float32(1e9)


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
    boxes_m: Floats
    """West, south, east and north of every road, shape `(4, n_roads)`."""

    @classmethod
    def of(cls, network: RoadNetwork, index: RoadIndex) -> "Ruler":
        """Lay the roads of a network out."""
        metres = index.plane.to_metres(network.vertices / 1e7)
        step = np.zeros(len(metres))
        step[1:] = np.hypot(*np.diff(metres, axis=0).T)
        # A gap of a metre before each road keeps the marks apart.
        step[network.road_start[:-1]] = 1.0
        mark_m = np.cumsum(step)
        starts = network.road_start[:-1]
        begin_m = mark_m[starts]
        corners = np.minimum.reduceat(metres, starts), np.maximum.reduceat(metres, starts)
        return cls(
            metres=metres,
            mark_m=mark_m,
            begin_m=begin_m,
            whole_m=mark_m[network.road_start[1:] - 1] - begin_m,
            boxes_m=np.ascontiguousarray(np.concatenate(corners, axis=1).T),
        )

    def counts(self, roads: Longs, *, spacing_m: float) -> Longs:
        """Give the number of equal parts of each of some roads, none longer than a spacing."""
        return np.maximum(1, np.ceil(self.whole_m[roads] / spacing_m)).astype(np.int64)

    def middles(self, roads: Longs, count: Longs) -> tuple[Floats, Floats]:
        """Find the middles of equal parts of roads, road by road: east and north on the index's plane."""
        spot = np.repeat(self.begin_m[roads], count)
        spot += fractions(count) * np.repeat(self.whole_m[roads], count)
        east_m, north_m = (np.interp(spot, self.mark_m, self.metres[:, axis]) for axis in (0, 1))
        return east_m, north_m


def fractions(count: Longs) -> Floats:
    """Find where on its road the middle of each part lies, 0 to 1, given the number of parts of each road."""
    within = np.arange(int(count.sum())) - np.repeat(np.cumsum(count) - count, count)
    return np.asarray((within + 0.5) / np.repeat(count, count))


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
        self._ends = [_at_ends(layer) for layer in self._layers]
        n_roads = len(self._ends[0][0])
        self.special = np.zeros(n_roads, dtype=bool)
        """Roads of the places and roads with closed stretches: time there is not told by their ends alone."""
        for layer in self._layers:
            self.special[_special_roads(layer)] = True
        self.soonest_s, self.latest_s = self._bounds_s()
        """By road: no point of it takes less, and none takes more."""

    def _bounds_s(self) -> tuple[Singles, Singles]:
        n_roads = len(self.special)
        soonest, latest = np.full(n_roads, _NEVER_S), np.full(n_roads, _NEVER_S)
        for layer, (ahead, behind) in zip(self._layers, self._ends, strict=True):
            near = np.flatnonzero(np.minimum(ahead, behind) < _NEVER_S)
            ends = np.stack([ahead[near], behind[near]])
            cost = np.minimum(layer.layer.side_s[:, near], _NEVER_S).astype(np.float32)
            soonest[near] = np.minimum(soonest[near], ends.min(axis=0))
            # Either way out alone is enough; taking the better one at each point only helps.
            latest[near] = np.minimum(latest[near], (ends + cost).min(axis=0))
        for layer in self._layers:
            for road in _special_roads(layer):
                soonest[road] = min(float(soonest[road]), _soonest_on(layer, road))
        latest[self.special] = _NEVER_S
        return soonest, latest

    def seconds(self, roads: Longs, count: Longs) -> Singles:
        """
        Seconds from the middles of equal parts of roads, road by road; at least 1e8 where out of reach.

        Parameters
        ----------
        roads, count
            Some roads, and the number of parts of each.
        """
        fraction = fractions(count).astype(np.float32)
        found = np.full(len(fraction), _NEVER_S)
        for layer, (ahead, behind) in zip(self._layers, self._ends, strict=True):
            near = np.flatnonzero(np.minimum(ahead[roads], behind[roads]) < _NEVER_S)
            if not len(near):
                continue
            points = _ragged(count, near)
            along = _along(layer, (ahead, behind), roads[near], count[near], fraction[points])
            found[points] = np.minimum(found[points], along)
        self._mend_special(roads, count, fraction, found)
        return found

    def _mend_special(self, roads: Longs, count: Longs, fraction: Singles, found: Singles) -> None:
        special = np.flatnonzero(self.special[roads])
        points = _ragged(count, special)
        snaps = Snaps(
            road=np.repeat(roads[special], count[special]),
            fraction=fraction[points].astype(np.float64),
            distance_m=np.zeros(len(points)),
        )
        exact = np.stack([layer.seconds_from(snaps) for layer in self._layers]).min(axis=0)
        found[points] = np.minimum(exact, _NEVER_S)


def _ragged(count: Longs, chosen: Longs) -> Longs:
    """Positions of the points of some roads among those of all."""
    first = np.cumsum(count) - count
    some = count[chosen]
    offset = np.cumsum(some) - some
    return np.asarray(np.arange(int(some.sum())) + np.repeat(first[chosen] - offset, some))


def _at_ends(times: LayerTimes) -> tuple[Singles, Singles]:
    """Seconds at the node each direction of each road leads to, 1e9 where it cannot be taken."""
    graph = times.layer.graph
    nodes = times.within[times.within < graph.n_nodes]
    start, count = graph.first[nodes].astype(np.int64), np.diff(graph.first)[nodes].astype(np.int64)
    arcs = np.arange(int(count.sum())) + np.repeat(start - np.cumsum(count) + count, count)
    seconds = np.repeat(times.tree.seconds[nodes], count)
    side, road = graph.side[arcs], graph.road[arcs]
    is_open = np.isfinite(times.layer.side_s[side, road])
    ends = np.full((2, graph.n_roads), _NEVER_S)
    ends[side[is_open], road[is_open]] = seconds[is_open]
    return ends[0], ends[1]


def _special_roads(times: LayerTimes) -> list[int]:
    own = [place.road for place in times.places if place is not None]
    cut = list(times.layer.cuts.roads) if times.layer.cuts else []
    return [*own, *cut]


def _soonest_on(times: LayerTimes, road: int) -> float:
    """Seconds from the best point of a special road, or less."""
    if any(place is not None and place.road == road for place in times.places):
        return 0.0
    graph, cuts = times.layer.graph, times.layer.cuts
    nodes = {*graph.ends[:, road].tolist(), *graph.head_of[:, road].tolist()} - {-1}
    if cuts is not None:
        nodes.update(cuts.roads[road].nodes)
    return min(float(times.tree.seconds[node]) for node in nodes)


def _along(
    times: LayerTimes, ends: tuple[Singles, Singles], roads: Longs, count: Longs, fraction: Singles
) -> Singles:
    """Seconds from points of roads that are left by one of their ends."""
    ahead, behind = ends[0][roads], ends[1][roads]
    cost = times.layer.side_s[:, roads].astype(np.float32)
    cost[0, ahead == _NEVER_S] = 0.0
    cost[1, behind == _NEVER_S] = 0.0
    forth = np.repeat(ahead + cost[0], count) - fraction * np.repeat(cost[0], count)
    back = np.repeat(behind, count) + fraction * np.repeat(cost[1], count)
    return np.asarray(np.minimum(forth, back), dtype=np.float32)

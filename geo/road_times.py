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
    first: Longs
    """By road: its first vertex, and one past the last of all."""
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
            first=network.road_start.astype(np.int64),
            begin_m=begin_m,
            whole_m=mark_m[network.road_start[1:] - 1] - begin_m,
            boxes_m=np.ascontiguousarray(np.concatenate(corners, axis=1).T),
        )

    def at(self, spot_m: Floats) -> tuple[Floats, Floats]:
        """Find places on the ruler, each on a road: east and north on the index's plane."""
        before = np.searchsorted(self.mark_m, spot_m, side="right") - 1
        start, end = self.metres.take(before, axis=0), self.metres.take(before + 1, axis=0)
        part = (spot_m - self.mark_m[before]) / (self.mark_m[before + 1] - self.mark_m[before])
        east_m, north_m = (start + (end - start) * part[:, None]).T
        return east_m, north_m


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
        self._is_cut = np.zeros(n_roads, dtype=bool)
        for layer in self._layers:
            self._is_cut[_cut_roads(layer)] = True
        self.soonest_s, self.latest_s = self._bounds_s()
        """By road: no point of it takes less, and none takes more."""

    def _bounds_s(self) -> tuple[Singles, Singles]:
        n_roads = len(self._is_cut)
        soonest, latest = np.full(n_roads, _NEVER_S), np.full(n_roads, _NEVER_S)
        for layer, (ahead, behind) in zip(self._layers, self._ends, strict=True):
            near = np.flatnonzero(np.minimum(ahead, behind) < _NEVER_S)
            ends = np.stack([ahead[near], behind[near]])
            cost = np.minimum(layer.layer.side_s[:, near], _NEVER_S).astype(np.float32)
            soonest[near] = np.minimum(soonest[near], ends.min(axis=0))
            # Either way out alone is enough; taking the better one at each point only helps.
            latest[near] = np.minimum(latest[near], (ends + cost).min(axis=0))
        # Time on roads of the places and on roads with closed stretches is not told by their ends alone.
        for layer in self._layers:
            for road in [*_own_roads(layer), *_cut_roads(layer)]:
                soonest[road] = min(float(soonest[road]), _soonest_on(layer, road))
                latest[road] = _NEVER_S
        return soonest, latest

    def seconds(self, roads: Longs, count: Longs, fraction: Singles) -> Singles:
        """
        Seconds from points of roads, road by road; at least 1e8 where out of reach.

        Parameters
        ----------
        roads, count
            Some roads, and the number of points on each.
        fraction
            Where on its road each point lies, 0 to 1.
        """
        found = np.full(len(fraction), _NEVER_S)
        for layer, (ahead, behind) in zip(self._layers, self._ends, strict=True):
            near = np.flatnonzero(np.minimum(ahead[roads], behind[roads]) < _NEVER_S)
            if not len(near):
                continue
            points = _of_some(count, near)
            along = _along(layer, (ahead, behind), roads[near], count[near], fraction[points])
            found[points] = np.minimum(found[points], along)
        self._mend_own(roads, count, fraction, found)
        self._mend_cut(roads, count, fraction, found)
        return found

    def _mend_own(self, roads: Longs, count: Longs, fraction: Singles, found: Singles) -> None:
        """Whoever is on the road of a place may get there without leaving it."""
        for layer in self._layers:
            for place, connector_s in zip(layer.places, layer.connector_s, strict=True):
                if place is None:
                    continue
                points = _of_some(count, np.flatnonzero(roads == place.road))
                along = layer.layer.along_to_s(place, fraction[points].astype(np.float64)) + connector_s
                found[points] = np.minimum(found[points], along)

    def _mend_cut(self, roads: Longs, count: Longs, fraction: Singles, found: Singles) -> None:
        """Roads with closed stretches are left at their cuts, too, and not where they are closed."""
        cut = np.flatnonzero(self._is_cut[roads])
        if not len(cut):
            return
        points = _of_some(count, cut)
        snaps = Snaps(
            road=np.repeat(roads[cut], count[cut]),
            fraction=fraction[points].astype(np.float64),
            distance_m=np.zeros(len(points)),
        )
        exact = np.stack([layer.seconds_from(snaps) for layer in self._layers]).min(axis=0)
        found[points] = np.minimum(exact, _NEVER_S)


def ragged(first: Longs, count: Longs) -> Longs:
    """Put runs of whole numbers one behind the other, given the first of each and how many they are."""
    offset = np.cumsum(count) - count
    return np.asarray(np.arange(int(count.sum())) + np.repeat(first - offset, count))


def _of_some(count: Longs, chosen: Longs) -> Longs:
    """Positions of the points of some roads among those of all."""
    return ragged((np.cumsum(count) - count)[chosen], count[chosen])


def _at_ends(times: LayerTimes) -> tuple[Singles, Singles]:
    """Seconds at the node each direction of each road leads to, 1e9 where it cannot be taken."""
    layer, tree = times.layer, times.tree
    # The one more is what -1 finds: no node.
    seconds = np.full(layer.graph.n_nodes + 1, _NEVER_S)
    np.minimum(tree.seconds[: layer.graph.n_nodes], _NEVER_S, out=seconds[:-1], casting="same_kind")
    ahead, behind = seconds.take(layer.open_heads)
    return ahead, behind


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

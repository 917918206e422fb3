"""Where a place is, in the words of people: the nearest road with a name, and where it crosses another."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.lonlat import LonLat
from geo.network.snap import RoadIndex

CROSSING_WITHIN_M = 300.0
"""A crossing farther than this from a place says little about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Where two roads with names meet."""

    name: str
    """The other road's."""
    place: LonLat
    distance_m: float


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRoad:
    """The nearest road that has a name."""

    name: str
    nearest: LonLat
    """Its point that is nearest."""
    distance_m: float
    crossing: Crossing | None
    """Its nearest crossing with a road of another name, if one is near."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Crossings:
    """Every pair of names that meet at a point, both ways round, sorted by the first name."""

    name: NDArray[np.int64]
    other: NDArray[np.int64]
    vertices: NDArray[np.int64]
    metres: NDArray[np.float64]


class RoadNames:
    """
    Finds the nearest named road of a network.

    Parameters
    ----------
    index
        The roads.
    """

    def __init__(self, index: RoadIndex) -> None:
        self._index = index
        self._network = index.network

    def nearest(self, place: LonLat, *, within_m: float) -> NamedRoad | None:
        """Find the nearest named road within a distance, in a straight line, and its nearest crossing."""
        plane = self._index.plane
        if not len(self._named):
            return None
        [[east_m, north_m]] = plane.to_metres(np.array([[place.lon, place.lat]]))
        here = shapely.Point(east_m, north_m)
        found = self._tree.query_nearest(here, max_distance=within_m)
        if not len(found):
            return None
        road = int(self._named[found.min()])
        line = self._index.lines[road]
        at = shapely.line_interpolate_point(line, shapely.line_locate_point(line, here))
        [[lon, lat]] = plane.to_degrees(shapely.get_coordinates(at)).tolist()
        number = int(self._network.road_name[road])
        return NamedRoad(
            name=self._network.names[number],
            nearest=LonLat(lon, lat),
            distance_m=float(shapely.distance(line, here)),
            crossing=self._crossing(number, (east_m, north_m)),
        )

    @cached_property
    def _named(self) -> NDArray[np.int64]:
        return np.flatnonzero(self._network.is_real_road & (self._network.road_name > 0))

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self._index.lines[self._named])

    @cached_property
    def _crossings(self) -> _Crossings:
        network, roads = self._network, self._named
        nodes = np.concatenate([network.road_from[roads], network.road_to[roads]])
        vertices = network.node_vertices[nodes].astype(np.int64)
        names = np.tile(network.road_name[roads].astype(np.int64), 2)
        # By coordinates: one junction is several nodes where turns are restricted or a gate stands.
        ends = np.unique(np.column_stack([vertices, names]), axis=0)
        _, point, count = np.unique(ends[:, :2], axis=0, return_inverse=True, return_counts=True)
        point = point.ravel()
        first = np.searchsorted(point, np.arange(len(count)))
        # Each end beside each other end at its point.
        own = np.repeat(np.arange(len(ends)), count[point])
        steps = np.arange(len(own)) - np.repeat(np.cumsum(count[point]) - count[point], count[point])
        beside = first[point[own]] + steps
        pairs = own != beside
        own, beside = own[pairs], beside[pairs]
        order = np.argsort(ends[own, 2], kind="stable")
        own, beside = own[order], beside[order]
        return _Crossings(
            name=ends[own, 2],
            other=ends[beside, 2],
            vertices=ends[own, :2],
            metres=self._index.plane.to_metres(ends[own, :2] / 1e7),
        )

    def _crossing(self, number: int, here_m: tuple[float, float]) -> Crossing | None:
        crossings = self._crossings
        first, last = np.searchsorted(crossings.name, [number, number + 1])
        if first == last:
            return None
        distances_m = np.hypot(*(crossings.metres[first:last] - here_m).T)
        best = int(np.argmin(distances_m))
        if distances_m[best] > CROSSING_WITHIN_M:
            return None
        lon, lat = (crossings.vertices[first + best] / 1e7).tolist()
        return Crossing(
            name=self._network.names[int(crossings.other[first + best])],
            place=LonLat(lon, lat),
            distance_m=float(distances_m[best]),
        )

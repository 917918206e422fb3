"""Joining places to the network: the nearest road, and how far along it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from shapely.geometry.base import BaseGeometry

from geo.arrays import Bools
from geo.coordinates.local_plane import LocalPlane
from geo.errors import NoRoadNearbyError, OutsideNetworkError
from geo.lonlat import LonLat
from geo.network.network import RoadNetwork
from geo.tags.attributes import Trait

SNAP_LIMIT_M = 250.0
"""A place farther than this from every road is not joined."""
_TUNNEL_REACH_M = 3.0
_PAVEMENT_HANDICAP_M = 20.0
_FRAGMENT_HANDICAP_M = 150.0
_FRAGMENT_LENGTH_M = 1000.0
_METRES_PER_DEGREE = 111_000.0
_LINES_AT_ONCE = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Snap:
    """Where a place joins the network."""

    road: int
    fraction: float
    """Part of the road's length from its first vertex, 0 to 1."""
    distance_m: float
    """From the place to the road in a straight line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snaps:
    """Where many places join the network; `road` is -1 where none is near."""

    road: NDArray[np.int64]
    fraction: NDArray[np.float64]
    distance_m: NDArray[np.float64]

    def only(self, index: int) -> "Snaps":
        """Give one of the places, still as many."""
        part = slice(index, index + 1)
        return Snaps(road=self.road[part], fraction=self.fraction[part], distance_m=self.distance_m[part])

    def one(self, index: int) -> Snap | None:
        """Where one of the places joins."""
        if self.road[index] < 0:
            return None
        return Snap(
            road=int(self.road[index]),
            fraction=float(self.fraction[index]),
            distance_m=float(self.distance_m[index]),
        )


class RoadIndex:
    """
    Finds the nearest road of a network.

    A place belongs to the road it stands at, even if the profile may not use it: a door in a narrow alley
    is not moved to the main street behind the wall. Three kinds of road are taken with reserve: a
    tunnel only from within 3 m, a pavement drawn apart from its street only when the street is
    20 m farther, and a fragment joined to nothing only when the rest is 150 m farther.

    Parameters
    ----------
    network
        The roads.
    """

    def __init__(self, network: RoadNetwork) -> None:
        west, south, east, north = network.bounds
        self.plane = LocalPlane(lon=(west + east) / 2, lat=(south + north) / 2)
        self.network = network
        self._bounds = network.bounds

    @cached_property
    def lines(self) -> NDArray[np.object_]:
        """The roads as lines in metres on `plane`, in the order of their numbers."""
        network = self.network
        metres = self.plane.to_metres(network.vertices / 1e7)
        lines = np.empty(network.n_roads, dtype=object)
        # Shapely blocks other threads while it works: batches keep their waits short.
        for first in range(0, network.n_roads, _LINES_AT_ONCE):
            starts = network.road_start[first : first + _LINES_AT_ONCE + 1]
            owner = np.repeat(np.arange(len(starts) - 1), np.diff(starts))
            batch = lines[first : first + len(starts) - 1]
            batch[:] = shapely.linestrings(metres[starts[0] : starts[-1]], indices=owner)
        return lines

    @cached_property
    def _real(self) -> NDArray[np.int64]:
        return np.flatnonzero(self.network.is_real_road)

    @cached_property
    def _tree(self) -> shapely.STRtree:
        return shapely.STRtree(self.lines[self._real])

    @cached_property
    def _handicap_m(self) -> NDArray[np.float64]:
        """Metres added to the distance of each road when the nearest is chosen."""
        network = self.network
        pavement = (network.road_traits & Trait.SIDEWALK) != 0
        # A door belongs to what is drawn, not to a line that people see over a square.
        seen_only = (network.road_traits & Trait.SIGHT_LINE) != 0
        return np.asarray(
            _PAVEMENT_HANDICAP_M * pavement + _FRAGMENT_HANDICAP_M * self._fragment + SNAP_LIMIT_M * seen_only
        )

    @cached_property
    def _fragment(self) -> Bools:
        """Roads of a part that is small and joined to nothing."""
        network = self.network
        ends = (network.arc_tail, network.arc_head)
        ones = np.ones(network.n_edges, dtype=np.int8)
        graph = coo_array((ones, ends), shape=(network.n_nodes, network.n_nodes))
        _, part = connected_components(graph, directed=False)
        length_m = np.bincount(part[network.road_from], weights=network.road_length_m)
        small_m = min(_FRAGMENT_LENGTH_M, float(length_m.max(initial=0.0)) / 2)
        return np.asarray(length_m[part[network.road_from]] < small_m)

    @cached_property
    def _tunnel(self) -> Bools:
        return np.asarray((self.network.road_traits & Trait.TUNNEL) != 0)

    def roads_near(self, geometry: shapely.Geometry, *, distance_m: float) -> NDArray[np.int64]:
        """Numbers of the roads within a distance of a geometry given in metres on `plane`."""
        return self._real[self._tree.query(geometry, predicate="dwithin", distance=distance_m)]

    def snap(self, places: Sequence[LonLat], *, usable: Bools | None = None) -> Snaps:
        """
        Join places to their nearest roads.

        Parameters
        ----------
        places
            Anywhere.
        usable
            By road: may be joined to. All roads when left out.
        """
        lonlat = np.array([(place.lon, place.lat) for place in places], dtype=np.float64).reshape(-1, 2)
        return self.snap_lonlat(lonlat, usable=usable)

    def snap_lonlat(self, lonlat: NDArray[np.float64], *, usable: Bools | None = None) -> Snaps:
        """Join longitudes and latitudes, shape `(n, 2)`, to their nearest roads."""
        points = np.asarray(shapely.points(self.plane.to_metres(lonlat)), dtype=object)
        road = np.full(len(points), -1, dtype=np.int64)
        if len(points) and len(self._real):
            which, found = self._tree.query_nearest(points, max_distance=SNAP_LIMIT_M, all_matches=False)
            road[which] = self._real[found]
            doubtful = which[~self._plain(road[which], points[which], usable)]
            if len(doubtful):
                road[doubtful] = self._best(points[doubtful], usable)
        lines = self.lines[np.maximum(road, 0)] if self.network.n_roads else points
        near = road >= 0
        fraction = np.zeros(len(points))
        distance_m = np.full(len(points), np.inf)
        fraction[near] = shapely.line_locate_point(lines[near], points[near], normalized=True)
        distance_m[near] = shapely.distance(lines[near], points[near])
        return Snaps(road=road, fraction=fraction, distance_m=distance_m)

    def _plain(self, road: NDArray[np.int64], points: NDArray[np.object_], usable: Bools | None) -> Bools:
        """Nearest roads that need no second look."""
        plain = self._handicap_m[road] == 0
        if usable is not None:
            plain &= usable[road]
        under = np.flatnonzero(self._tunnel[road])
        plain[under] &= shapely.distance(self.lines[road[under]], points[under]) <= _TUNNEL_REACH_M
        return np.asarray(plain)

    def _best(self, points: NDArray[np.object_], usable: Bools | None) -> NDArray[np.int64]:
        """Weigh every road within the limit for the few points whose nearest is doubtful."""
        which, found = self._tree.query(points, predicate="dwithin", distance=SNAP_LIMIT_M)
        road = self._real[found]
        if usable is not None:
            which, road = which[usable[road]], road[usable[road]]
        distance_m = shapely.distance(self.lines[road], points[which])
        seen = ~self._tunnel[road] | (distance_m <= _TUNNEL_REACH_M)
        which, road = which[seen], road[seen]
        weighed = distance_m[seen] + self._handicap_m[road]
        order = np.lexsort((road, weighed, which))
        first = np.unique(which[order], return_index=True)
        best = np.full(len(points), -1, dtype=np.int64)
        best[first[0]] = road[order[first[1]]]
        return best

    def missing(self, place: LonLat) -> NoRoadNearbyError | OutsideNetworkError:
        """Make the error for a place that joins no road."""
        where = f"{place.lon:.6f}, {place.lat:.6f}"
        if self._area.covers(shapely.Point(place.lon, place.lat)):
            return NoRoadNearbyError(f"no road within {SNAP_LIMIT_M:g} m of {where}")
        return OutsideNetworkError(f"{where} lies outside the road network")

    def must_meet(self, geometry: BaseGeometry) -> None:
        """
        Refuse a geometry, in WGS 84, of which nothing lies in the area of the network.

        Raises
        ------
        OutsideNetworkError
            So it is, as when longitude and latitude are exchanged.
        """
        if not self._area.intersects(geometry):
            west, south, _, _ = geometry.bounds
            message = f"what begins at {west:.6f}, {south:.6f} lies outside the road network"
            raise OutsideNetworkError(message)

    @property
    def _area(self) -> shapely.Polygon:
        """The box around the roads, with a margin in which a place may still join one."""
        margin = SNAP_LIMIT_M / _METRES_PER_DEGREE * 1.5
        west, south, east, north = self._bounds
        return shapely.box(west - margin, south - margin, east + margin, north + margin)

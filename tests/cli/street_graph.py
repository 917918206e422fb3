"""Streets read and searched another way than `geo` does: every point a node, Dijkstra, the ellipsoid."""

import math
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
import osmium
import osmium.filter
import osmium.osm
from numpy.typing import NDArray
from pyproj import Geod
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

Floats = NDArray[np.float64]
_ELLIPSOID = Geod(ellps="WGS84")


@dataclass(frozen=True, slots=True, kw_only=True)
class Streets:
    """Ways with `highway`, both directions, without any other rule."""

    points: Floats
    """Longitude and latitude, shape (n, 2)."""
    pairs: NDArray[np.int64]

    def around(self, place: tuple[float, float]) -> Floats:
        """Metres east and north of a place, good for some kilometres."""
        lat = math.radians(place[1])
        scale = np.array(
            [111_412.8 * math.cos(lat) - 93.5 * math.cos(3 * lat), 111_132.9 - 559.8 * math.cos(2 * lat)]
        )
        return np.asarray((self.points - np.array(place)) * scale)

    def distances_from(self, place: tuple[float, float]) -> tuple[Floats, float]:
        """Metres along the streets from the nearest of them to every point, and how far off that one is."""
        metres = self.around(place)
        start, along = metres[self.pairs[:, 0]], metres[self.pairs[:, 1]] - metres[self.pairs[:, 0]]
        part = np.clip(-(start * along).sum(1) / np.maximum((along**2).sum(1), 1e-9), 0, 1)
        off_m = np.hypot(*(start + part[:, None] * along).T)
        nearest = int(off_m.argmin())
        lengths_m = self._lengths_m()
        here = len(self.points)
        tail = np.concatenate([self.pairs[:, 0], [here, here]])
        head = np.concatenate([self.pairs[:, 1], self.pairs[nearest]])
        first_m = lengths_m[nearest] * part[nearest]
        weight = np.concatenate([lengths_m, [first_m, lengths_m[nearest] - first_m]])
        shortest = np.lexsort((weight, head, tail))
        tail, head, weight = tail[shortest], head[shortest], weight[shortest]
        # A sparse matrix would add up streets that join the same two points.
        once = np.concatenate([[True], (np.diff(tail) != 0) | (np.diff(head) != 0)])
        graph = coo_array((weight[once], (tail[once], head[once])), shape=(here + 1, here + 1)).tocsr()
        found = dijkstra(graph, directed=False, indices=here)
        return np.asarray(found[:here]), float(off_m[nearest])

    def _lengths_m(self) -> Floats:
        start, end = self.points[self.pairs[:, 0]], self.points[self.pairs[:, 1]]
        return np.asarray(_ELLIPSOID.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])[2])


def read_streets(file: Path) -> Streets:
    """Read every way with `highway`."""
    numbers: dict[int, int] = {}
    points: list[tuple[float, float]] = []
    pairs: list[tuple[int, int]] = []
    ways = osmium.FileProcessor(str(file)).with_locations()
    for way in ways.with_filter(osmium.filter.EntityFilter(osmium.osm.WAY)):
        if not isinstance(way, osmium.osm.Way) or "highway" not in way.tags:
            continue
        known = [node for node in way.nodes if node.location.valid()]
        for node in known:
            if numbers.setdefault(node.ref, len(points)) == len(points):
                points.append((node.lon, node.lat))
        refs = [numbers[node.ref] for node in known]
        pairs += [(one, other) for one, other in pairwise(refs) if one != other]
    return Streets(points=np.array(points), pairs=np.array(pairs))

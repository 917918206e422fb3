"""Roads in metres, as areas are drawn with them."""

from dataclasses import dataclass

import numpy as np

from geo.arrays import Floats, Longs
from geo.network.network import RoadNetwork
from geo.network.snap import RoadIndex


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlaneRoads:
    """The roads of a network on the plane of its index."""

    metres: Floats
    """Vertices east and north, shape `(n_vertices, 2)`."""
    first: Longs
    """By road: its first vertex, and one past the last of all."""
    length_m: Floats
    """By road, on the plane."""
    boxes_m: Floats
    """West, south, east and north of every road, shape `(4, n_roads)`."""

    @classmethod
    def of(cls, network: RoadNetwork, index: RoadIndex) -> "PlaneRoads":
        """Lay the roads of a network out."""
        metres = index.plane.to_metres(network.vertices / 1e7)
        step_m = np.hypot(*np.diff(metres, axis=0, append=metres[-1:]).T)
        # From the last vertex of a road to the first one of the next there is no way.
        step_m[network.road_start[1:] - 1] = 0.0
        starts = network.road_start[:-1]
        corners = np.minimum.reduceat(metres, starts), np.maximum.reduceat(metres, starts)
        return cls(
            metres=metres,
            first=network.road_start.astype(np.int64),
            length_m=np.add.reduceat(step_m, starts),
            boxes_m=np.ascontiguousarray(np.concatenate(corners, axis=1).T),
        )

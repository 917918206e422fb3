"""A flat local plane in metres, good for distances of some hundred metres around a network."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class LocalPlane:
    """
    Degrees to metres east and north of a reference point.

    Lengths along a parallel and a meridian are those of the WGS 84 ellipsoid at the reference
    latitude: within 30 km north or south of it a distance is right to about 0.5 %. Do not use it
    for lengths of routes; those are measured on the ellipsoid.

    Examples
    --------
    >>> plane = LocalPlane(lon=112.98, lat=28.16)
    >>> plane.to_metres(np.array([[112.981, 28.161]])).round(1).tolist()
    [[98.2, 110.8]]
    """

    lon: float
    lat: float

    @property
    def metres_per_degree(self) -> tuple[float, float]:
        """Metres in a degree of longitude and of latitude at the reference point."""
        axis_m, eccentricity_sq = 6_378_137.0, 0.006_694_379_990_14
        phi = math.radians(self.lat)
        w = math.sqrt(1 - eccentricity_sq * math.sin(phi) ** 2)
        east = math.pi / 180 * axis_m * math.cos(phi) / w
        north = math.pi / 180 * axis_m * (1 - eccentricity_sq) / w**3
        return east, north

    def to_metres(self, lonlat: Points) -> Points:
        """Metres east and north for longitudes and latitudes, shape `(n, 2)`."""
        return np.asarray((lonlat - (self.lon, self.lat)) * self.metres_per_degree)

    def to_degrees(self, metres: Points) -> Points:
        """Longitudes and latitudes for metres east and north, shape `(n, 2)`."""
        return np.asarray(metres / self.metres_per_degree + (self.lon, self.lat))

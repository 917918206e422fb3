"""
Coordinate reference systems: what a source is in, and how it becomes WGS 84.

CGCS2000 is taken to be WGS 84. The two differ by less than a metre today (the same ellipsoid to 0.1 mm, and
the drift of the continent since epoch 2000, about 3 cm a year), which is less than the maps know; PROJ has
nothing better.
"""

import re
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError

from geo.coordinates import china
from geo.errors import UnknownCrsError

WGS84: Final = CRS.from_epsg(4326)
CHINESE_DATUM: Final = re.compile(
    r"china[ _]?2000|cgcs[ _]?2000|china geodetic coordinate system 2000", re.IGNORECASE
)
MOST_SHIFT_ERROR_M: Final = 5.0
"""A datum shift known less well than this is refused: it would move a door to another lane."""

Geometries = NDArray[np.object_]
Offset = Literal["gcj02", "bd09"]

_NAMES: Final = {
    "WGS84": "EPSG:4326",
    "CRS84": "EPSG:4326",
    "OGC:CRS84": "EPSG:4326",
    "CGCS2000": "EPSG:4490",
}
_OFFSETS: Final[dict[str, Offset]] = {
    "GCJ02": "gcj02",
    "GCJ": "gcj02",
    "BD09": "bd09",
    "BD09LL": "bd09",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceCrs:
    """What coordinates were in before they became WGS 84."""

    name: str
    """`EPSG:4547`, `GCJ-02`, `BD-09`, or the name in the file where it has no code."""
    crs: CRS | None
    """None for the offset coordinates of Chinese maps, which no CRS library knows."""
    offset: Offset | None = None

    def to_wgs84(self, geometries: Geometries) -> Geometries:
        """
        Convert geometries, X or longitude first, to WGS 84.

        Parameters
        ----------
        geometries
            In this CRS; coordinates must be finite.

        Returns
        -------
        geometries
            New ones, longitude first.

        Raises
        ------
        UnknownCrsError
            The shift from the datum is not known to `MOST_SHIFT_ERROR_M` where the data lies.
        InvalidCoordinatesError
            Offset coordinates are not longitude and latitude. Those of a projection that do not fit it become
            infinite, for the caller to say which.
        """
        if self.offset == "gcj02":
            return _moved(geometries, china.gcj02_to_wgs84)
        if self.offset == "bd09":
            return _moved(geometries, china.bd09_to_wgs84)
        if self.crs is None or self.crs == WGS84:
            return geometries.copy()
        to_wgs84 = _transformer(self.crs, shapely.total_bounds(geometries))
        return _moved(geometries, lambda xy: np.column_stack(to_wgs84.transform(xy[:, 0], xy[:, 1])))


def named_crs(text: str) -> SourceCrs:
    """
    Understand the name of a CRS as people write it.

    Only names and EPSG codes are taken: PROJ strings and WKT from outside could name files to be opened.

    Parameters
    ----------
    text
        `EPSG:4547`, `4547`, `WGS 84`, `CGCS2000`, `GCJ-02`, `BD-09` or a URN of an EPSG code.

    Returns
    -------
    source_crs
        What it means.

    Raises
    ------
    UnknownCrsError
        The name is not known, or means neither degrees nor a map projection.

    Examples
    --------
    >>> named_crs("gcj-02").name
    'GCJ-02'
    >>> named_crs("urn:ogc:def:crs:EPSG::4547").name
    'EPSG:4547'
    """
    squeezed = re.sub(r"[\s_-]", "", text).upper()
    squeezed = re.sub(r"^URN:OGC:DEF:CRS:(\w+):[\d.]*:(\w+)$", r"\1:\2", squeezed)
    if squeezed in _OFFSETS:
        offset = _OFFSETS[squeezed]
        return SourceCrs(name={"gcj02": "GCJ-02", "bd09": "BD-09"}[offset], crs=None, offset=offset)
    code = re.fullmatch(r"(?:EPSG:)?(\d{4,6})", _NAMES.get(squeezed, squeezed))
    if code is None:
        message = f"{text[:80]!r} is not the name of a coordinate reference system"
        raise UnknownCrsError(message)
    try:
        crs = CRS.from_epsg(int(code[1]))
    except CRSError as error:
        message = f"EPSG:{code[1]} is not known"
        raise UnknownCrsError(message) from error
    return _flat_or_degrees(crs, name=f"EPSG:{code[1]}")


def pyproj_crs(crs: CRS) -> SourceCrs:
    """Take a CRS that pyproj has read from a file; raises `UnknownCrsError` as `named_crs` does."""
    authority = crs.to_authority()
    return _flat_or_degrees(crs, name=":".join(authority) if authority else crs.name)


def _flat_or_degrees(crs: CRS, *, name: str) -> SourceCrs:
    datum = crs.geodetic_crs.datum if crs.geodetic_crs else None
    if not (crs.is_geographic or crs.is_projected) or datum is None or "unknown" in datum.name.lower():
        message = f"{name} does not say where on the earth its coordinates are"
        raise UnknownCrsError(message)
    return SourceCrs(name=name, crs=crs)


def _transformer(crs: CRS, bounds: NDArray[np.float64]) -> Transformer:
    geodetic = crs.geodetic_crs
    if geodetic is not None and geodetic.datum is not None and CHINESE_DATUM.search(geodetic.datum.name):
        # To its own degrees, which are taken to be WGS 84: see the top of this file.
        return Transformer.from_crs(crs, geodetic, always_xy=True)
    unknown = (
        f"how {crs.name} lies to WGS 84 is not known to {MOST_SHIFT_ERROR_M:g} m; convert to CGCS2000 first"
    )
    try:
        transformer = Transformer.from_crs(crs, WGS84, always_xy=True, allow_ballpark=False)
    except ProjError as error:
        raise UnknownCrsError(unknown) from error
    west, south, east, north = bounds
    lon, lat = transformer.transform((west + east) / 2, (south + north) / 2)
    if np.isfinite(lon) and np.isfinite(lat) and not _fits(_used(transformer), lon=lon, lat=lat):
        raise UnknownCrsError(unknown)
    return transformer


def _used(transformer: Transformer) -> Transformer:
    # Where PROJ has several shifts it picks one by where the data lies, and says afterwards which.
    try:
        return transformer.get_last_used_operation()
    except ProjError:
        return transformer


def _fits(shift: Transformer, *, lon: float, lat: float) -> bool:
    # Far from where a shift was measured PROJ uses it all the same: Tarim's for Changsha, 50 m off.
    area = shift.area_of_use
    here = area is None or (area.west <= lon <= area.east and area.south <= lat <= area.north)
    return here and 0 <= shift.accuracy <= MOST_SHIFT_ERROR_M


def _moved(geometries: Geometries, move: Any) -> Geometries:  # noqa: ANN401 - shapely's own type is not public
    return np.asarray(shapely.transform(geometries, move), dtype=object)

"""What to ask when a file does not say where on the earth it is, or says what cannot be meant."""

import math
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import shapely
from shapely.geometry import Point

from geo.coordinates.crs import SourceCrs, named_crs
from geo.errors import AxisOrderNeededError, UnknownCrsError
from geo.lonlat import LonLat

AxisOrder = Literal["xy", "yx"]
"""Which coordinate comes first: longitude or easting, or else latitude or northing."""
Bounds = tuple[float, float, float, float]
"""Least x, least y, greatest x, greatest y."""

THREE_DEGREE_ZONES: Final = range(25, 46)
"""Of CGCS2000, central meridians 75 to 135 E: EPSG:4513 and on with the zone in the easting, 4534 without."""
SIX_DEGREE_ZONES: Final = range(13, 24)
"""Of CGCS2000, central meridians 75 to 135 E: EPSG:4491 and on with the zone in the easting, 4502 without."""
HALF_ZONE_DEG: Final = {3: 1.7, 6: 3.3}
CHINA: Final[Bounds] = (73.0, 3.0, 136.0, 54.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CrsCandidate:
    """One possible answer."""

    name: str
    """What to pass as `crs`."""
    label: str
    centre: tuple[float, float]
    """Where the middle of the data would be: longitude and latitude, to show on a map beside the question."""
    axis_order: AxisOrder = "xy"
    """What to pass as `axis_order`."""


class AmbiguousAxisOrderError(AxisOrderNeededError):
    """Ambiguous axis order; choose one of `candidates`."""

    def __init__(self, candidates: tuple[CrsCandidate, ...]) -> None:
        self.candidates: tuple[CrsCandidate, ...] = candidates
        """The likelier first, which has the coordinates exchanged."""
        listed = "; ".join(
            f"{c.axis_order} ({c.label}: centre {c.centre[0]}, {c.centre[1]})" for c in candidates
        )
        super().__init__(f"{candidates[0].label}? Pass axis_order as one of {listed}")


class CrsNeededError(UnknownCrsError):
    """Coordinate reference system missing; choose one of `candidates`."""

    def __init__(self, candidates: tuple[CrsCandidate, ...]) -> None:
        self.candidates = candidates
        super().__init__(_question(candidates))


def axis_label(crs: SourceCrs, order: AxisOrder) -> str:
    """Say which coordinate comes first."""
    if crs.crs is None or crs.crs.is_geographic:
        return "latitude first" if order == "yx" else "longitude first"
    return "northing first" if order == "yx" else "easting first"


def crs_candidates(bounds: Bounds, *, near: LonLat | None = None) -> tuple[CrsCandidate, ...]:
    """
    List what coordinates could be in, judging by their size.

    Parameters
    ----------
    bounds
        Of the data, in its own unknown coordinates.
    near
        Where the data is expected to lie: candidates that put it closer come first.

    Returns
    -------
    candidates
        Empty where the numbers fit nothing known, as with the local systems of some cities.
        An easting without its zone fits every zone, so all of them are listed, each with where it would be.

    Examples
    --------
    >>> [candidate.name for candidate in crs_candidates((112.9, 28.1, 113.0, 28.2))]
    ['EPSG:4326', 'EPSG:4490', 'GCJ-02', 'BD-09']
    >>> [candidate.name for candidate in crs_candidates((38_400_000, 3_116_000, 38_401_000, 3_117_000))]
    ['EPSG:4526']
    """
    x, y = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2
    if not np.all(np.isfinite((x, y))):
        return ()
    if abs(x) <= 180 and abs(y) <= 90:  # noqa: PLR2004 - degrees
        labels = {"EPSG:4326": "WGS 84", "EPSG:4490": "CGCS2000", "GCJ-02": "GCJ-02", "BD-09": "BD-09"}
        return tuple(_candidate(name, x, y, label=label) for name, label in labels.items())
    possible = [
        *(_zone(4513 + n, x, y, width=3, zone=zone) for n, zone in enumerate(THREE_DEGREE_ZONES)),
        *(_zone(4534 + n, x, y, width=3, zone=zone) for n, zone in enumerate(THREE_DEGREE_ZONES)),
        *(_zone(4491 + n, x, y, width=6, zone=zone) for n, zone in enumerate(SIX_DEGREE_ZONES)),
    ]
    found = [candidate for candidate in possible if candidate]
    if (
        not found
    ):  # 3-degree and 6-degree zones of one meridian are the same near it, so these are for the rest
        wide = [_zone(4502 + n, x, y, width=6, zone=zone) for n, zone in enumerate(SIX_DEGREE_ZONES)]
        found = [candidate for candidate in wide if candidate]
    mercator = _candidate("EPSG:3857", x, y, label="Web Mercator")
    if _in_china(mercator.centre):
        found.append(mercator)
    if near is not None:
        found.sort(key=lambda candidate: math.dist(candidate.centre, (near.lon, near.lat)))
    return tuple(found)


def _zone(code: int, x: float, y: float, *, width: int, zone: int) -> CrsCandidate | None:
    meridian = zone * width - (3 if width == 6 else 0)  # noqa: PLR2004 - 6-degree zones begin half a zone later
    candidate = _candidate(f"EPSG:{code}", x, y, label=f"CGCS2000, {width}°, {meridian}°E")
    fits = abs(candidate.centre[0] - meridian) <= HALF_ZONE_DEG[width] and _in_china(candidate.centre)
    return candidate if fits else None


def _candidate(name: str, x: float, y: float, *, label: str) -> CrsCandidate:
    [moved] = named_crs(name).to_wgs84(np.array([Point(x, y)], dtype=object))
    lon, lat = shapely.get_coordinates(moved)[0].round(5).tolist()
    return CrsCandidate(name=name, label=label, centre=(lon, lat))


def _in_china(place: tuple[float, float]) -> bool:
    west, south, east, north = CHINA
    return west <= place[0] <= east and south <= place[1] <= north


def _question(candidates: tuple[CrsCandidate, ...]) -> str:
    if not candidates:
        return "the file does not say where on the earth it is, and its numbers fit no system known here"
    listed = "; ".join(
        f"{c.name} ({c.label}, axis_order {c.axis_order}: centre {c.centre[0]}, {c.centre[1]})"
        for c in candidates
    )
    return f"the file does not say which coordinates it uses, or cannot mean it; pass crs as one of {listed}"

"""Which system and axis order a file's coordinates are in: what it says, what it can be, or a question."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from geo.coordinates.crs import Geometries, SourceCrs, named_crs
from geo.errors import GeoError
from geo.formats.crs_prompt import (
    AmbiguousAxisOrderError,
    AxisOrder,
    CrsCandidate,
    CrsNeededError,
    axis_label,
    crs_candidates,
)
from geo.lonlat import LonLat

FAR_M: Final = 50_000.0
"""Nothing that far can help within the minutes of a response circle; a wrong system or order is farther."""
EARTH_RADIUS_M: Final = 6_371_008.8
Positions = NDArray[np.float64]
"""Pairs; shape `(n, 2)`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placement:
    """How coordinates become WGS 84."""

    crs: SourceCrs
    axis_order: AxisOrder

    def can_be(self, positions: Positions) -> NDArray[np.bool_]:
        """Tell which positions of the file are finite and, if in degrees, on the earth."""
        if self.crs.crs is not None and not self.crs.crs.is_geographic:
            return np.asarray(np.all(np.isfinite(positions), axis=1))
        return np.asarray(np.all(np.abs(self._xy(positions)) <= (180.0, 90.0), axis=1))

    def to_wgs84(self, positions: Positions) -> Positions:
        """Convert positions that can be; one outside its projection becomes infinite."""
        if len(positions) == 0:
            return positions.reshape(0, 2)
        points = np.asarray(shapely.points(self._xy(positions)), dtype=object)
        return np.asarray(shapely.get_coordinates(self.crs.to_wgs84(points)))

    def geometries_to_wgs84(self, geometries: Geometries) -> Geometries:
        """Convert two-dimensional geometries that can be."""
        if self.axis_order == "yx":
            geometries = np.asarray(shapely.transform(geometries, lambda xy: xy[:, ::-1]), dtype=object)
        return self.crs.to_wgs84(geometries)

    def _xy(self, positions: Positions) -> Positions:
        return positions[:, ::-1] if self.axis_order == "yx" else positions

    def count_near(self, positions: Positions, near: LonLat) -> int:
        """Count the positions that would lie near the place."""
        possible = positions[self.can_be(positions)]
        try:
            return int(np.count_nonzero(distances_m(self.to_wgs84(possible), near) <= FAR_M))
        except GeoError:
            return 0

    def candidate(self, positions: Positions, *, near: LonLat | None) -> CrsCandidate | None:
        """Say where the middle of the data would be; of what lies near, if some does. None if nowhere."""
        lonlats = self.to_wgs84(positions[self.can_be(positions)])
        lonlats = lonlats[np.all(np.isfinite(lonlats), axis=1)]
        if len(lonlats) == 0:
            return None
        if near is not None:
            close = distances_m(lonlats, near) <= FAR_M
            lonlats = lonlats[close] if close.any() else lonlats
        lon, lat = np.median(lonlats, axis=0).round(5).tolist()
        label = axis_label(self.crs, self.axis_order)
        return CrsCandidate(name=self.crs.name, label=label, centre=(lon, lat), axis_order=self.axis_order)


def place(
    positions: Positions,
    *,
    said: SourceCrs | None,
    given: SourceCrs | None,
    axis_order: AxisOrder | None,
    near: LonLat | None,
) -> Placement:
    """
    Decide what a file's coordinates are in.

    Parameters
    ----------
    positions
        One for each row, in the order of the file, finite.
    said
        What the file says; None when it does not.
    given
        What the person who brought the file says; it outranks the file and is not asked about again.
    axis_order
        The same for the order of coordinates.
    near
        Where the data is expected; None asks only what cannot be told at all.

    Returns
    -------
    placement
        The one to convert with. Single rows may still be impossible or far away.

    Raises
    ------
    AxisOrderNeededError
        More rows lie near when their coordinates are exchanged.
    CrsNeededError
        Nothing says what the coordinates are in, or they cannot be that, or more rows lie near in another.
    """
    meant = given or said
    order = axis_order or "xy"
    if len(positions) == 0:
        return Placement(crs=meant or named_crs("WGS 84"), axis_order=order)
    if meant is None:
        raise CrsNeededError(_candidates(positions, axis_order=axis_order, near=near))
    placement = Placement(crs=meant, axis_order=order)
    as_written = 0 if near is None else placement.count_near(positions, near)
    if 2 * as_written < len(positions) and near is not None:
        exchanged = replace(placement, axis_order="yx")
        if axis_order is None and exchanged.count_near(positions, near) > as_written:
            possible = (each.candidate(positions, near=near) for each in (exchanged, placement))
            raise AmbiguousAxisOrderError(tuple(each for each in possible if each))
        if given is None:
            better = [
                each
                for each in _candidates(positions, axis_order=axis_order, near=near)
                if each.name != meant.name and _placement(each).count_near(positions, near) > as_written
            ]
            if better:
                raise CrsNeededError(tuple(better))
    if given is None and 2 * np.count_nonzero(placement.can_be(positions)) < len(positions):
        raise CrsNeededError(_candidates(positions, axis_order=axis_order, near=near))
    return placement


def distances_m(lonlats: Positions, near: LonLat) -> NDArray[np.float64]:
    """Measure how far places in WGS 84 are from one, on the sphere; infinite where they are not finite."""
    lon, lat = np.radians(lonlats[:, 0]), np.radians(lonlats[:, 1])
    with np.errstate(invalid="ignore"):
        half = (
            np.sin((lat - np.radians(near.lat)) / 2) ** 2
            + np.cos(lat) * np.cos(np.radians(near.lat)) * np.sin((lon - np.radians(near.lon)) / 2) ** 2
        )
        away = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
    return np.asarray(np.nan_to_num(away, nan=np.inf))


def _placement(candidate: CrsCandidate) -> Placement:
    return Placement(crs=named_crs(candidate.name), axis_order=candidate.axis_order)


def _candidates(
    positions: Positions, *, axis_order: AxisOrder | None, near: LonLat | None
) -> tuple[CrsCandidate, ...]:
    """List what the data could be in, the likeliest first; exchanged only where nothing else is near."""
    found: list[CrsCandidate] = []
    orders: Iterable[AxisOrder] = (axis_order,) if axis_order else ("xy", "yx")
    for order in orders:
        x, y = np.median(positions, axis=0).tolist()[:: -1 if order == "yx" else 1]
        listed = [replace(each, axis_order=order) for each in crs_candidates((x, y, x, y), near=near)]
        if order == "yx" and near is not None and axis_order is None:
            listed = [each for each in listed if _is_near(each, near)]
        elif order == "yx" and found:
            break
        found += listed
    if near is not None:
        found.sort(key=lambda each: not _is_near(each, near))
    return tuple(found)


def _is_near(candidate: CrsCandidate, near: LonLat) -> bool:
    return bool(distances_m(np.array([candidate.centre]), near)[0] <= FAR_M)

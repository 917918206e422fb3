"""The area within so many minutes: a picture of travel times, never the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import contourpy
import numpy as np
import shapely
from shapely.geometry import MultiPolygon

from geo.closures import RoadClosure
from geo.place import LonLat
from geo.plane import LocalPlane
from geo.reach import ReachModel, checked_limit_s
from geo.time_grid import TimeGrid

_STEEPNESS_S = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Isochrone:
    """The area within a time."""

    limit_s: float
    geometry: MultiPolygon
    """Valid, with holes, WGS 84; empty when nothing is in reach."""


def isochrones(  # noqa: PLR0913 - all by keyword
    model: ReachModel,
    places: Sequence[LonLat],
    *,
    profile: str,
    limits_s: Sequence[float],
    closures: Sequence[RoadClosure] = (),
    at: datetime | None = None,
    outward: bool = False,
) -> tuple[Isochrone, ...]:
    """
    Draw the areas from which a place is reached within given times.

    Do not decide by these: ask `ReachModel.reach`. The picture is made of the travel times along
    all roads in reach, sampled every few metres, on a grid; beside the road up to 120 m count with
    the walk from there. No hull is drawn around anything, so what lies between two roads in reach
    but takes longer is a hole.

    Parameters
    ----------
    model
        The network and profiles.
    places
        The first reached counts.
    profile
        Name of a profile.
    limits_s
        Times in seconds, each above 0 and at most 7,200.
    closures, at
        As for `ReachModel.reach`.
    outward
        Draw what is reached *from* the places instead.

    Returns
    -------
    isochrones
        One for each limit, in the order asked.

    Raises
    ------
    InvalidLimitError, NoRoadNearbyError, OutsideNetworkError, UnknownProfileError
        As for `ReachModel.reach`.
    """
    limits = [checked_limit_s(limit) for limit in limits_s]
    if not limits:
        return ()
    asked = model.outward if outward else model
    times = asked.travel_times(places, profile=profile, limit_s=max(limits), closures=closures, at=at)
    grid = asked.grids.of(times, limit_s=max(limits))
    plane = asked.ground.index.plane
    return tuple(Isochrone(limit_s=limit, geometry=_outline(grid, limit, plane)) for limit in limits)


def _outline(grid: TimeGrid | None, limit_s: float, plane: LocalPlane) -> MultiPolygon:
    """Draw the line of a limit through the grid."""
    near = grid.seconds <= limit_s if grid is not None else np.zeros((0, 0), dtype=bool)
    if grid is None or not near.any():
        return MultiPolygon()
    rows, columns = np.flatnonzero(near.any(axis=1)), np.flatnonzero(near.any(axis=0))
    low, left = int(rows[0]), int(columns[0])
    part = grid.seconds[low : rows[-1] + 1, left : columns[-1] + 1]
    # Beyond some seconds it no longer matters how far off the limit a cell is; without this a cell
    # next to one out of reach would lose most of itself to the interpolation between the two.
    beyond = np.clip(part - np.float32(limit_s), -_STEEPNESS_S, _STEEPNESS_S)
    padded = np.pad(beyond, 1, constant_values=_STEEPNESS_S)
    x = grid.corner_m[0] + grid.cell_m * np.arange(left - 1, left + part.shape[1] + 1)
    y = grid.corner_m[1] + grid.cell_m * np.arange(low - 1, low + part.shape[0] + 1)
    lines = contourpy.contour_generator(x, y, padded, fill_type=contourpy.FillType.ChunkCombinedOffsetOffset)
    [points], [rings], [outers] = lines.filled(-np.inf, 0.0)
    made = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON,
        plane.to_degrees(points),
        (rings.astype(np.int64), outers.astype(np.int64), np.array([0, len(outers) - 1])),
    )
    return made[0]

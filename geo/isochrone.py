"""The area within so many minutes: a picture of travel times, never the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import contourpy
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt
from shapely.geometry import MultiPolygon

from geo.closures import RoadClosure
from geo.place import LonLat
from geo.plane import LocalPlane
from geo.reach import ReachModel, checked_limit_s
from geo.road_times import COARSE_M, RoadSamples, reached_roads, seconds_at
from geo.travel_times import TravelTimes

_MOST_CELLS = 160_000
_FINEST_M = 10.0
_COARSEST_M = 60.0
_ROADSIDE_M = 120.0

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Isochrone:
    """The area within a time."""

    limit_s: float
    geometry: MultiPolygon
    """Valid, with holes, WGS 84; empty when nothing is in reach."""


def isochrones(
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
    field = _field(times, asked.samples)
    plane = asked.ground.index.plane
    return tuple(Isochrone(limit_s=limit, geometry=_outline(field, limit, plane)) for limit in limits)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Field:
    """Road samples on a grid, and for each cell beside the road the nearest cell with one."""

    cell: NDArray[np.int64]
    """Cell of each sample."""
    seconds: Floats
    shape: tuple[int, int]
    corner_m: Floats
    """Centre of the first cell."""
    cell_m: float
    nearest: NDArray[np.int64]
    """By cell: the nearest cell with a sample."""
    aside_s: Floats
    """By cell: the walk from there, infinity beyond the roadside."""
    counts: NDArray[np.int64]
    pace_s: float
    """Seconds in which the profile crosses a cell at speed."""


def _field(times: TravelTimes, samples: RoadSamples) -> _Field | None:
    """Lay a grid over the roads in reach and put the times of all roads there on it."""
    in_reach = np.flatnonzero(reached_roads(times))
    if not len(in_reach):
        return None
    boxes = samples.boxes_m
    low, high = boxes[in_reach, :2].min(axis=0), boxes[in_reach, 2:].max(axis=0)
    wide = high - low + 2 * _ROADSIDE_M
    cell_m = float(np.clip(np.sqrt(wide.prod() / _MOST_CELLS), _FINEST_M, _COARSEST_M))
    layer = (times.search.driving or times.search.walking).layer
    in_window = ((boxes[:, :2] <= high) & (boxes[:, 2:] >= low)).all(axis=1)
    in_window &= layer.costs.usable
    in_window[in_reach] = True
    kind = samples.coarse if cell_m >= COARSE_M else samples.fine
    chosen = kind.of_roads(np.flatnonzero(in_window))
    corner = low - _ROADSIDE_M
    columns, rows = (np.ceil(wide / cell_m).astype(np.int64) + 1).tolist()
    at = np.floor((kind.points_m[chosen] - corner) / cell_m).astype(np.int64)
    inside = ((at >= 0) & (at < (columns, rows))).all(axis=1)
    chosen, at = chosen[inside], at[inside]
    seconds = seconds_at(times, kind, chosen)
    cell = at[:, 1] * columns + at[:, 0]
    counts = np.bincount(cell, minlength=rows * columns)
    empty = (counts == 0).reshape(rows, columns)
    gap, where = distance_transform_edt(empty, return_indices=True)
    aside_m = gap.ravel() * cell_m
    fastest_mps = max(times.profile.speeds_kph.values()) / 3.6
    return _Field(
        cell=cell,
        seconds=seconds,
        shape=(rows, columns),
        corner_m=corner + cell_m / 2,
        cell_m=cell_m,
        nearest=(where[0] * columns + where[1]).ravel(),
        aside_s=np.where(aside_m <= _ROADSIDE_M, aside_m / times.walking_mps, np.inf),
        counts=counts,
        pace_s=cell_m / fastest_mps,
    )


def _outline(field: _Field | None, limit_s: float, plane: LocalPlane) -> MultiPolygon:
    """Draw the line of a limit through the field."""
    if field is None:
        return MultiPolygon()
    beyond = np.clip((field.seconds - limit_s) / field.pace_s, -1.0, 1.0)
    mean = np.bincount(field.cell, weights=beyond, minlength=len(field.counts))
    mean /= np.maximum(field.counts, 1)
    height = np.minimum(mean[field.nearest] + field.aside_s / field.pace_s, 1.0).reshape(field.shape)
    padded = np.pad(height, 1, constant_values=1.0)
    x = field.corner_m[0] + field.cell_m * np.arange(-1, field.shape[1] + 1)
    y = field.corner_m[1] + field.cell_m * np.arange(-1, field.shape[0] + 1)
    lines = contourpy.contour_generator(x, y, padded, fill_type=contourpy.FillType.OuterOffset)
    points, offsets = lines.filled(-np.inf, 0.0)
    polygons = [
        shapely.Polygon(rings[0], rings[1:])
        for some, at in zip(points, offsets, strict=True)
        if (rings := [r for r in np.split(plane.to_degrees(some), at[1:-1]) if len(r) > 3])  # noqa: PLR2004
    ]
    return MultiPolygon(polygons)

"""The area within so many minutes: a drawing of travel times, never the decision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import shapely
from shapely.geometry import MultiPolygon

from geo.coordinates.local_plane import LocalPlane
from geo.isochrone.contour import BEVEL, outline
from geo.isochrone.time_grid import Marked
from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from geo.reach.model import ReachModel, checked_limit_s


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
    outbound: bool = False,
) -> tuple[Isochrone, ...]:
    """
    Draw the areas from which a place is reached within given times.

    Do not decide by these: ask `ReachModel.reach`. The drawing uses the travel times along
    all roads in reach, on a grid of 2.5 to 40 m, the finer the smaller the area. The roadside, some
    60 m (up to 80 m on cells of 20 m and 160 m on those of 40), counts in blocks of two by two cells:
    next to a road always, beyond with the walk from there. A longer time holds all that a shorter one
    does. No hull is drawn around anything, so what lies between two roads in reach but takes longer is
    a hole.

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
    asked = model.outbound if outbound else model
    times = asked.travel_times(places, profile=profile, limit_s=max(limits), closures=closures, at=at)
    marked = asked.grids.of(times, limits)
    plane = asked.ground.index.plane
    # Corners are cut alike in all of them, so that a smaller area nowhere juts out of a larger one.
    cut_m = BEVEL * min((one.cell_m for one in marked.values() if one), default=0.0)
    return tuple(
        Isochrone(limit_s=limit, geometry=_drawn(marked[limit], plane, cut_m=cut_m)) for limit in limits
    )


def _drawn(marked: Marked | None, plane: LocalPlane, *, cut_m: float) -> MultiPolygon:
    if marked is None:
        return MultiPolygon()
    drawn = outline(marked.cells, bevel=cut_m / marked.cell_m)
    points = drawn.points
    # Step by step, so that points at one place are the same number whatever the size of the cells; and
    # column by column: NumPy is slow with rows of two.
    for axis, (corner_m, per_degree_m, origin) in enumerate(
        zip(marked.corner_m, plane.metres_per_degree, (plane.lon, plane.lat), strict=True)
    ):
        points[:, axis] *= marked.cell_m
        points[:, axis] += corner_m
        points[:, axis] /= per_degree_m
        points[:, axis] += origin
    made = shapely.from_ragged_array(
        shapely.GeometryType.MULTIPOLYGON,
        points,
        (drawn.rings, drawn.polygons, np.array([0, len(drawn.polygons) - 1])),
    )
    # One array of offsets makes one geometry.
    found: MultiPolygon = made[0]
    return found

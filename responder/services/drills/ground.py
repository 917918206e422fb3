"""What lies around the place of a drill, for a drawing that needs no tiles."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from geo.coordinates.local_plane import LocalPlane
from geo.lonlat import LonLat
from responder.domain.ids import CircleId
from responder.domain.map.building import Building
from responder.domain.map.facility import Facility
from responder.ports import Transaction

if TYPE_CHECKING:
    from geo.network.network import DisplayRoad
    from responder.ports.people import Bbox

MARGIN_M: Final = 120.0
"""Around all that is of interest, at least."""
MARGIN_SHARE: Final = 0.4
"""Of what is of interest: windows are wider or higher than that, and have ground everywhere."""
FURTHEST_M: Final = 2_500.0
"""From the place: what is further away is not drawn."""
MOST_ROADS: Final = 3_000
MOST_BUILDINGS: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Roads, buildings and facilities in a box."""

    bbox: "Bbox"
    """West, south, east, north in degrees, WGS 84."""
    roads: "tuple[DisplayRoad, ...]"
    buildings: tuple[Building, ...]
    facilities: tuple[Facility, ...]
    rests_on_openstreetmap: bool
    """Whether a drawing has to name its contributors."""


async def read_ground(
    transaction: Transaction,
    circle_id: CircleId,
    place: LonLat,
    *,
    points: Iterable[tuple[float, float]] = (),
) -> Ground:
    """Return what lies around a place and those points, in longitude and latitude, that are not far away."""
    bbox = _bbox(place, points)
    buildings = await transaction.layer(Building).of_circle(circle_id, bbox=bbox)
    return Ground(
        bbox=bbox,
        roads=await transaction.road_networks.lines(circle_id, bbox=bbox, most=MOST_ROADS),
        buildings=buildings[:MOST_BUILDINGS],
        facilities=await transaction.layer(Facility).of_circle(circle_id, bbox=bbox),
        rests_on_openstreetmap=await transaction.circles.rests_on_openstreetmap(circle_id),
    )


def _bbox(place: LonLat, points: Iterable[tuple[float, float]]) -> "Bbox":
    east_m, north_m = LocalPlane(lon=place.lon, lat=place.lat).metres_per_degree
    near = [
        (lon, lat)
        for lon, lat in points
        if math.hypot((lon - place.lon) * east_m, (lat - place.lat) * north_m) <= FURTHEST_M
    ]
    lons, lats = [place.lon, *(lon for lon, _ in near)], [place.lat, *(lat for _, lat in near)]
    span_m = max((max(lons) - min(lons)) * east_m, (max(lats) - min(lats)) * north_m)
    margin_m = max(MARGIN_M, MARGIN_SHARE * span_m)
    wide, high = margin_m / east_m, margin_m / north_m
    return (min(lons) - wide, min(lats) - high, max(lons) + wide, max(lats) + high)

"""What the map of an alley sheet has to show: where people live, the ways in, and where they meet."""

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np
from shapely.geometry import LineString, Point, shape

from geo.coordinates.local_plane import LocalPlane
from geo.network.network import DisplayRoad
from responder.domain.map.building import Building
from responder.domain.map.circle import Circle
from responder.domain.map.facility import Facility, FacilityKind
from responder.domain.map.gate import Gate
from responder.domain.registers.sheet_frame import Extent
from responder.ports import Transaction

MOST_ROADS: Final = 1500
NEARBY_M: Final = 120.0
"""Assembly points, gates and mouths of lanes so near to where people live belong on the map."""
AROUND_BUILDING_M: Final = 45.0
STREET_WITHIN_M: Final = 150.0
"""The nearest street so near to a building belongs on its sheet: help comes from there."""
_MARGIN_M: Final = 8.0
_AROUND_CENTRE_M: Final = 250.0
_LANES: Final = frozenset({"alley", "service", "footway", "path", "steps", "pedestrian", "cycleway", "track"})


async def around_homes(
    transaction: Transaction,
    circle: Circle,
    *,
    buildings: Sequence[Building],
    facilities: Sequence[Facility],
    gates: Sequence[Gate],
) -> tuple[Extent, Extent]:
    """Return what a circle's map has to show, and what else it should."""
    homes = [shape(each.geometry).bounds for each in buildings if each.households > 0]
    if not homes:
        around = grown((*circle.centre, *circle.centre), _AROUND_CENTRE_M)
        return around, around
    lived_in = _together(homes)
    near = grown(lived_in, NEARBY_M)
    points = [
        *((each.lon, each.lat) for each in facilities if each.kind is FacilityKind.ASSEMBLY_POINT),
        *((each.lon, each.lat) for each in gates),
        *_mouths(await transaction.road_networks.lines(circle.id, bbox=near, most=MOST_ROADS)),
    ]
    needed = _together([lived_in, *((*point, *point) for point in points if is_within(near, *point))])
    others = [(each.lon, each.lat) for each in facilities if is_within(near, each.lon, each.lat)]
    wanted = _together([needed, *((*point, *point) for point in others)])
    return grown(needed, _MARGIN_M), grown(wanted, _MARGIN_M)


async def around_building(transaction: Transaction, building: Building) -> Extent:
    """Return what the map of a building has to show: its doors, and the nearest street."""
    outline = shape(building.geometry)
    doors = [(each.lon, each.lat, each.lon, each.lat) for each in building.entrances]
    own = grown(_together([outline.bounds, *doors]), AROUND_BUILDING_M)
    middle = outline.representative_point()
    plane, here = LocalPlane(lon=middle.x, lat=middle.y), Point(0, 0)
    bbox = grown((middle.x, middle.y, middle.x, middle.y), STREET_WITHIN_M)
    roads = await transaction.road_networks.lines(building.circle_id, bbox=bbox, most=MOST_ROADS)
    streets = [
        LineString(plane.to_metres(np.array(road.coordinates)))
        for road in roads
        if road.highway not in _LANES
    ]
    nearest = min(streets, key=here.distance, default=None)
    if nearest is None or here.distance(nearest) > STREET_WITHIN_M:
        return own
    point = nearest.interpolate(nearest.project(here))
    [(lon, lat)] = plane.to_degrees(np.array([[point.x, point.y]])).tolist()
    return _together([own, grown((lon, lat, lon, lat), _MARGIN_M)])


def _mouths(roads: Iterable[DisplayRoad]) -> Iterable[tuple[float, float]]:
    """Return where alleys leave the streets: help comes in there."""
    by_alley: dict[bool, set[tuple[float, float]]] = {True: set(), False: set()}
    for road in roads:
        is_alley = road.highway == "alley"
        if is_alley or road.highway not in _LANES:
            by_alley[is_alley] |= {road.coordinates[0], road.coordinates[-1]}
    return by_alley[True] & by_alley[False]


def grown(extent: Extent, by_m: float) -> Extent:
    """Return an extent that is larger by so much on all sides."""
    west, south, east, north = extent
    east_m, north_m = LocalPlane(lon=(west + east) / 2, lat=(south + north) / 2).metres_per_degree
    return west - by_m / east_m, south - by_m / north_m, east + by_m / east_m, north + by_m / north_m


def is_within(extent: Extent, lon: float, lat: float) -> bool:
    return extent[0] <= lon <= extent[2] and extent[1] <= lat <= extent[3]


def _together(extents: Iterable[tuple[float, ...]]) -> Extent:
    west, south, east, north = zip(*extents, strict=True)
    return min(west), min(south), max(east), max(north)

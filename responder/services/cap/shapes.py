"""Where a CAP message is about: from a place of ours to shapes, and from shapes to a place."""

import math
from typing import Any, Final

import shapely
from shapely.geometry import Point, shape
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from geo.errors import GeometryTooLargeError, InvalidGeometryError
from geo.lonlat import LonLat
from responder.domain.cap.lexical import MOST_POINTS, rounded
from responder.domain.cap.message import CapArea, CapCircle, CapMessage
from responder.domain.cap.rules import distance_km
from responder.domain.map.building import Building
from responder.domain.map.place import Place
from responder.services.validation.geometry import checked_geometry, to_geojson

LEAST_RADIUS_KM: Final = 0.05
"""Around a point, and around a building smaller than this."""
CORNERS: Final = 24
"""Of the polygon that stands for a circle."""
MOST_SITE_KM: Final = 1.0
"""The middle of a wider area says nothing about where something happens: then a person chooses the place."""
_KM_PER_DEGREE: Final = 111.195


def shapes_of(place: Place, building: Building | None) -> CapArea:
    """Return the outline of the building or a small polygon around the place, and the circle around it."""
    pin = rounded(place.lonlat)
    rings = _outline(building) if building is not None else ()
    farthest_km = max((distance_km(pin, point) for ring in rings for point in ring), default=0.0)
    # To whole metres, upwards: the circle holds all of the outline.
    radius_km = math.ceil(max(farthest_km, LEAST_RADIUS_KM) * 1000) / 1000
    circle = CapCircle(centre=pin, radius_km=radius_km)
    return CapArea(description="", polygons=rings or (_around(circle),), circles=(circle,))


def area_of(message: CapMessage) -> dict[str, Any] | None:
    """
    Return all that a message covers as a GeoJSON polygon or multipolygon; None when it names no shape.

    Blocks of several languages describe the same area; a ring that crosses itself is given as its hull.
    """
    parts: list[BaseGeometry] = []
    for info in message.infos:
        for area in info.areas:
            parts += [_filled(ring) for ring in area.polygons]
            parts += [_filled(_around(circle)) for circle in area.circles]
    parts = [part for part in parts if part.geom_type == "Polygon" and not part.is_empty]
    if not parts:
        return None
    joined = shapely.union_all(parts)
    if shapely.get_num_coordinates(joined) > MOST_POINTS:
        joined = joined.convex_hull
    try:
        return checked_geometry(to_geojson(joined), types=("Polygon", "MultiPolygon"))
    except (InvalidGeometryError, GeometryTooLargeError):
        # Such as half of the Earth: it is no place to raise an alert at.
        return None


def site_in(area: dict[str, Any] | None) -> LonLat | None:
    """Return the point of an area at which an alert can be raised; None when the area is too wide to say."""
    if area is None:
        return None
    covered = shape(area)
    west, south, east, north = covered.bounds
    if distance_km(LonLat(west, south), LonLat(east, north)) > MOST_SITE_KM:
        return None
    middle = covered.centroid
    inside = middle if covered.covers(middle) else covered.representative_point()
    return rounded(LonLat(inside.x, inside.y))


def _outline(building: Building) -> tuple[tuple[LonLat, ...], ...]:
    """Return the outer rings of a building, the largest first."""
    outline = shape(building.geometry)
    parts = [part for part in getattr(outline, "geoms", [outline]) if part.geom_type == "Polygon"]
    rings = []
    for part in sorted(parts, key=lambda each: -each.area):
        ring = tuple(rounded(LonLat(x, y)) for x, y in orient(part).exterior.coords)
        if len(set(ring)) > 2 and len(ring) <= MOST_POINTS:  # noqa: PLR2004 - rounding may leave a line
            rings.append(ring)
    return tuple(rings)


def _around(circle: CapCircle) -> tuple[LonLat, ...]:
    """Return a closed ring around a circle's centre, counter-clockwise."""
    centre = circle.centre
    radius_km = max(circle.radius_km, LEAST_RADIUS_KM)
    north = radius_km / _KM_PER_DEGREE
    east = north / max(math.cos(math.radians(centre.lat)), 0.01)
    ring = [
        rounded(
            LonLat(
                max(-180.0, min(180.0, centre.lon + east * math.cos(turn))),
                max(-90.0, min(90.0, centre.lat + north * math.sin(turn))),
            )
        )
        for turn in (math.tau * step / CORNERS for step in range(CORNERS))
    ]
    return (*ring, ring[0])


def _filled(ring: tuple[LonLat, ...]) -> BaseGeometry:
    polygon = shapely.Polygon([(point.lon, point.lat) for point in ring])
    if polygon.is_valid:
        return polygon
    # Repairing may take minutes for rings that cross themselves often; the hull takes no time.
    hull = polygon.convex_hull
    if hull.geom_type == "Polygon":
        return hull
    # All of its points in one line, or one point.
    return Point(ring[0].lon, ring[0].lat).buffer(LEAST_RADIUS_KM / _KM_PER_DEGREE, quad_segs=CORNERS // 4)

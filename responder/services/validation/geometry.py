"""Geometry that people send: refused when wrong, never repaired, and always written in the same way."""

import math
from collections.abc import Collection, Mapping
from typing import Any

import shapely
from shapely.errors import ShapelyError
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from geo.errors import GeometryTooLargeError, InvalidGeometryError

MOST_VERTICES = 2000
"""Checking this many takes 1.4 ms; repairing a crossing ring of them has taken 80 s, so it is not tried."""
DEEPEST = 4
"""Lists within lists of a MultiPolygon."""


def checked_geometry(geometry: Mapping[str, Any] | BaseGeometry, *, types: Collection[str]) -> dict[str, Any]:
    """
    Return the geometry as plain GeoJSON: two dimensions, lists for positions.

    Raises
    ------
    InvalidGeometryError
        It is not a geometry of one of the types, is empty, crosses itself or leaves WGS 84.
    GeometryTooLargeError
        It has more than 2000 vertices.
    """
    parsed = shapely.force_2d(geometry if isinstance(geometry, BaseGeometry) else _parsed(geometry))
    if parsed.geom_type not in types:
        message = f"the geometry is a {parsed.geom_type}, not one of {', '.join(sorted(types))}"
        raise InvalidGeometryError(message)
    if shapely.get_num_coordinates(parsed) > MOST_VERTICES:
        message = f"the geometry has more than {MOST_VERTICES} vertices"
        raise GeometryTooLargeError(message)
    west, south, east, north = parsed.bounds if not parsed.is_empty else (float("nan"),) * 4
    # A comparison with NaN is false, so that a coordinate that is no number is refused here too.
    if not (west >= -180 and south >= -90 and east <= 180 and north <= 90):  # noqa: PLR2004
        message = "the geometry is empty or leaves the longitudes and latitudes of WGS 84"
        raise InvalidGeometryError(message)
    if not parsed.is_valid or not _all_finite(parsed):
        raise InvalidGeometryError(shapely.is_valid_reason(parsed))
    return to_geojson(parsed)


def to_geojson(geometry: BaseGeometry) -> dict[str, Any]:
    """Return the geometry as plain GeoJSON, with lists for positions and every digit that it has."""
    plain = mapping(geometry)
    return {"type": plain["type"], "coordinates": _lists(plain["coordinates"])}


def _parsed(geometry: Mapping[str, Any]) -> BaseGeometry:
    _require_numbers(geometry.get("coordinates"), depth=0)
    try:
        parsed: BaseGeometry = shape(dict(geometry))
    except (ShapelyError, LookupError, TypeError, ValueError, AttributeError) as error:
        message = "this is not a GeoJSON geometry"
        raise InvalidGeometryError(message) from error
    return parsed


def _require_numbers(nested: object, *, depth: int) -> None:
    """Refuse coordinates that are no finite numbers, before anything is built of them."""
    if isinstance(nested, list | tuple) and depth < DEEPEST:
        for part in nested:
            _require_numbers(part, depth=depth + 1)
        return
    if isinstance(nested, bool) or not isinstance(nested, int | float) or not math.isfinite(nested):
        message = "the geometry's coordinates are not lists of numbers"
        raise InvalidGeometryError(message)


def _all_finite(geometry: BaseGeometry) -> bool:
    # Bounds leave out coordinates that are not numbers as long as one is.
    coordinates = shapely.get_coordinates(geometry)
    return bool(coordinates.size) and bool((abs(coordinates) <= 180).all())  # noqa: PLR2004


def _lists(nested: Any) -> Any:  # noqa: ANN401 - as deep as the geometry's type
    return [_lists(part) for part in nested] if isinstance(nested, tuple | list) else nested

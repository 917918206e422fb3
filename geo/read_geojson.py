"""GeoJSON (RFC 7946) with nested properties kept, and strict where Python's own reader is lenient."""

import json
import math
from pathlib import Path
from typing import Any, Final

from shapely.errors import GEOSException
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.crs import SourceCrs, named_crs
from geo.errors import GeometryTooLargeError, InvalidCoordinatesError, InvalidGeometryError, UnknownCrsError
from geo.errors import UnreadableFileError as Unreadable
from geo.source_table import SourceLimits, SourceTable

NESTING: Final = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
"""How many lists lie around the positions of each type."""
POSITION_LENGTHS: Final = (2, 3, 4)
LARGEST_INTEGER: Final = 2**63 - 1


def read_geojson(path: Path, *, limits: SourceLimits) -> SourceTable:
    """
    Read a FeatureCollection, a Feature or a bare geometry.

    Parameters
    ----------
    path
        UTF-8, with or without a byte order mark.
    limits
        Checked before geometries are built.

    Returns
    -------
    table
        In WGS 84 unless the file has the `crs` member of GeoJSON before RFC 7946, which is heeded.

    Raises
    ------
    UnreadableFileError
        Not JSON, not GeoJSON, or too many rows.
    InvalidGeometryError, InvalidCoordinatesError, GeometryTooLargeError
        A geometry cannot be; the message names the row, counted from 1.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
        document = json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_integer)
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        message = f"the file is not GeoJSON: {error}"[:200]
        raise Unreadable(message) from error
    features = _features(document)
    if len(features) > limits.rows:
        message = f"the file has {len(features)} rows, more than {limits.rows}"
        raise Unreadable(message)
    geometries, total = [], 0
    for row, feature in enumerate(features, 1):
        geometry, vertices = _geometry(feature["geometry"], row=row, limits=limits)
        geometries.append(geometry)
        total += vertices
        if total > limits.vertices:
            message = f"the file has more than {limits.vertices} vertices by row {row}"
            raise GeometryTooLargeError(message)
    return SourceTable(
        geometries=geometries, properties=[_properties(f) for f in features], crs=_crs(document)
    )


def _refuse(constant: str) -> float:
    message = f"{constant} is not a number"
    raise ValueError(message)


def _finite(text: str) -> float:
    value = float(text)
    return value if math.isfinite(value) else _refuse(text[:20])


def _integer(text: str) -> int:
    value = int(text)
    if abs(value) > LARGEST_INTEGER:
        message = f"{text[:30]} is too large"
        raise ValueError(message)
    return value


def _features(document: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - parsed JSON
    kind = document.get("type") if isinstance(document, dict) else None
    if kind in NESTING:
        return [{"geometry": document, "properties": {}}]
    features = (
        [document] if kind == "Feature" else document.get("features") if kind == "FeatureCollection" else None
    )
    if not isinstance(features, list):
        message = "the file is JSON, but neither a FeatureCollection nor a Feature"
        raise Unreadable(message)
    for row, feature in enumerate(features, 1):
        is_feature = isinstance(feature, dict) and feature.get("type") == "Feature" and "geometry" in feature
        if not is_feature or not isinstance(feature.get("properties") or {}, dict):
            message = f"row {row} is not a GeoJSON feature"
            raise Unreadable(message)
    return features


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    properties = dict(feature.get("properties") or {})
    if isinstance(feature.get("id"), str | int):
        properties.setdefault("id", feature["id"])
    return properties


def _geometry(value: Any, *, row: int, limits: SourceLimits) -> tuple[BaseGeometry | None, int]:  # noqa: ANN401
    if value is None:
        return None, 0
    if not isinstance(value, dict) or value.get("type") not in NESTING:
        kind = str(value.get("type"))[:30] if isinstance(value, dict) else type(value).__name__
        message = f"row {row}: {kind} is not a point, line or polygon"
        raise InvalidGeometryError(message)
    positions = _positions(value.get("coordinates"), depth=NESTING[value["type"]], row=row)
    if len(positions) > limits.vertices_per_row:
        message = f"row {row} has {len(positions)} vertices, more than {limits.vertices_per_row}"
        raise GeometryTooLargeError(message)
    try:
        return shape(value), len(positions)
    except (ValueError, TypeError, GEOSException) as error:
        message = f"row {row}: {error}"[:200]
        raise InvalidGeometryError(message) from error


def _positions(coordinates: Any, *, depth: int, row: int) -> list[list[float]]:  # noqa: ANN401
    level = [coordinates]
    for _ in range(depth):
        if not all(isinstance(item, list) for item in level):
            message = f"row {row}: coordinates are not nested as its type says"
            raise InvalidGeometryError(message)
        level = [inner for item in level for inner in item]
    for position in level:
        # Checked by hand because `true` and "112.9" would pass for numbers further down.
        numbers = isinstance(position, list) and all(type(number) in (int, float) for number in position)
        if not numbers or len(position) not in POSITION_LENGTHS:
            message = f"row {row}: {str(position)[:60]} is not a longitude and latitude"
            raise InvalidCoordinatesError(message)
    return level


def _crs(document: dict[str, Any]) -> SourceCrs | None:
    if "crs" not in document:
        return named_crs("WGS 84")
    try:
        return named_crs(str(document["crs"]["properties"]["name"]))
    except (TypeError, KeyError, UnknownCrsError):
        return None

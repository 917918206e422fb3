"""GeoJSON (RFC 7946) and sequences of it (RFC 8142), strict where Python's own reader is lenient."""

import codecs
import json
import math
from pathlib import Path
from typing import Any, Final

from shapely.errors import GEOSException
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geo.coordinates.crs import SourceCrs, named_crs
from geo.errors import (
    GeoError,
    GeometryTooLargeError,
    InvalidCoordinatesError,
    InvalidGeometryError,
    UnknownCrsError,
)
from geo.errors import UnreadableFileError as Unreadable
from geo.formats.source_table import ReadNote, RowProblem, SourceLimits, SourceTable

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
RECORD_SEPARATOR: Final = "\x1e"
"""Before each feature of a sequence; without it each stands on a line of its own."""


def read_geojson(path: Path, *, limits: SourceLimits) -> SourceTable:
    """
    Read a FeatureCollection, a Feature, a bare geometry, or features one after the other.

    Parameters
    ----------
    path
        UTF-8 or UTF-16 with a byte order mark, UTF-8 without; else GB18030, with a note.
    limits
        Checked before geometries are built.

    Returns
    -------
    table
        In WGS 84 unless the file has the `crs` member of GeoJSON before RFC 7946, which is heeded. Rows
        whose geometry cannot be are among its problems.

    Raises
    ------
    UnreadableFileError
        Not JSON, not GeoJSON, or too many rows.
    GeometryTooLargeError
        All geometries together have too many vertices.
    """
    text, notes = _text(path.read_bytes())
    document = _document(text)
    features = _features(document)
    if len(features) > limits.rows:
        message = f"the file has {len(features)} rows, more than {limits.rows}"
        raise Unreadable(message)
    geometries: list[BaseGeometry | None] = []
    problems, total = {}, 0
    for row, feature in enumerate(features, 1):
        try:
            geometry, vertices = _geometry(feature.get("geometry"), limits=limits)
        except GeoError as error:
            problems[row] = RowProblem(code=error.code, detail=str(error))
            geometry, vertices = None, 0
        geometries.append(geometry)
        total += vertices
        if total > limits.vertices:
            message = f"the file has more than {limits.vertices} vertices by row {row}"
            raise GeometryTooLargeError(message)
    return SourceTable(
        geometries=geometries,
        properties=[_properties(f) for f in features],
        crs=_crs(document),
        problems=problems,
        notes=notes,
    )


def _text(content: bytes) -> tuple[str, tuple[ReadNote, ...]]:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encodings = ["UTF-16"]
    else:
        encodings = ["utf-8-sig", "GB18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        note = ReadNote(code="encoding_guessed", detail=encoding)
        return text, ((note,) if encoding == "GB18030" else ())
    message = f"the file is not text in {' or '.join(encodings)}"
    raise Unreadable(message)


def _document(text: str) -> Any:  # noqa: ANN401 - parsed JSON
    try:
        return _parsed(text)
    except (ValueError, RecursionError) as error:
        lines = [line for line in text.replace(RECORD_SEPARATOR, "\n").splitlines() if line.strip()]
        if len(lines) > 1:
            try:
                rows = [_parsed(line) for line in lines]
            except (ValueError, RecursionError):
                rows = []
            if rows:
                return {"type": "FeatureCollection", "features": rows}
        message = f"the file is not GeoJSON: {error}"[:200]
        raise Unreadable(message) from error


def _parsed(text: str) -> Any:  # noqa: ANN401 - parsed JSON
    return json.loads(text, parse_constant=_refuse, parse_float=_finite, parse_int=_integer)


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


def _kind(value: Any) -> str | None:  # noqa: ANN401 - parsed JSON
    """Return what a GeoJSON object says it is; None for anything else, a list as `type` included."""
    kind = value.get("type") if isinstance(value, dict) else None
    return kind if isinstance(kind, str) else None


def _features(document: Any) -> list[dict[str, Any]]:  # noqa: ANN401 - parsed JSON
    kind = _kind(document)
    if kind in NESTING:
        return [{"geometry": document, "properties": {}}]
    features = (
        [document] if kind == "Feature" else document.get("features") if kind == "FeatureCollection" else None
    )
    if not isinstance(features, list):
        message = "the file is JSON, but neither a FeatureCollection nor a Feature"
        raise Unreadable(message)
    for row, feature in enumerate(features, 1):
        is_feature = isinstance(feature, dict) and feature.get("type") == "Feature"
        if not is_feature or not isinstance(feature.get("properties") or {}, dict):
            message = f"row {row} is not a GeoJSON feature"
            raise Unreadable(message)
    return features


def _properties(feature: dict[str, Any]) -> dict[str, Any]:
    properties = dict(feature.get("properties") or {})
    if isinstance(feature.get("id"), str | int):
        properties.setdefault("id", feature["id"])
    return properties


def _geometry(value: Any, *, limits: SourceLimits) -> tuple[BaseGeometry | None, int]:  # noqa: ANN401
    if value is None:
        return None, 0
    if _kind(value) not in NESTING:
        kind = repr(value.get("type"))[:30] if isinstance(value, dict) else type(value).__name__
        message = f"{kind} is not a point, line or polygon"
        raise InvalidGeometryError(message)
    positions = _positions(value.get("coordinates"), depth=NESTING[value["type"]])
    if len(positions) > limits.vertices_per_row:
        message = f"{len(positions)} vertices, more than {limits.vertices_per_row}"
        raise GeometryTooLargeError(message)
    try:
        return shape(value), len(positions)
    except (ValueError, TypeError, GEOSException) as error:
        message = str(error)[:200]
        raise InvalidGeometryError(message) from error


def _positions(coordinates: Any, *, depth: int) -> list[list[float]]:  # noqa: ANN401
    level = [coordinates]
    for _ in range(depth):
        if not all(isinstance(item, list) for item in level):
            message = "coordinates are not nested as its type says"
            raise InvalidGeometryError(message)
        level = [inner for item in level for inner in item]
    for position in level:
        # Checked by hand because `true` and "112.9" would pass for numbers further down.
        numbers = isinstance(position, list) and all(type(number) in (int, float) for number in position)
        if not numbers or len(position) not in POSITION_LENGTHS:
            message = f"{str(position)[:60]} is not a longitude and latitude"
            raise InvalidCoordinatesError(message)
    return level


def _crs(document: dict[str, Any]) -> SourceCrs | None:
    if "crs" not in document:
        return named_crs("WGS 84")
    try:
        return named_crs(str(document["crs"]["properties"]["name"]))
    except (TypeError, KeyError, UnknownCrsError):
        return None

"""Features from files of others: GeoJSON, GeoPackage, zipped shapefile, checked and in WGS 84."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import GeometryCollection
from shapely.geometry.base import BaseGeometry

from geo.crs import Geometries, SourceCrs, named_crs
from geo.crs_question import CrsNeededError, crs_candidates
from geo.errors import (
    GeometryTooLargeError,
    InvalidCoordinatesError,
    InvalidGeometryError,
    UnreadableFileError,
)
from geo.place import LonLat
from geo.read_geojson import NESTING, read_geojson
from geo.read_layer import read_geopackage, read_zipped_shapefile
from geo.source_table import SourceLimits, SourceTable

MOST_ROWS: Final = 20_000
MOST_VERTICES_PER_ROW: Final = 5_000
MOST_VERTICES: Final = 500_000
MOST_FILE_BYTES: Final = 64 * 2**20
MOST_TEXT_CHARACTERS: Final = 10_000
MOST_NESTING: Final = 20
MOST_ROWS_NAMED: Final = 10


class InvalidRowsError(InvalidGeometryError):
    """Some rows have geometries that cannot be: they are named, and nothing is mended behind one's back."""

    def __init__(self, reasons: dict[int, str]) -> None:
        self.reasons = reasons
        """By row, counted from 1; the first ten."""
        super().__init__("; ".join(f"row {row}: {reason}" for row, reason in reasons.items()))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureTable:
    """What a file holds. The three tuples run in step; row 1 of the messages is index 0 here."""

    geometries: tuple[BaseGeometry, ...]
    """
    WGS 84, longitude first, two dimensions; points, lines, polygons and their multiples, all valid. A row
    without a geometry has an empty collection.
    """
    properties: tuple[dict[str, Any], ...]
    source: SourceCrs
    """What the file was in; converts coordinates kept in `properties`, which are left as they are."""
    source_geometries: tuple[BaseGeometry, ...] | None
    """As in the file, where they were offset (GCJ-02, BD-09): keep them, the way back is not exact."""

    @property
    def source_crs(self) -> str:
        """Such as `EPSG:4547` or `GCJ-02`."""
        return self.source.name

    def __len__(self) -> int:
        return len(self.geometries)


def read_features(
    path: Path,
    *,
    crs: str | None = None,
    max_rows: int = MOST_ROWS,
    layer: str | None = None,
    near: LonLat | None = None,
) -> FeatureTable:
    """
    Read the features of a file, or refuse it as a whole.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage or a zip archive with one shapefile; told by content, not by name.
    crs
        What the coordinates are in, as for `geo.crs.named_crs`. It outranks the file, because files exported
        from Chinese map services say WGS 84 and mean GCJ-02.
    max_rows
        More rows are refused.
    layer
        Of a GeoPackage that has several.
    near
        Where the data is expected, to put the likeliest first in `CrsNeededError.candidates`.

    Returns
    -------
    table
        Every row of the file.

    Raises
    ------
    UnreadableFileError
        Damaged, of another format, too large, or with text that cannot be stored.
    CrsNeededError
        An `UnknownCrsError`: the file does not say which CRS it uses, or its numbers cannot be what it says.
    UnknownCrsError
        `crs` is not known, or how it lies to WGS 84 is not known well enough.
    InvalidRowsError
        An `InvalidGeometryError`: geometries are empty, not valid, of a type not taken, or all missing.
    InvalidCoordinatesError
        A coordinate is not finite or not on the earth.
    GeometryTooLargeError
        A geometry, or all together, have too many vertices.
    """
    limits = SourceLimits(rows=max_rows, vertices_per_row=MOST_VERTICES_PER_ROW, vertices=MOST_VERTICES)
    given = None if crs is None else named_crs(crs)
    table = _read(path, layer=layer, limits=limits)
    for row, properties in enumerate(table.properties, 1):
        _require_storable(properties, row=row)
    source = _two_dimensional(table.geometries)
    _require_finite(source)
    _require_small(source, limits=limits)
    meant = given or table.crs
    if meant is None or (given is None and not _can_be(meant, source)):
        raise CrsNeededError(crs_candidates(_bounds(source), near=near))
    geometries = meant.to_wgs84(source)
    _require_on_earth(geometries, source_crs=meant)
    _require_valid(geometries)
    return FeatureTable(
        geometries=tuple(geometries),
        properties=tuple(table.properties),
        source=meant,
        source_geometries=tuple(source) if meant.offset else None,
    )


def _read(path: Path, *, layer: str | None, limits: SourceLimits) -> SourceTable:
    try:
        size_bytes = path.stat().st_size
        with path.open("rb") as file:
            head = file.read(1024)
    except OSError as error:
        message = f"the file cannot be opened: {error.strerror}"
        raise UnreadableFileError(message) from error
    if size_bytes > MOST_FILE_BYTES:
        message = f"the file has {size_bytes} bytes, more than {MOST_FILE_BYTES}"
        raise UnreadableFileError(message)
    if head.startswith(b"SQLite format 3\0"):
        return read_geopackage(path, layer=layer, limits=limits)
    if head.startswith(b"PK\x03\x04"):
        return read_zipped_shapefile(path, limits=limits)
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return read_geojson(path, limits=limits)
    message = "the file is neither GeoJSON nor GeoPackage nor a zipped shapefile"
    raise UnreadableFileError(message)


def _require_storable(value: Any, *, row: int, depth: int = 0) -> None:  # noqa: ANN401 - any cell
    problem = None
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            problem = "has text with a NUL or half a surrogate pair"
        elif len(value) > MOST_TEXT_CHARACTERS:
            problem = f"has text of more than {MOST_TEXT_CHARACTERS} characters"
    elif isinstance(value, float) and not np.isfinite(value):
        problem = f"has {value}, which is not a number"
    elif depth > MOST_NESTING:
        problem = "is nested too deeply"
    if problem:
        message = f"row {row} {problem}"
        raise UnreadableFileError(message)
    inner = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ()
    for item in inner:
        _require_storable(item, row=row, depth=depth + 1)


def _two_dimensional(geometries: list[BaseGeometry | None]) -> Geometries:
    reasons, missing = {}, {}
    for row, geometry in enumerate(geometries, 1):
        if geometry is None:
            missing[row] = "no geometry"
        elif geometry.is_empty:
            reasons[row] = "an empty geometry"
        elif geometry.geom_type not in NESTING:
            reasons[row] = f"{geometry.geom_type} is not a point, line or polygon"
    # Tables often have a row that nobody has drawn yet; where none is drawn, it is no map.
    _refuse(reasons or (missing if len(missing) == len(geometries) else {}))
    flat = np.empty(len(geometries), dtype=object)
    flat[:] = [GeometryCollection() if row in missing else each for row, each in enumerate(geometries, 1)]
    return np.asarray(shapely.force_2d(flat), dtype=object)


def _require_finite(source: Geometries) -> None:
    coordinates, rows = shapely.get_coordinates(source, return_index=True)
    bad = ~np.all(np.isfinite(coordinates), axis=1)
    if np.any(bad):
        message = f"row {rows[bad][0] + 1} has a coordinate that is not finite"
        raise InvalidCoordinatesError(message)


def _require_small(source: Geometries, *, limits: SourceLimits) -> None:
    vertices = shapely.get_num_coordinates(source)
    if np.any(vertices > limits.vertices_per_row):
        row = int(np.argmax(vertices > limits.vertices_per_row))
        message = f"row {row + 1} has {vertices[row]} vertices, more than {limits.vertices_per_row}"
        raise GeometryTooLargeError(message)
    if vertices.sum() > limits.vertices:
        message = f"the file has {vertices.sum()} vertices, more than {limits.vertices}"
        raise GeometryTooLargeError(message)


def _can_be(crs: SourceCrs, source: Geometries) -> bool:
    if crs.crs is not None and not crs.crs.is_geographic:
        return True
    return len(source) == 0 or bool(np.all(np.abs(shapely.get_coordinates(source)) <= (180.0, 90.0)))


def _bounds(source: Geometries) -> tuple[float, float, float, float]:
    west, south, east, north = shapely.total_bounds(source).tolist()
    return west, south, east, north


def _require_on_earth(geometries: Geometries, *, source_crs: SourceCrs) -> None:
    coordinates, rows = shapely.get_coordinates(geometries, return_index=True)
    bad = ~np.all(np.abs(coordinates) <= (180.0, 90.0), axis=1)
    if np.any(bad):
        message = f"row {rows[bad][0] + 1} is not on the earth if its coordinates are {source_crs.name}"
        raise InvalidCoordinatesError(message)


def _require_valid(geometries: Geometries) -> None:
    invalid = np.flatnonzero(~shapely.is_valid(geometries))[:MOST_ROWS_NAMED]
    _refuse({int(index) + 1: shapely.is_valid_reason(geometries[index]) for index in invalid})


def _refuse(reasons: dict[int, str]) -> None:
    if reasons:
        raise InvalidRowsError(dict(list(reasons.items())[:MOST_ROWS_NAMED]))

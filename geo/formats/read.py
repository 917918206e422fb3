"""Features from files of others: GeoJSON, GeoPackage, zipped shapefile; each row checked, in WGS 84."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import GeometryCollection
from shapely.geometry.base import BaseGeometry

from geo.coordinates.crs import Geometries, SourceCrs, named_crs
from geo.errors import GeometryTooLargeError, UnreadableFileError
from geo.formats.archive import unpack_layer
from geo.formats.crs_prompt import AxisOrder
from geo.formats.nested_places import convert_places
from geo.formats.placement import FAR_M, Placement, Positions, distances_m, place
from geo.formats.read_geojson import NESTING, read_geojson
from geo.formats.read_layer import read_geopackage, read_shapefile
from geo.formats.source_table import ReadNote, RowProblem, SourceLimits, SourceTable
from geo.lonlat import LonLat

MOST_ROWS: Final = 20_000
MOST_VERTICES_PER_ROW: Final = 5_000
MOST_VERTICES: Final = 500_000
MOST_FILE_BYTES: Final = 64 * 2**20
MOST_TEXT_CHARACTERS: Final = 10_000
MOST_NESTING: Final = 20
EMPTY: Final = GeometryCollection()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureTable:
    """What a file holds. The three tuples run in step; row 1 of the messages is index 0 here."""

    geometries: tuple[BaseGeometry, ...]
    """
    WGS 84, longitude first, two dimensions; points, lines, polygons and their multiples, all valid. A row
    without a geometry, or with a problem, has an empty collection.
    """
    properties: tuple[dict[str, Any], ...]
    """As in the file, but places in them are in WGS 84 too."""
    source: SourceCrs
    """What the file was in."""
    source_geometries: tuple[BaseGeometry, ...] | None
    """As in the file, where they were offset (GCJ-02, BD-09): keep them, the way back is not exact."""
    problems: Mapping[int, RowProblem] = field(default_factory=dict)
    """Rows that cannot be taken, counted from 1, and why; the others stand."""
    notes: tuple[ReadNote, ...] = ()
    """What the owner of the file should know, although its rows are taken."""

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
    axis_order: AxisOrder | None = None,
    layer: str | None = None,
    usual_layer: str = "",
    near: LonLat | None = None,
    allow_far: bool = False,
    max_rows: int = MOST_ROWS,
) -> FeatureTable:
    """
    Read the features of a file; rows that cannot be are named, the others stand.

    Parameters
    ----------
    path
        GeoJSON, GeoPackage or a zip archive with shapefiles or one of these; told by content, not by name.
    crs
        What the coordinates are in, as for `geo.coordinates.crs.named_crs`. It outranks the file, because
        files exported from Chinese map services say WGS 84 and mean GCJ-02.
    axis_order
        `xy` for longitude or easting first, `yx` for latitude or northing first; None asks where the file
        fits better the other way round.
    layer
        Of a GeoPackage or archive that has several.
    usual_layer
        The one that is meant when none is named and there are several.
    near
        Where the data is expected: rows far from it have a problem, and the likeliest answers come first.
    allow_far
        Take rows that lie far away all the same.
    max_rows
        More rows are refused.

    Returns
    -------
    table
        Every row of the file.

    Raises
    ------
    UnreadableFileError
        Damaged, of another format, or too large.
    LayerNeededError
        The file has several layers, and none is named.
    CrsNeededError
        An `UnknownCrsError`: the file does not say which CRS it uses, or its numbers cannot be what it says.
    AxisOrderNeededError
        An `UnknownCrsError`: the file lies beside `near` once its coordinates are exchanged.
    UnknownCrsError
        `crs` is not known, or how it lies to WGS 84 is not known well enough.
    GeometryTooLargeError
        All geometries together have too many vertices.
    """
    limits = SourceLimits(rows=max_rows, vertices_per_row=MOST_VERTICES_PER_ROW, vertices=MOST_VERTICES)
    given = None if crs is None else named_crs(crs)
    table = _read(path, layer=layer, usual_layer=usual_layer, limits=limits)
    problems = {
        row: problem for row, cells in enumerate(table.properties, 1) if (problem := _unstorable(cells))
    }
    problems |= table.problems
    source = _two_dimensional(table.geometries, problems, limits=limits)
    rows = np.flatnonzero(~shapely.is_empty(source))
    placement = place(
        _middles(source[rows]),
        said=table.crs,
        given=given,
        axis_order=axis_order,
        near=near if not allow_far else None,
    )
    geometries = _converted(source, placement, problems)
    _leave_out_invalid(geometries, problems)
    beside = _middles(geometries)
    if near is not None and not allow_far:
        _leave_out_far(geometries, beside, near, problems)
    return FeatureTable(
        geometries=tuple(geometries),
        properties=tuple(convert_places(table.properties, placement=placement, beside=beside)),
        source=placement.crs,
        source_geometries=tuple(source) if placement.crs.offset else None,
        problems=dict(sorted(problems.items())),
        notes=table.notes,
    )


def _read(
    path: Path, *, layer: str | None, usual_layer: str, limits: SourceLimits, is_inner: bool = False
) -> SourceTable:
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
    if path.suffix.lower() == ".shp":
        return read_shapefile(path, limits=limits)
    if head.startswith(b"SQLite format 3\0"):
        return read_geopackage(path, layer=layer, usual_layer=usual_layer, limits=limits)
    if head.startswith(b"PK\x03\x04"):
        if is_inner:
            message = "the archive holds another archive; unpack that first"
            raise UnreadableFileError(message)
        with TemporaryDirectory(prefix="features-") as folder:
            inner = unpack_layer(path, Path(folder), layer=layer, usual_layer=usual_layer)
            named = None if inner.suffix == ".shp" else layer
            return _read(inner, layer=named, usual_layer=usual_layer, limits=limits, is_inner=True)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or head.lstrip(b"\xef\xbb\xbf \t\r\n\x1e").startswith(
        b"{"
    ):
        return read_geojson(path, limits=limits)
    message = "the file is neither GeoJSON nor GeoPackage nor a zipped shapefile"
    raise UnreadableFileError(message)


def _unstorable(value: Any, depth: int = 0) -> RowProblem | None:  # noqa: ANN401 - any cell
    problem = None
    if isinstance(value, str):
        if "\0" in value or any("\ud800" <= character <= "\udfff" for character in value):
            problem = "text with a NUL or half a surrogate pair"
        elif len(value) > MOST_TEXT_CHARACTERS:
            problem = f"text of more than {MOST_TEXT_CHARACTERS} characters"
    elif isinstance(value, float) and not np.isfinite(value):
        problem = f"{value}, which is not a number"
    elif depth > MOST_NESTING:
        problem = "values that are nested too deeply"
    if problem:
        return RowProblem(code="invalid_text", detail=problem)
    inner = [*value, *value.values()] if isinstance(value, dict) else value if isinstance(value, list) else ()
    return next((found for item in inner if (found := _unstorable(item, depth + 1))), None)


def _two_dimensional(
    geometries: list[BaseGeometry | None], problems: dict[int, RowProblem], *, limits: SourceLimits
) -> Geometries:
    """Return geometries with those that cannot be replaced by an empty one, and note why."""
    flat = np.empty(len(geometries), dtype=object)
    flat[:] = [EMPTY if each is None else each for each in geometries]
    flat = np.asarray(shapely.force_2d(flat), dtype=object)
    vertices = shapely.get_num_coordinates(flat)
    coordinates, owners = shapely.get_coordinates(flat, return_index=True)
    infinite = set(owners[~np.all(np.isfinite(coordinates), axis=1)].tolist())
    for index, geometry in enumerate(geometries):
        problem = None
        if geometry is None:
            continue
        if geometry.is_empty:
            problem = RowProblem(code="invalid_geometry", detail="an empty geometry")
        elif geometry.geom_type not in NESTING:
            problem = RowProblem(code="wrong_geometry", detail=geometry.geom_type)
        elif index in infinite:
            problem = RowProblem(code="invalid_coordinates", detail="a coordinate is not finite")
        elif vertices[index] > limits.vertices_per_row:
            detail = f"{vertices[index]} vertices, more than {limits.vertices_per_row}"
            problem = RowProblem(code="geometry_too_large", detail=detail)
        if problem:
            problems.setdefault(index + 1, problem)
            flat[index] = EMPTY
    if vertices.sum() > limits.vertices:
        message = f"the file has {vertices.sum()} vertices, more than {limits.vertices}"
        raise GeometryTooLargeError(message)
    return flat


def _middles(geometries: Geometries) -> Positions:
    """Return the middle of each geometry's bounds; not a number for empty ones."""
    bounds = shapely.bounds(geometries)
    return np.asarray((bounds[:, :2] + bounds[:, 2:]) / 2)


def _converted(source: Geometries, placement: Placement, problems: dict[int, RowProblem]) -> Geometries:
    coordinates, owners = shapely.get_coordinates(source, return_index=True)
    impossible = np.unique(owners[~placement.can_be(coordinates)])
    possible = source.copy()
    possible[impossible] = EMPTY
    geometries = placement.geometries_to_wgs84(possible)
    coordinates, owners = shapely.get_coordinates(geometries, return_index=True)
    off_earth = np.unique(owners[~np.all(np.abs(coordinates) <= (180.0, 90.0), axis=1)])
    geometries[off_earth] = EMPTY
    detail = f"not on the earth if its coordinates are {placement.crs.name}"
    for index in (*impossible, *off_earth):
        problems.setdefault(int(index) + 1, RowProblem(code="invalid_coordinates", detail=detail))
    return geometries


def _leave_out_invalid(geometries: Geometries, problems: dict[int, RowProblem]) -> None:
    for index in np.flatnonzero(~shapely.is_valid(geometries)):
        reason = RowProblem(code="invalid_geometry", detail=str(shapely.is_valid_reason(geometries[index])))
        problems.setdefault(int(index) + 1, reason)
        geometries[index] = EMPTY


def _leave_out_far(
    geometries: Geometries, middles: Positions, near: LonLat, problems: dict[int, RowProblem]
) -> None:
    away = distances_m(middles, near)
    for index in np.flatnonzero((away > FAR_M) & ~shapely.is_empty(geometries)):
        detail = f"{away[index] / 1000:.0f} km from the circle"
        problems.setdefault(int(index) + 1, RowProblem(code="far_from_circle", detail=detail))
        geometries[index] = EMPTY

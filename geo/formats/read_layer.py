"""GeoPackage and shapefile, through geopandas and pyogrio (GDAL)."""

import sqlite3
from collections.abc import Hashable, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import pyogrio
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj import CRS
from shapely.geometry.base import BaseGeometry

from geo.coordinates.crs import SourceCrs, pyproj_crs
from geo.errors import UnknownCrsError, UnreadableFileError
from geo.formats.archive import chosen_layer
from geo.formats.dbf_text import BYTES, dbf_encoding, decoded
from geo.formats.source_table import ReadNote, RowProblem, SourceLimits, SourceTable

MOST_FIELDS: Final = 200
MOST_ROWS_NAMED: Final = 10
LARGEST_EXACT: Final = 2**53
"""Above this a fraction does not hold every whole number."""
SHX_HEADER_BYTES: Final = 100
BYTES_PER_VERTEX: Final = 40
"""Of a shapefile with Z and M, its share of the ring starts included."""
GDAL_ERRORS: Final = (CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError)
LAYERS_SQL: Final = """
    SELECT contents.table_name, master.type, master.sql
    FROM gpkg_contents AS contents LEFT JOIN sqlite_master AS master ON master.name = contents.table_name
    WHERE contents.data_type = 'features'
"""


def read_geopackage(path: Path, *, layer: str | None, usual_layer: str, limits: SourceLimits) -> SourceTable:
    """
    Read one layer of a GeoPackage.

    Parameters
    ----------
    path
        SQLite file with `gpkg_contents`.
    layer
        Its name; may be None where there is only one.
    usual_layer
        The one that is meant when none is named and there are several.
    limits
        Rows are counted before they are read.

    Returns
    -------
    table
        With the layer's own CRS.

    Raises
    ------
    LayerNeededError
        No such layer, or several and none named.
    UnreadableFileError
        Not a GeoPackage, a layer computed by a view, or too many rows.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            layers = {name: (kind, sql) for name, kind, sql in database.execute(LAYERS_SQL)}
    except sqlite3.Error as error:
        message = f"the file is not a GeoPackage: {error}"
        raise UnreadableFileError(message) from error
    layer = chosen_layer(sorted(layers), layer=layer, usual_layer=usual_layer)
    kind, sql = layers[layer]
    if kind != "table" or str(sql).upper().startswith("CREATE VIRTUAL"):
        # A view can be made to compute for ever.
        message = f"layer {layer} is not a plain table"
        raise UnreadableFileError(message)
    return _read(path, layer=layer, encoding=None, limits=limits)


def read_shapefile(path: Path, *, limits: SourceLimits) -> SourceTable:
    """
    Read a shapefile from its parts.

    Parameters
    ----------
    path
        Of the `.shp`; `.shx` and `.dbf` lie beside it.
    limits
        Rows are counted before they are read; a row with too many vertices is never given to GDAL.

    Returns
    -------
    table
        With the CRS of the `.prj`; none without it. Its notes say which encoding was guessed, and how many
        texts end inside a character.

    Raises
    ------
    UnreadableFileError
        The file is damaged, or has too many rows.
    """
    missing = [suffix for suffix in (".shx", ".dbf") if not path.with_suffix(suffix).exists()]
    if missing:
        message = f"the shapefile lacks its {', '.join(missing)}"
        raise UnreadableFileError(message)
    too_long = _too_long(path, limits=limits)
    table = _read(path, layer=None, encoding=BYTES, limits=limits, leave_out=too_long)
    cpg = path.with_suffix(".cpg")
    with path.with_suffix(".dbf").open("rb") as file:
        head = file.read(32)
    texts = {
        text for row in table.properties for pair in row.items() for text in pair if isinstance(text, str)
    }
    encoding = dbf_encoding(texts, cpg=cpg.read_bytes()[:100] if cpg.exists() else None, head=head)
    words = {text: decoded(text, encoding.name) for text in texts}
    cut = [
        row
        for row, cells in enumerate(table.properties, 1)
        if any(words[cell][1] for cell in cells.values() if isinstance(cell, str))
    ]
    shown = ", ".join(str(row) for row in cut[:MOST_ROWS_NAMED])
    cut_note = ReadNote(code="text_cut", detail=shown + (", …" if len(cut) > MOST_ROWS_NAMED else ""))
    return replace(
        table,
        properties=[
            {words[name][0]: words[cell][0] if isinstance(cell, str) else cell for name, cell in row.items()}
            for row in table.properties
        ],
        notes=(*encoding.notes, *((cut_note,) if cut else ())),
    )


def _read(
    path: Path,
    *,
    layer: str | None,
    encoding: str | None,
    limits: SourceLimits,
    leave_out: Mapping[int, RowProblem] | None = None,
) -> SourceTable:
    problems = leave_out or {}
    try:
        info = pyogrio.read_info(path, layer=layer, encoding=encoding, force_feature_count=True)
        _require_bounded(rows=info["features"], fields=len(info["fields"]), limits=limits)
        fids = [row for row in range(info["features"]) if row + 1 not in problems] if problems else None
        frame = geopandas.read_file(path, engine="pyogrio", layer=layer, encoding=encoding, fids=fids)
        exact = _exact_numbers(path, frame, info=info, layer=layer, encoding=encoding)
    except UnreadableFileError:
        raise
    except (*GDAL_ERRORS, UnicodeDecodeError, ValueError) as error:
        message = f"the file cannot be read: {str(error).replace(str(path.parent), '')}"[:300]
        raise UnreadableFileError(message) from error
    if not isinstance(frame, geopandas.GeoDataFrame):
        message = "the layer has no geometry"
        raise UnreadableFileError(message)
    attributes = frame.drop(columns=frame.geometry.name).to_dict("records")
    geometries: list[BaseGeometry | None] = list(frame.geometry.array)
    properties = [{**_properties(row), **exact.get(index, {})} for index, row in enumerate(attributes)]
    for row in sorted(problems):
        geometries.insert(row - 1, None)
        properties.insert(row - 1, {})
    return SourceTable(
        geometries=geometries, properties=properties, crs=_crs(frame.crs), problems=dict(problems)
    )


def _exact_numbers(
    path: Path,
    frame: pd.DataFrame,
    *,
    info: Mapping[str, Any],
    layer: str | None,
    encoding: str | None,
) -> dict[int, dict[str, int]]:
    """
    Return whole numbers by row and column where an empty cell has made fractions of a column.

    Only fractions up to 2**53 are exact: two long codes beside an empty cell would become one.
    """
    exact: dict[int, dict[str, int]] = {}
    for name, dtype in zip(info["fields"], info["dtypes"], strict=True):
        if not dtype.startswith(("int", "uint")) or name not in frame or frame[name].dtype.kind != "f":
            continue
        is_there = frame[name].notna()
        numbers = [int(value) for value in frame[name][is_there]]
        if max(map(abs, numbers), default=0) >= LARGEST_EXACT:
            numbers = _not_empty(path, name, layer=layer, encoding=encoding)
        if len(numbers) == is_there.sum():
            for index, number in zip(np.flatnonzero(is_there), numbers, strict=True):
                exact.setdefault(int(index), {})[str(name)] = number
    return exact


def _not_empty(path: Path, column: str, *, layer: str | None, encoding: str | None) -> list[int]:
    quoted = column.replace('"', '""')
    frame = pyogrio.read_dataframe(
        path,
        layer=layer,
        encoding=encoding,
        columns=[column],
        where=f'"{quoted}" IS NOT NULL',
        read_geometry=False,
    )
    return [int(value) for value in frame[column]]


def _too_long(shapefile: Path, *, limits: SourceLimits) -> dict[int, RowProblem]:
    # GDAL sorts the rings of a record against each other before anything can be counted, so count in the
    # index.
    index = shapefile.with_suffix(".shx").read_bytes()[SHX_HEADER_BYTES:]
    lengths_in_words = np.frombuffer(index[: len(index) // 8 * 8], dtype=">i4")[1::2].astype(np.int64)
    too_long = np.flatnonzero(lengths_in_words * 2 > limits.vertices_per_row * BYTES_PER_VERTEX)
    detail = f"more than {limits.vertices_per_row} vertices"
    return {int(row) + 1: RowProblem(code="geometry_too_large", detail=detail) for row in too_long}


def _require_bounded(*, rows: int, fields: int, limits: SourceLimits) -> None:
    if rows > limits.rows or fields > MOST_FIELDS:
        message = f"the layer has {rows} rows and {fields} fields, more than {limits.rows} or {MOST_FIELDS}"
        raise UnreadableFileError(message)


def _crs(crs: CRS | None) -> SourceCrs | None:
    try:
        return None if crs is None else pyproj_crs(crs)
    except UnknownCrsError:
        return None


def _properties(row: dict[Hashable, Any]) -> dict[str, Any]:
    return {str(name): _plain(value) for name, value in row.items() if not isinstance(value, bytes)}


def _plain(value: Any) -> Any:  # noqa: ANN401 - any cell
    if isinstance(value, str | list | dict | np.ndarray):
        return value.tolist() if isinstance(value, np.ndarray) else value
    if value is None or pd.isna(value):
        return None
    if isinstance(value, np.generic):
        return value.item()
    return value.isoformat() if hasattr(value, "isoformat") else value

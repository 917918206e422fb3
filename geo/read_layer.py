"""GeoPackage and zipped shapefile, through geopandas and pyogrio (GDAL)."""

import sqlite3
from collections.abc import Hashable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import geopandas
import numpy as np
import pandas as pd
import pyogrio
from pyogrio.errors import CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError
from pyproj import CRS

from geo.archive import unpack_shapefile
from geo.crs import SourceCrs, pyproj_crs
from geo.errors import GeometryTooLargeError, UnknownCrsError, UnreadableFileError
from geo.source_table import SourceLimits, SourceTable

MOST_FIELDS: Final = 200
SHX_HEADER_BYTES: Final = 100
BYTES_PER_VERTEX: Final = 40
"""Of a shapefile with Z and M, its share of the ring starts included."""
GDAL_ERRORS: Final = (CRSError, DataLayerError, DataSourceError, FeatureError, FieldError, GeometryError)
LAYERS_SQL: Final = """
    SELECT contents.table_name, master.type, master.sql
    FROM gpkg_contents AS contents LEFT JOIN sqlite_master AS master ON master.name = contents.table_name
    WHERE contents.data_type = 'features'
"""


def read_geopackage(path: Path, *, layer: str | None, limits: SourceLimits) -> SourceTable:
    """
    Read one layer of a GeoPackage.

    Parameters
    ----------
    path
        SQLite file with `gpkg_contents`.
    layer
        Its name; may be None where there is only one.
    limits
        Rows are counted before they are read.

    Returns
    -------
    table
        With the layer's own CRS.

    Raises
    ------
    UnreadableFileError
        Not a GeoPackage, no such layer, several and none named, a layer computed by a view, or too many rows.
    """
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as database:
            layers = {name: (kind, sql) for name, kind, sql in database.execute(LAYERS_SQL)}
    except sqlite3.Error as error:
        message = f"the file is not a GeoPackage: {error}"
        raise UnreadableFileError(message) from error
    if layer is None and len(layers) == 1:
        [layer] = layers
    if layer not in layers:
        listed = ", ".join(sorted(layers)) or "none"
        message = f"name one layer of the file; it has: {listed}"
        raise UnreadableFileError(message[:500])
    kind, sql = layers[layer]
    if kind != "table" or str(sql).upper().startswith("CREATE VIRTUAL"):
        # A view can be made to compute for ever.
        message = f"layer {layer} is not a plain table"
        raise UnreadableFileError(message)
    return _read(path, layer=layer, encoding=None, limits=limits)


def read_zipped_shapefile(path: Path, *, limits: SourceLimits) -> SourceTable:
    """
    Read the one shapefile in a zip archive.

    Parameters
    ----------
    path
        Zip archive with at least `.shp`, `.shx` and `.dbf` of one name.
    limits
        Rows are counted before they are read.

    Returns
    -------
    table
        With the CRS of the `.prj`; none without it.

    Raises
    ------
    UnreadableFileError
        The archive is damaged, larger than allowed or has not exactly one shapefile, or too many rows.
    """
    with TemporaryDirectory(prefix="shapefile-") as folder:
        shapefile = unpack_shapefile(path, Path(folder))
        _require_small_records(shapefile, limits=limits)
        return _read(shapefile, layer=None, encoding=_dbf_encoding(shapefile), limits=limits)


def _read(path: Path, *, layer: str | None, encoding: str | None, limits: SourceLimits) -> SourceTable:
    try:
        info = pyogrio.read_info(path, layer=layer, encoding=encoding, force_feature_count=True)
        _require_bounded(rows=info["features"], fields=len(info["fields"]), limits=limits)
        frame = geopandas.read_file(path, engine="pyogrio", layer=layer, encoding=encoding)
    except UnreadableFileError:
        raise
    except (*GDAL_ERRORS, UnicodeDecodeError, ValueError) as error:
        message = f"the file cannot be read: {str(error).replace(str(path.parent), '')}"[:300]
        raise UnreadableFileError(message) from error
    if not isinstance(frame, geopandas.GeoDataFrame):
        message = "the layer has no geometry"
        raise UnreadableFileError(message)
    attributes = frame.drop(columns=frame.geometry.name)
    return SourceTable(
        geometries=list(frame.geometry.array),
        properties=[_properties(row) for row in attributes.to_dict("records")],
        crs=_crs(frame.crs),
    )


def _require_small_records(shapefile: Path, *, limits: SourceLimits) -> None:
    # GDAL sorts the rings of a record against each other before anything can be counted, so count in the
    # index.
    index = shapefile.with_suffix(".shx").read_bytes()[SHX_HEADER_BYTES:]
    lengths_in_words = np.frombuffer(index[: len(index) // 8 * 8], dtype=">i4")[1::2].astype(np.int64)
    too_long = np.flatnonzero(lengths_in_words * 2 > limits.vertices_per_row * BYTES_PER_VERTEX)
    if too_long.size:
        message = f"row {too_long[0] + 1} has more than {limits.vertices_per_row} vertices"
        raise GeometryTooLargeError(message)


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


def _dbf_encoding(shapefile: Path) -> str | None:
    """
    Guess the encoding where the shapefile does not name it; GDAL would take Latin-1 and garble Chinese.

    The language byte of the table is at 29, its records start where bytes 8 and 9 say.
    """
    table = shapefile.with_suffix(".dbf").read_bytes()
    said = shapefile.with_suffix(".cpg").exists() or (len(table) > 32 and table[29] not in (0, 0x57))  # noqa: PLR2004
    if said:
        return None
    for encoding in ("UTF-8", "GB18030"):
        try:
            table[int.from_bytes(table[8:10], "little") :].decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return None

"""Files as surveyors, editors and phones write them: what is asked back, what is understood, what is said."""

import json
import sqlite3
import struct
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import geopandas
import numpy as np
import pytest
import shapely
from numpy.testing import assert_allclose
from pyproj import Transformer
from shapely.geometry import Point, box

from geo.coordinates import china
from geo.errors import LayerNeededError, UnreadableFileError
from geo.formats.crs_prompt import AmbiguousAxisOrderError, CrsNeededError
from geo.formats.read import FeatureTable, read_features
from geo.lonlat import LonLat

HOME = LonLat(112.984, 28.154)
HERE = (112.9813, 28.1514)


def file(folder: Path, rows: list[tuple[Any, dict[str, Any]]], **members: object) -> Path:
    features = [
        {"type": "Feature", "geometry": shapely.geometry.mapping(shape), "properties": properties}
        for shape, properties in rows
    ]
    path = folder / "features.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features, **members}))
    return path


def crs_member(code: int) -> dict[str, object]:
    return {"type": "name", "properties": {"name": f"urn:ogc:def:crs:EPSG::{code}"}}


def projected(code: int, lon: float, lat: float) -> tuple[float, float]:
    x, y = Transformer.from_crs("EPSG:4490", code, always_xy=True).transform(lon, lat)
    return float(x), float(y)


def codes(table: FeatureTable) -> dict[int, str]:
    return {row: problem.code for row, problem in table.problems.items()}


def notes(table: FeatureTable) -> dict[str, str]:
    return {note.code: note.detail for note in table.notes}


# Places inside a row


@pytest.mark.parametrize(
    ("crs", "there"),
    [
        ("GCJ-02", lambda lon, lat: china.wgs84_to_gcj02(np.array([lon, lat])).tolist()),
        ("BD-09", lambda lon, lat: china.wgs84_to_bd09(np.array([lon, lat])).tolist()),
        ("EPSG:4547", lambda lon, lat: projected(4547, lon, lat)),
        ("EPSG:4526", lambda lon, lat: projected(4526, lon, lat)),
        ("EPSG:3857", lambda lon, lat: Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)),
    ],
)
def test_places_inside_a_row_move_with_its_geometry(
    tmp_path: Path, crs: str, there: Callable[[float, float], Any]
) -> None:
    x, y = there(*HERE)
    row = {
        "entrances": [{"name": "西门", "lon": x, "lat": y}],
        "doors": json.dumps([{"name": "东门", "lon": x, "lat": y}]),
        "post": [x, y],
        "way": {"type": "LineString", "coordinates": [[x, y], [x, y]]},
        "deep": [{"place": {"longitude": x, "latitude": y}}],
        "size": [3, 4],
        "name": "[draft",
    }
    [read] = read_features(file(tmp_path, [(Point(x, y), row)]), crs=crs, near=HOME).properties
    for lonlat in (
        (read["entrances"][0]["lon"], read["entrances"][0]["lat"]),
        (read["doors"][0]["lon"], read["doors"][0]["lat"]),
        read["post"],
        *read["way"]["coordinates"],
        (read["deep"][0]["place"]["longitude"], read["deep"][0]["place"]["latitude"]),
    ):
        assert_allclose(lonlat, HERE, rtol=0, atol=2e-8)
    assert read["entrances"][0]["name"] == "西门"
    assert (read["size"], read["name"]) == ([3, 4], "[draft")


def test_degrees_beside_a_projected_geometry_are_degrees_already(tmp_path: Path) -> None:
    row = {"entrances": [{"name": "西门", "lon": HERE[0], "lat": HERE[1]}]}
    path = file(tmp_path, [(Point(projected(4547, *HERE)), row)], crs=crs_member(4547))
    assert read_features(path).properties == (row,)


def test_a_place_inside_a_row_that_cannot_be_is_left_for_the_row_to_be_refused(tmp_path: Path) -> None:
    row = {"entrances": [{"name": "x", "lon": 4e5, "lat": 3e6}, {"name": "y", "lon": "4", "lat": None}]}
    [read] = read_features(file(tmp_path, [(Point(HERE), row)]), crs="GCJ-02").properties
    assert read["entrances"][0]["lon"] == float("inf")
    assert read["entrances"][1] == row["entrances"][1]


# Turned round, and far away


@pytest.mark.parametrize(
    ("code", "label"), [(4547, "northing first"), (4526, "northing first"), (4490, "latitude first")]
)
def test_coordinates_in_the_other_order_are_asked_about(tmp_path: Path, code: int, label: str) -> None:
    x, y = projected(code, *HERE)
    doors = {
        "entrances": [{"name": "by name", "lon": x, "lat": y}, {"name": "as the rest", "lon": y, "lat": x}]
    }
    path = file(tmp_path, [(Point(y, x), {"post": [y, x], **doors})] * 3, crs=crs_member(code))
    with pytest.raises(AmbiguousAxisOrderError) as asked:
        read_features(path, near=HOME)
    first = asked.value.candidates[0]
    assert (asked.value.code, first.label, first.axis_order) == ("axis_order_needed", label, "yx")
    assert first.centre == pytest.approx(HERE, abs=1e-5)
    assert all(np.isfinite(each.centre).all() for each in asked.value.candidates)
    table = read_features(path, near=HOME, axis_order="yx")
    assert codes(table) == {}
    assert table.geometries[0].distance(Point(HERE)) < 1e-8
    assert_allclose(table.properties[0]["post"], HERE, rtol=0, atol=1e-8)
    for door in table.properties[0]["entrances"]:
        assert_allclose((door["lon"], door["lat"]), HERE, rtol=0, atol=1e-8)
    with pytest.raises(AmbiguousAxisOrderError):
        read_features(path, near=HOME, crs=f"EPSG:{code}")
    assert set(codes(read_features(path, near=HOME, axis_order="xy", crs=f"EPSG:{code}"))) == {1, 2, 3}


def test_northing_first_without_a_system_is_among_the_candidates(tmp_path: Path) -> None:
    x, y = projected(4547, *HERE)
    path = file(tmp_path, [(Point(y, x), {})], crs=None)
    with pytest.raises(CrsNeededError) as asked:
        read_features(path, near=HOME)
    assert (asked.value.candidates[0].name, asked.value.candidates[0].axis_order) == ("EPSG:4547", "yx")
    with pytest.raises(CrsNeededError) as asked:
        read_features(path)
    assert "EPSG:4547" in {each.name for each in asked.value.candidates if each.axis_order == "yx"}
    table = read_features(path, near=HOME, crs="EPSG:4547", axis_order="yx")
    assert table.geometries[0].distance(Point(HERE)) < 1e-8


@pytest.mark.parametrize(
    ("says", "is_in"), [(4490, 4547), (4547, 4526), (4549, 4547), (4526, 4547), (3857, 4547)]
)
def test_a_system_that_puts_the_file_far_away_is_asked_about(tmp_path: Path, says: int, is_in: int) -> None:
    path = file(tmp_path, [(Point(projected(is_in, *HERE)), {})] * 2, crs=crs_member(says))
    with pytest.raises(CrsNeededError) as asked:
        read_features(path, near=HOME)
    assert asked.value.candidates[0].name == f"EPSG:{is_in}"
    assert read_features(path, near=HOME, crs=f"EPSG:{is_in}").geometries[1].distance(Point(HERE)) < 1e-8


def test_rows_far_from_the_circle_are_named_and_taken_when_said_so(tmp_path: Path) -> None:
    path = file(tmp_path, [(Point(0, 0), {}), (Point(113.98, 28.15), {}), (Point(HERE), {})])
    table = read_features(path, near=HOME)
    assert codes(table) == {1: "far_from_circle", 2: "far_from_circle"}
    assert table.problems[2].detail == "98 km from the circle"
    for told in ({"near": HOME, "allow_far": True}, {}):
        assert codes(read_features(path, **told)) == {}
    swapped = file(tmp_path, [(Point(HERE[1], HERE[0]), {}), (Point(HERE), {}), (Point(HERE), {})])
    assert codes(read_features(swapped, near=HOME)) == {1: "invalid_coordinates"}


# Text of shapefiles


def dbf(rows: list[list[bytes]], *, names: list[bytes], widths: list[int], language: int = 0) -> bytes:
    head = struct.pack(
        "<4BIHH16xBBxx", 3, 124, 1, 1, len(rows), 33 + 32 * len(names), 1 + sum(widths), 0, language
    )
    fields = b"".join(
        struct.pack("<11sc4xB15x", name, b"C", width) for name, width in zip(names, widths, strict=True)
    )
    records = b"".join(
        b" " + b"".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows
    )
    return head + fields + b"\r" + records + b"\x1a"


def shapefile(folder: Path, table: bytes, *, rows: int, cpg: bytes | None = None, drop: str = "") -> Path:
    points = geopandas.GeoDataFrame({"a": range(rows)}, geometry=[Point(HERE)] * rows, crs="EPSG:4490")
    points.to_file(folder / "layer.shp", engine="pyogrio")
    parts = {suffix: (folder / f"layer{suffix}").read_bytes() for suffix in (".shp", ".shx", ".prj")}
    parts |= {".dbf": table} | ({} if cpg is None else {".cpg": cpg})
    with ZipFile(folder / "upload.zip", "w") as archive:
        for suffix, content in parts.items():
            if suffix != drop:
                archive.writestr(f"a/layer{suffix}", content)
    return folder / "upload.zip"


@pytest.mark.parametrize(
    ("encoding", "cpg", "language", "said"),
    [
        ("gb18030", None, 0, {"encoding_guessed": "GB18030"}),
        ("gb18030", None, 0x57, {"encoding_guessed": "GB18030"}),
        ("gb18030", None, 0x4D, {}),
        ("gb18030", b"GBK", 0, {}),
        ("gb18030", b"936\r\n", 0, {}),
        ("gb18030", b"OEM 936", 0, {}),
        ("gb18030", b"UTF-8", 0, {"encoding_guessed": "GB18030"}),
        ("gb18030", b"rot13", 0, {"encoding_guessed": "GB18030"}),
        ("utf-8", b"UTF-8", 0, {}),
        ("utf-8", b"65001", 0, {}),
        ("utf-8", b"ISO-8859-1", 0, {"encoding_guessed": "UTF-8"}),
        ("utf-8", None, 0, {}),
    ],
)
def test_text_cut_by_its_width_is_read_and_marked(
    tmp_path: Path, encoding: str, cpg: bytes | None, language: int, said: dict[str, str]
) -> None:
    texts = ["脑科巷社区甲地块一号", "A脑科巷社区甲地块二号", "plain"]
    cells = [[text.encode(encoding)[:20], "楼".encode(encoding)] for text in texts]
    table = dbf(cells, names=[b"name", "用途".encode(encoding)], widths=[20, 8], language=language)
    read = read_features(shapefile(tmp_path, table, rows=3, cpg=cpg), near=HOME)
    found = [row["name"] for row in read.properties]
    for text, name in zip(texts, found, strict=True):
        assert name == text or (text.startswith(name.removesuffix("…")) and name.endswith("…"))
    assert found[2] == "plain"
    assert {row["用途"] for row in read.properties} == {"楼"}
    assert "…" in found[1]
    assert notes(read) == {**said, "text_cut": "2" if encoding == "gb18030" else "1, 2"}


def test_text_in_no_encoding_known_is_never_latin_1_without_a_word(tmp_path: Path) -> None:
    table = dbf([[b"\xff\xfe\x81 \x81"]], names=[b"name"], widths=[20])
    assert "encoding_unknown" in notes(read_features(shapefile(tmp_path, table, rows=1)))
    french = dbf([["Hôpital".encode("cp1252")]], names=[b"name"], widths=[20])
    read = read_features(shapefile(tmp_path, french, rows=1, cpg=b"ANSI 1252"))
    assert (read.properties[0]["name"], notes(read)) == ("Hôpital", {})


# Archives


def test_a_shapefile_without_its_index_is_read(tmp_path: Path) -> None:
    table = dbf([[b"one"], [b"two"]], names=[b"name"], widths=[20])
    read = read_features(shapefile(tmp_path, table, rows=2, drop=".shx"))
    assert [row["name"] for row in read.properties] == ["one", "two"]
    assert [shape.distance(Point(HERE)) < 1e-9 for shape in read.geometries] == [True, True]


def test_several_shapefiles_of_an_archive_are_its_layers(tmp_path: Path) -> None:
    for name, geometry in {"Buildings": box(*HERE, 112.982, 28.152), "hydrants": Point(HERE)}.items():
        frame = geopandas.GeoDataFrame({"name": [name]}, geometry=[geometry], crs="EPSG:4490")
        frame.to_file(tmp_path / f"{name}.shp", engine="pyogrio")
    with ZipFile(tmp_path / "two.zip", "w") as archive:
        for part in tmp_path.glob("*.[sdp]*"):
            archive.write(part, f"export/2026/{part.name}")
    with pytest.raises(LayerNeededError) as asked:
        read_features(tmp_path / "two.zip")
    assert asked.value.layers == ("Buildings", "hydrants")
    assert read_features(tmp_path / "two.zip", layer="hydrants").geometries[0].geom_type == "Point"
    assert read_features(tmp_path / "two.zip", usual_layer="buildings").geometries[0].geom_type == "Polygon"


@pytest.mark.parametrize("suffix", ["gpkg", "geojson"])
def test_a_file_in_a_folder_of_an_archive_is_read(tmp_path: Path, suffix: str) -> None:
    frame = geopandas.GeoDataFrame({"name": ["7栋"]}, geometry=[Point(HERE)], crs="EPSG:4326")
    frame.to_file(tmp_path / f"a.{suffix}", engine="pyogrio")
    with ZipFile(tmp_path / "upload.zip", "w") as archive:
        archive.write(tmp_path / f"a.{suffix}", f"folder/数据.{suffix}")
        archive.writestr("readme.txt", "x")
    assert read_features(tmp_path / "upload.zip").properties[0]["name"] == "7栋"


def test_an_archive_within_an_archive_is_not_opened(tmp_path: Path) -> None:
    with ZipFile(tmp_path / "inner.gpkg", "w") as inner:
        inner.writestr("a.geojson", "{}")
    with ZipFile(tmp_path / "outer.zip", "w") as outer:
        outer.write(tmp_path / "inner.gpkg", "a.gpkg")
    with pytest.raises(UnreadableFileError, match="another archive"):
        read_features(tmp_path / "outer.zip")


# Numbers, sequences, encodings


def test_whole_numbers_beside_an_empty_cell_stay_whole_however_long(tmp_path: Path) -> None:
    code = 43_010_300_100_100_001
    frame = geopandas.GeoDataFrame(
        {"id": [7, 77_777, code, code + 1], "name": [3, 77_777, 4, 5]},
        geometry=[Point(HERE)] * 4,
        crs="EPSG:4490",
    )
    frame.to_file(tmp_path / "a.gpkg", engine="pyogrio")
    with closing(sqlite3.connect(tmp_path / "a.gpkg")) as database, database:
        for (trigger,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall():
            database.execute(f'DROP TRIGGER "{trigger}"')
        database.execute("UPDATE a SET id = NULL, name = NULL WHERE id = 77777")
    frame.to_file(tmp_path / "b.shp", engine="pyogrio")
    cells = (tmp_path / "b.dbf").read_bytes()
    (tmp_path / "b.dbf").write_bytes(cells.replace(b"77777", b"     "))
    for name in ("a.gpkg", "b.shp"):
        rows = read_features(tmp_path / name).properties
        assert [row["id"] for row in rows] == [7, None, code, code + 1], name
        assert [repr(row["name"]) for row in rows] == ["3", "None", "4", "5"], name


@pytest.mark.parametrize("separator", ["\n", "\n\x1e", "\r\n"])
def test_features_one_after_the_other_are_a_collection(tmp_path: Path, separator: str) -> None:
    lines = [
        json.dumps(
            {"type": "Feature", "geometry": {"type": "Point", "coordinates": HERE}, "properties": {"n": n}}
        )
        for n in range(3)
    ]
    path = tmp_path / "rows.geojsonl"
    path.write_text((separator + separator.join(lines)).lstrip("\r\n") + "\n")
    assert [row["n"] for row in read_features(path).properties] == [0, 1, 2]


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-8-sig", {}), ("utf-16", {}), ("gb18030", {"encoding_guessed": "GB18030"})]
)
def test_geojson_in_other_encodings_is_read(tmp_path: Path, encoding: str, said: dict[str, str]) -> None:
    path = tmp_path / "a.geojson"
    point = '{"type": "Point", "coordinates": [1, 2]}'
    text = f'{{"type": "Feature", "geometry": {point}, "properties": {{"name": "脑科巷"}}}}'
    path.write_bytes(text.encode(encoding))
    table = read_features(path)
    assert (table.properties[0]["name"], notes(table)) == ("脑科巷", said)


@pytest.mark.filterwarnings("ignore:Measured")
def test_raised_and_measured_coordinates_lose_what_is_above_the_map(tmp_path: Path) -> None:
    frame = geopandas.GeoDataFrame({"a": [1]}, geometry=[Point(1, 2, 3)], crs="EPSG:4326")
    for suffix in ("gpkg", "shp", "geojson"):
        frame.to_file(tmp_path / f"z.{suffix}", engine="pyogrio")
        [geometry] = read_features(tmp_path / f"z.{suffix}").geometries
        assert geometry.wkt == "POINT (1 2)", suffix
    measured, words = struct.pack("<i3d", 21, 1, 2, 3), 14
    head = struct.pack(">i20xi", 9994, 54 + words) + struct.pack("<2i8d", 1000, 21, *(1, 2) * 4)
    (tmp_path / "z.shp").write_bytes(head + struct.pack(">2i", 1, words) + measured)
    (tmp_path / "z.shx").write_bytes(
        head[:24] + struct.pack(">i", 54) + head[28:] + struct.pack(">2i", 50, words)
    )
    [geometry] = read_features(tmp_path / "z.shp").geometries
    assert geometry.wkt == "POINT (1 2)"

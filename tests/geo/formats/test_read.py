"""GeoJSON of others: what is taken, and that a row which cannot be is named while the others stand."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
from numpy.testing import assert_allclose
from shapely.geometry import Point

from geo.coordinates import china
from geo.errors import GeometryTooLargeError, UnreadableFileError
from geo.formats.crs_prompt import CrsNeededError
from geo.formats.read import MOST_VERTICES_PER_ROW, FeatureTable, read_features

DEMO = Path(__file__).parents[3] / "responder" / "demo" / "data"


def geojson(folder: Path, *features: object, **members: object) -> Path:
    path = folder / "features.geojson"
    path.write_text(
        json.dumps({"type": "FeatureCollection", "features": features, **members}), encoding="utf-8"
    )
    return path


def feature(geometry: object, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def point(*position: object) -> dict[str, object]:
    return {"type": "Point", "coordinates": position}


def codes(table: FeatureTable) -> dict[int, str]:
    for row in table.problems:
        assert table.geometries[row - 1].is_empty or table.problems[row].code == "invalid_text"
    return {row: problem.code for row, problem in table.problems.items()}


def test_geojson_keeps_nested_properties_and_places() -> None:
    table = read_features(DEMO / "buildings.geojson")
    raw = json.loads((DEMO / "buildings.geojson").read_text(encoding="utf-8"))["features"]
    assert table.source_crs == "EPSG:4326"
    assert [row["entrances"] for row in table.properties] == [f["properties"]["entrances"] for f in raw]
    for geometry, source in zip(table.geometries, raw, strict=True):
        assert_allclose(
            shapely.get_coordinates(geometry), source["geometry"]["coordinates"][0], rtol=0, atol=0
        )


def test_geojson_in_metres_that_does_not_say_so_asks(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature(point(400_293, 3_116_290)))
    with pytest.raises(CrsNeededError):
        read_features(path)
    [geometry] = read_features(path, crs="EPSG:4547").geometries
    assert geometry.distance(Point(112.98488, 28.15730)) < 1e-4


def test_the_old_crs_member_of_geojson_is_heeded_and_one_not_known_asks(tmp_path: Path) -> None:
    def named(name: str) -> dict[str, object]:
        return {"type": "name", "properties": {"name": name}}

    row = feature(point(400_293, 3_116_290))
    table = read_features(geojson(tmp_path, row, crs=named("urn:ogc:def:crs:EPSG::4547")))
    assert table.source_crs == "EPSG:4547"
    for unknown in (named("my own"), None, 7):
        with pytest.raises(CrsNeededError):
            read_features(geojson(tmp_path, row, crs=unknown))


@pytest.mark.parametrize(
    ("crs", "forward"), [("GCJ-02", china.wgs84_to_gcj02), ("BD-09", china.wgs84_to_bd09)]
)
def test_offset_coordinates_are_moved_back_and_kept(tmp_path: Path, crs: str, forward: Any) -> None:  # noqa: ANN401
    shown = forward(np.array([112.985, 28.158])).tolist()
    table = read_features(geojson(tmp_path, feature(point(*shown))), crs=crs)
    assert_allclose(shapely.get_coordinates(table.geometries[0])[0], [112.985, 28.158], rtol=0, atol=1e-8)
    assert table.source_geometries is not None
    assert shapely.get_coordinates(table.source_geometries[0])[0].tolist() == shown
    assert table.source_crs == crs


def test_a_row_without_a_geometry_is_kept_empty(tmp_path: Path) -> None:
    rows = [feature(point(112.98, 28.15)), feature(None), feature(point(112.99, 28.16))]
    table = read_features(geojson(tmp_path, *rows))
    assert [each.is_empty for each in table.geometries] == [False, True, False]
    moved = read_features(geojson(tmp_path, *rows), crs="GCJ-02")
    assert [each.is_empty for each in moved.geometries] == [False, True, False]
    none = read_features(geojson(tmp_path, feature(None), {"type": "Feature", "properties": {}}))
    assert [each.is_empty for each in none.geometries] == [True, True]


def test_a_row_that_crosses_itself_is_named_and_not_mended_and_the_others_stand(tmp_path: Path) -> None:
    bow = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}
    rows = [feature(point(1, 1)), feature(bow), feature(point(2, 2)), feature(bow)]
    table = read_features(geojson(tmp_path, *rows))
    assert codes(table) == {2: "invalid_geometry", 4: "invalid_geometry"}
    assert table.problems[2].detail == "Self-intersection[0.5 0.5]"
    assert [each.is_empty for each in table.geometries] == [False, True, False, True]


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (7, "invalid_geometry"),
        ({"type": "GeometryCollection", "geometries": []}, "invalid_geometry"),
        ({"type": ["Point"], "coordinates": [1, 2]}, "invalid_geometry"),
        ({"type": {}, "coordinates": [1, 2]}, "invalid_geometry"),
        ({"type": "Dragon \ud800", "coordinates": [1, 2]}, "invalid_geometry"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1]]]}, "invalid_geometry"),
        ({"type": "Polygon", "coordinates": [[0, 0], [1, 1]]}, "invalid_coordinates"),
        ({"type": "Polygon", "coordinates": []}, "invalid_geometry"),
        ({"type": "LineString", "coordinates": "0,0"}, "invalid_geometry"),
        ({"type": "LineString"}, "invalid_geometry"),
        ({"type": "Point", "coordinates": [112.9, False]}, "invalid_coordinates"),
        (point(112.9, "28.1"), "invalid_coordinates"),
        (point(112.9), "invalid_coordinates"),
        (point(), "invalid_coordinates"),
        (point(112.9, None), "invalid_coordinates"),
    ],
)
def test_what_is_no_geometry_is_named_by_number(tmp_path: Path, geometry: object, code: str) -> None:
    table = read_features(geojson(tmp_path, feature(point(1, 1)), feature(geometry), feature(point(2, 2))))
    assert codes(table) == {2: code}
    assert not table.geometries[2].is_empty


def test_one_latitude_999_is_named_by_number_whether_the_crs_is_given_or_not(tmp_path: Path) -> None:
    path = geojson(tmp_path, feature(point(1, 1)), feature(point(112.9, 999)), feature(point(2, 2)))
    for crs in ("WGS 84", "GCJ-02", None):
        assert codes(read_features(path, crs=crs)) == {2: "invalid_coordinates"}


def test_coordinates_that_a_projection_cannot_reach_are_named(tmp_path: Path) -> None:
    table = read_features(geojson(tmp_path, feature(point(1e30, 1))), crs="EPSG:4547")
    assert codes(table) == {1: "invalid_coordinates"}


@pytest.mark.parametrize("type_", ["[]", "{}", "null", "7", '["FeatureCollection"]'])
def test_a_document_of_no_type_is_refused(tmp_path: Path, type_: str) -> None:
    path = tmp_path / "bad.geojson"
    path.write_text(f'{{"type": {type_}, "features": []}}', encoding="utf-8")
    with pytest.raises(UnreadableFileError):
        read_features(path)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "9" * 400, "9" * 5000])
@pytest.mark.parametrize(
    "where",
    ['"coordinates": [%s, 28.1]}, "properties": {}', '"coordinates": [1, 1]}, "properties": {"a": %s}'],
)
def test_numbers_that_cannot_be_stored_are_refused(tmp_path: Path, number: str, where: str) -> None:
    path = tmp_path / "bad.geojson"
    path.write_text('{"type": "Feature", "geometry": {"type": "Point", ' + where % number + "}")
    with pytest.raises(UnreadableFileError):
        read_features(path)


@pytest.mark.parametrize("text", ["a\0b", "half \ud800 pair", "x" * 10_001])
def test_text_that_cannot_be_stored_is_named_by_number(tmp_path: Path, text: str) -> None:
    good = feature(point(1, 1), name="7栋 🚒")
    for bad in (feature(point(1, 1), name=text), feature(point(1, 1), deep=[{"b": {text: 1}}])):
        assert codes(read_features(geojson(tmp_path, good, bad))) == {2: "invalid_text"}


def test_caps_on_rows_and_vertices(tmp_path: Path) -> None:
    rows = [feature(point(1, 1)) for _ in range(5)]
    assert len(read_features(geojson(tmp_path, *rows), max_rows=5)) == 5
    with pytest.raises(UnreadableFileError, match="5 rows"):
        read_features(geojson(tmp_path, *rows), max_rows=4)
    line = np.column_stack([np.linspace(0, 1, MOST_VERTICES_PER_ROW + 1)] * 2).tolist()
    long, just = ({"type": "LineString", "coordinates": points} for points in (line, line[1:]))
    assert len(read_features(geojson(tmp_path, feature(just)))) == 1
    table = read_features(geojson(tmp_path, feature(just), feature(long)))
    assert codes(table) == {2: "geometry_too_large"}
    with pytest.raises(GeometryTooLargeError, match="by row 101"):
        read_features(geojson(tmp_path, *[feature(just)] * 101))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"PK\x03\x04 nonsense",
        b"SQLite format 3\0 nonsense",
        b"%PDF-1.7",
        b"{",
        b"{}",
        b"[]",
        b'{"type": "Topology", "objects": {}}',
        b'{"type": "FeatureCollection", "features": {}}',
        b'{"type": "FeatureCollection", "features": [7]}',
        b'{"type": "Feature", "geometry": null, "properties": 7}',
        b'{"type": "FeatureCollection", "features": [' + b"[" * 100_000,
        b'\xff\xfe{"type"',
        '{"type": "名称"}'.encode("gb18030"),
    ],
)
def test_what_is_none_of_the_formats_is_unreadable(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "upload").write_bytes(content)
    with pytest.raises(UnreadableFileError):
        read_features(tmp_path / "upload")


def test_a_file_that_is_not_there_is_unreadable_and_its_path_is_not_told(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.geojson", tmp_path):
        with pytest.raises(UnreadableFileError) as refused:
            read_features(path)
        assert str(tmp_path) not in str(refused.value)


def test_third_dimensions_are_left_out_and_an_empty_collection_is_an_empty_table(tmp_path: Path) -> None:
    [geometry] = read_features(geojson(tmp_path, feature(point(1, 2, 50)))).geometries
    assert not geometry.has_z
    assert len(read_features(geojson(tmp_path))) == 0


def test_the_id_of_a_feature_is_kept_beside_its_properties(tmp_path: Path) -> None:
    rows = [{**feature(point(1, 1)), "id": "a"}, {**feature(point(1, 1), id="own"), "id": "b"}]
    assert [row["id"] for row in read_features(geojson(tmp_path, *rows)).properties] == ["a", "own"]

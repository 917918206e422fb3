"""GeoPackages and zipped shapefiles of others: rows that cannot be are named, the others stand."""

import sqlite3
import struct
from contextlib import closing
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import geopandas
import numpy as np
import pytest
import shapely
from shapely.geometry import Point, Polygon, box

from geo.errors import LayerNeededError, UnknownCrsError, UnreadableFileError
from geo.formats.crs_prompt import CrsNeededError
from geo.formats.read import MOST_VERTICES_PER_ROW, FeatureTable, read_features
from geo.lonlat import LonLat

BLOCKS = [box(400_290, 3_116_280, 400_320, 3_116_290), box(400_290, 3_116_300, 400_320, 3_116_310)]
NAMES = ["脑科巷7栋", "脑科巷8栋"]


def frame(crs: str | None = "EPSG:4547", geometry: list[Any] | None = None) -> geopandas.GeoDataFrame:
    return geopandas.GeoDataFrame({"name": NAMES, "storeys": [5, 2]}, geometry=geometry or BLOCKS, crs=crs)


def zipped(
    folder: Path, source: geopandas.GeoDataFrame, *, drop: tuple[str, ...] = (), encoding: str = "UTF-8"
) -> Path:
    inner = folder / "parts"
    inner.mkdir()
    source.to_file(inner / "楼栋.shp", engine="pyogrio", encoding=encoding)
    with ZipFile(folder / "upload.zip", "w", ZIP_DEFLATED) as archive:
        for part in inner.iterdir():
            if part.suffix not in drop:
                archive.write(part, f"导出/{part.name}")
        archive.writestr("__MACOSX/导出/._楼栋.shp", b"not a shapefile")
    return folder / "upload.zip"


def test_geopackage_shapefile_and_geojson_of_the_same_blocks_are_the_same(tmp_path: Path) -> None:
    frame().to_file(tmp_path / "blocks.gpkg", engine="pyogrio")
    frame().to_crs("EPSG:4490").to_file(tmp_path / "blocks.geojson", engine="pyogrio", driver="GeoJSON")
    tables = [
        read_features(tmp_path / "blocks.gpkg"),
        read_features(zipped(tmp_path, frame())),
        read_features(tmp_path / "blocks.geojson"),
    ]
    assert [table.source_crs for table in tables[:2]] == ["EPSG:4547", "EPSG:4547"]
    for table in tables:
        assert len(table) == 2
        assert table.source_geometries is None
        assert [row["name"] for row in table.properties] == NAMES
        assert [row["storeys"] for row in table.properties] == [5, 2]
        for one, other in zip(table.geometries, tables[0].geometries, strict=True):
            assert one.normalize().equals_exact(other.normalize(), 1e-6)
        assert table.geometries[0].distance(Point(112.98495, 28.15725)) < 1e-3


@pytest.mark.parametrize("drop", [(".cpg",), ()])
@pytest.mark.parametrize("encoding", ["GB18030", "UTF-8"])
def test_chinese_in_a_shapefile_is_read_whether_it_names_its_encoding_or_not(
    tmp_path: Path, encoding: str, drop: tuple[str, ...]
) -> None:
    table = read_features(zipped(tmp_path, frame(), encoding=encoding, drop=drop))
    assert [row["name"] for row in table.properties] == NAMES


def test_a_shapefile_without_prj_asks_and_is_read_when_told(tmp_path: Path) -> None:
    path = zipped(tmp_path, frame(), drop=(".prj",))
    with pytest.raises(CrsNeededError) as asked:
        read_features(path, near=LonLat(112.985, 28.158))
    assert isinstance(asked.value, UnknownCrsError)
    assert asked.value.candidates[0].name == "EPSG:4547"
    assert "EPSG:4547" in str(asked.value)
    answered = read_features(path, crs=asked.value.candidates[0].name)
    assert answered.geometries[0].equals(read_features_of_the_same_with_prj(tmp_path).geometries[0])


def codes(table: FeatureTable) -> dict[int, str]:
    return {row: problem.code for row, problem in table.problems.items()}


def read_features_of_the_same_with_prj(folder: Path) -> Any:  # noqa: ANN401
    with ZipFile(folder / "with-prj.zip", "w") as archive:
        for part in (folder / "parts").iterdir():
            archive.write(part, part.name)
    return read_features(folder / "with-prj.zip")


@pytest.mark.filterwarnings("ignore:'crs' was not provided")
@pytest.mark.parametrize("srs_id", [0, -1])
def test_a_geopackage_of_undefined_crs_asks(tmp_path: Path, srs_id: int) -> None:
    path = tmp_path / "blocks.gpkg"
    frame().to_file(path, engine="pyogrio")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("UPDATE gpkg_contents SET srs_id = ?", (srs_id,))
        database.execute("UPDATE gpkg_geometry_columns SET srs_id = ?", (srs_id,))
    with pytest.raises(CrsNeededError):
        read_features(path)


@pytest.mark.parametrize("suffix", ["gpkg", "zip"])
def test_a_crossing_geometry_of_a_layer_is_named_and_a_missing_one_is_empty(
    tmp_path: Path, suffix: str
) -> None:
    for second in (None, Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])):
        geometry = [BLOCKS[0], second]
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        path = folder / "blocks.gpkg"
        if suffix == "gpkg":
            frame(geometry=geometry).to_file(path, engine="pyogrio")
        else:
            path = zipped(folder, frame(geometry=geometry))
        if second is None:
            assert [each.is_empty for each in read_features(path).geometries] == [False, True]
            continue
        assert codes(read_features(path)) == {2: "invalid_geometry"}


def test_an_infinity_in_a_layer_is_named_by_number(tmp_path: Path) -> None:
    path = tmp_path / "points.gpkg"
    frame(geometry=[Point(1, 1), Point(2, 2)], crs="EPSG:4326").to_file(path, engine="pyogrio")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("DROP TRIGGER IF EXISTS rtree_points_geom_update6")
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{name}"')
        [(blob,)] = database.execute("SELECT geom FROM points WHERE fid = 2").fetchall()
        database.execute(
            "UPDATE points SET geom = ? WHERE fid = 2", (blob[:-16] + struct.pack("<dd", np.inf, 2),)
        )
    assert codes(read_features(path)) == {2: "invalid_coordinates"}


def test_caps_hold_for_layers_too(tmp_path: Path) -> None:
    frame().to_file(tmp_path / "blocks.gpkg", engine="pyogrio")
    with pytest.raises(UnreadableFileError, match="2 rows"):
        read_features(tmp_path / "blocks.gpkg", max_rows=1)
    line = shapely.linestrings(np.column_stack([np.linspace(0, 1, 3 * MOST_VERTICES_PER_ROW)] * 2))
    long = frame(geometry=[line, line], crs="EPSG:4326")
    long.to_file(tmp_path / "long.gpkg", engine="pyogrio")
    for path in (tmp_path / "long.gpkg", zipped(tmp_path, long)):
        assert codes(read_features(path)) == {1: "geometry_too_large", 2: "geometry_too_large"}


def test_a_record_too_long_is_named_and_never_given_to_gdal(tmp_path: Path) -> None:
    path = zipped(tmp_path, frame())
    index = bytearray((tmp_path / "parts" / "楼栋.shx").read_bytes())
    # GDAL would fail on a record that ends behind the end of the file.
    struct.pack_into(">i", index, 112, 40 * MOST_VERTICES_PER_ROW // 2 + 1)
    with ZipFile(path) as whole, ZipFile(tmp_path / "long.zip", "w") as out:
        for member in whole.namelist():
            out.writestr(member, bytes(index) if member.endswith(".shx") else whole.read(member))
    table = read_features(tmp_path / "long.zip")
    assert codes(table) == {2: "geometry_too_large"}
    assert table.properties[0]["name"] == NAMES[0]
    assert not table.geometries[0].is_empty


def test_a_geopackage_with_several_layers_wants_one_named(tmp_path: Path) -> None:
    path = tmp_path / "two.gpkg"
    frame().to_file(path, layer="楼栋", engine="pyogrio")
    frame(geometry=[Point(400_293, 3_116_290)] * 2).to_file(path, layer="隐患", engine="pyogrio")
    for usual in ("", "buildings"):
        with pytest.raises(LayerNeededError, match="楼栋, 隐患") as asked:
            read_features(path, usual_layer=usual)
        assert asked.value.layers == ("楼栋", "隐患")
    assert read_features(path, usual_layer="楼栋").geometries[0].geom_type == "Polygon"
    assert read_features(path, layer="隐患").geometries[0].geom_type == "Point"
    with pytest.raises(LayerNeededError):
        read_features(path, layer="不存在", usual_layer="楼栋")


def test_a_layer_that_is_computed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "view.gpkg"
    frame().to_file(path, layer="blocks", engine="pyogrio")
    with closing(sqlite3.connect(path)) as database, database:
        database.execute("CREATE VIEW endless AS SELECT * FROM blocks")
        database.execute("UPDATE gpkg_contents SET table_name = 'endless', identifier = 'endless'")
    with pytest.raises(UnreadableFileError, match="not a plain table"):
        read_features(path)


def test_archives_are_looked_at_before_they_are_unpacked(tmp_path: Path) -> None:
    def archive(name: str, members: dict[str, bytes]) -> Path:
        with ZipFile(tmp_path / name, "w", ZIP_DEFLATED) as out:
            for member, content in members.items():
                out.writestr(member, content)
        return tmp_path / name

    bomb = {f"a.{suffix}": b"\0" * 5_000_000 for suffix in ("shp", "shx", "dbf")}
    for name, members, problem in [
        ("many.zip", {f"{n}.txt": b"" for n in range(101)}, "101 entries"),
        ("bomb.zip", bomb, "times its size"),
        ("none.zip", {"readme.txt": b"x"}, "0 shapefiles"),
        ("two.zip", {"a.shp": b"x", "b.shp": b"x"}, "it has: a, b"),
        ("part.zip", {"a.shp": b"x", "a.shx": b"x"}, "lacks its .dbf"),
        ("shx.zip", {"a.shp": b"x" * 200, "a.dbf": b"x"}, "lacks its .shx, and its shapes are damaged"),
        ("zip.zip", {"a.gpkg": b"PK\x03\x04"}, "holds another archive"),
        ("junk.zip", {"a.shp": b"x", "a.dbf": b"x", "a.shx": b"x"}, "cannot be read"),
    ]:
        with pytest.raises(UnreadableFileError, match=problem):
            read_features(archive(name, members))


def test_no_name_in_an_archive_becomes_a_path(tmp_path: Path) -> None:
    whole = zipped(tmp_path, frame())
    with ZipFile(whole) as source, ZipFile(tmp_path / "slip.zip", "w") as out:
        for member in source.namelist():
            if "MACOSX" not in member:
                out.writestr("../../../escaped" + Path(member).suffix, source.read(member))
    before = set(tmp_path.parent.rglob("escaped*"))
    assert len(read_features(tmp_path / "slip.zip")) == 2
    assert set(tmp_path.parent.rglob("escaped*")) == before


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("kind", ["geojson", "gpkg", "zip"])
def test_a_file_cut_short_is_unreadable(tmp_path: Path, kind: str, share: float) -> None:
    path = tmp_path / f"whole.{kind}"
    if kind == "zip":
        path = zipped(tmp_path, frame())
    else:
        frame("EPSG:4326", [Point(1, 1), Point(2, 2)]).to_file(path, engine="pyogrio")
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(UnreadableFileError):
        read_features(path)

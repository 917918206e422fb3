"""Files taken into a circle: what is taken, what is left out and why, and what is asked back."""

import io
import json
import zipfile
from pathlib import Path

import geopandas as gpd
import httpx
import pytest
from shapely.geometry import Point, Polygon, box

from tests.api.conftest import World

HERE = (112.985, 28.158)


def collection(*features: dict[str, object]) -> bytes:
    return json.dumps({"type": "FeatureCollection", "features": features}).encode()


def feature(geometry: Point | Polygon, **properties: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry.__geo_interface__, "properties": properties}


def block(name: str, **properties: object) -> dict[str, object]:
    lon, lat = HERE
    return feature(box(lon, lat, lon + 1e-4, lat + 1e-4), name=name, **properties)


async def send(
    http: httpx.AsyncClient, world: World, noun: str, content: bytes, *, crs: str | None = None
) -> httpx.Response:
    """Send a file as the page does, in a form."""
    return await http.post(
        f"{world.path}/{noun}/import",
        files={"file": ("upload", content)},
        params={"crs": crs} if crs else {},
    )


async def names(http: httpx.AsyncClient, world: World, noun: str) -> list[str]:
    features = (await http.get(f"{world.path}/{noun}")).json()["features"]
    return [one["properties"]["name"] for one in features]


async def test_geojson_comes_as_a_form_or_as_it_is(world: World, staff: httpx.AsyncClient) -> None:
    answer = await send(staff, world, "buildings", collection(block("甲栋", storeys=6, households=12)))
    told = answer.json()
    assert (answer.status_code, told["created"], told["skipped"], told["doubtful"]) == (201, 1, [], [])
    answer = await staff.post(
        f"{world.path}/buildings/import",
        content=collection(block("乙栋")),
        headers={"Content-Type": "application/geo+json"},
    )
    assert answer.status_code == 201
    assert {"甲栋", "乙栋"} <= set(await names(staff, world, "buildings"))


async def test_what_goes_out_can_come_in_again(world: World, staff: httpx.AsyncClient) -> None:
    for noun in ("buildings", "hazards", "facilities", "units"):
        before = (await staff.get(f"{world.path}/{noun}")).json()
        out = (await staff.get(f"{world.path}/{noun}")).content
        answer = await send(staff, world, noun, out)
        assert answer.status_code == 201, answer.text
        told = answer.json()
        assert (told["created"], told["updated"], told["skipped"], told["doubtful"]) == (0, 0, [], [])
        assert (told["unchanged"], told["notes"]) == (len(before["features"]), [])
        assert (await staff.get(f"{world.path}/{noun}")).json() == before


async def test_rows_that_cannot_be_are_named_and_the_others_taken(
    world: World, staff: httpx.AsyncClient
) -> None:
    content = collection(block("丙栋"), block("丁栋", storeys=-3), block("戊栋", storeys="many"))
    answer = await send(staff, world, "buildings", content)
    assert answer.status_code == 201
    assert answer.json()["created"] == 1
    assert [skipped["row"] for skipped in answer.json()["skipped"]] == [2, 3]
    assert all(skipped["code"] for skipped in answer.json()["skipped"])
    found = await names(staff, world, "buildings")
    assert "丙栋" in found
    assert "丁栋" not in found


async def test_a_geopackage_in_a_chinese_projection_lands_where_it_belongs(
    world: World, staff: httpx.AsyncClient, tmp_path: Path
) -> None:
    table = gpd.GeoDataFrame(
        {"name": ["己栋"]}, geometry=[box(*HERE, HERE[0] + 1e-4, HERE[1] + 1e-4)], crs="EPSG:4326"
    ).to_crs("EPSG:4547")
    table.to_file(tmp_path / "blocks.gpkg", driver="GPKG")
    answer = await send(staff, world, "buildings", (tmp_path / "blocks.gpkg").read_bytes())
    assert answer.status_code == 201, answer.text
    features = (await staff.get(f"{world.path}/buildings")).json()["features"]
    [found] = [one for one in features if one["properties"]["name"] == "己栋"]
    west, south = min(found["geometry"]["coordinates"][0])
    # CGCS2000 and WGS 84 agree to centimetres; a GCJ-02 offset would be hundreds of metres, 5e-3 degrees.
    assert (west, south) == pytest.approx(HERE, abs=1e-6)


async def test_without_a_crs_the_question_comes_back_and_the_answer_is_taken(
    world: World, staff: httpx.AsyncClient, tmp_path: Path
) -> None:
    table = gpd.GeoDataFrame(
        {"name": ["庚栋"]}, geometry=[box(*HERE, HERE[0] + 1e-4, HERE[1] + 1e-4)], crs="EPSG:4326"
    ).to_crs("EPSG:4547")
    table.to_file(tmp_path / "blocks.shp", encoding="utf-8")
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        for part in ("shp", "shx", "dbf", "cpg"):
            packed.write(tmp_path / f"blocks.{part}", f"blocks.{part}")
    asked = await send(staff, world, "buildings", archive.getvalue())
    assert (asked.status_code, asked.json()["code"]) == (422, "unknown_crs")
    candidates = {one["name"]: one["centre"] for one in asked.json()["candidates"]}
    assert candidates["EPSG:4547"] == pytest.approx(HERE, abs=1e-3)
    answer = await send(staff, world, "buildings", archive.getvalue(), crs="EPSG:4547")
    assert answer.status_code == 201, answer.text
    assert "庚栋" in await names(staff, world, "buildings")


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unreadable_file"),
        (b"name,lon,lat\nx,1,2\n", "unreadable_file"),
        (b"PK\x03\x04 not a zip", "unreadable_file"),
        (b"SQLite format 3\x00 not a database", "unreadable_file"),
        (b'{"type": "FeatureCollection"', "unreadable_file"),
        (b"{" * 100_000, "unreadable_file"),
        (collection(feature(Point(999, 0), name="x")), "unknown_crs"),
    ],
    ids=["empty", "csv", "zip", "gpkg", "cut", "deep", "nowhere"],
)
async def test_a_file_that_cannot_be_read_leaves_nothing_behind(
    world: World, staff: httpx.AsyncClient, content: bytes, code: str
) -> None:
    before = await names(staff, world, "buildings")
    answer = await send(staff, world, "buildings", content)
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert await names(staff, world, "buildings") == before


@pytest.mark.parametrize(
    "sent",
    [
        {"files": {"other": ("x", b"{}")}},
        {"data": {"file": "text"}},
        {"content": b"--x\r\nnonsense", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": b"", "headers": {"Content-Type": "multipart/form-data"}},
        {"files": [("file", ("a", b"{}")), ("file", ("b", b"{}"))]},
    ],
    ids=["other name", "no file", "cut form", "no boundary", "two files"],
)
async def test_a_form_without_one_file_is_refused(
    world: World, staff: httpx.AsyncClient, sent: dict[str, object]
) -> None:
    answer = await staff.post(f"{world.path}/buildings/import", **sent)  # type: ignore[arg-type]
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")


async def test_an_unknown_crs_is_refused(world: World, staff: httpx.AsyncClient) -> None:
    answer = await send(staff, world, "buildings", collection(block("辛栋")), crs="EPSG:99999999")
    assert (answer.status_code, answer.json()["code"]) == (422, "unknown_crs")


async def test_an_unknown_noun_is_refused(world: World, staff: httpx.AsyncClient) -> None:
    assert (await send(staff, world, "dragons", collection())).status_code == 422


async def test_every_question_has_a_code_and_an_answer(
    world: World, staff: httpx.AsyncClient, tmp_path: Path
) -> None:
    async def sent(content: bytes, **answers: str) -> httpx.Response:
        return await staff.post(
            f"{world.path}/facilities/import", files={"file": ("upload", content)}, params=answers
        )

    lon, lat = HERE
    turned = collection(feature(Point(lat, lon), name="反了", kind="hydrant"))
    asked = await sent(turned)
    assert (asked.status_code, asked.json()["code"]) == (422, "axis_order_needed")
    [candidate] = asked.json()["candidates"]
    assert (candidate["axis_order"], candidate["label"]) == ("yx", "latitude first")
    assert candidate["centre"] == pytest.approx(HERE, abs=1e-4)
    assert (await sent(turned, axis_order="yx")).json()["created"] == 1
    assert (await sent(turned, axis_order="zz")).status_code == 422

    for name in ("消火栓", "楼栋"):
        table = gpd.GeoDataFrame({"name": [name], "kind": ["hydrant"]}, geometry=[Point(HERE)], crs=4490)
        table.to_file(tmp_path / "two.gpkg", layer=name, engine="pyogrio")
    layers = (tmp_path / "two.gpkg").read_bytes()
    asked = await sent(layers)
    assert (asked.status_code, asked.json()["code"]) == (422, "layer_needed")
    assert asked.json()["layers"] == ["楼栋", "消火栓"]
    assert (await sent(layers, layer="消火栓")).json()["created"] == 1
    table.to_file(tmp_path / "two.gpkg", layer="facilities", engine="pyogrio")
    assert (await sent((tmp_path / "two.gpkg").read_bytes())).status_code == 201

    away = collection(feature(Point(0, 0), name="无定位", kind="hydrant"))
    answer = (await sent(away)).json()
    assert [one["code"] for one in answer["skipped"]] == ["far_from_circle"]
    assert answer["skipped"][0]["detail"].endswith(" km from the circle")
    assert (await sent(away, far="true")).json()["created"] == 1


async def test_a_row_that_cannot_be_read_is_named_with_its_reason_and_the_others_taken(
    world: World, staff: httpx.AsyncClient
) -> None:
    lon, lat = HERE
    bow = Polygon([(lon, lat), (lon + 1e-4, lat + 1e-4), (lon + 1e-4, lat), (lon, lat + 1e-4)])
    content = collection(block("好楼"), feature(bow, name="坏楼"), block("a\x00b"), block("x\ud800y"))
    answer = await send(staff, world, "buildings", content)
    assert (answer.status_code, answer.json()["created"]) == (201, 1)
    skipped = {one["row"]: (one["code"], one["detail"]) for one in answer.json()["skipped"]}
    assert skipped[2][0] == "invalid_geometry"
    assert skipped[2][1].startswith("Self-intersection[112.98505 28.15805]")
    assert [skipped[row][0] for row in (3, 4)] == ["invalid_text", "invalid_text"]
    assert "坏楼" not in await names(staff, world, "buildings")


async def test_a_file_is_a_source_by_its_name_or_by_what_is_said(
    world: World, staff: httpx.AsyncClient
) -> None:
    content = collection({**block("甲栋"), "id": 1})
    by_name = await staff.post(
        f"{world.path}/buildings/import", files={"file": ("楼栋 2026-11.geojson", content)}
    )
    assert by_name.json()["source"] == "楼栋"
    said = await staff.post(
        f"{world.path}/buildings/import",
        files={"file": ("x.geojson", content)},
        params={"source": "楼栋台账"},
    )
    assert (said.json()["source"], said.json()["unchanged"]) == ("楼栋台账", 1)
    for bad in ("", " ", "*", "x" * 101, "a\x00b"):
        answer = await staff.post(f"{world.path}/buildings/import", content=content, params={"source": bad})
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request"), bad


BRIGADE = Path(__file__).parent.parent / "services" / "imports" / "hydrants-brigade.geojson"
MAPPING = {
    "fixed": {"kind": "hydrant"},
    "columns": {"name": "自编号", "note": "消防栓位置", "out_of_service": "是否停用"},
    "identity": "消防栓编号",
}


async def test_a_preview_shows_how_a_register_is_read_and_writes_nothing(
    world: World, staff: httpx.AsyncClient
) -> None:
    before = (await staff.get(f"{world.path}/facilities")).json()
    path = f"{world.path}/facilities/import/preview"
    files = {"file": (BRIGADE.name, BRIGADE.read_bytes())}
    first = (await staff.post(path, files=files)).json()
    assert [one["code"] for one in first["skipped"]] == ["missing_kind"] * 6
    assert {"消防栓编号", "是否停用"} <= set(first["columns"])
    assert {"kind", "name", "note"} <= set(first["fields"])
    assert (first["rows"][0]["消防栓编号"], first["understood"][0]) == ("6001", None)
    assert first["values"]["是否停用"] == ["False", "True"]
    assert {"hydrant", "aed"} <= set(first["choices"]["kind"])

    mapped = (await staff.post(path, files=files, data={"mapping": json.dumps(MAPPING)})).json()
    assert (mapped["created"], mapped["skipped"]) == (6, [])
    # Other tests have put hydrants beside row 1.
    assert [one["row"] for one in mapped["doubtful"] if one["row"] > 1] == [4, 5, 6]
    assert (mapped["understood"][0]["name"], mapped["import_id"]) == ("A1", None)
    assert (await staff.get(f"{world.path}/facilities")).json() == before


async def test_a_mapping_is_kept_for_the_next_file_of_its_source(
    world: World, staff: httpx.AsyncClient
) -> None:
    path = f"{world.path}/facilities/import"
    files = {"file": (BRIGADE.name, BRIGADE.read_bytes())}
    first = await staff.post(path, files=files, data={"mapping": json.dumps(MAPPING)})
    assert (first.status_code, first.json()["created"]) == (201, 6)
    # Next month's file says nothing of how it is read.
    files = {"file": ("hydrants-brigade_20261201.geojson", BRIGADE.read_bytes())}
    second = await staff.post(path, files=files)
    assert (second.json()["unchanged"], second.json()["source"]) == (6, "hydrants-brigade")


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ("{", "invalid_request"),
        ("[]", "invalid_request"),
        ('{"fixed": {"kind": 5}}', "invalid_request"),
        ('{"surprise": {}}', "invalid_request"),
        ('{"fixed": {"colour": "red"}}', "invalid_value"),
        ('{"columns": {"name": "no such column"}}', "invalid_value"),
        ('{"identity": "no such column"}', "invalid_value"),
        ('{"values": {"kind": {"x": "%s"}}}' % ("y" * 3000), "invalid_request"),
    ],
)
async def test_a_mapping_that_cannot_be_is_refused_whole(
    world: World, staff: httpx.AsyncClient, mapping: str, code: str
) -> None:
    before = (await staff.get(f"{world.path}/facilities")).json()
    answer = await staff.post(
        f"{world.path}/facilities/import",
        files={"file": (BRIGADE.name, BRIGADE.read_bytes())},
        data={"mapping": mapping},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, code), answer.text
    assert (await staff.get(f"{world.path}/facilities")).json() == before

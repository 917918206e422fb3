"""What is on the map, as GeoJSON, tiles, reach and isochrones; and closures, which change who is in reach."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from shapely.geometry import box, shape

from responder.domain.ids import CircleId, ImportId
from responder.domain.map.feature_import import MIXED, FeatureImport, ImportCounts, ImportSource
from tests.api.conftest import SignIn, World

NOUNS = ("buildings", "hazards", "facilities", "units")
ALLEY = {"lon": 112.985, "lat": 28.158}
NOWHERE = {"lon": 0.0, "lat": 0.0}


@pytest.mark.parametrize("noun", NOUNS)
async def test_features_are_geojson_with_the_fields_as_properties(
    world: World, staff: httpx.AsyncClient, noun: str
) -> None:
    answer = await staff.get(f"{world.path}/{noun}")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    assert features
    for feature in features:
        assert feature["type"] == "Feature"
        assert shape(feature["geometry"]).is_valid
        assert feature["properties"]["name"]
        assert "id" not in feature["properties"]


@pytest.mark.parametrize("noun", NOUNS)
async def test_a_bbox_leaves_out_what_lies_outside(world: World, staff: httpx.AsyncClient, noun: str) -> None:
    everything = (await staff.get(f"{world.path}/{noun}")).json()["features"]
    area = (112.984, 28.157, 112.986, 28.159)
    bbox = ",".join(map(str, area))
    inside = (await staff.get(f"{world.path}/{noun}", params={"bbox": bbox})).json()["features"]
    wanted = {one["id"] for one in everything if shape(one["geometry"]).intersects(box(*area))}
    assert {one["id"] for one in inside} == wanted
    assert len(wanted) < len(everything)


@pytest.mark.parametrize(
    "bbox", ["", "1,2,3", "1,2,3,x", "nan,nan,nan,nan", "3,2,1,4", "-181,0,0,0", "1" * 101]
)
async def test_a_bbox_that_is_none_is_refused(world: World, staff: httpx.AsyncClient, bbox: str) -> None:
    answer = await staff.get(f"{world.path}/buildings", params={"bbox": bbox})
    assert answer.status_code == 422


async def test_the_circle_tells_how_much_is_known_of_it(world: World, staff: httpx.AsyncClient) -> None:
    told = (await staff.get(world.path)).json()
    assert told["circle"]["illustrative"] is True
    assert told["viewer"]["role"] == "coordinator"
    assert told["counts"]["households"] == 323
    assert len(told["roads"]["content_hash"]) == 64
    assert told["roads"]["summary"]["class_width_share"] > 0
    assert told["roads"]["by_earlier_rules"] is False


@pytest.mark.parametrize("summary", [{"ways_taken": 7}, {"rules_version": 0}])
async def test_roads_that_an_earlier_version_read_are_known_as_such(
    world: World, staff: httpx.AsyncClient, summary: dict[str, int]
) -> None:
    circle_id = CircleId(world.circle_id)
    async with world.database.begin() as transaction:
        roads = await transaction.circles.roads(circle_id)
        assert roads is not None
        await transaction.circles.use_roads(circle_id, replace(roads, summary=summary))
    assert (await staff.get(world.path)).json()["roads"]["by_earlier_rules"] is True
    async with world.database.begin() as transaction:
        await transaction.circles.use_roads(circle_id, roads)


async def test_the_snapshot_is_what_a_snapshot_holds(world: World, staff: httpx.AsyncClient) -> None:
    snapshot = (await staff.get(f"{world.path}/snapshot")).json()
    assert {"circle", "epoch", "seq", "units", "hazards", "closures", "incidents", "positions"} <= set(
        snapshot
    )


async def test_a_tile_has_layers_and_a_tag(world: World, staff: httpx.AsyncClient) -> None:
    # The tile that the alley lies in, worked out by the formula of the slippy map at zoom 15.
    path = f"{world.path}/tiles/15/{int((ALLEY['lon'] + 180) / 360 * 2**15)}/13711"
    answer = await staff.get(path)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/vnd.mapbox-vector-tile"
    for layer in (b"roads", b"buildings", b"labels"):
        assert layer in answer.content
    assert "private" in answer.headers["cache-control"]
    same = await staff.get(path, headers={"If-None-Match": answer.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")


@pytest.mark.parametrize(
    ("name", "status"),
    [("15/0/0", 204), ("0/1/0", 404), ("2/3/4", 404), ("23/0/0", 422), ("-1/0/0", 422), ("x/0/0", 422)],
)
async def test_tiles_that_are_empty_or_cannot_be(
    world: World, staff: httpx.AsyncClient, name: str, status: int
) -> None:
    assert (await staff.get(f"{world.path}/tiles/{name}")).status_code == status


async def test_reach_is_a_preview_that_calls_no_one(
    world: World, staff: httpx.AsyncClient, building_id: str
) -> None:
    before = len((await staff.get(f"{world.path}/incidents")).json()["incidents"])
    at_door = (await staff.get(f"{world.path}/reach", params={"building_id": building_id})).json()
    assert at_door["members"]
    # Whom a call would reach is told in numbers, not by name.
    assert all(at_door["people"][member["unit_id"]] > 0 for member in at_door["members"])
    short = (await staff.get(f"{world.path}/reach", params={**ALLEY, "limit_s": 180})).json()
    assert all(member["response_s"] <= 180 for member in short["members"])
    assert len(short["members"]) < len(at_door["members"])
    assert len((await staff.get(f"{world.path}/incidents")).json()["incidents"]) == before


@pytest.mark.parametrize(
    ("params", "status", "code"),
    [
        (NOWHERE, 422, "outside_network"),
        ({}, 422, "invalid_value"),
        ({"lon": 112.985}, 422, "invalid_value"),
        ({**ALLEY, "limit_s": 0}, 422, "invalid_request"),
        ({**ALLEY, "limit_s": "inf"}, 422, "invalid_request"),
        ({"lon": "nan", "lat": 28}, 422, "invalid_request"),
        ({"building_id": str(uuid4())}, 404, "not_found"),
    ],
)
async def test_reach_of_what_cannot_be(
    world: World, staff: httpx.AsyncClient, params: dict[str, str | float], status: int, code: str
) -> None:
    answer = await staff.get(f"{world.path}/reach", params=params)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_isochrones_lie_inside_each_other_the_largest_first(
    world: World, staff: httpx.AsyncClient
) -> None:
    params: dict[str, str | float] = {**ALLEY, "profile": "foot", "minutes": "1,2,4"}
    answer = await staff.get(f"{world.path}/isochrones", params=params)
    assert answer.headers["content-type"] == "application/geo+json"
    bands = answer.json()["features"]
    assert [band["properties"]["minutes"] for band in bands] == [4, 2, 1]
    areas = [shape(band["geometry"]).area for band in bands]
    assert areas == sorted(areas, reverse=True)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"minutes": "0"}, "invalid_request"),
        ({"minutes": "121"}, "invalid_request"),
        ({"minutes": "nan"}, "invalid_request"),
        ({"minutes": "1,2,3,4,5,6,7"}, "invalid_request"),
        ({"profile": "dragon"}, "unknown_profile"),
    ],
)
async def test_isochrones_of_what_cannot_be(
    world: World, staff: httpx.AsyncClient, change: dict[str, str], code: str
) -> None:
    answer = await staff.get(f"{world.path}/isochrones", params={**ALLEY, **change})
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def closure(**change: object) -> dict[str, object]:
    around = {
        "type": "Polygon",
        "coordinates": [list(box(112.9845, 28.1575, 112.9855, 28.1585).exterior.coords)],
    }
    return {"name": "施工封路", "geometry": around, **change}


async def test_a_closure_changes_reach_until_it_is_lifted(world: World, staff: httpx.AsyncClient) -> None:
    async def soonest() -> list[tuple[str, float]]:
        told = (await staff.get(f"{world.path}/reach", params=ALLEY)).json()
        return [(member["unit_id"], round(member["response_s"], 3)) for member in told["members"]]

    before = await soonest()
    made = await staff.post(f"{world.path}/closures", json=closure())
    assert made.status_code == 201, made.text
    assert await soonest() != before
    listed = (await staff.get(f"{world.path}/closures")).json()
    assert made.json()["id"] in {one["id"] for one in listed}
    path = f"{world.path}/closures/{made.json()['id']}"
    lifted = await staff.delete(path)
    assert lifted.status_code == 200
    assert lifted.json()["lifted_at"]
    assert await soonest() == before
    assert (await staff.delete(path)).json()["code"] == "already_lifted"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"geometry": {"type": "Point"}}, "invalid_geometry"),
        ({"geometry": {"type": "Point", "coordinates": [999, 0]}}, "invalid_geometry"),
        (
            {"geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [0, 1], [1, 0], [0, 0]]]}},
            "invalid_geometry",
        ),
        (
            {"geometry": {"type": "LineString", "coordinates": [[0.0, n / 9999] for n in range(2001)]}},
            "geometry_too_large",
        ),
        ({"geometry": []}, "invalid_request"),
        ({"wider_than_m": 0}, "invalid_value"),
        ({"wider_than_m": -1}, "invalid_request"),
        ({"profiles": ["dragon"]}, "invalid_value"),
        ({"hazard_id": str(uuid4())}, "not_found"),
        ({"starts_at": "2125-02-01T00:00:00Z", "ends_at": "2125-01-01T00:00:00Z"}, "invalid_value"),
        ({"ends_at": "2025-01-01T00:00:00Z"}, "invalid_value"),
        ({"starts_at": "2024-02-01T00:00:00Z", "ends_at": "2025-01-01T00:00:00Z"}, "invalid_value"),
        ({"name": ""}, "invalid_value"),
        ({"name": " \u3000\u202e"}, "invalid_value"),
    ],
)
async def test_a_closure_that_cannot_be(
    world: World, staff: httpx.AsyncClient, change: dict[str, object], code: str
) -> None:
    for path in ("/closures", "/closures/preview"):
        answer = await staff.post(f"{world.path}{path}", json=closure(**change))
        assert 400 <= answer.status_code < 500
        assert answer.json()["code"] == code


async def test_a_unit_off_duty_is_not_called(world: World, sign_in: SignIn) -> None:
    staff, hospital = await sign_in("community"), await sign_in("hospital")
    members = (await staff.get(f"{world.path}/reach", params=ALLEY)).json()["members"]
    unit_id = next(one["unit_id"] for one in members if one["partner_kind"] == "hospital")
    path = f"{world.path}/units/{unit_id}"
    assert (await hospital.patch(path, json={"on_duty": False})).json()["on_duty"] is False
    told = (await staff.get(f"{world.path}/reach", params=ALLEY)).json()
    assert unit_id not in {member["unit_id"] for member in told["members"]}
    assert {one["unit_id"]: one["reason"] for one in told["non_members"]}[unit_id] == "off_duty"
    police = await sign_in("police")
    assert (await police.patch(path, json={"on_duty": True})).json()["code"] == "not_allowed"
    assert (await hospital.patch(path, json={"on_duty": True})).status_code == 200


async def test_only_ones_own_unit_has_a_position_to_report(world: World, sign_in: SignIn) -> None:
    wen, tang = await sign_in("hospital.wen"), await sign_in("police.tang")
    [unit_id] = (await wen.get(world.path)).json()["viewer"]["unit_ids"]
    path = f"{world.path}/units/{unit_id}/position"
    now = datetime.now(UTC)
    body = {**ALLEY, "accuracy_m": 8, "at": now.isoformat()}
    assert (await wen.put(path, json=body)).status_code == 200
    assert (await tang.put(path, json=body)).status_code == 404
    late = {**body, "at": (now - timedelta(minutes=6)).isoformat()}
    assert (await wen.put(path, json=late)).json()["code"] == "invalid_value"
    seen = (await wen.get(f"{world.path}/snapshot")).json()["positions"]
    assert unit_id in {position["unit_id"] for position in seen}


async def test_openstreetmap_is_credited_in_every_answer_that_holds_its_data(
    world: World, staff: httpx.AsyncClient
) -> None:
    paths = ["", *(f"/{noun}" for noun in NOUNS), "/isochrones?lon=112.985&lat=28.158"]

    async def credited() -> list[tuple[str, str]]:
        told = [(await staff.get(f"{world.path}{path}")).json() for path in paths]
        return [(each["attribution"], each["license"]) for each in told]

    assert await credited() == [(None, None)] * len(paths)
    record = FeatureImport(
        id=ImportId(uuid4()),
        circle_id=CircleId(world.circle_id),
        noun=MIXED,
        source=ImportSource(),
        at=datetime.now(UTC),
        by=None,
        by_name="",
        counts=ImportCounts(created=1, updated=0, unchanged=0, skipped=0, doubtful=0),
    )
    async with world.database.begin() as transaction:
        await transaction.imports.add(record, [])

    words = ("© OpenStreetMap contributors", "https://www.openstreetmap.org/copyright")
    assert await credited() == [words] * len(paths)

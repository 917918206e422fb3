from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import SignIn, World

POINT = {"type": "Point", "coordinates": [112.985, 28.158]}
CLUTTER = {"geometry": POINT, "properties": {"kind": "clutter", "name": "堆物", "note": "二楼"}}


async def test_a_feature_is_added_changed_and_listed(world: World, staff: httpx.AsyncClient) -> None:
    path = f"{world.path}/hazards/features"
    added = await staff.post(path, json=CLUTTER)
    assert added.status_code == 201, added.text
    feature, version = added.json()["feature"], added.json()["version"]
    assert feature["properties"]["state"] == "seen", "what is not said is the default"

    shown = await staff.get(f"{path}/{feature['id']}")
    assert shown.json() == added.json()
    body = {**CLUTTER, "properties": {"kind": "clutter", "name": "堆物", "state": "closed"}}
    changed = await staff.put(f"{path}/{feature['id']}", json={**body, "expected_version": version})
    assert changed.status_code == 200, changed.text
    assert changed.json()["version"] != version
    late = await staff.put(f"{path}/{feature['id']}", json={**CLUTTER, "expected_version": version})
    assert (late.status_code, late.json()["code"]) == (409, "edit_conflict")

    listed = (await staff.get(f"{world.path}/hazards")).json()["features"]
    [now] = [each for each in listed if each["id"] == feature["id"]]
    assert (now["properties"]["state"], now["properties"]["note"]) == ("seen", ""), (
        "only steps change how far a hazard has come"
    )
    audit = (await staff.get(f"{world.path}/audit")).json()["records"]
    actions = [each["action"] for each in audit if (each["subject"] or {}).get("id") == feature["id"]]
    assert sorted(actions) == ["feature_changed", "feature_created"]
    snapshot = (await staff.get(f"{world.path}/snapshot")).json()
    assert feature["id"] in {each["id"] for each in snapshot["hazards"]}


async def test_a_feature_that_is_sent_again_is_added_once(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn
) -> None:
    path, headers = f"{world.path}/hazards/features", {"Idempotency-Key": str(uuid4())}
    added = await staff.post(path, json=CLUTTER, headers=headers)
    again = await staff.post(path, json=CLUTTER, headers=headers)
    assert (again.status_code, again.json()) == (201, added.json())
    other = await staff.post(
        path, json={**CLUTTER, "properties": {"kind": "x", "name": "x"}}, headers=headers
    )
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_conflict")
    planner = await sign_in("planner")
    theirs = await planner.post(path, json=CLUTTER, headers=headers)
    assert theirs.json()["feature"]["id"] != added.json()["feature"]["id"], "a key is one account's"
    audit = (await staff.get(f"{world.path}/audit")).json()["records"]
    assert (
        len([each for each in audit if (each["subject"] or {}).get("id") == added.json()["feature"]["id"]])
        == 1
    )


LINE = {"type": "LineString", "coordinates": [[1, 1], [2, 2]]}


@pytest.mark.parametrize(
    ("noun", "change", "refused"),
    [
        ("hazards", {"properties": {"name": "x"}}, ("invalid_value", "kind")),
        ("hazards", {"properties": {"kind": "x", "name": "x", "note": True}}, ("invalid_value", "note")),
        ("hazards", {"properties": {"kind": "x", "name": "x", "grade": "odd"}}, ("invalid_value", "grade")),
        ("hazards", {"geometry": {"type": "Point", "coordinates": [1e9, 0]}}, ("invalid_geometry", None)),
        ("hazards", {"geometry": {}}, ("invalid_geometry", None)),
        ("facilities", {"geometry": LINE, "properties": {"kind": "aed"}}, ("invalid_value", "geometry")),
        ("buildings", {}, ("invalid_value", "noun")),
        ("units", {}, ("invalid_value", "noun")),
        ("ghosts", {}, ("invalid_request", None)),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(
    world: World, staff: httpx.AsyncClient, noun: str, change: dict[str, object], refused: tuple[str, str]
) -> None:
    answer = await staff.post(f"{world.path}/{noun}/features", json={**CLUTTER, **change})
    told = answer.json()
    assert (answer.status_code, told["code"], told.get("field")) == (422, *refused), answer.text


async def test_only_who_edits_the_map_may_and_only_what_is_there(
    world: World, sign_in: SignIn, staff: httpx.AsyncClient
) -> None:
    observer = await sign_in("observer")
    assert (await observer.post(f"{world.path}/hazards/features", json=CLUTTER)).status_code == 403
    path = f"{world.path}/hazards/features/{uuid4()}"
    assert (await staff.get(path)).status_code == 404
    assert (await staff.put(path, json=CLUTTER)).status_code == 404

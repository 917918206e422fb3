"""Gates: who edits them, who is told whom to call, and what stays of a person who is erased."""

import json
from typing import Any
from uuid import uuid4

import httpx
import pytest

from responder.domain.ids import CircleId
from responder.ports.clock import SystemClock
from responder.services.circles.snapshot import missed_events
from responder.services.people.erase_person import erase_person
from responder.services.people.export_person import export_person
from tests.api.conftest import SignIn, World

POINT = {"type": "Point", "coordinates": [112.985, 28.158]}
GUARD = {"name": "门卫室", "phone": "000-0000-0009", "hours": "18:00–08:00"}


def gate(**properties: object) -> dict[str, Any]:
    said = {"name": "北支铁门", "kind": "挂锁", "note": "夜间上锁", "holders": [GUARD]}
    return {"geometry": POINT, "properties": {**said, **properties}}


async def added(staff: httpx.AsyncClient, world: World, **properties: object) -> dict[str, Any]:
    answer = await staff.post(f"{world.path}/gates/features", json=gate(**properties))
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def listed(http: httpx.AsyncClient, path: str) -> dict[str, dict[str, Any]]:
    answer = await http.get(f"{path}/gates")
    assert answer.status_code == 200, answer.text
    return {each["id"]: each["properties"] for each in answer.json()["features"]}


async def test_open_pages_follow_every_edit_and_the_log_names_nobody(
    world: World, staff: httpx.AsyncClient
) -> None:
    circle_id = CircleId(world.circle_id)
    async with world.database.begin() as transaction:
        head = await transaction.circles.head(circle_id)
    told = await added(staff, world)
    path, version = f"{world.path}/gates/features/{told['feature']['id']}", told["version"]
    changed = await staff.put(path, json={**gate(note="常开"), "expected_version": version})
    assert changed.status_code == 200, changed.text
    late = await staff.put(path, json={**gate(note="常闭"), "expected_version": version})
    assert (late.status_code, late.json()["code"]) == (409, "edit_conflict")
    gone = await staff.post(f"{world.path}/gates/remove", json={"ids": [told["feature"]["id"]]})
    assert gone.json()["removed"] == 1

    missed = await missed_events(
        world.database, circle_id=circle_id, epoch=head.epoch, seq=head.seq, event_id=head.event_id
    )
    assert missed is not None
    events = [each.recorded.event for each in missed[0]]
    assert [(each.kind, str(each.noun)) for each in events] == [("features_changed", "gates")] * 3  # type: ignore[union-attr]
    assert GUARD["phone"] not in repr(events)
    records = (await staff.get(f"{world.path}/audit")).json()["records"]
    done = [each["action"] for each in records if (each["subject"] or {}).get("kind") == "gate"]
    assert sorted(done) == ["feature_changed", "feature_created"]
    assert told["feature"]["id"] not in await listed(staff, world.path)


async def test_an_onlooker_sees_the_gate_and_no_telephone(
    world: World, sign_in: SignIn, staff: httpx.AsyncClient
) -> None:
    gate_id = (await added(staff, world))["feature"]["id"]
    for username, phone in (("hospital.wen", GUARD["phone"]), ("planner", GUARD["phone"]), ("observer", "")):
        [holder] = (await listed(await sign_in(username), world.path))[gate_id]["holders"]
        assert (holder["name"], holder["phone"]) == ("门卫室", phone), username
    observer, crew = await sign_in("observer"), await sign_in("hospital.wen")
    for http in (observer, crew):
        assert (await http.get(f"{world.path}/gates/features/{gate_id}")).status_code == 403
        assert (await http.post(f"{world.path}/gates/features", json=gate())).status_code == 403
    elsewhere = f"/api/circles/{world.strange_circle_id}/gates"
    assert (await staff.get(elsewhere)).status_code == 404
    assert (await staff.get(f"{elsewhere}/features/{gate_id}")).status_code == 404
    assert (await staff.get(f"{world.path}/gates/features/{uuid4()}")).status_code == 404


@pytest.mark.parametrize(
    ("properties", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 201}, "name"),
        ({"note": ["x"]}, "note"),
        ({"holders": "门卫"}, "holders"),
        ({"holders": ["门卫"]}, "holders"),
        ({"holders": [{"phone": "1"}]}, "holders"),
        ({"holders": [{**GUARD, "phone": "javascript:alert(1)"}]}, "holders"),
        ({"holders": [{**GUARD, "hours": {}}]}, "holders"),
        ({"holders": [GUARD] * 11}, "holders"),
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(
    world: World, staff: httpx.AsyncClient, properties: dict[str, object], field: str
) -> None:
    answer = await staff.post(f"{world.path}/gates/features", json=gate(**properties))
    told = answer.json()
    assert (answer.status_code, told["code"], told["field"]) == (422, "invalid_value", field), answer.text


async def test_gates_come_from_files_too(world: World, staff: httpx.AsyncClient) -> None:
    row = {"type": "Feature", "id": "g-1", **gate(name="东通道栏杆", holders=json.dumps([GUARD]))}
    taken = await staff.post(
        f"{world.path}/gates/import?source=台账",
        json={"type": "FeatureCollection", "features": [row]},
        headers={"Content-Type": "application/geo+json"},
    )
    assert taken.status_code == 201, taken.text
    assert (taken.json()["created"], taken.json()["skipped"]) == (1, [])
    [found] = [each for each in (await listed(staff, world.path)).values() if each["name"] == "东通道栏杆"]
    assert found["holders"] == [GUARD]


async def test_a_key_holder_with_an_account_is_told_and_erased(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn
) -> None:
    planner = (await (await sign_in("planner")).get("/api/session")).json()["account"]
    own = {**GUARD, "name": planner["name"], "phone": "000-0000-0001"}
    gate_id = (await added(staff, world, name="规划员的门", holders=[GUARD, own]))["feature"]["id"]

    told = await export_person(world.database, username="planner", clock=SystemClock())
    assert [each["holders"] for each in told["gates"]] == [[own]], "of others nothing"

    done = await erase_person(world.database, username="planner", clock=SystemClock())
    assert done["gates"] == 1
    first, second = (await listed(staff, world.path))[gate_id]["holders"]
    assert first == GUARD
    assert (second["phone"], second["hours"]) == ("", "")
    assert second["name"] != planner["name"]

"""Raise, look, end: with the rights of each role, and once however often it is sent."""

import asyncio
import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from responder.security.alert_priority import AlertPriority
from tests.api.conftest import ORIGIN, SignIn, World, new_key

FIRE = {"kind": "fire", "severity": "red", "exercise": False, "note": "三楼起火"}
DRILL = {**FIRE, "exercise": True}


@pytest.fixture(scope="module")
def fire(building_id: str) -> dict[str, object]:
    return {**FIRE, "building_id": building_id}


async def raise_one(http: httpx.AsyncClient, world: World, body: dict[str, object]) -> dict[str, object]:
    answer = await http.post(f"{world.path}/incidents", json=body, headers=new_key())
    assert answer.status_code == 201, answer.text
    found: dict[str, object] = answer.json()
    return found


async def test_the_answer_says_who_can_be_there_and_why(
    world: World, staff: httpx.AsyncClient, fire: dict[str, object]
) -> None:
    detail = (await staff.post(f"{world.path}/incidents", json=fire, headers=new_key())).json()
    members = detail["response_circle"]["members"]
    assert members
    assert [member["response_s"] for member in members] == sorted(member["response_s"] for member in members)
    for member in members:
        assert member["response_s"] == pytest.approx(member["turnout_s"] + member["travel_s"])
        assert member["response_s"] <= detail["response_circle"]["limit_s"]
        assert member["why_zh"]
        assert member["why_en"]
    called = {delivery["unit_id"] for delivery in detail["deliveries"]}
    assert called <= {member["unit_id"] for member in members}
    assert detail["alerts"][0]["headline"] == "火情：脑科巷7栋"


async def test_an_exercise_says_so_on_the_lock_screen(
    world: World, sign_in: SignIn, building_id: str
) -> None:
    planner = await sign_in("planner")
    detail = await raise_one(planner, world, {**DRILL, "building_id": building_id})
    assert detail["alerts"][0]["headline"].startswith("【演练】")  # type: ignore[index]
    assert detail["incident"]["exercise"] is True  # type: ignore[index]


async def test_a_point_is_a_place_too(world: World, staff: httpx.AsyncClient) -> None:
    detail = await raise_one(staff, world, {**FIRE, "lon": 112.985, "lat": 28.158, "label": "巷口"})
    assert detail["incident"]["place"]["label"] == "巷口"  # type: ignore[index]


async def test_sent_again_it_is_the_same_incident(
    world: World, staff: httpx.AsyncClient, fire: dict[str, object]
) -> None:
    key = new_key()
    answers = [await staff.post(f"{world.path}/incidents", json=fire, headers=key) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json()["incident"] == answers[1].json()["incident"]


async def listed(world: World, staff: httpx.AsyncClient) -> list[dict[str, object]]:
    page = (await staff.get(f"{world.path}/incidents", params={"limit": 100})).json()
    assert page["next"] is None
    return list(page["incidents"])


async def test_fifty_at_once_make_one(
    world: World, staff: httpx.AsyncClient, fire: dict[str, object]
) -> None:
    before = len(await listed(world, staff))
    key = new_key()
    answers = await asyncio.gather(
        *(staff.post(f"{world.path}/incidents", json=fire, headers=key) for _ in range(50))
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["incident"]["id"] for answer in answers}) == 1
    assert len(await listed(world, staff)) == before + 1


async def test_the_same_key_for_something_else_is_refused(
    world: World, staff: httpx.AsyncClient, fire: dict[str, object]
) -> None:
    key = new_key()
    assert (await staff.post(f"{world.path}/incidents", json=fire, headers=key)).status_code == 201
    other = {**fire, "kind": "gas"}
    answer = await staff.post(f"{world.path}/incidents", json=other, headers=key)
    assert answer.status_code == 422
    assert answer.json()["code"] == "idempotency_conflict"


@pytest.mark.parametrize("key", [None, "", " ", "a b", "x" * 129, "密钥"])
async def test_a_key_is_needed_and_has_a_form(
    world: World, staff: httpx.AsyncClient, fire: dict[str, object], key: str | None
) -> None:
    headers = [] if key is None else [(b"Idempotency-Key", key.encode())]
    answer = await staff.post(f"{world.path}/incidents", json=fire, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["code"] == "invalid_request"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"lon": 112.985}, "invalid_value"),
        ({}, "invalid_value"),
        ({"entrance": "单元门"}, "invalid_value"),
        ({"building_id": "00000000-0000-0000-0000-000000000000"}, "not_found"),
        ({"lon": 0.0, "lat": 0.0}, "outside_network"),
        ({"lon": 112.985, "lat": 999}, "invalid_request"),
        ({"lon": 112.985, "lat": False}, "invalid_request"),
        ({"lon": 112.985, "lat": "28.158"}, "invalid_request"),
        ({"lon": 112.985, "lat": 28.158, "exercise": "yes"}, "invalid_request"),
        ({"lon": 112.985, "lat": 28.158, "kind": "earthquake"}, "invalid_value"),
        ({"lon": 112.985, "lat": 28.158, "note": "x" * 2001}, "invalid_request"),
        ({"lon": 112.985, "lat": 28.158, "surprise": 1}, "invalid_request"),
    ],
)
async def test_what_cannot_be_is_refused_with_a_code(
    world: World, staff: httpx.AsyncClient, change: dict[str, object], code: str
) -> None:
    answer = await staff.post(f"{world.path}/incidents", json={**FIRE, **change}, headers=new_key())
    assert 400 <= answer.status_code < 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == code


@pytest.mark.parametrize("twice", ['"kind": "gas"', '"exercise": true', '"lon": 112.9851'])
async def test_what_is_said_twice_is_not_guessed_at(
    world: World, staff: httpx.AsyncClient, twice: str
) -> None:
    said = json.dumps({**FIRE, "lon": 112.985, "lat": 28.158})
    answer = await staff.post(
        f"{world.path}/incidents",
        content=f"{said[:-1]}, {twice}}}",
        headers={"Content-Type": "application/json", **new_key()},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_only_a_person_ends_it_and_only_once(
    world: World, staff: httpx.AsyncClient, fire: dict[str, object]
) -> None:
    detail = await raise_one(staff, world, fire)
    path = f"{world.path}/incidents/{detail['incident']['id']}"  # type: ignore[index]
    ended = await staff.post(f"{path}/end", json={"reason": "false_alarm"})
    assert ended.status_code == 200
    assert ended.json()["incident"]["end_reason"] == "false_alarm"
    assert ended.json()["alerts"][-1]["message_type"] == "Cancel"
    assert (await staff.get(path)).json()["incident"]["ended_at"]
    again = await staff.post(f"{path}/end", json={"reason": "resolved"})
    assert again.status_code == 409
    assert again.json()["code"] == "incident_ended"


async def test_exercises_can_be_listed_alone(world: World, staff: httpx.AsyncClient) -> None:
    await raise_one(staff, world, {**DRILL, "lon": 112.985, "lat": 28.158})
    await raise_one(staff, world, {**FIRE, "lon": 112.985, "lat": 28.158})
    for exercise in (True, False):
        found = (await staff.get(f"{world.path}/incidents", params={"exercise": exercise})).json()
        assert {one["incident"]["exercise"] for one in found["incidents"]} == {exercise}


async def test_incidents_come_in_pages_the_last_raised_first(world: World, staff: httpx.AsyncClient) -> None:
    raised = [
        (await raise_one(staff, world, {**DRILL, "lon": 112.985, "lat": 28.158}))["incident"]["id"]  # type: ignore[index]
        for _ in range(3)
    ]
    first = (await staff.get(f"{world.path}/incidents", params={"limit": 2})).json()
    assert [one["incident"]["id"] for one in first["incidents"]] == raised[:0:-1]
    second = (await staff.get(f"{world.path}/incidents", params={"limit": 2, "before": first["next"]})).json()
    assert second["incidents"][0]["incident"]["id"] == raised[0]


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ({"limit": 0}, 422, "invalid_request"),
        ({"limit": 101}, 422, "invalid_request"),
        ({"before": "x"}, 422, "invalid_request"),
        ({"before": "00000000-0000-0000-0000-000000000000"}, 404, "not_found"),
    ],
)
async def test_a_page_that_cannot_be(
    world: World, staff: httpx.AsyncClient, query: dict[str, str | int], status: int, code: str
) -> None:
    answer = await staff.get(f"{world.path}/incidents", params=query)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_a_note_cannot_turn_round_the_text_after_it(world: World, staff: httpx.AsyncClient) -> None:
    note = "\u202a\u200e138 0000 0000\u202c \u2067东门\u2069"
    body = {**DRILL, "lon": 112.985, "lat": 28.158, "note": note, "label": "\u202e口巷"}
    incident = (await raise_one(staff, world, body))["incident"]
    assert incident["note"] == "\u200e138 0000 0000 东门"  # type: ignore[index]
    assert incident["place"]["label"] == "口巷"  # type: ignore[index]


async def test_an_incident_of_another_circle_is_not_there(
    world: World, staff: httpx.AsyncClient, fire: dict[str, object]
) -> None:
    detail = await raise_one(staff, world, fire)
    incident_id = detail["incident"]["id"]  # type: ignore[index]
    answer = await staff.get(f"/api/circles/{world.strange_circle_id}/incidents/{incident_id}")
    assert answer.status_code == 404


class Told(AlertPriority):
    """Counts alerts."""

    def __init__(self) -> None:
        super().__init__()
        self.times = 0

    @contextmanager
    def alert(self) -> Iterator[None]:
        self.times += 1
        with super().alert():
            yield


async def test_what_can_wait_stands_back_once_a_member_asks_and_for_no_one_else(
    world: World, staff: httpx.AsyncClient, fire: dict[str, object]
) -> None:
    told = Told()
    with world.changed(priority=told):
        transport = httpx.ASGITransport(world.api)
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as stranger:
            refused = await stranger.post(f"{world.path}/incidents", json=fire, headers=new_key())
        assert (refused.status_code, told.times) == (401, 0)
        # Before it is read.
        refused = await staff.post(f"{world.path}/incidents", json={}, headers=new_key())
        assert (refused.status_code, told.times) == (422, 1)
        await told.wait_until_idle()
        assert told.is_idle


async def test_one_nearby_is_asked_about_with_a_code_and_what_it_may_be(
    world: World, staff: httpx.AsyncClient
) -> None:
    place = {"lon": 112.9846812, "lat": 28.158363}
    first = await raise_one(staff, world, {**FIRE, **place})
    transport = httpx.ASGITransport(world.api, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url=ORIGIN, headers=staff.headers) as http:
        key = new_key()
        asked = await http.post(f"{world.path}/incidents", json={**FIRE, **place}, headers=key)
        assert (asked.status_code, asked.json()["code"]) == (409, "similar_incident")
        ids = [each["incident_id"] for each in asked.json()["candidates"]]
        assert first["incident"]["id"] in ids  # type: ignore[index]
        body = {**FIRE, **place, "not_same_as": ids}
        raised = await http.post(f"{world.path}/incidents", json=body, headers=key)
        assert raised.status_code == 201
        assert raised.json()["incident"]["id"] not in ids
        body["not_same_as"] = ["nonsense"]
        refused = await http.post(f"{world.path}/incidents", json=body, headers=new_key())
        assert (refused.status_code, refused.json()["code"]) == (422, "invalid_request")


async def test_staff_direct_an_incident_and_its_people_see_it(
    world: World, staff: httpx.AsyncClient, fire: dict[str, object]
) -> None:
    raised = await raise_one(staff, world, fire)
    path = f"{world.path}/incidents/{raised['incident']['id']}"  # type: ignore[index]
    confirmed = (await staff.put(f"{path}/stage", json={"stage": "confirmed"})).json()
    assert confirmed["incident"]["stage"] == "confirmed"
    yellow = (await staff.put(f"{path}/severity", json={"severity": "yellow"})).json()
    assert yellow["alerts"][-1]["cause"] == "level_lowered"
    told = (await staff.post(f"{path}/updates", json={"text": "先到门岗"})).json()
    assert told["alerts"][-1]["text"] == "先到门岗"
    moved = (await staff.put(f"{path}/place", json={"lon": 112.985, "lat": 28.158})).json()
    assert moved["incident"]["place"]["building_id"] is None
    assert moved["incident"]["place"]["label"]
    other = await raise_one(staff, world, fire)
    into = {"into": other["incident"]["id"]}  # type: ignore[index]
    ended = (await staff.post(f"{path}/merge", json=into)).json()
    assert (ended["incident"]["end_reason"], ended["incident"]["merged_into"]) == ("merged", into["into"])
    undone = await staff.post(f"{world.path}/incidents/{into['into']}/undo")
    assert undone.json()["incident"]["end_reason"] == "mistake"
    late = await staff.post(f"{path}/undo")
    assert (late.status_code, late.json()["code"]) == (409, "incident_ended")


@pytest.mark.parametrize(
    ("method", "what", "body"),
    [
        ("PUT", "stage", {"stage": "closed"}),
        ("PUT", "severity", {"severity": "purple"}),
        ("PUT", "place", {"lon": 112.985}),
        ("PUT", "place", {"lon": float("1e400"), "lat": 28}),
        ("PUT", "place", {}),
        ("POST", "updates", {"text": ""}),
        ("POST", "updates", {"text": "x" * 501}),
        ("POST", "merge", {"into": "nonsense"}),
        ("POST", "end", {"reason": "mistake"}),
        ("POST", "end", {"reason": "resolved", "note": "x\x00"}),
    ],
)
async def test_what_cannot_be_said_of_an_incident_is_refused(
    world: World,
    staff: httpx.AsyncClient,
    fire: dict[str, object],
    *,
    method: str,
    what: str,
    body: dict[str, object],
) -> None:
    raised = await raise_one(staff, world, fire)
    path = f"{world.path}/incidents/{raised['incident']['id']}"  # type: ignore[index]
    content = json.dumps(body).replace("Infinity", "1e400")
    answer = await staff.request(
        method, f"{path}/{what}", content=content, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code == 422, answer.text
    assert (await staff.get(path)).json() == raised

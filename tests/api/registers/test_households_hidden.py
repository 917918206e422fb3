"""Households: every endpoint, as every role, before, during and after an incident: no byte too many."""

import json
from collections.abc import Iterable
from datetime import date
from uuid import uuid4

import httpx
import pytest

from responder.domain.people.access import Role
from tests.api.access.calls import Endpoint, Ids, ask, endpoints
from tests.api.access.conftest import USERNAMES
from tests.api.conftest import SignIn, World, new_key

TODAY = date.today().isoformat()  # noqa: DTZ011 - any day up to now will do
HELPERS = ("上官测试", "+8614000077001", "钥匙在测试盒")
"""What those who come are shown of the household."""
LANDLORD = ("司徒测试", "+8614000077002")
"""What only coordinators are shown."""
BODY = {
    "door": "测试门9999",
    "floor": 3,
    "people": 2,
    "consent_given_on": TODAY,
    "language": "hsn",
    "contact_name": HELPERS[0],
    "contact_phone": HELPERS[1],
    "help_kinds": ["carrying"],
    "help_people": 1,
    "help_note": HELPERS[2],
    "is_tenant": True,
    "landlord_name": LANDLORD[0],
    "landlord_phone": LANDLORD[1],
}
OF_REGISTER = "GET /circles/{circle_id}/buildings/{building_id}/households"
EXPORT = "GET /circles/{circle_id}/households/{household_id}/export"
AT_INCIDENT = "GET /circles/{circle_id}/incidents/{incident_id}/households"


def secrets_in(answer: httpx.Response) -> set[str]:
    text = str(answer.headers) + answer.content.decode("utf-8", "replace")
    # Also as JSON writes it when it escapes.
    return {each for each in (*HELPERS, *LANDLORD) if each in text or json.dumps(each).strip('"') in text}


def reading(world: World) -> Iterable[Endpoint]:
    return [each for each in endpoints(world.api) if each.method == "get" and "{circle_id}" in each.path]


def writing(world: World) -> Iterable[Endpoint]:
    """Endpoints of the register that change something, which are none of these roles' business."""
    return [each for each in endpoints(world.api) if each.method != "get" and "/households" in each.path]


async def household(world: World, staff: httpx.AsyncClient, name: str) -> tuple[str, str]:
    features = (await staff.get(f"{world.path}/buildings")).json()["features"]
    building_id = next(one["id"] for one in features if one["properties"]["name"] == name)
    path = f"{world.path}/buildings/{building_id}/households"
    made = await staff.post(path, json=BODY, headers=new_key())
    assert made.status_code == 201, made.text
    return building_id, made.json()["id"]


async def raised(
    world: World, staff: httpx.AsyncClient, building_id: str, *, exercise: bool
) -> dict[str, str]:
    body = {"kind": "smoke", "severity": "red", "exercise": exercise, "note": "", "building_id": building_id}
    answer = await staff.post(f"{world.path}/incidents", json=body, headers=new_key())
    assert answer.status_code == 201, answer.text
    detail = answer.json()
    return {"incident_id": detail["incident"]["id"], "alert_id": detail["alerts"][0]["id"]}


async def accept(world: World, http: httpx.AsyncClient, alert_id: str, state: str) -> None:
    body = {"action_id": str(uuid4()), "state": state, "at": f"{TODAY}T00:00:00Z"}
    answer = await http.post(f"{world.path}/alerts/{alert_id}/receipts", json=body)
    assert answer.status_code == 200, answer.text


def ids_of(world: World, **known: object) -> Ids:
    names = Ids.__dataclass_fields__.keys() - {"noun", "token", "answer", "number", "deed"}
    return Ids(**{**dict.fromkeys(names, uuid4()), "circle_id": world.circle_id, **known})


async def shown_to(http: httpx.AsyncClient, ids: Ids, called: Iterable[Endpoint]) -> dict[str, set[str]]:
    """Return what endpoints tell this person of the household."""
    found = {}
    for endpoint in called:
        answer = await ask(http, endpoint, ids)
        assert answer.status_code < 500, f"{endpoint.route_key}: {answer.text}"
        if told := secrets_in(answer):
            assert answer.headers["cache-control"] == "no-store", endpoint.route_key
            found[endpoint.route_key] = told
    return found


@pytest.mark.parametrize("exercise", [False, True], ids=["real", "exercise"])
async def test_no_role_sees_more_than_it_may_before_during_and_after(
    world: World, sign_in: SignIn, staff: httpx.AsyncClient, *, exercise: bool
) -> None:
    name = "脑科巷15栋" if exercise else "脑科巷14栋"
    building_id, household_id = await household(world, staff, name)
    everything, to_help = {*HELPERS, *LANDLORD}, set(HELPERS)
    of_staff = {OF_REGISTER: everything, EXPORT: everything}
    known = {"building_id": building_id, "household_id": household_id}
    people = {role: await sign_in(USERNAMES[role]) for role in Role}

    async def check(ids: Ids, allowed: dict[Role, dict[str, set[str]]]) -> None:
        for role, http in people.items():
            may = allowed.get(role, {})
            assert await shown_to(http, ids, reading(world)) == may, role
            if role is not Role.COORDINATOR:
                assert await shown_to(http, ids, writing(world)) == {}, role
        async with world.anonymous() as http:
            assert await shown_to(http, ids, [*reading(world), *writing(world)]) == {}

    await check(ids_of(world, **known), {Role.COORDINATOR: of_staff})

    alert = await raised(world, staff, building_id, exercise=exercise)
    ids = ids_of(world, **known, **alert)
    at_incident = {} if exercise else {AT_INCIDENT: to_help}
    seen_by_staff = {Role.COORDINATOR: {**of_staff, **at_incident}}
    await check(ids, seen_by_staff)

    await accept(world, people[Role.RESPONDER], alert["alert_id"], "accepted")
    coming = {**seen_by_staff, **({} if exercise else {Role.RESPONDER: at_incident})}
    await check(ids, coming)
    numbers = (
        await people[Role.RESPONDER].get(f"{world.path}/incidents/{alert['incident_id']}/households")
    ).json()
    assert (numbers["doors"], numbers["need_help"], numbers["exercise"]) == (1, 1, exercise)
    assert (numbers["households"] is None) is exercise

    await accept(world, people[Role.RESPONDER], alert["alert_id"], "withdrawn")
    await check(ids, seen_by_staff)
    ended = await staff.post(
        f"{world.path}/incidents/{alert['incident_id']}/end", json={"reason": "resolved"}
    )
    assert ended.status_code == 200, ended.text
    await check(ids, {Role.COORDINATOR: of_staff})


async def test_what_those_who_come_are_given_has_these_fields_and_no_more(
    world: World, sign_in: SignIn, staff: httpx.AsyncClient
) -> None:
    building_id, _ = await household(world, staff, "脑科巷16栋")
    alert = await raised(world, staff, building_id, exercise=False)
    wen = await sign_in("hospital.wen")
    await accept(world, wen, alert["alert_id"], "en_route")
    answer = await wen.get(f"{world.path}/incidents/{alert['incident_id']}/households")
    [given] = answer.json()["households"]
    assert given.keys() == {
        *("id", "door", "floor", "people", "language", "contact_name", "contact_phone"),
        *("help_kinds", "help_people", "help_note"),
    }
    # Neither the snapshot nor the log has anything of it, for anyone.
    for http in (wen, staff):
        for path in ("snapshot", f"incidents/{alert['incident_id']}", "buildings"):
            assert not secrets_in(await http.get(f"{world.path}/{path}"))

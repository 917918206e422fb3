"""Sessions, people, invitations and the audit log, as the page and devices use them."""

from collections.abc import AsyncIterator
from uuid import uuid4

import httpx
import pytest

from responder.ports.clock import SystemClock
from responder.services.people.make_account import make_administrator
from tests.api.conftest import ORIGIN, SignIn, World, forgive
from tests.circles import make_bare_circle
from tests.databases import DEMO_PASSWORD

NEW = "eine ganz andere Losung"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"


@pytest.fixture(autouse=True)
async def fresh_attempts(world: World) -> AsyncIterator[None]:
    """Forgive what other tests got wrong."""
    yield
    await forgive(world)


async def enter(
    world: World, username: str, password: str = DEMO_PASSWORD, **headers: str
) -> httpx.AsyncClient:
    """Sign in on one more device."""
    http = world.anonymous()
    body = {"username": username, "password": password, "device": True}
    answer = await http.post("/api/session", json=body, headers=headers)
    assert answer.status_code == 200, answer.text
    http.cookies.clear()
    http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
    return http


async def person(world: World, http: httpx.AsyncClient, username: str) -> dict[str, object]:
    people = (await http.get(f"{world.path}/people")).json()
    found: dict[str, object] = next(each for each in people if each["username"] == username)
    return found


async def invited(world: World, http: httpx.AsyncClient, **fields: object) -> dict[str, str]:
    answer = await http.post(f"{world.path}/invitations", json={"role": "observer", **fields})
    assert answer.status_code == 201, answer.text
    told: dict[str, str] = answer.json()
    return told


async def test_sessions_are_seen_and_ended(world: World) -> None:
    mine = await enter(world, "property", **{"User-Agent": EDGE})
    other, stranger = await enter(world, "property"), await enter(world, "police")
    found = (await mine.get("/api/sessions")).json()
    [current] = [each for each in found if each["current"]]
    assert set(current) == {
        *("id", "device", "address", "created_at", "last_seen_at", "expires_at", "current")
    }
    assert (current["device"], current["address"]) == ("Edge · Windows", "127.0.0.1")
    [theirs] = (await stranger.get("/api/sessions")).json()
    assert (await mine.delete(f"/api/sessions/{theirs['id']}")).status_code == 404
    assert (await stranger.get("/api/session")).status_code == 200
    [elsewhere] = [each for each in found if not each["current"]]
    assert (await mine.delete(f"/api/sessions/{elsewhere['id']}")).status_code == 204
    assert (await other.get("/api/session")).status_code == 401
    third = await enter(world, "property")
    assert (await mine.delete("/api/sessions")).status_code == 204
    assert (await third.get("/api/session")).status_code == 401
    assert (await mine.get("/api/session")).status_code == 200


async def test_a_password_is_changed_without_signing_out_here(world: World) -> None:
    mine, other = await enter(world, "volunteer.luo"), await enter(world, "volunteer.luo")

    async def change(current: str, new: str) -> tuple[int, str]:
        answer = await mine.post("/api/account/password", json={"current": current, "new": new})
        return answer.status_code, answer.json()["code"] if answer.content else ""

    assert await change("wrong", NEW) == (403, "wrong_password")
    assert await change(DEMO_PASSWORD, "short") == (422, "weak_password")
    assert await change(DEMO_PASSWORD, NEW) == (204, "")
    assert (await mine.get("/api/session")).status_code == 200
    assert (await other.get("/api/session")).status_code == 401
    await enter(world, "volunteer.luo", NEW)


async def test_people_are_managed_by_the_coordinator(world: World, staff: httpx.AsyncClient) -> None:
    planner = await person(world, staff, "planner")
    path = f"{world.path}/people/{planner['account_id']}"
    changed = (await staff.patch(path, json={"role": "observer"})).json()
    assert changed == {**planner, "role": "observer"}
    for body in ({"role": None}, {"unit_ids": None}, {"role": "king"}, {"name": "x"}):
        assert (await staff.patch(path, json=body)).status_code == 422
    assert (await staff.patch(path, json={"partner_id": str(uuid4())})).status_code == 404
    assert (await staff.patch(path, json={"role": "planner"})).json() == planner
    me = await person(world, staff, "community")
    mine = f"{world.path}/people/{me['account_id']}"
    for answer in (await staff.patch(mine, json={"role": "observer"}), await staff.delete(mine)):
        assert (answer.status_code, answer.json()["code"]) == (409, "last_coordinator")
    partners = (await staff.get(f"{world.path}/partners")).json()
    assert {frozenset(each) for each in partners} == {frozenset({"id", "kind", "name", "name_en"})}


async def test_a_unit_for_a_person_who_may_not_answer_alerts_is_refused_by_name(
    world: World, staff: httpx.AsyncClient
) -> None:
    wen = await person(world, staff, "hospital.wen")
    path = f"{world.path}/people/{wen['account_id']}"
    answer = await staff.patch(path, json={"role": "planner", "unit_ids": wen["unit_ids"]})
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_value")
    assert answer.json()["field"] == "unit_ids"
    [unit_id] = wen["unit_ids"]  # type: ignore[misc]
    body = {"role": "observer", "partner_id": wen["partner_id"], "unit_id": unit_id}
    answer = await staff.post(f"{world.path}/invitations", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_value")
    assert answer.json()["field"] == "unit_id"
    assert await person(world, staff, "hospital.wen") == wen


async def test_an_invitation_is_previewed_and_accepted_once(world: World, staff: httpx.AsyncClient) -> None:
    made = await invited(world, staff, note="新同事")
    assert made["state"] == "open"
    async with world.anonymous() as http:
        card = (await http.post("/api/invitations/preview", json={"token": made["token"]})).json()
        assert set(card) == {"circle_name", "circle_name_en", "role", "partner_name", "expires_at"}
        body = {"token": made["token"], "username": "new.one", "name": "新同事", "password": NEW}
        answer = await http.post("/api/invitations/accept", json=body, headers={"Origin": ORIGIN})
        assert answer.status_code == 200, answer.text
        assert "httponly" in answer.headers["set-cookie"].lower()
        assert [each["id"] for each in answer.json()["circles"]] == [str(world.circle_id)]
        assert (await http.get("/api/session")).json()["account"]["username"] == "new.one"
        assert (await http.get(f"{world.path}/snapshot")).status_code == 200
    async with world.anonymous() as http:
        for path, more in (("preview", {}), ("accept", {"username": "other", "name": "x", "password": NEW})):
            answer = await http.post(f"/api/invitations/{path}", json={"token": made["token"], **more})
            assert (answer.status_code, answer.json()["code"]) == (404, "invitation_refused")
    listed = (await staff.get(f"{world.path}/invitations")).json()
    assert not any("token" in key for each in listed for key in each)
    [ours] = [each for each in listed if each["id"] == made["id"]]
    assert (ours["state"], ours["used_by"]) == ("used", "新同事")


async def test_an_invitation_is_withdrawn(world: World, staff: httpx.AsyncClient) -> None:
    made = await invited(world, staff)
    path = f"{world.path}/invitations/{made['id']}"
    assert (await staff.delete(path)).status_code == 204
    async with world.anonymous() as http:
        answer = await http.post("/api/invitations/preview", json={"token": made["token"]})
        assert answer.status_code == 404
    assert (await staff.delete(f"{world.path}/invitations/{uuid4()}")).status_code == 404


async def test_a_person_who_is_signed_in_joins_with_the_token_alone(
    world: World, staff: httpx.AsyncClient
) -> None:
    made = await invited(world, staff)
    async with world.anonymous() as http:
        answer = await http.post("/api/invitations/accept", json={"token": made["token"]})
        assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
        half = {"token": made["token"], "username": "half"}
        assert (await http.post("/api/invitations/accept", json=half)).status_code == 422
    answer = await staff.post("/api/invitations/accept", json={"token": made["token"]})
    assert (answer.status_code, answer.json()["code"]) == (409, "already_member")
    police = await person(world, staff, "police.tang")
    assert (await staff.delete(f"{world.path}/people/{police['account_id']}")).status_code == 204
    tang = await enter(world, "police.tang")
    assert (await tang.get(world.path)).status_code == 404
    answer = await tang.post("/api/invitations/accept", json={"token": made["token"]})
    assert answer.status_code == 200, answer.text
    assert (await tang.get(world.path)).json()["viewer"]["role"] == "observer"


async def test_the_log_tells_who_did_what_from_where(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn
) -> None:
    await (await sign_in("hospital")).get(f"{world.path}/buildings")
    made = await invited(world, staff)
    page = (await staff.get(f"{world.path}/audit")).json()
    [invitation, look, *_] = page["records"]
    assert (invitation["action"], invitation["subject"]["id"]) == ("invitation_created", made["id"])
    assert look["action"] == "households_viewed"
    assert look["detail"]["buildings"] > 0
    assert (look["address"], look["device"]) == ("127.0.0.1", "python-httpx")
    assert look["actor"]["name"]
    asked = {"actor": look["actor"]["account_id"], "action": "households_viewed", "limit": 1}
    found = (await staff.get(f"{world.path}/audit", params=asked)).json()
    assert [each["seq"] for each in found["records"]] == [look["seq"]]
    older = (await staff.get(f"{world.path}/audit", params={"before": look["seq"], "limit": 200})).json()
    assert all(each["seq"] < look["seq"] for each in older["records"])
    for wrong in ({"limit": 201}, {"limit": 0}, {"since": "yesterday"}, {"action": "x"}, {"before": 2**60}):
        assert (await staff.get(f"{world.path}/audit", params=wrong)).status_code == 422
    checked = (await staff.get(f"{world.path}/audit/verification")).json()
    assert (checked["first_bad"], checked["reason"]) == (None, None)
    assert checked["rows"] == checked["head"]["seq"] > 0


async def test_taking_the_buildings_away_needs_a_right_and_is_recorded(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn
) -> None:
    path = f"{world.path}/buildings?export=true"
    answer = await (await sign_in("hospital")).get(path)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")
    answer = await staff.get(path)
    assert "attachment" in answer.headers["content-disposition"]
    page = (await staff.get(f"{world.path}/audit", params={"action": "households_exported"})).json()
    assert len(page["records"]) == 1


async def test_an_administrator_sets_people_right_and_sees_nothing_else(world: World) -> None:
    await make_administrator(
        world.database, username="root.one", name="平台", password=NEW, clock=SystemClock()
    )
    root = await enter(world, "root.one", NEW)
    assert (await root.get(f"{world.path}/people")).status_code == 200
    assert (await root.get(f"{world.path}/partners")).status_code == 200
    assert (await root.get(f"{world.path}/audit")).status_code == 200
    assert (await root.get(f"{world.path}/audit/verification")).json()["first_bad"] is None
    made = await invited(world, root, role="coordinator")
    assert made["made_by"] == "平台"
    answer = await root.patch(f"{world.path}/people/{uuid4()}", json={"role": "observer"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    assert (await root.patch(f"{world.path}/people/{uuid4()}", json={"role": "king"})).status_code == 422
    for path in ("", "/snapshot", "/buildings", "/incidents"):
        assert (await root.get(f"{world.path}{path}")).status_code == 404
    assert (await root.get(f"/api/circles/{uuid4()}/people")).status_code == 404
    answer = await root.post("/api/circles", json={"name": "新片区", "centre": [113, 28]})
    assert answer.status_code == 201
    circle = answer.json()["id"]
    assert (await root.get(f"/api/circles/{circle}")).json()["viewer"]["role"] == "coordinator"
    page = (await root.get(f"/api/circles/{circle}/audit")).json()
    assert [each["action"] for each in page["records"]] == ["circle_created"]


async def test_an_administrator_is_told_of_every_circle_and_of_those_that_no_one_coordinates(
    world: World, staff: httpx.AsyncClient
) -> None:
    await make_administrator(
        world.database, username="root.all", name="平台", password=NEW, clock=SystemClock()
    )
    root = await enter(world, "root.all", NEW)
    await make_bare_circle(world.database, name="无人片区", name_en="", centre=(113, 28))
    listed = (await root.get("/api/administration/circles")).json()
    assert [each["name"] for each in listed] == sorted(each["name"] for each in listed)
    by_name = {each["name"]: each for each in listed}
    assert (by_name["无人片区"]["people"], by_name["无人片区"]["coordinators"]) == (0, 0)
    own = next(each for each in listed if each["id"] == world.path.rpartition("/")[2])
    people = (await staff.get(f"{world.path}/people")).json()
    assert own["people"] == len(people)
    assert own["coordinators"] == sum(each["role"] == "coordinator" for each in people) > 0
    assert any(each["id"] == str(world.strange_circle_id) for each in listed)
    refused = await staff.get("/api/administration/circles")
    assert (refused.status_code, refused.json()["code"]) == (403, "not_allowed")


async def test_records_of_another_circle_are_not_to_be_had(world: World, staff: httpx.AsyncClient) -> None:
    for path in ("people", "invitations", "audit", "audit/verification", "partners"):
        answer = await staff.get(f"/api/circles/{world.strange_circle_id}/{path}")
        assert answer.status_code == 404
    nil = "00000000-0000-0000-0000-000000000000"
    assert (await staff.get(f"/api/circles/{nil}/audit")).status_code == 404

"""Who may do what: every endpoint for nobody, for a stranger, and for each role of the domain's table."""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from responder.api.application import make_application
from responder.domain.access import MAY, Action, Role
from tests.api.conftest import SignIn, World, new_key

PUBLIC = {
    ("get", "/api/config"),
    ("post", "/api/session"),
    # Whoever has the token of an invitation is nobody yet.
    ("post", "/api/invitations/look"),
    ("post", "/api/invitations/accept"),
    ("get", "/healthz"),
    ("get", "/readyz"),
}
ACCOUNTS = {
    Role.COORDINATOR: "community",
    Role.DISPATCHER: "hospital",
    Role.RESPONDER: "hospital.wen",
    Role.PLANNER: "planner",
    Role.OBSERVER: "observer",
}
SOMEWHERE = {"lon": 112.985, "lat": 28.158}
INCIDENT = {"kind": "fire", "severity": "red", "note": "", **SOMEWHERE}
POINT = {"type": "Point", "coordinates": [112.985, 28.158]}
NO_FEATURES = {"type": "FeatureCollection", "features": []}


def operations(world: World) -> list[tuple[str, str, dict[str, Any]]]:
    """List every operation of the interface, from its own description."""
    paths = world.api.openapi()["paths"]
    return [(method, path, described) for path, item in paths.items() for method, described in item.items()]


def filled(path: str, circle_id: object) -> str:
    """Put ids into a path: the circle's, and some that nothing has."""
    path = path.replace("{circle_id}", str(circle_id))
    things = ("incident_id", "closure_id", "hazard_id", "unit_id", "alert_id")
    for name in (*things, "account_id", "invitation_id", "session_id"):
        path = path.replace(f"{{{name}}}", str(uuid4()))
    return path.replace("{noun}", "buildings").replace("{z}", "15").replace("{x}", "1").replace("{y}", "1")


BODIES: dict[str, dict[str, object]] = {
    "/incidents": {**INCIDENT, "exercise": False},
    "/end": {"reason": "resolved"},
    "/closures": {"name": "x", "geometry": POINT, "wider_than_m": 99},
    "/preview": {"name": "x", "geometry": POINT, "wider_than_m": 99},
    "/profiles": {"table": None},
    "/receipts": {"action_id": str(uuid4()), "state": "seen", "at": "2025-01-31T12:00:00Z"},
    "/position": {**SOMEWHERE, "accuracy_m": 1, "at": "2025-01-31T12:00:00Z"},
    "{unit_id}": {"on_duty": True},
    "/import": NO_FEATURES,
    "/circles": {"name": "x", "centre": [113, 28]},
    "/password": {"current": "guess", "new": "another-long-password"},
    "/look": {"token": "x"},
    "/accept": {"token": "x"},
    "/invitations": {"role": "observer"},
    "{account_id}": {"role": "observer"},
}


async def ask(http: httpx.AsyncClient, method: str, template: str, circle_id: object) -> httpx.Response:
    """Ask in the right form, so that nothing but a missing right can be wrong."""
    body = next((body for end, body in BODIES.items() if template.endswith(end)), None)
    params: dict[str, str | float] = dict(SOMEWHERE) if template.endswith(("/reach", "/isochrones")) else {}
    json = body if method in {"post", "put", "patch"} else None
    headers = {
        **new_key(),
        **({"Content-Type": "application/geo+json"} if template.endswith("/import") else {}),
    }
    return await http.request(method, filled(template, circle_id), json=json, params=params, headers=headers)


async def test_nobody_gets_anything_but_the_public_endpoints(world: World) -> None:
    async with world.anonymous() as http:
        for method, path, _ in operations(world):
            if (method, path) in PUBLIC:
                continue
            answer = await ask(http, method, path, world.circle_id)
            assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in"), f"{method} {path}"


@pytest.mark.parametrize("username", sorted(ACCOUNTS.values()))
async def test_another_circle_is_not_there_for_anybody(world: World, sign_in: SignIn, username: str) -> None:
    http = await sign_in(username)
    seen = 0
    for method, path, _ in operations(world):
        if "{circle_id}" not in path:
            continue
        for circle_id in (world.strange_circle_id, uuid4()):
            answer = await ask(http, method, path, circle_id)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found"), f"{method} {path}"
            seen += 1
    assert seen > 30


TABLE: list[tuple[Action, str, str]] = [
    (Action.VIEW, "get", "/api/circles/{circle_id}"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/picture"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/buildings"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/hazards"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/facilities"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/units"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/closures"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/incidents"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/incidents/{incident_id}"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/reach"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/isochrones"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/criticality"),
    (Action.VIEW, "post", "/api/circles/{circle_id}/criticality"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/closures/{closure_id}/cost"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/hazards/{hazard_id}/cost"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/profiles"),
    (Action.EDIT_MAP, "put", "/api/circles/{circle_id}/profiles"),
    (Action.SET_CLOSURE, "post", "/api/circles/{circle_id}/closures/preview"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/tiles/{z}/{x}/{y}"),
    (Action.RAISE_ALERT, "post", "/api/circles/{circle_id}/incidents"),
    (Action.ANSWER_ALERT, "post", "/api/circles/{circle_id}/alerts/{alert_id}/receipts"),
    (Action.SET_CLOSURE, "post", "/api/circles/{circle_id}/closures"),
    (Action.SET_CLOSURE, "delete", "/api/circles/{circle_id}/closures/{closure_id}"),
    (Action.EDIT_MAP, "post", "/api/circles/{circle_id}/{noun}/import"),
    (Action.SET_DUTY, "patch", "/api/circles/{circle_id}/units/{unit_id}"),
    (Action.REPORT_POSITION, "put", "/api/circles/{circle_id}/units/{unit_id}/position"),
    (Action.VIEW, "get", "/api/circles/{circle_id}/partners"),
    (Action.MANAGE_PEOPLE, "get", "/api/circles/{circle_id}/people"),
    (Action.MANAGE_PEOPLE, "patch", "/api/circles/{circle_id}/people/{account_id}"),
    (Action.MANAGE_PEOPLE, "delete", "/api/circles/{circle_id}/people/{account_id}"),
    (Action.MANAGE_PEOPLE, "get", "/api/circles/{circle_id}/invitations"),
    (Action.MANAGE_PEOPLE, "post", "/api/circles/{circle_id}/invitations"),
    (Action.MANAGE_PEOPLE, "delete", "/api/circles/{circle_id}/invitations/{invitation_id}"),
    (Action.READ_AUDIT, "get", "/api/circles/{circle_id}/audit"),
    (Action.READ_AUDIT, "get", "/api/circles/{circle_id}/audit/verification"),
]
OTHERWISE = {
    # What depends on the incident has its own tests; the rest is not about a circle.
    ("post", "/api/circles/{circle_id}/incidents/{incident_id}/end"),
    ("get", "/api/session"),
    ("delete", "/api/session"),
    ("get", "/api/sessions"),
    ("delete", "/api/sessions"),
    ("delete", "/api/sessions/{session_id}"),
    ("post", "/api/account/password"),
    ("post", "/api/live-tickets"),
    ("get", "/api/circles"),
    ("post", "/api/circles"),
}


async def test_the_table_has_every_endpoint(world: World) -> None:
    known = {(method, path) for _, method, path in TABLE} | OTHERWISE | PUBLIC
    assert known == {(method, path) for method, path, _ in operations(world)}


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("action", "method", "path"), TABLE)
async def test_each_role_has_what_the_domain_gives_it(  # noqa: PLR0913, PLR0917
    world: World, sign_in: SignIn, role: Role, action: Action, method: str, path: str
) -> None:
    http = await sign_in(ACCOUNTS[role])
    answer = await ask(http, method, path, world.circle_id)
    refused = answer.status_code == 403 and answer.json()["code"] == "not_allowed"
    assert refused is (role not in MAY[action]), answer.text


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("exercise", [True, False])
async def test_exercises_are_raised_and_ended_by_other_roles_than_the_real_thing(
    world: World, sign_in: SignIn, staff: httpx.AsyncClient, *, role: Role, exercise: bool
) -> None:
    http = await sign_in(ACCOUNTS[role])
    path = f"{world.path}/incidents"
    body = {**INCIDENT, "exercise": exercise}
    raised = await http.post(path, json=body, headers=new_key())
    allowed = role in MAY[Action.RAISE_EXERCISE if exercise else Action.RAISE_ALERT]
    assert raised.status_code == (201 if allowed else 403)
    theirs = (await staff.post(path, json=body, headers=new_key())).json()["incident"]["id"]
    ended = await http.post(f"{path}/{theirs}/end", json={"reason": "resolved"})
    may_end = role in MAY[Action.END_EXERCISE if exercise else Action.END_INCIDENT]
    assert (ended.status_code == 200) is may_end, ended.text


async def test_only_an_administrator_makes_circles(staff: httpx.AsyncClient) -> None:
    answer = await staff.post("/api/circles", json={"name": "新片区", "centre": [113, 28]})
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


def test_no_right_hangs_on_the_url() -> None:
    """`request.url` is put together from the Host header, which anybody may write."""
    from pathlib import Path  # noqa: PLC0415

    folder = Path(make_application.__code__.co_filename).parent
    for file in folder.rglob("*.py"):
        assert "request.url" not in file.read_text(encoding="utf-8"), file.name

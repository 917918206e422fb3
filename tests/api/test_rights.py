"""Rights that hang on more than the endpoint; who may call which at all is tried in `access/`."""

from pathlib import Path

import httpx
import pytest

from responder.api.application import make_application
from responder.api.deps import rights
from responder.domain.people.access import MAY, Action, Role
from responder.domain.people.permissions import ENDPOINTS
from tests.api.access.calls import INCIDENT
from tests.api.access.conftest import USERNAMES
from tests.api.conftest import SignIn, World, new_key


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("exercise", [True, False])
async def test_exercises_are_raised_and_ended_by_other_roles_than_the_real_thing(
    world: World, sign_in: SignIn, staff: httpx.AsyncClient, *, role: Role, exercise: bool
) -> None:
    http = await sign_in(USERNAMES[role])
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
    """`request.url` is put together from the Host header, which anyone may write."""
    folder = Path(make_application.__code__.co_filename).parent
    for file in folder.rglob("*.py"):
        assert "request.url" not in file.read_text(encoding="utf-8"), file.name


@pytest.mark.parametrize("row", ["GET /config", "GET /circles", "GET /circles/{circle_id}"])
async def test_what_has_no_row_in_the_table_answers_no_one(
    world: World, staff: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, row: str
) -> None:
    path = f"/api{row.removeprefix('GET ')}".replace("{circle_id}", str(world.circle_id))
    assert (await staff.get(path)).status_code == 200
    others = {each: need for each, need in ENDPOINTS.items() if each != row}
    monkeypatch.setattr(rights, "ENDPOINTS", others)
    answer = await staff.get(path)
    assert (answer.status_code, answer.json()["code"]) == (500, "server_error")

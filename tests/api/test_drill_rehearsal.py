"""A drill is rehearsed without people: told by a seed, recorded nowhere, one at a time."""

import asyncio
import hashlib
import json
import threading
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from responder.security.alert_priority import AlertPriority
from responder.services.drills.rehearsal import rehearse as service
from responder.services.drills.rehearsal.room import RehearsalRoom
from tests.api.conftest import SignIn, World
from tests.api.test_drills import plan, planned


async def asked(staff: httpx.AsyncClient, world: World, drill_id: str, **body: object) -> httpx.Response:
    return await staff.post(f"{world.path}/drills/{drill_id}/rehearsal", json=body)


async def test_the_same_seed_is_answered_with_the_same_bytes(world: World, staff: httpx.AsyncClient) -> None:
    drill = await planned(staff, world)
    before = (await staff.get(f"{world.path}/drills/{drill['id']}")).json()
    first = await asked(staff, world, drill["id"], seed=5, runs=3)
    again = await asked(staff, world, drill["id"], seed=5, runs=3)
    other = await asked(staff, world, drill["id"], seed=6, runs=3)

    assert first.status_code == 200, first.text
    assert first.content == again.content
    shown = first.json()
    assert shown["digest"] != other.json()["digest"]
    bare = json.dumps({**shown, "digest": ""}, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert hashlib.sha256(bare.encode()).hexdigest() == shown["digest"]
    assert any(unit["track"] for unit in shown["units"])
    assert [chance["runs"] for chance in shown["chances"]] == [3, 3, 3]
    assert (await staff.get(f"{world.path}/drills/{drill['id']}")).json() == before


async def test_nothing_of_a_rehearsal_is_recorded_and_no_one_is_called(
    world: World, staff: httpx.AsyncClient
) -> None:
    drill = await planned(staff, world)
    snapshot = f"{world.path}/snapshot"
    before = (await staff.get(snapshot)).json()
    assert (await asked(staff, world, drill["id"])).status_code == 200
    after = (await staff.get(snapshot)).json()

    for each in (before, after):
        each.pop("taken_at", None)
    assert after == before


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"seed": -1}, "seed"),
        ({"seed": 2**53 - 100}, "seed"),
        ({"seed": 1.5}, "seed"),
        ({"seed": "1"}, "seed"),
        ({"runs": 0}, "runs"),
        ({"runs": 201}, "runs"),
        ({"from_s": -1}, "from_s"),
        ({"from_s": 1.5}, "from_s"),
        ({"from_s": 10**12}, "from_s"),
        ({"speed": 3}, "speed"),
    ],
)
async def test_what_cannot_be_is_refused(
    world: World, staff: httpx.AsyncClient, body: dict[str, Any], field: str
) -> None:
    drill = await planned(staff, world)
    answer = await asked(staff, world, drill["id"], **body)

    assert answer.status_code == 422
    assert field in answer.text


async def test_who_may_not_plan_drills_may_not_rehearse_them(
    world: World, staff: httpx.AsyncClient, sign_in: SignIn
) -> None:
    drill = await planned(staff, world)
    assert (await asked(await sign_in("observer"), world, drill["id"])).status_code == 403
    assert (await asked(staff, world, str(uuid4()))).status_code == 404


async def test_it_goes_on_from_a_run_and_from_nowhere_else(world: World, staff: httpx.AsyncClient) -> None:
    drill = await planned(staff, world, mode="tabletop")
    unbegun = await asked(staff, world, drill["id"], from_s=0)
    started = await staff.post(
        f"{world.path}/drills/{drill['id']}/start", json={"beside_real": True, "beside_drill": True}
    )
    assert started.status_code == 200, started.text
    begun = await asked(staff, world, drill["id"], from_s=0, runs=2)
    ahead = await asked(staff, world, drill["id"], from_s=3600)
    elsewhere = await asked(staff, world, str(uuid4()), from_s=0)

    assert (unbegun.status_code, unbegun.json()["code"]) == (409, "drill_not_running")
    assert begun.status_code == 200, begun.text
    assert [each["at_ms"] for each in begun.json()["happenings"] if each["kind"] == "goes_on"] == [0]
    assert (ahead.status_code, ahead.json()["code"]) == (422, "moment_outside_run")
    assert 0 <= ahead.json()["ends_s"] < 3600
    assert elsewhere.status_code == 404


async def test_a_plan_that_lacks_much_is_rehearsed_all_the_same(
    world: World, staff: httpx.AsyncClient
) -> None:
    injects = [
        {"number": 1, "after_s": 5, "kind": "closure", "text": "封路"},
        {"number": 2, "after_s": 5, "kind": "unit_out", "text": "故障"},
        {"number": 3, "after_s": 5, "kind": "casualty", "text": "有人受伤"},
    ]
    objectives = [
        {"key": "lane", "text": "清道", "measure": "lane_clear", "within_s": 60, "since_inject": 1},
        {"key": "seen", "text": "戴头盔", "measure": "observed", "within_s": 60},
    ]
    drill = await planned(staff, world, injects=injects, objectives=objectives, starts_at=None)
    answer = await asked(staff, world, drill["id"], runs=2)

    assert answer.status_code == 200, answer.text
    assert [each["is_met"] for each in answer.json()["outcomes"]] == [False, False]


async def test_a_place_without_roads_is_a_clear_error(world: World, staff: httpx.AsyncClient) -> None:
    answer = await staff.post(
        f"{world.path}/drills", json={"plan": plan(place={"lon": 10.0, "lat": 10.0, "label": "远"})}
    )
    if answer.status_code == 201:
        answer = await asked(staff, world, answer.json()["id"])

    assert 400 <= answer.status_code < 500


async def test_one_drill_is_rehearsed_at_a_time(
    world: World, staff: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    drill = await planned(staff, world)
    begun, done = threading.Event(), threading.Event()

    def waiting(*_: object, **__: object) -> str:
        begun.set()
        done.wait(timeout=60)
        return "rehearsed"

    monkeypatch.setattr(service, "rehearse", waiting)
    first = asyncio.create_task(asked(staff, world, drill["id"]))
    assert await asyncio.to_thread(begun.wait, 60)
    second = await asked(staff, world, drill["id"])
    done.set()

    assert (second.status_code, second.json()["code"]) == (503, "busy")
    assert (await first).json() == "rehearsed"
    assert (await asked(staff, world, drill["id"])).status_code == 200


async def test_a_rehearsal_stands_still_while_an_alert_is_in_hand(
    world: World, staff: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    drill = await planned(staff, world)
    priority = AlertPriority()
    begun, asks = threading.Event(), threading.Event()
    order: list[str] = []

    def waiting(*_: object, may_go_on: Callable[[], bool], **__: object) -> str:
        begun.set()
        asks.wait(timeout=60)
        order.append("goes on" if may_go_on() else "stops")
        return "rehearsed"

    monkeypatch.setattr(service, "rehearse", waiting)
    monkeypatch.setattr("responder.security.alert_priority.LONGEST_WAIT_S", 60)
    with world.changed(priority=priority, rehearsals=RehearsalRoom()):
        first = asyncio.create_task(asked(staff, world, drill["id"]))
        assert await asyncio.to_thread(begun.wait, 60)
        with priority.alert():
            for _ in range(10):
                await asyncio.sleep(0)
            asks.set()
            # Long enough for a thread that does not wait.
            for _ in range(10):
                await asyncio.to_thread(threading.Event().wait, 0.01)
            order.append("alert is over")
        assert (await first).status_code == 200
    assert order == ["alert is over", "goes on"]

"""Receipts by HTTP: the same service as by socket."""

from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from tests.api.conftest import SignIn, World, new_key


@pytest.fixture
async def detail(world: World, staff: httpx.AsyncClient) -> dict[str, list[dict[str, str]]]:
    body = {"kind": "smoke", "severity": "orange", "exercise": True, "lon": 112.985, "lat": 28.158}
    answer = await staff.post(f"{world.path}/incidents", json=body, headers=new_key())
    found: dict[str, list[dict[str, str]]] = answer.json()
    return found


@pytest.fixture
async def called(sign_in: SignIn, detail: dict[str, list[dict[str, str]]]) -> httpx.AsyncClient:
    """Give a person who was called."""
    assert any(one["recipient_name"] == "示例·文静" for one in detail["deliveries"])
    return await sign_in("hospital.wen")


def receipt(state: str) -> dict[str, str]:
    return {"action_id": str(uuid4()), "state": state, "at": datetime.now(UTC).isoformat(), "device": "test"}


async def test_a_receipt_moves_the_delivery_on_and_never_back(
    world: World, detail: dict[str, list[dict[str, str]]], called: httpx.AsyncClient
) -> None:
    path = f"{world.path}/alerts/{detail['alerts'][0]['id']}/receipts"
    for state, stands in (("delivered", "delivered"), ("accepted", "accepted"), ("seen", "accepted")):
        answer = await called.post(path, json=receipt(state))
        assert answer.status_code == 200
        assert answer.json()["state"] == stands
        assert state in answer.json()["times"]


async def test_the_same_action_counts_once(
    world: World, detail: dict[str, list[dict[str, str]]], called: httpx.AsyncClient
) -> None:
    path = f"{world.path}/alerts/{detail['alerts'][0]['id']}/receipts"
    action = receipt("delivered")
    first = (await called.post(path, json=action)).json()
    second = (await called.post(path, json={**action, "state": "on_scene"})).json()
    assert first == second


async def test_who_was_not_called_has_nothing_to_answer(
    world: World, detail: dict[str, list[dict[str, str]]], staff: httpx.AsyncClient, sign_in: SignIn
) -> None:
    path = f"{world.path}/alerts/{detail['alerts'][0]['id']}/receipts"
    answer = await staff.post(path, json=receipt("accepted"))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_a_recipient")
    observer = await sign_in("observer")
    answer = await observer.post(path, json=receipt("accepted"))
    assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed")


async def test_an_unknown_alert_is_not_found(world: World, called: httpx.AsyncClient) -> None:
    answer = await called.post(f"{world.path}/alerts/{uuid4()}/receipts", json=receipt("delivered"))
    assert answer.status_code == 404


@pytest.mark.parametrize("state", ["queued", "sent", "released", "teleported"])
async def test_a_device_may_not_report_everything(
    world: World, detail: dict[str, list[dict[str, str]]], called: httpx.AsyncClient, state: str
) -> None:
    path = f"{world.path}/alerts/{detail['alerts'][0]['id']}/receipts"
    answer = await called.post(path, json=receipt(state))
    assert answer.status_code == 422


@pytest.mark.parametrize(
    "at",
    [
        0,
        1738300000,
        "2025-01-31T12:00:00",
        "yesterday",
        None,
        "9999-99-99T00:00:00Z",
        # In UTC these are in no year that there is.
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
    ],
)
async def test_a_time_is_written_out_with_its_offset(
    world: World, detail: dict[str, list[dict[str, str]]], called: httpx.AsyncClient, at: object
) -> None:
    path = f"{world.path}/alerts/{detail['alerts'][0]['id']}/receipts"
    answer = await called.post(path, json={**receipt("delivered"), "at": at})
    assert answer.status_code == 422

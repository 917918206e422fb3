"""An alert that a device has not confirmed is said again, by a gateway on a real database."""

import asyncio
from typing import Any

import pytest
import structlog

from responder.domain.incidents.snapshot import ENDED_KEPT, IncidentDetail
from responder.live.circle import read_model
from tests.faults.rig.town import Person, expected_recipients
from tests.live.conftest import PATIENCE_S, Start, World


async def test_an_unconfirmed_alert_is_said_again(world: World, start: Start) -> None:
    gateway = await start(resend_after_s=2)
    deaf, good = await gateway.live(world.responder()), await gateway.live(world.responder(number=1))
    with structlog.testing.capture_logs() as logged:
        detail = await world.raise_alert()
        await good.next_event("alert_raised")
        await good.receipt(detail.alerts[0].id, "delivered")
        async with asyncio.timeout(PATIENCE_S):
            wanted = {str(world.responder().responder_id), *without_device(world)}
            while not due(logged, detail) >= wanted:  # noqa: ASYNC110 - the log is a list
                await asyncio.sleep(0.1)
    async with asyncio.timeout(PATIENCE_S):
        while (await deaf.next("reminder"))["detail"]["incident"]["id"] != str(detail.incident.id):
            pass
    again = [message for message in await good.silence(for_s=3) if message["type"] == "reminder"]
    assert str(detail.incident.id) not in {each["detail"]["incident"]["id"] for each in again}
    await world.end(detail)


def due(logged: list[Any], detail: IncidentDetail) -> set[str]:
    """Return for whom the log says that another channel is due."""
    return {
        recipient
        for line in logged
        if line["event"] == "next_channel_due" and line["alert"] == str(detail.alerts[0].id)
        for recipient in line["recipients"]
    }


def without_device(world: World) -> set[str]:
    """Return who is called in the first village and has no device in the test: all but the first two."""
    called = expected_recipients(world.town, village=0)
    with_device = {world.responder(number=number).responder_id for number in range(2)}
    return {str(recipient) for recipient in called - with_device}


async def test_a_client_that_resumes_with_an_unconfirmed_alert_is_reminded(
    world: World, start: Start
) -> None:
    gateway = await start()
    person = world.responder()
    device = await gateway.live(person)
    epoch = device.heard[0]["snapshot"]["epoch"]
    detail = await world.raise_alert()
    raised = await device.next_event("alert_raised")
    await device.client.close()
    back = await gateway.device(person, epoch=epoch, seq=raised["seq"], event_id=raised["id"])
    reminder = await back.next("reminder")
    assert reminder["detail"]["incident"]["id"] == str(detail.incident.id), "the newest comes first"
    await world.end(detail)


async def test_a_person_who_was_away_for_long_is_told_of_every_call(
    world: World, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More incidents ended than a snapshot has room for, or the gateway holds; the device starts afresh."""
    monkeypatch.setattr(read_model, "ENDED_HELD", 2)
    person = world.responder()
    ended = [await world.end(await world.raise_alert()) for _ in range(ENDED_KEPT + 2)]
    calls = {str(alert.id) for detail in ended for alert in detail.alerts}
    gateway = await start()
    device = await gateway.device(person)
    seen = calls_to(person, (await device.next("snapshot"))["snapshot"]["incidents"])
    assert not calls <= seen, "the snapshot alone is not enough"
    async with asyncio.timeout(PATIENCE_S):
        while not calls <= seen:
            seen |= calls_to(person, [(await device.next("reminder"))["detail"]])
    for alert_id in calls:
        await device.receipt(alert_id, "delivered")
        await device.next("receipt_stored")
    again = await gateway.live(person)
    said = [each["detail"] for each in await again.silence(for_s=1) if each["type"] == "reminder"]
    assert not calls & calls_to(person, said), "what is confirmed is not said again"


def calls_to(person: Person, incidents: list[dict[str, Any]]) -> set[str]:
    """Return the alerts to the person in details of incidents."""
    return {
        delivery["alert_id"]
        for incident in incidents
        for delivery in incident["deliveries"]
        if delivery["recipient_id"] == str(person.responder_id)
    }


async def test_an_alert_handed_to_an_open_socket_is_marked_as_sent(world: World, start: Start) -> None:
    gateway = await start()
    await gateway.live(world.responder())
    staff = await gateway.live(world.staff("coordinator"))
    detail = await world.raise_alert()
    me = str(world.responder().responder_id)
    sent: list[str] = []
    async with asyncio.timeout(PATIENCE_S):
        while me not in sent:
            body = (await staff.next("event"))["event"]
            moved = body.get("deliveries", [])
            sent += [d["recipient_id"] for d in moved if d["state"] == "sent"]
    assert set(sent) == {me}, "no one else has a socket open"
    await world.end(detail)

"""One gateway on a real database: tickets, snapshots, events, receipts, and resuming."""

import asyncio
import json
import time
from typing import Any
from uuid import uuid4

import pytest
import structlog

from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.snapshot import IncidentDetail
from responder.live import gateway as gateway_module
from responder.security import alert_priority
from responder.security.live_ticket import issue_ticket
from responder.services.map.set_duty import set_duty
from tests.faults.rig.town import expected_recipients
from tests.live.conftest import CLOCK, PATIENCE_S, Start, World, position


async def test_a_first_hello_is_answered_with_everything_the_viewer_may_see(
    world: World, start: Start
) -> None:
    gateway = await start()
    device = await gateway.device(world.staff("coordinator"))
    snapshot = await device.next()
    assert snapshot["type"] == "snapshot"
    assert snapshot["viewer"]["role"] == "coordinator"
    assert len(snapshot["snapshot"]["units"]) == len(world.town.teams)


async def test_a_ticket_opens_one_socket(world: World, start: Start) -> None:
    gateway = await start()
    person = world.staff("coordinator")
    ticket = (await issue_ticket(world.database, token=person.token, clock=CLOCK)).ticket
    first = await gateway.device(person, ticket=ticket)
    assert (await first.next())["type"] == "snapshot"
    second = await gateway.device(person, ticket=ticket)
    assert (await second.next())["code"] == "ticket_refused"
    assert await second.close_code() == 4001


async def test_a_refused_ticket_wastes_a_place_among_strangers_and_a_good_one_does_not(
    world: World, start: Start
) -> None:
    gateway = await start(wasted_place_s=60.0)
    await gateway.live(world.staff("coordinator"))
    assert "responder_live_unauthenticated_connections 0\n" in gateway.gateway.metrics.text()
    refused = await gateway.device(world.staff("coordinator"), ticket="0123456789abcdef")
    assert await refused.close_code() == 4001
    assert "responder_live_unauthenticated_connections 1\n" in gateway.gateway.metrics.text()


async def test_another_circle_is_not_there_for_strangers(world: World, start: Start) -> None:
    gateway = await start()
    device = await gateway.device(world.staff("coordinator"), circle_id=uuid4())
    assert (await device.next())["code"] == "not_found"
    assert await device.close_code() == 4003


async def test_no_client_is_let_in_while_an_alert_goes_out(
    world: World, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alert_priority, "LONGEST_WAIT_S", 0.5)
    monkeypatch.setattr(gateway_module, "SENDING_S", 60.0)
    gateway = await start()
    staff = world.staff("coordinator")
    device = await gateway.live(staff)
    detail = await world.raise_alert()
    await device.next_event("alert_raised")
    began_s = time.monotonic()
    late = await gateway.device(staff)
    assert time.monotonic() - began_s >= 0.3
    assert (await late.next())["type"] == "snapshot"
    await world.end(detail)


async def test_an_alert_comes_to_those_who_are_called_and_to_staff_and_to_no_one_else(
    world: World, start: Start
) -> None:
    gateway = await start()
    called = [await gateway.live(world.responder(number=number)) for number in range(4)]
    staff = await gateway.live(world.staff("coordinator"))
    dispatcher = await gateway.live(
        next(p for p in world.town.staff if p.role == "dispatcher" and p.village == 0)
    )
    others = [
        await gateway.live(world.responder(village=1)),
        await gateway.live(world.responder(on_duty=False)),
        await gateway.live(next(p for p in world.town.staff if p.role == "dispatcher" and p.village == 1)),
    ]
    detail = await world.raise_alert(village=0)
    for device in (*called, staff, dispatcher):
        event = await device.next_event("alert_raised")
        deliveries = event["event"]["detail"]["deliveries"]
        assert {d["recipient_id"] for d in deliveries} == {
            str(person) for person in expected_recipients(world.town, village=0)
        }
    for device in others:
        assert [m for m in await device.silence(for_s=0.5) if str(detail.incident.id) in str(m)] == []
    await world.end(detail)


async def test_a_receipt_is_stored_answered_and_told_to_staff(world: World, start: Start) -> None:
    gateway = await start()
    device = await gateway.live(world.responder())
    staff = await gateway.live(world.staff("coordinator"))
    detail = await world.raise_alert()
    event = await device.next_event("alert_raised")
    [alert] = event["event"]["detail"]["alerts"]
    action = await device.receipt(alert["id"], "delivered")
    stored = await device.next("receipt_stored")
    assert stored["action_id"] == str(action)
    assert stored["state"] == "delivered"
    await device.receipt(alert["id"], "accepted")
    assert (await device.next("receipt_stored"))["state"] == "accepted"
    await device.receipt(alert["id"], "seen")
    assert (await device.next("receipt_stored"))["state"] == "accepted", "a late message never takes it back"

    me = str(world.responder().responder_id)
    states = []
    async with asyncio.timeout(PATIENCE_S):
        while "accepted" not in states:
            message = await staff.next("event")
            body = message["event"]
            moved = body.get("deliveries", [])
            states += [d["state"] for d in moved if d["recipient_id"] == me]
    assert "delivered" in states
    async with world.database.snapshot() as transaction:
        now = await transaction.incidents.detail(detail.incident.circle_id, detail.incident.id)
    [mine] = [d for d in now.deliveries if str(d.recipient_id) == me]
    assert mine.state is DeliveryState.ACCEPTED
    await world.end(detail)


async def test_a_message_in_pieces_is_taken_too(world: World, start: Start) -> None:
    gateway = await start()
    device = await gateway.live(world.responder())
    detail = await world.raise_alert()
    action = uuid4()
    receipt = {
        "type": "receipt",
        "action_id": str(action),
        "alert_id": str(detail.alerts[0].id),
        "state": "delivered",
        "at": CLOCK.now().isoformat(),
    }
    text = json.dumps(receipt)
    await device.client.send([text[:20], text[20:]])
    assert (await device.next("receipt_stored"))["action_id"] == str(action)
    await world.end(detail)


async def test_what_is_no_text_closes_the_socket(world: World, start: Start) -> None:
    gateway = await start()
    device = await gateway.live(world.responder())
    await device.client.send(b'{"type":"\xff"}', text=True)
    assert await device.close_code() == 1007


async def test_the_same_action_sent_twice_is_stored_once_and_answered_twice(
    world: World, start: Start
) -> None:
    gateway = await start()
    device = await gateway.live(world.responder())
    detail = await world.raise_alert()
    action = uuid4()
    for _ in range(2):
        await device.receipt(detail.alerts[0].id, "delivered", action_id=action)
        assert (await device.next("receipt_stored"))["action_id"] == str(action)
    await world.end(detail)


async def test_a_receipt_for_an_alert_of_others_is_refused_and_the_socket_stays(
    world: World, start: Start
) -> None:
    gateway = await start()
    stranger = await gateway.live(world.responder(village=1))
    detail = await world.raise_alert(village=0)
    action = await stranger.receipt(detail.alerts[0].id, "accepted")
    refused = await stranger.next("refused")
    assert (refused["code"], refused["action_id"]) == ("not_found", str(action))
    await stranger.send(type="what")
    assert (await stranger.next("refused"))["code"] == "invalid_message"
    await world.end(detail)


async def test_a_client_that_comes_back_is_sent_once_what_it_missed(world: World, start: Start) -> None:
    gateway = await start()
    person = world.responder()
    device = await gateway.live(person)
    before = device.heard[0]["snapshot"]
    await device.client.close()
    missed = await world.raise_alert()
    back = await gateway.device(person, **position(before))
    resumed = await back.next()
    assert resumed["type"] == "resumed"
    event = await back.next_event("alert_raised")
    assert event["event"]["detail"]["incident"]["id"] == str(missed.incident.id)
    await world.end(missed)
    await back.next_event("incident_ended")
    seqs = [message["seq"] for message in back.heard if message["type"] == "event"]
    assert seqs == sorted(set(seqs))
    assert min(seqs) > before["seq"]


async def test_the_log_says_who_got_an_alert_live_by_resuming_and_with_a_first_snapshot(
    world: World, start: Start
) -> None:
    gateway = await start()
    away, late, there = (world.responder(number=number) for number in range(3))
    device = await gateway.live(away)
    before = device.heard[0]["snapshot"]
    await device.client.close()
    other = await gateway.live(there)
    with structlog.testing.capture_logs() as logged:
        detail = await world.raise_alert(exercise=True)
        await other.next_event("alert_raised")
        back = await gateway.device(away, **position(before))
        await back.next_event("alert_raised")
        await gateway.live(late)
        async with asyncio.timeout(PATIENCE_S):
            while len(dispatch_log(logged, detail)) < 3:  # noqa: ASYNC110 - the log is a list
                await asyncio.sleep(0.1)
    assert dispatch_log(logged, detail) == {("live", 1, True), ("resumed", 1, True), ("snapshot", 1, True)}
    await world.end(detail)


async def test_who_comes_on_duty_is_called_to_an_open_incident_as_others_were(
    world: World, start: Start
) -> None:
    gateway = await start(resend_after_s=1)
    person = world.responder(on_duty=False)
    [unit_id] = (await world.viewer(person)).unit_ids
    device = await gateway.live(person)
    office = await world.viewer(world.staff("coordinator"))
    detail = await world.raise_alert()

    async def put(*, on_duty: bool) -> None:
        await set_duty(
            world.database, world.roads, viewer=office, unit_id=unit_id, on_duty=on_duty, clock=CLOCK
        )

    with structlog.testing.capture_logs() as logged:
        await put(on_duty=True)
        told = (await device.next_event("alert_extended"))["event"]["detail"]
        [call] = [each for each in told["deliveries"] if each["recipient_id"] == str(person.responder_id)]
        assert (told["incident"]["id"], call["state"]) == (str(detail.incident.id), "queued")
        # That it was sent is stored after it was: the first reminder may not know it, one of the next does.
        reminded = [call]
        async with asyncio.timeout(PATIENCE_S):
            while reminded[0]["state"] == "queued":
                told = (await device.next("reminder"))["detail"]
                assert told["incident"]["id"] == str(detail.incident.id)
                reminded = [
                    each for each in told["deliveries"] if each["recipient_id"] == call["recipient_id"]
                ]
    assert [each["state"] for each in reminded] == ["sent"]
    # The device was no part of the alert before.
    assert ("live", 1, False) in dispatch_log(logged, detail)
    await put(on_duty=False)
    await world.end(detail)


def dispatch_log(logged: list[Any], detail: IncidentDetail) -> set[tuple[str, int, bool]]:
    """Return what the log says of an alert: how it was passed on, to how many sockets, and whether real."""
    ids = (str(detail.incident.circle_id), str(detail.incident.id), str(detail.alerts[0].id))
    return {
        (line["how"], line["sockets"], line["exercise"])
        for line in logged
        if line["event"] == "alert_dispatched" and (line["circle"], line["incident"], line["alert"]) == ids
    }


async def test_a_client_of_another_epoch_or_ahead_of_the_log_starts_afresh(
    world: World, start: Start
) -> None:
    gateway = await start()
    person = world.staff("observer")
    await world.end(await world.raise_alert())
    had = position((await gateway.live(person)).heard[0]["snapshot"])
    for unknown in (
        {"epoch": "another"},
        {"seq": 10**9},
        {"seq": 0},
        {"event_id": str(uuid4())},
        # A page that was loaded before events had ids.
        {"event_id": None},
        {"epoch": "another", "seq": 0, "event_id": None},
    ):
        device = await gateway.device(person, **had | unknown)
        assert (await device.next())["type"] == "snapshot", unknown
    assert (await (await gateway.device(person, **had)).next())["type"] == "resumed"


async def test_alerts_come_without_any_wake_up_by_the_poll(world: World, start: Start) -> None:
    gateway = await start(with_wakeups=False)
    device = await gateway.live(world.responder())
    detail = await world.raise_alert()
    await device.next_event("alert_raised")
    await world.end(detail)


async def test_a_stop_closes_all_sockets_to_come_back(world: World, start: Start) -> None:
    gateway = await start()
    device = await gateway.live(world.responder())
    await gateway.gateway.stop()
    assert await device.close_code() == 1012

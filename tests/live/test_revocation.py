"""Who may stay: sessions that end, memberships that change, and many looked up together."""

import asyncio
from uuid import uuid4

import psycopg
import pytest

from responder.domain.ids import AccountId, CircleId, UnitId
from responder.live.circle.hub import Hub
from responder.live.gateway import Gateway
from responder.live.protocol.close_codes import NOT_ALLOWED, RESYNC
from responder.live.sync import revocation
from responder.live.sync.revocation import PUT_OFF_S, RevocationMonitor
from responder.security.sign_in import sign_out
from responder.services.people.change_person import PersonChange, change_person
from responder.store.install_state import libpq_url
from tests.live.conftest import CLOCK, Start, World
from tests.patience import PATIENCE_S


async def test_an_ended_session_closes_its_socket_within_five_seconds(world: World, start: Start) -> None:
    gateway = await start()
    person = world.responder(village=1, number=3)
    device = await gateway.live(person)
    await sign_out(world.database, token=person.token, clock=CLOCK)
    assert await device.close_code() == 4001


async def test_an_alert_keeps_no_ended_session_open(
    world: World, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Gateway, "idle_in_s", 3600.0)
    gateway = await start()
    person = world.responder(village=0, number=3)
    device = await gateway.live(person)
    await sign_out(world.database, token=person.token, clock=CLOCK)
    assert await device.close_code() == 4001


async def test_a_round_lets_an_alert_and_its_receipts_go_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop = asyncio.get_running_loop()
    looked_at: list[float] = []

    async def note(*_: object) -> None:
        looked_at.append(loop.time())

    monkeypatch.setattr(RevocationMonitor, "_check_sessions", note)
    monkeypatch.setattr(revocation, "_batches", lambda _: [(), ()])
    began = loop.time()
    alert_until = began + 0.2
    hub = Hub(world.database, clock=CLOCK)
    rounds = RevocationMonitor(
        world.database,
        hub,
        clock=CLOCK,
        interval_s=3600,
        idle_in_s=lambda: max(0.0, alert_until - loop.time()),
    )
    await rounds.check()
    assert [0.19 < at - began < PUT_OFF_S for at in looked_at] == [True, True]


async def test_many_are_looked_up_together_as_each_alone(world: World) -> None:
    circle_id = CircleId(world.town.circle_id)
    people = [*world.town.people]
    async with world.database.begin() as transaction:
        accounts = [AccountId(person.account_id) for person in people]
        found = await transaction.admissions.viewers(circle_id, [*accounts, AccountId(uuid4())])
        alone = {each: await transaction.memberships.viewer(each, circle_id) for each in accounts}
    assert found == alone


async def test_a_person_who_is_removed_or_gets_another_role_starts_afresh_before_the_next_round(
    world: World, start: Start
) -> None:
    # In a circle of thousands the round that looks at some would come to them too late.
    gateway = await start(session_check_s=3600.0)
    circle_id = CircleId(world.town.circle_id)
    staying, promoted, removed = [world.responder(village=1, number=number) for number in range(3)]
    devices = [await gateway.live(person) for person in (staying, promoted, removed)]
    async with await psycopg.AsyncConnection.connect(libpq_url(world.url)) as connection:
        await connection.execute("SELECT act_as_system(NULL)")
        await connection.execute(
            "UPDATE membership SET role = 'observer' WHERE account_id = %s", [promoted.account_id]
        )
        await connection.execute("DELETE FROM membership WHERE account_id = %s", [removed.account_id])
    async with asyncio.timeout(PATIENCE_S):
        assert await devices[1].close_code() == RESYNC
        assert await devices[2].close_code() == RESYNC
    again = await gateway.device(promoted)
    assert (await again.next("snapshot"))["viewer"]["role"] == "observer"
    assert await (await gateway.device(removed)).close_code() == NOT_ALLOWED
    assert devices[0].client.state.name == "OPEN"
    assert {session.viewer.circle_id for session in gateway.gateway.hub.sessions} == {circle_id}


async def test_a_person_who_comes_back_to_a_called_unit_hears_of_it_and_can_answer_at_once(
    world: World, start: Start
) -> None:
    # Neither the round that looks at some nor the one that looks at everyone in a circle that was changed.
    gateway = await start(session_check_s=3600.0)
    office = await world.viewer(world.staff("coordinator"))
    console = await gateway.live(world.staff("coordinator"))
    person = world.responder(village=0)
    unit_ids = tuple((await world.viewer(person)).unit_ids)
    device = await gateway.live(person)
    alert = (await world.raise_alert(village=0)).alerts[0]
    await device.next_event("alert_raised")
    await device.receipt(alert.id, "accepted")
    await console.next_event("deliveries_updated")

    async def be_in(*units: UnitId) -> None:
        change = PersonChange(fields=frozenset({"unit_ids"}), unit_ids=units)
        account_id = AccountId(person.account_id)
        await change_person(world.database, viewer=office, account_id=account_id, change=change, clock=CLOCK)

    async with asyncio.timeout(PATIENCE_S):
        await be_in()
        assert await device.close_code() == RESYNC
        device = await gateway.device(person)
        assert (await device.next("snapshot"))["snapshot"]["incidents"] == []
    async with asyncio.timeout(PATIENCE_S):
        await be_in(*unit_ids)
        assert await device.close_code() == RESYNC
        device = await gateway.device(person)
        told = await device.next("snapshot")
    [incident] = told["snapshot"]["incidents"]
    [call] = [
        each for each in incident["deliveries"] if each["recipient_id"] in told["viewer"]["responder_ids"]
    ]
    assert (call["alert_id"], call["state"]) == (str(alert.id), "queued")
    whole = (await console.next_event("alert_extended"))["event"]["detail"]
    assert call["recipient_id"] in {each["recipient_id"] for each in whole["deliveries"]}
    action = await device.receipt(alert.id, "accepted")
    stored = await device.next("receipt_stored")
    assert (stored["action_id"], stored["state"]) == (str(action), "accepted")

"""The database below a running gateway becomes another one: nothing of the old log is taken for the new."""

import asyncio
from collections.abc import Collection

import psycopg
import pytest

from responder.domain.ids import CircleId
from responder.live.protocol.close_codes import RESYNC
from responder.ports.incidents import CircleHead
from responder.services.circles.begin_epochs import begin_epochs
from responder.store.incidents.event import PostgresEvents
from responder.store.install_state import libpq_url
from tests.live.conftest import CLOCK, Start, World, position
from tests.patience import PATIENCE_S

OTHER_EVENT = """
    WITH head AS (UPDATE circle SET event_id = gen_random_uuid() WHERE id = %s RETURNING id, seq, event_id)
    UPDATE event SET id = head.event_id FROM head WHERE event.circle_id = head.id AND event.seq = head.seq
"""
ONE_EVENT_LESS = """
    WITH last AS (DELETE FROM event WHERE (circle_id, seq) = (SELECT id, seq FROM circle WHERE id = %s))
    UPDATE circle SET (seq, event_id) = (
        SELECT seq, id FROM event WHERE circle_id = circle.id AND seq = circle.seq - 1
    )
    WHERE id = %s
"""


async def become_another(world: World, way: str) -> None:
    circle_id = world.town.circle_id
    if way == "epoch":
        await begin_epochs(world.database, clock=CLOCK)
        return
    with psycopg.connect(libpq_url(world.url)) as owner:
        if way == "shorter":
            owner.execute(ONE_EVENT_LESS, (circle_id, circle_id))
        else:
            owner.execute(OTHER_EVENT, (circle_id,))
    if way == "longer":
        await world.end(await world.raise_alert())


@pytest.mark.parametrize("way", ["epoch", "shorter", "as long", "longer"])
async def test_a_client_is_not_resumed_from_the_memory_of_a_log_that_is_gone(
    world: World, start: Start, way: str
) -> None:
    await world.end(await world.raise_alert())
    # Nothing but the client tells the gateway that there is something to look at.
    gateway = await start(with_wakeups=False, poll_s=3600)
    person = world.staff("observer")
    there = await gateway.live(person)
    had = position(there.heard[0]["snapshot"])
    assert (await (await gateway.device(person, **had)).next())["type"] == "resumed"

    await become_another(world, way)
    back = await gateway.device(person, **had)
    first = await back.next()
    assert first["type"] == "snapshot"
    async with world.database.begin() as transaction:
        head = await transaction.circles.head(CircleId(world.town.circle_id))
    now = position(first["snapshot"])
    assert now == {"epoch": head.epoch, "seq": head.seq, "event_id": str(head.event_id)}
    assert await there.close_code() == RESYNC
    assert (await (await gateway.device(person, **now)).next())["type"] == "resumed"


async def test_a_log_that_grows_while_heads_are_compared_is_the_same_log(
    world: World, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway = await start(poll_s=0.1)
    device = await gateway.live(world.staff("observer"))
    [channel] = gateway.gateway.hub.channels
    compared = asyncio.Event()
    original = PostgresEvents.heads

    async def heads(events: PostgresEvents, circle_ids: Collection[CircleId]) -> dict[CircleId, CircleHead]:
        found = await original(events, circle_ids)
        if not compared.is_set():
            before = channel.last_seq
            await world.end(await world.raise_alert())
            while channel.last_seq < before + 2:  # noqa: ASYNC110 - the relay has no event for it
                await asyncio.sleep(0.01)
            compared.set()
        return found

    monkeypatch.setattr(PostgresEvents, "heads", heads)
    async with asyncio.timeout(PATIENCE_S):
        await compared.wait()
    await device.next_event("incident_ended")
    # A closed socket would end the silence with an exception.
    await device.silence(for_s=0.5)
    assert gateway.gateway.hub.channels == (channel,)

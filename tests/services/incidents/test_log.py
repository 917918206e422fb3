import asyncio
import random

import pytest

from responder.domain.incidents.event import UnitChanged
from responder.domain.map.unit import Unit
from tests.services.conftest import World
from tests.services.log import addressed_events, log_head

WRITERS = 50


async def test_numbers_have_no_gaps_and_come_in_the_order_of_commit(world: World) -> None:
    """A reader that ever sees number n without all before it would miss an event for good."""
    async with world.database.begin() as transaction:
        [unit, *_] = await transaction.layer(Unit).of_circle(world.circle.id)
    generator = random.Random(4)  # noqa: S311 - the same pauses every time
    pauses_s = [generator.random() / 50 for _ in range(WRITERS)]

    async def write(pause_s: float) -> int:
        async with world.database.begin() as transaction:
            seq = await transaction.record(world.circle.id, UnitChanged(unit=unit), at=world.clock.now())
            await asyncio.sleep(pause_s)
        return seq

    async def read(until: int) -> None:
        seen = 0
        while seen < until:
            events = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
            numbers = [event.recorded.seq for event in events]
            assert numbers == list(range(1, len(numbers) + 1))
            seen = len(numbers)

    reading = asyncio.create_task(read(WRITERS))
    numbers = await asyncio.gather(*(write(pause_s) for pause_s in pauses_s))
    await asyncio.wait_for(reading, 30)
    assert sorted(numbers) == list(range(1, WRITERS + 1))
    head = await log_head(world.database, circle_id=world.circle.id)
    assert head.seq == WRITERS


async def test_a_transaction_that_fails_leaves_no_number_behind(world: World) -> None:
    class SomethingBrokeError(Exception):
        pass

    async with world.database.begin() as transaction:
        [unit, *_] = await transaction.layer(Unit).of_circle(world.circle.id)

    async def fail_after_recording() -> None:
        async with world.database.begin() as transaction:
            await transaction.record(world.circle.id, UnitChanged(unit=unit), at=world.clock.now())
            raise SomethingBrokeError

    with pytest.raises(SomethingBrokeError):
        await fail_after_recording()
    async with world.database.begin() as transaction:
        assert await transaction.record(world.circle.id, UnitChanged(unit=unit), at=world.clock.now()) == 1


async def test_an_alert_and_its_deliveries_and_its_event_are_there_together_or_not_at_all(
    world: World,
) -> None:
    detail = await world.raise_at()
    [event] = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    assert event.recorded.event.kind == "alert_raised"
    assert event.recorded.event.detail == detail
    assert event.audience is not None
    assert event.audience.recipient_ids == {delivery.recipient_id for delivery in detail.deliveries}

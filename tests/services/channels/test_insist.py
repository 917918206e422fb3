"""The ladder insists: who has not answered is told by the next channel, also when a device has the alert."""

import asyncio
import logging

import pytest
from sqlalchemy import text

from responder.domain.channels.contact import ContactChannel
from responder.domain.incidents.delivery import DeliveryState
from responder.services.ladder.next_channel import by_next_channel
from responder.services.ladder.run_steps import run_due_steps
from responder.services.security_context import as_system
from tests.patience import PATIENCE_S
from tests.services.channels.world import Post
from tests.services.ladder.conftest import Night

WEN = "hospital.wen"


async def test_a_sleeping_person_whose_phone_has_the_alert_is_told_by_the_next_channel(post: Post) -> None:
    world = post.world
    night = Night(world)
    await post.contact(WEN, await post.service(ContactChannel.NTFY), turn=0, address="wen")
    await post.contact(WEN, await post.service(ContactChannel.VOICE), turn=1)
    detail = await night.raises()
    await night.answers(detail, WEN, DeliveryState.DELIVERED)
    world.clock.move(seconds=29)
    await post.round()
    # The device has it: nothing was sent, and by itself nothing would be.
    assert post.fake.sent == []
    world.clock.move(seconds=1)
    decided = await run_due_steps(
        world.database, world.circle.id, clock=world.clock, next_channel=by_next_channel
    )
    assert [step.called for step in decided] == [16]
    await post.round()
    assert [message.channel for message in post.fake.sent] == [ContactChannel.NTFY]


async def test_who_has_answered_is_not_told_again(post: Post) -> None:
    world = post.world
    night = Night(world)
    await post.contact(WEN, await post.service(ContactChannel.NTFY), turn=0, address="wen")
    await post.contact(WEN, await post.service(ContactChannel.VOICE), turn=1)
    detail = await night.raises()
    await night.answers(detail, WEN, DeliveryState.DECLINED)
    world.clock.move(seconds=30)
    decided = await run_due_steps(
        world.database, world.circle.id, clock=world.clock, next_channel=by_next_channel
    )
    assert [step.called for step in decided] == [15]
    await post.round()
    assert post.fake.sent == []


CLAIM = text(
    "UPDATE outgoing_message SET state = 'sent', attempts = 1, leased_until = now() + interval '25 s'"
    " WHERE circle_id = :circle_id"
)
HELD_UP = (
    "SELECT count(*) FROM pg_locks JOIN pg_stat_activity AS session USING (pid)"
    " WHERE NOT granted AND session.datname = current_database()"
)


async def test_a_message_that_is_sent_just_then_is_left_alone(
    post: Post, caplog: pytest.LogCaptureFixture
) -> None:
    world = post.world
    await post.contact(WEN, await post.service(ContactChannel.NTFY), address="wen")
    detail = await Night(world).raises()
    world.clock.move(seconds=30)
    with as_system():
        async with world.database.begin() as transaction:
            connection = transaction._connection  # type: ignore[attr-defined]  # noqa: SLF001 - below the ports
            await connection.execute(CLAIM, {"circle_id": world.circle.id})
            step = asyncio.create_task(
                run_due_steps(
                    world.database, world.circle.id, clock=world.clock, next_channel=by_next_channel
                )
            )
            async with asyncio.timeout(PATIENCE_S):
                while (await post.rows(HELD_UP))[0][0] == 0:  # noqa: ASYNC110 - another session
                    await asyncio.sleep(0.02)
    assert [each.called for each in await step] == [16]
    assert [each.message for each in caplog.records if each.levelno >= logging.ERROR] == []
    assert await post.states(detail.incident.id) == ["sent"]

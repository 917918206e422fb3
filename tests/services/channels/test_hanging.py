"""Services that answer nothing for a while, and all others beside them."""

import asyncio
from datetime import timedelta

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import MessagePurpose, OutgoingMessage, Verdict
from responder.domain.channels.service import ChannelService
from responder.services.channels.message_worker import REQUESTS_AT_ONCE, REQUESTS_TO_ONE_SERVICE
from tests.services.channels.world import ACCEPTED, FakeService, Post

WEN = "hospital.wen"


async def queue(post: Post, username: str, service: ChannelService, count: int) -> None:
    contact = await post.contact(username, service, address="+8613800001234")
    now = post.world.clock.now()
    async with post.world.database.begin() as transaction:
        for _ in range(count):
            await transaction.messages.add(
                contact, purpose=MessagePurpose.SELF_TEST, now=now, expires_at=now + timedelta(minutes=10)
            )


async def test_services_that_hang_leave_room_for_one_that_does_not(post: Post) -> None:
    go_on = asyncio.Event()

    async def hangs() -> Verdict:
        await go_on.wait()
        return ACCEPTED

    told: list[OutgoingMessage] = []

    def answer(message: OutgoingMessage) -> Verdict | asyncio.Future[Verdict]:
        if message.channel is ContactChannel.NTFY:
            told.append(message)
            return ACCEPTED
        return asyncio.ensure_future(hangs())

    hanging = [await post.service(channel) for channel in 3 * [ContactChannel.SMS, ContactChannel.VOICE]]
    for service in hanging:
        await queue(post, "community", service, REQUESTS_TO_ONE_SERVICE + 10)
    worker = post.worker(FakeService(answer=answer))
    for _ in range(3):
        await worker.step()
    await queue(post, WEN, await post.service(ContactChannel.NTFY), 10)
    async with asyncio.timeout(30):
        while len(told) < 10:
            await worker.step()
            assert len(worker._sending) <= REQUESTS_AT_ONCE  # noqa: SLF001 - how many there are is the point
    go_on.set()
    await worker.finish()

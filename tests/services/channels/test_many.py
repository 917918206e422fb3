import asyncio
from contextlib import suppress

import pytest

from responder.domain.channels.message import OutgoingMessage, Verdict
from responder.services.channels import message_worker
from responder.services.channels.message_worker import REQUESTS_TO_ONE_SERVICE
from tests.patience import PATIENCE_S
from tests.services.channels.test_worker import add_people
from tests.services.channels.world import ACCEPTED, FakeService, Post

PEOPLE = 4 * REQUESTS_TO_ONE_SERVICE


async def test_requests_that_end_let_the_next_go_though_nothing_is_polled(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(message_worker, "POLL_S", 10 * PATIENCE_S)
    await add_people(post, PEOPLE, (await post.service()).id)
    await post.world.raise_at()
    post.world.clock.move(seconds=1)
    all_sent = asyncio.Event()

    async def answer(message: OutgoingMessage) -> Verdict:  # noqa: ARG001 - as a service's
        await asyncio.sleep(0)
        if len(fake.sent) == PEOPLE:
            all_sent.set()
        return ACCEPTED

    fake = FakeService(answer=answer)  # type: ignore[arg-type]
    running = asyncio.create_task(post.worker(fake).run())
    try:
        async with asyncio.timeout(PATIENCE_S):
            await all_sent.wait()
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running

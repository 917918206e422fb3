"""A process that sends, says so, and waits for an answer that never comes: to be killed."""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import OutgoingMessage, Verdict
from responder.services.channels.message_worker import MessageWorker
from responder.store.database import connect


@dataclass
class StoppedClock:
    time: datetime

    def now(self) -> datetime:
        return self.time


class Hanging:
    async def send(self, message: OutgoingMessage, *, service: Mapping[str, str]) -> Verdict:  # noqa: ARG002 - as a Sender
        print(message.id, flush=True)  # noqa: T201 - what the test waits for
        await asyncio.Event().wait()
        raise AssertionError


async def main(url: str, at: str) -> None:
    worker = MessageWorker(
        connect(url),
        dict.fromkeys(ContactChannel, Hanging()),
        clock=StoppedClock(datetime.fromisoformat(at)),
        page_url="http://page.example/",
    )
    await worker.run()


asyncio.run(main(*sys.argv[1:]))

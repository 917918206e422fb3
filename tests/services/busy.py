"""An alert that is in hand for as long as a test wants."""

import asyncio

from responder.security.alert_priority import AlertPriority


class Busy(AlertPriority):
    """An alert that is in hand until it is `over`."""

    def __init__(self) -> None:
        super().__init__()
        self.waited_for, self.over = asyncio.Event(), asyncio.Event()

    async def wait_until_idle(self) -> None:
        self.waited_for.set()
        await self.over.wait()

"""Where long computations of a process wait for their turn, out of the way of alerts."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from responder.domain.errors import BusyError
from responder.services.concurrency import run_in_thread

MOST_WAITING = 8
MOST_ASKING = 8
RETRY_AFTER_S = 5

Result = TypeVar("Result")


class JobQueue:
    """Jobs are done one after the other; short questions one at a time beside them."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(1)
        self._tasks: set[asyncio.Task[None]] = set()
        self._counter = asyncio.Semaphore(1)
        self._asking = 0

    def require_room(self) -> None:
        """
        Refuse what would have to wait behind too many.

        Raises
        ------
        BusyError
            Enough is waiting.
        """
        if len(self._tasks) >= MOST_WAITING:
            raise BusyError(retry_after_s=RETRY_AFTER_S)

    def submit(self, job: Callable[[asyncio.Semaphore], Awaitable[None]]) -> None:
        """Let a job be done; it is given the turn to wait for."""

        async def done() -> None:
            await job(self._turn)

        task = asyncio.create_task(done())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def ask(self, work: Callable[[], Result]) -> Result:
        """
        Answer a question that takes seconds.

        Raises
        ------
        BusyError
            Too many are asking.
        """
        if self._asking >= MOST_ASKING:
            raise BusyError(retry_after_s=RETRY_AFTER_S)
        self._asking += 1
        try:
            async with self._counter:
                return await run_in_thread(work)
        finally:
            self._asking -= 1

    async def idle(self) -> None:
        """Wait until no job is left."""
        while self._tasks:
            await asyncio.wait(self._tasks)

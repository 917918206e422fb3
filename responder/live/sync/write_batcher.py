"""Batches writes, so that many devices need few transactions."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Generic, TypeVar

from responder.domain.ids import CircleId
from responder.ports import DatabaseAwayError

Item = TypeVar("Item")

_log = logging.getLogger(__name__)

RETRY_S = 0.5
"""Pause before a batch that could not be stored is tried again, one by one."""

TRIES = 20
"""How often one item is tried by itself before it is given back."""


_IN_VAIN = (ValueError, TypeError, ArithmeticError, LookupError)
"""The item itself is at fault: what others report does not wait for it to be tried again."""


class WriteBatcher(Generic[Item]):
    """
    Keeps what comes in, in order for each circle, and hands it on in batches, one circle's batch at a time.

    All writers to a circle's log queue for one lock, so one writer with a batch is faster than many.
    """

    def __init__(
        self,
        store: Callable[[CircleId, Sequence[Item]], Awaitable[None]],
        *,
        on_rejected: Callable[[Item], None],
        batch: int,
        gather_s: float,
    ) -> None:
        self._store = store
        self._give_back = on_rejected
        self._batch = batch
        self._gather_s = gather_s
        self._waiting: dict[CircleId, deque[Item]] = {}
        self._working: dict[CircleId, asyncio.Task[None]] = {}

    @property
    def depth(self) -> int:
        return sum(len(waiting) for waiting in self._waiting.values())

    async def flushed(self, circle_id: CircleId, *, within_s: float) -> None:
        """Wait until nothing of the circle waits or is being stored, but no longer than that."""
        working = self._working.get(circle_id)
        if working is not None:
            await asyncio.wait({working}, timeout=within_s)

    def put(self, circle_id: CircleId, *items: Item) -> None:
        """Take something in. Never waits."""
        waiting = self._waiting.get(circle_id)
        if waiting is not None:
            waiting.extend(items)
        elif items:
            self._waiting[circle_id] = deque(items)
            self._working[circle_id] = asyncio.create_task(self._work(circle_id))

    async def finish(self, *, within_s: float) -> None:
        """Store what waits; what is not stored in time is left to its senders, who will send it again."""
        with suppress(TimeoutError):
            async with asyncio.timeout(within_s):
                while self._working:
                    await asyncio.wait(self._working.values())
        working = tuple(self._working.values())
        for task in working:
            task.cancel()
        await asyncio.gather(*working, return_exceptions=True)

    async def _work(self, circle_id: CircleId) -> None:
        waiting = self._waiting[circle_id]
        failures = 0
        try:
            while waiting:
                # A whole batch has nothing to wait for.
                gather_s = self._gather_s if len(waiting) < self._batch else 0.0
                await asyncio.sleep(RETRY_S if failures else gather_s)
                size = 1 if failures else self._batch
                batch = [waiting.popleft() for _ in range(min(size, len(waiting)))]
                try:
                    await self._store(circle_id, batch)
                    failures = 0
                except Exception as error:  # noqa: BLE001 - nothing of the batch was stored, so all of it waits on
                    failures += 1
                    if not isinstance(error, DatabaseAwayError):
                        _log.warning("%d items could not be stored: %r", len(batch), error)
                    if failures > TRIES or (len(batch) == 1 and isinstance(error, _IN_VAIN)):
                        self._give_back(batch.pop(0))
                        failures = 0
                    waiting.extendleft(reversed(batch))
        finally:
            del self._working[circle_id]
            del self._waiting[circle_id]

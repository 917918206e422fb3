"""When a serving process collects garbage: not while an alert is sent."""

import asyncio
import gc
from collections.abc import Callable

_ROUND_S = 1.0
_PUT_OFF_AT_MOST_S = 10.0
"""The young generation is collected at least this often."""
WORTHWHILE = 1_000
"""Ended connections that justify a full collection; each leaves up to 20 KiB in cycles."""
PRESSING = 20_000
"""Ended connections that justify it even while an alert is sent."""
_EVERYTHING_S = 3600.0
"""A full collection runs this often even when few connections have ended."""


class GcScheduler:
    """
    Collects garbage when the process is idle.

    The interpreter would collect after many allocations: while a thousand receipts come in. With ten thousand
    open sockets that stops the process for half a second, and for longer in a full collection.

    Parameters
    ----------
    is_idle
        Returns whether no one waits for an answer.
    closed
        Returns how many connections have ended so far.
    worthwhile
        Ended connections that justify a full collection when idle.
    """

    def __init__(
        self, *, is_idle: Callable[[], bool], closed: Callable[[], int], worthwhile: int = WORTHWHILE
    ) -> None:
        self._worthwhile = worthwhile
        self._is_idle = is_idle
        self._closed = closed
        self._closed_before = 0
        self._young_at = self._everything_at = 0.0

    async def run(self) -> None:
        """Make rounds, instead of the interpreter, until cancelled."""
        loop = asyncio.get_running_loop()
        gc.collect()
        # What was imported and started stays as long as the process.
        gc.freeze()
        self._young_at = self._everything_at = loop.time()
        gc.disable()
        try:
            while True:
                await asyncio.sleep(_ROUND_S)
                self.check(now=loop.time())
        finally:
            gc.enable()

    def check(self, *, now: float) -> None:
        closed = self._closed() - self._closed_before
        idle = self._is_idle()
        if closed >= PRESSING or (
            idle and (closed >= self._worthwhile or now - self._everything_at >= _EVERYTHING_S)
        ):
            gc.collect()
            self._closed_before += closed
            self._young_at = self._everything_at = now
        elif idle or now - self._young_at >= _PUT_OFF_AT_MOST_S:
            gc.collect(1)
            self._young_at = now

"""Alerts first: what is costly and can wait, waits here while an alert is computed."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

LONGEST_WAIT_S: Final = 1.0
"""However many alerts follow one another, whatever waits for them has its turn."""


class AlertPriority:
    """
    Tells all parts of a process, on one event loop, that an alert is in hand.

    Parameters
    ----------
    afterwards_s
        For so long an alert stays in hand when it has been computed: it goes out, and its receipts come.
    """

    def __init__(self, *, afterwards_s: float = 0.0) -> None:
        self._afterwards_s = afterwards_s
        self._in_hand = 0
        self._busy = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()

    @property
    def is_idle(self) -> bool:
        """Whether no alert is in hand."""
        return not self._in_hand

    @contextmanager
    def alert(self) -> Iterator[None]:
        """Have an alert in hand for the block."""
        self._in_hand += 1
        self._idle.clear()
        self._busy.set()
        try:
            yield
        finally:
            asyncio.get_running_loop().call_later(self._afterwards_s, self._end)

    def _end(self) -> None:
        self._in_hand -= 1
        if not self._in_hand:
            self._busy.clear()
            self._idle.set()

    async def wait_until_idle(self) -> None:
        """Wait while an alert is in hand, but not for ever."""
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST_WAIT_S):
                await self._idle.wait()

    async def give_way(self, pause: Callable[[], None], resume: Callable[[], None]) -> None:
        """Call `pause` when an alert comes and `resume` after it; be paused for at most half of the time."""
        loop = asyncio.get_running_loop()
        while True:
            await self._busy.wait()
            pause()
            began_s = loop.time()
            try:
                await self.wait_until_idle()
            finally:
                resume()
            await asyncio.sleep(loop.time() - began_s)

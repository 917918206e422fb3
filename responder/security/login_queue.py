"""Priority queue for password attempts: addresses with fewer failures go first, so that a flood waits."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from itertools import count
from time import monotonic
from typing import Final

from geo.lru import LruCache
from responder.domain.errors import BusyError, ResponderError, TooManyAttemptsError
from responder.security import hasher

WAITING_AT_MOST: Final = 20
"""Queue length. Beyond it, attempts get 429 at once."""
FAILED_WAITING_AT_MOST: Final = 6
"""Queue length from which addresses with recent failures get 429."""
FREE_FAILURES: Final = 2
"""Above this, attempts of an address wait for each other and for `COOLDOWN_S`."""
COME_AGAIN_S: Final = 3.0
LONGEST_WAIT_S: Final = 4.0
"""An attempt that waited this long gets 429 and frees its place."""
FAILED_LATELY_S: Final = 600.0
"""How long a failure counts."""
COOLDOWN_S: Final = 1.0
"""Pause after an attempt of such an address: all of them together get a fraction of a core."""
KEPT: Final = 20_000
SAY_EVERY_S: Final = 60.0

_log = logging.getLogger(__name__)


class LoginQueue:
    """
    Limits how many attempts use the database and hash passwords at a time.

    Addresses with fewer failures go first. The queue belongs to one event loop and counts only what its own
    process has seen; the delay after failures is counted in the database, see `LoginThrottle`.
    """

    def __init__(self, *, now_s: Callable[[], float] = monotonic, kept: int = KEPT) -> None:
        self._now_s = now_s
        self._failed: LruCache[str, tuple[int, float]] = LruCache(kept)
        """Failures by address, and when the last was."""
        self._waiting: list[tuple[int, int, asyncio.Future[None]]] = []
        """Failures, order of arrival, and what is set when it is its turn."""
        self._arrivals = count()
        self._free = hasher.AT_ONCE
        self._rested_at_s = 0.0
        self._turned_away = 0
        self._say_from_s = now_s()

    @asynccontextmanager
    async def slot(self, address: str) -> AsyncIterator[None]:
        """
        Wait for a slot and hold it for the block, which fails the attempt when it raises.

        Raises
        ------
        TooManyAttemptsError
            The queue is full, or the wait was too long.
        """
        await self._turn(self.failures(address))
        try:
            yield
        except BusyError:
            # Nothing was tried.
            raise
        except ResponderError:
            self.failed(address)
            raise
        else:
            self.succeeded(address)
        finally:
            if self.failures(address) > FREE_FAILURES:
                self._rested_at_s = self._now_s() + COOLDOWN_S
            self._leave()

    def failures(self, address: str) -> int:
        """Return the recent failures of an address."""
        failures, last_s = self._failed.get(address) or (0, 0.0)
        return failures if self._now_s() - last_s < FAILED_LATELY_S else 0

    def failed(self, address: str) -> None:
        """Count a failed attempt."""
        self._failed.put(address, (self.failures(address) + 1, self._now_s()))

    def succeeded(self, address: str) -> None:
        """Halve the failures after a success: a whole office may share one address."""
        if failures := self.failures(address):
            self._failed.put(address, (failures // 2, self._now_s()))

    async def _turn(self, failures: int) -> None:
        most = FAILED_WAITING_AT_MOST if failures else WAITING_AT_MOST
        if len(self._waiting) >= most:
            self._turned_away += 1
            if (now_s := self._now_s()) >= self._say_from_s:
                # At most one line a minute: a flood must not fill the disk.
                _log.warning("sign_in_rate_limited tries=%s", self._turned_away)
                self._turned_away, self._say_from_s = 0, now_s + SAY_EVERY_S
            raise TooManyAttemptsError(retry_after_s=COME_AGAIN_S)
        turn = asyncio.get_running_loop().create_future()
        mine = (failures, next(self._arrivals), turn)
        self._waiting.append(mine)
        self._call()
        try:
            async with asyncio.timeout(LONGEST_WAIT_S):
                await turn
        except BaseException as error:
            if mine in self._waiting:
                self._waiting.remove(mine)
            elif not turn.cancelled():
                # Its turn came at the same moment.
                self._leave()
            if isinstance(error, TimeoutError):
                raise TooManyAttemptsError(retry_after_s=COME_AGAIN_S) from None
            raise

    def _leave(self) -> None:
        self._free += 1
        self._call()

    def _call(self) -> None:
        """Give free slots to the first in the queue."""
        while self._waiting and self._free:
            first = min(self._waiting)
            failures, _, turn = first
            wait_s = self._rested_at_s - self._now_s()
            if failures > FREE_FAILURES and wait_s > 0:
                asyncio.get_running_loop().call_later(wait_s, self._call)
                return
            self._waiting.remove(first)
            if not turn.done():
                self._free -= 1
                turn.set_result(None)

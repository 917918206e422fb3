"""Priority queue for password attempts: addresses with fewer failures go first, so that a flood waits."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic
from typing import Final

from responder.domain.errors import TooManyAttemptsError
from responder.security import hasher

WAITING_AT_MOST: Final = 20
"""Queue length. Beyond it, attempts get 429 at once."""
FAILED_WAITING_AT_MOST: Final = 6
"""Share of the queue for addresses with recent failures: refusing a flood is cheaper than reading it."""
FREE_FAILURES: Final = 2
"""Above this, an address gets few slots; up to it, it only comes after addresses without failures."""
SLOW_WAITING_AT_MOST: Final = 4
COME_AGAIN_S: Final = 3.0
LONGEST_WAIT_S: Final = 4.0
"""An attempt that waited this long gets 429 and frees its place."""
FAILED_LATELY_S: Final = 600.0
"""How long a failure counts."""
COOLDOWN_FACTOR: Final = 5.0
"""Pause after an attempt of such an address, in multiples of its duration: they get a quarter of a core."""
LONGEST_REST_S: Final = 1.0
LOOK_AGAIN_S: Final = 0.02
KEPT: Final = 20_000
SAY_EVERY_S: Final = 60.0

_log = logging.getLogger(__name__)


@dataclass(slots=True, kw_only=True, eq=False)
class _Waiting:
    """An attempt in the queue."""

    address: str
    called: asyncio.Future[None]


class LoginQueue:
    """
    Limits how many sign-ins use the database and hash passwords at a time.

    Addresses with fewer failures go first. The queue belongs to one event loop and counts only what its own
    process has seen; the delay after failures is counted in the database, see `LoginThrottle`.
    """

    def __init__(self, *, now_s: Callable[[], float] = monotonic, kept: int = KEPT) -> None:
        self._now_s = now_s
        self._kept = kept
        self._failed: OrderedDict[str, tuple[int, float]] = OrderedDict()
        """Failures by address, and when the last was."""
        self._waiting: list[_Waiting] = []
        self._calling: asyncio.Task[None] | None = None
        self._in_hand = 0
        self._rested_at_s = 0.0
        self._turned_away = 0
        self._say_from_s = now_s()

    def require_room(self, address: str) -> None:
        """
        Refuse an attempt that would not get a slot, before its body is read.

        Raises
        ------
        TooManyAttemptsError
            `retry_after_s` says when to retry.
        """
        if self._place_for(self.failures(address)) is False:
            self._turn_away()

    @asynccontextmanager
    async def slot(self, address: str) -> AsyncIterator[None]:
        """
        Wait for a slot and hold it for the block.

        Raises
        ------
        TooManyAttemptsError
            The queue is full, or an attempt with fewer failures took the place.
        """
        self.require_room(address)
        gives_way = self._place_for(self.failures(address))
        if isinstance(gives_way, _Waiting):
            self._waiting.remove(gives_way)
            if not gives_way.called.done():
                gives_way.called.set_exception(TooManyAttemptsError(retry_after_s=COME_AGAIN_S))
        mine = _Waiting(address=address, called=asyncio.get_running_loop().create_future())
        self._waiting.append(mine)
        if self._calling is None:
            self._calling = asyncio.create_task(self._call())
        try:
            async with asyncio.timeout(LONGEST_WAIT_S):
                await mine.called
        except BaseException as error:
            if mine in self._waiting:
                self._waiting.remove(mine)
            elif not mine.called.cancelled() and mine.called.exception() is None:
                # It got the slot, but was cancelled before it used it.
                self._in_hand -= 1
            if isinstance(error, TimeoutError):
                raise TooManyAttemptsError(retry_after_s=COME_AGAIN_S) from None
            raise
        began_s = self._now_s()
        try:
            yield
        finally:
            self._in_hand -= 1
            if self.failures(address) > FREE_FAILURES:
                now_s = self._now_s()
                self._rested_at_s = now_s + min(LONGEST_REST_S, COOLDOWN_FACTOR * (now_s - began_s))

    def failures(self, address: str) -> int:
        """Return the recent failures of an address."""
        count, last_s = self._failed.get(address, (0, 0.0))
        return count if self._now_s() - last_s < FAILED_LATELY_S else 0

    def failed(self, address: str) -> None:
        """Count a failed attempt."""
        self._failed[address] = (self.failures(address) + 1, self._now_s())
        self._failed.move_to_end(address)
        # Drop the addresses whose last failure is the oldest.
        while len(self._failed) > self._kept:
            self._failed.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Halve the failures after a success: a whole office may share one address."""
        if failures := self.failures(address):
            self._failed[address] = (failures // 2, self._failed[address][1])

    def _place_for(self, failures: int) -> _Waiting | bool:
        """Return whether an attempt with so many failures may wait, or which attempt it replaces."""
        if failures > FREE_FAILURES:
            at_least, most = FREE_FAILURES + 1, SLOW_WAITING_AT_MOST
        elif failures:
            at_least, most = 1, FAILED_WAITING_AT_MOST
        else:
            at_least, most = 0, WAITING_AT_MOST
        rivals = [each for each in self._waiting if self.failures(each.address) >= at_least]
        if len(rivals) < most and len(self._waiting) < WAITING_AT_MOST:
            return True
        # The latest of those with most failures; attempts with about as many failures keep their place.
        last = max(reversed(rivals), key=lambda each: self.failures(each.address), default=None)
        return last if last is not None and self.failures(last.address) > 2 * failures else False

    async def _call(self) -> None:
        """Give the slot to one attempt after the other, until the queue is empty."""
        try:
            while self._waiting:
                if not self._call_one():
                    # It waits for the end of a pause or for a free slot; both come soon.
                    await asyncio.sleep(LOOK_AGAIN_S)
        finally:
            self._calling = None

    def _call_one(self) -> bool:
        if self._in_hand >= hasher.AT_ONCE or not self._waiting:
            return False
        first = min(self._waiting, key=lambda each: self.failures(each.address))
        if self.failures(first.address) > FREE_FAILURES and self._now_s() < self._rested_at_s:
            return False
        self._waiting.remove(first)
        if not first.called.done():
            self._in_hand += 1
            first.called.set_result(None)
        return True

    def _turn_away(self) -> None:
        self._turned_away += 1
        if (now_s := self._now_s()) >= self._say_from_s:
            # At most one line a minute: a flood must not fill the disk.
            _log.warning("sign_in_rate_limited tries=%s", self._turned_away)
            self._turned_away, self._say_from_s = 0, now_s + SAY_EVERY_S
        raise TooManyAttemptsError(retry_after_s=COME_AGAIN_S)

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
"""Of these so many from addresses that have failed: to read a flood costs more than to refuse it."""
FREE_FAILURES: Final = 2
"""With more failures an address is let in slowly; with fewer it only comes after those without."""
SLOW_WAITING_AT_MOST: Final = 4
COME_AGAIN_S: Final = 3.0
LONGEST_WAIT_S: Final = 4.0
"""An attempt that waited this long gets 429 and frees its place."""
FAILED_LATELY_S: Final = 600.0
"""How long a failure counts."""
COOLDOWN_FACTOR: Final = 5.0
"""After a turn of such an address the next of them waits five times as long: they get a quarter of a core."""
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
    Lets tries to sign in come to the database and to the hashing of passwords, few at a time.

    An address without failures goes before one with, and one with few before one with many. It is for one
    event loop, and knows only what its own process has seen; the delay after failures is
    counted in the database, see `Attempts`.
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
            `retry_after_s` says when to come again.
        """
        if self._place_for(self.failures(address)) is False:
            self._turn_away()

    @asynccontextmanager
    async def slot(self, address: str) -> AsyncIterator[None]:
        """
        Wait for one's turn, and have it for the block.

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
                # Called, and gone before they came.
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
        """Return how often tries from there failed lately."""
        count, last_s = self._failed.get(address, (0, 0.0))
        return count if self._now_s() - last_s < FAILED_LATELY_S else 0

    def failed(self, address: str) -> None:
        """Count a try that failed."""
        self._failed[address] = (self.failures(address) + 1, self._now_s())
        self._failed.move_to_end(address)
        # Those go whose last failure was longest ago.
        while len(self._failed) > self._kept:
            self._failed.popitem(last=False)

    def succeeded(self, address: str) -> None:
        """Let a success make up for half of the failures: a whole office may sit behind one address."""
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
                    # What it waits for is a time or a place, and either comes soon.
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
            # One line for all of a minute: a flood shall not fill the disk.
            _log.warning("sign_in_rate_limited tries=%s", self._turned_away)
            self._turned_away, self._say_from_s = 0, now_s + SAY_EVERY_S
        raise TooManyAttemptsError(retry_after_s=COME_AGAIN_S)

"""Make guessing slow: login failures are counted, and after some of them each attempt has to wait."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from functools import cache
from typing import Final, NamedTuple

from responder.domain.backoff import Counter
from responder.domain.errors import TooManyAttemptsError
from responder.ports import Database, Transaction
from responder.security.alert_priority import wait_until_idle

AT_ONCE: Final = 4
"""Tries that are at the database together: a flood of them must leave connections for everything else."""
WAITING_AT_MOST: Final = 200
COME_AGAIN_S: Final = 3.0


class Attempt(NamedTuple):
    """A try that may be made."""

    transaction: Transaction
    """The one that it was counted in."""
    failures: Mapping[str, int]
    """With this one, by the key of each counter."""


class LoginThrottle:
    """
    Lets tries begin, or says how long they have to wait.

    The database counts, for all processes and across restarts. What it refused is remembered here until it
    may try again, so that a flood is turned away without asking.
    """

    def __init__(self, *, kept: int = 20_000) -> None:
        self._kept = kept
        self._refused: OrderedDict[str, datetime] = OrderedDict()
        self._waiting = 0

    @asynccontextmanager
    async def attempt(
        self, database: Database, counters: Sequence[Counter], *, now: datetime
    ) -> AsyncIterator[Attempt]:
        """
        Count a try as failed until it is known to be none. It waits while an alert is worked out.

        Raises
        ------
        TooManyAttemptsError
            It comes too early; `retry_after_s` says how long to wait.
        """
        self.check(counters, now=now)
        if self._waiting >= WAITING_AT_MOST:
            raise TooManyAttemptsError(retry_after_s=COME_AGAIN_S)
        self._waiting += 1
        try:
            async with _places(asyncio.get_running_loop()):
                await wait_until_idle()
                async with database.begin() as transaction:
                    attempt = await transaction.login_failures.begin(counters, now=now)
                    if attempt.waits_s:
                        wait_s = self._remember(attempt.waits_s, now=now)
                        raise TooManyAttemptsError(retry_after_s=wait_s)
                    yield Attempt(transaction=transaction, failures=attempt.failures)
        finally:
            self._waiting -= 1

    def forget(self) -> None:
        """Ask the database again about everything that it refused."""
        self._refused.clear()

    @property
    def remembered(self) -> int:
        """How many refusals are remembered. No length: with none remembered it must not pass for nothing."""
        return len(self._refused)

    def check(self, counters: Sequence[Counter], *, now: datetime) -> None:
        """
        Turn away what the database has refused before, without asking it.

        Raises
        ------
        TooManyAttemptsError
            It comes too early; `retry_after_s` says how long to wait.
        """
        until = [found for counter in counters if (found := self._refused.get(counter.key)) is not None]
        wait_s = max(((each - now).total_seconds() for each in until), default=0.0)
        if wait_s > 0:
            raise TooManyAttemptsError(retry_after_s=wait_s)

    def _remember(self, waits_s: dict[str, float], *, now: datetime) -> float:
        for key, wait_s in waits_s.items():
            self._refused[key] = now + timedelta(seconds=wait_s)
            self._refused.move_to_end(key)
        while len(self._refused) > self._kept:
            self._refused.popitem(last=False)
        return max(waits_s.values())


@cache
def _places(loop: asyncio.AbstractEventLoop) -> asyncio.Semaphore:  # noqa: ARG001 - one for each loop
    return asyncio.Semaphore(AT_ONCE)

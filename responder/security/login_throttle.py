"""Make guessing slow: login failures are counted, and after some of them each attempt has to wait."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from geo.lru import LruCache
from responder.domain.backoff import Counter
from responder.domain.errors import TooManyAttemptsError
from responder.domain.people.client_info import ClientInfo
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.security.alert_priority import AlertPriority
from responder.security.login_failures import log_failure
from responder.security.login_queue import KEPT, LoginQueue


class LoginThrottle:
    """
    Lets tries begin, or says how long they have to wait.

    The database counts, for all processes and across restarts. What it refused is remembered here until it
    may try again, so that a flood is turned away without asking.
    """

    def __init__(self, *, priority: AlertPriority | None = None, queue: LoginQueue | None = None) -> None:
        self._priority = priority or AlertPriority()
        self._queue = queue or LoginQueue()
        self._refused: LruCache[str, datetime] = LruCache(KEPT)

    @asynccontextmanager
    async def attempt(
        self,
        database: Database,
        counters: Sequence[Counter],
        *,
        what: str,
        origin: ClientInfo,
        clock: Clock,
        name: str | None = None,
    ) -> AsyncIterator[Mapping[str, int]]:
        """
        Count a try as failed until it is known to be none; give the failures with it, by key.

        It waits for its turn in the queue, and while an alert is computed. `what` and `name` are for the log.

        Raises
        ------
        TooManyAttemptsError
            It comes too early; `retry_after_s` says how long to wait.
        """
        self._check(counters, now=moment(clock))
        async with self._queue.slot(origin.address):
            await self._priority.wait_until_idle()
            now = moment(clock)
            async with database.begin() as transaction:
                attempt = await transaction.login_failures.begin(counters, now=now)
            if attempt.waits_s:
                log_failure(what, why=TooManyAttemptsError.code, origin=origin, name=name)
                for key, wait_s in attempt.waits_s.items():
                    self._refused.put(key, now + timedelta(seconds=wait_s))
                raise TooManyAttemptsError(retry_after_s=max(attempt.waits_s.values()))
            yield attempt.failures

    def _check(self, counters: Sequence[Counter], *, now: datetime) -> None:
        until = max((self._refused.get(counter.key) or now for counter in counters), default=now)
        if until > now:
            raise TooManyAttemptsError(retry_after_s=(until - now).total_seconds())

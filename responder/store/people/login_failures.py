"""Failed tries, by the hash of what they are counted by, so that every process counts together."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import CheckConstraint, Column, Index, Integer, Table, Text, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.backoff import Counter, Failures, delay_s, failures_after
from responder.ports.accounts import BegunTry
from responder.store.metadata import METADATA, time

ATTEMPT = Table(
    "attempt",
    METADATA,
    Column("key", Text, primary_key=True),
    Column("failures", Integer, nullable=False),
    time("last_at"),
    CheckConstraint("key ~ '^[0-9a-f]{64}$'", name="key_hashed"),
    CheckConstraint("failures >= 0", name="failures_counted"),
    Index("ix_attempt_last_at", "last_at"),
)


class PostgresLoginFailures:
    """Failed tries."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def begin(self, counters: Sequence[Counter], *, now: datetime) -> BegunTry:
        """
        Count a try as failed until it is known to be none; or tell which counters make it wait.

        Many at once do not slip through together: each waits here for the one before.
        """
        # The disk is not waited for, and no alert's commit waits for it behind this one's: when the machine
        # dies, a fraction of a second's failures is forgotten.
        await self._connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
        keys = sorted(counter.key for counter in counters)
        # In one order, so that two tries never wait for each other.
        await self._connection.execute(
            insert(ATTEMPT)
            .values([{"key": key, "failures": 0, "last_at": now} for key in keys])
            .on_conflict_do_nothing()
        )
        found = await self._connection.execute(
            select(ATTEMPT).where(ATTEMPT.c.key.in_(keys)).order_by(ATTEMPT.c.key).with_for_update()
        )
        before = {row.key: Failures(count=row.failures, last_at=row.last_at) for row in found}
        waits = {counter.key: delay_s(before.get(counter.key), counter, now=now) for counter in counters}
        if refused := {key: wait for key, wait in waits.items() if wait > 0}:
            return BegunTry(waits_s=refused, failures={})
        failures = {key: failures_after(before.get(key), now=now) for key in keys}
        for key, count in failures.items():
            await self._connection.execute(
                update(ATTEMPT).where(ATTEMPT.c.key == key).values(failures=count, last_at=now)
            )
        return BegunTry(waits_s={}, failures=failures)

    async def succeeded(self, counters: Sequence[Counter]) -> None:
        for counter in sorted(counters, key=lambda counter: counter.key):
            left = 0 if counter.resets_on_success else func.greatest(ATTEMPT.c.failures - 1, 0)
            await self._connection.execute(
                update(ATTEMPT).where(ATTEMPT.c.key == counter.key).values(failures=left)
            )

    async def delete_old(self, *, before: datetime) -> int:
        gone = await self._connection.execute(delete(ATTEMPT).where(ATTEMPT.c.last_at < before))
        return gone.rowcount

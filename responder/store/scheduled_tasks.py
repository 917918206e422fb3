"""What is done by the clock, and when it is due next."""

from datetime import datetime, timedelta

from sqlalchemy import Column, Table, Text, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.store.metadata import METADATA, time

TASKS = Table(
    "chore",
    METADATA,
    Column("name", Text, primary_key=True),
    time("due_at"),
    time("done_at", nullable=True),
)


class PostgresScheduledTasks:
    """What is done by the clock."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def claim(self, name: str, *, now: datetime, every: timedelta) -> bool:
        """
        Claim a task that is due, unless another process has it; it counts as done at commit.

        When the transaction does not end well, it is due still.
        """
        await self._connection.execute(insert(TASKS).values(name=name, due_at=now).on_conflict_do_nothing())
        found = await self._connection.execute(
            select(TASKS.c.name)
            .where(TASKS.c.name == name, TASKS.c.due_at <= now)
            .with_for_update(skip_locked=True)
        )
        if found.one_or_none() is None:
            return False
        await self._connection.execute(
            update(TASKS).where(TASKS.c.name == name).values(due_at=now + every, done_at=now)
        )
        return True

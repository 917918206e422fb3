"""What is done by the clock, and when it is due next."""

from datetime import datetime, timedelta

from sqlalchemy import Column, Table, Text, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.store.metadata import METADATA, time

CHORE = Table(
    "chore",
    METADATA,
    Column("name", Text, primary_key=True),
    time("due_at"),
    time("done_at", nullable=True),
)


class PostgresChores:
    """What is done by the clock."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def claim(self, name: str, *, now: datetime, every: timedelta) -> bool:
        """
        Claim a task that is due, unless another process has it; it counts as done at commit.

        When the transaction does not end well, it is due still.
        """
        await self._connection.execute(insert(CHORE).values(name=name, due_at=now).on_conflict_do_nothing())
        found = await self._connection.execute(
            select(CHORE.c.name)
            .where(CHORE.c.name == name, CHORE.c.due_at <= now)
            .with_for_update(skip_locked=True)
        )
        if found.one_or_none() is None:
            return False
        await self._connection.execute(
            update(CHORE).where(CHORE.c.name == name).values(due_at=now + every, done_at=now)
        )
        return True

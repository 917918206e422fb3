"""Each circle's own mobility profiles."""

from sqlalchemy import CheckConstraint, Column, Table, Text, delete, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId
from responder.domain.reach.profile_table import ProfileTable
from responder.store.metadata import METADATA, circle_id, time
from responder.store.upsert import upsert

PROFILE_TABLE = Table(
    "profile_table",
    METADATA,
    circle_id(),
    Column("content_hash", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    time("set_at"),
    Column("set_by_name", Text, nullable=False),
    CheckConstraint("content_hash ~ '^[0-9a-f]{64}$'", name="content_hashed"),
)


class PostgresProfileTables:
    """Each circle's own mobility profiles."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, circle_id: CircleId) -> ProfileTable | None:
        found = await self._connection.execute(
            select(PROFILE_TABLE).where(PROFILE_TABLE.c.circle_id == circle_id)
        )
        row = found.one_or_none()
        if row is None:
            return None
        return ProfileTable(
            circle_id=CircleId(row.circle_id),
            content_hash=row.content_hash,
            table=row.body,
            set_at=row.set_at,
            set_by_name=row.set_by_name,
        )

    async def content_hash(self, circle_id: CircleId) -> str | None:
        found = await self._connection.execute(
            select(PROFILE_TABLE.c.content_hash).where(PROFILE_TABLE.c.circle_id == circle_id)
        )
        return found.scalar_one_or_none()

    async def put(self, table: ProfileTable) -> None:
        row = {
            "circle_id": table.circle_id,
            "content_hash": table.content_hash,
            "body": table.table,
            "set_at": table.set_at,
            "set_by_name": table.set_by_name,
        }
        await upsert(self._connection, PROFILE_TABLE, [row])

    async def remove(self, circle_id: CircleId) -> None:
        await self._connection.execute(delete(PROFILE_TABLE).where(PROFILE_TABLE.c.circle_id == circle_id))

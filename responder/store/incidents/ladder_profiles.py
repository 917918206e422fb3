"""Each circle's own ladders."""

from sqlalchemy import CheckConstraint, Column, Table, Text, delete, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId
from responder.domain.ladder.profile import StoredProfiles
from responder.store.bodies import dump_ladder_profiles, load_ladder_profiles
from responder.store.metadata import METADATA, circle_id, time
from responder.store.upsert import upsert

LADDER_PROFILES = Table(
    "ladder_profiles",
    METADATA,
    circle_id(),
    Column("content_hash", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    time("set_at"),
    Column("set_by_name", Text, nullable=False),
    CheckConstraint("content_hash ~ '^[0-9a-f]{64}$'", name="content_hashed"),
)


class PostgresLadderProfiles:
    """Each circle's own ladders."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def get(self, circle_id: CircleId) -> StoredProfiles | None:
        found = await self._connection.execute(
            select(LADDER_PROFILES).where(LADDER_PROFILES.c.circle_id == circle_id)
        )
        row = found.one_or_none()
        if row is None:
            return None
        return StoredProfiles(
            circle_id=CircleId(row.circle_id),
            content_hash=row.content_hash,
            profiles=load_ladder_profiles(row.body),
            set_at=row.set_at,
            set_by_name=row.set_by_name,
        )

    async def put(self, stored: StoredProfiles) -> None:
        row = {
            "circle_id": stored.circle_id,
            "content_hash": stored.content_hash,
            "body": dump_ladder_profiles(stored.profiles),
            "set_at": stored.set_at,
            "set_by_name": stored.set_by_name,
        }
        await upsert(self._connection, LADDER_PROFILES, [row])

    async def remove(self, circle_id: CircleId) -> None:
        await self._connection.execute(
            delete(LADDER_PROFILES).where(LADDER_PROFILES.c.circle_id == circle_id)
        )

"""Pictures that injects of drills carry."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    LargeBinary,
    Table,
    Text,
    Uuid,
    delete,
    literal,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId, DrillId, PhotoId
from responder.ports.photos import Photo
from responder.store.metadata import METADATA, circle_id, time

INJECT_PHOTO = Table(
    "inject_photo",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("drill_id", Uuid, primary_key=True),
    # A plan made from another one names the same picture: each drill has its own copy under the same id.
    Column("id", Uuid, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    time("added_at"),
    ForeignKeyConstraint(["circle_id", "drill_id"], ["drill.circle_id", "drill.id"], ondelete="CASCADE"),
    CheckConstraint("octet_length(content) <= 1048576", name="small"),
)
_PHOTO = INJECT_PHOTO.c


class PostgresInjectPhotos:
    """Pictures that injects of drills carry."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, circle_id: CircleId, drill_id: DrillId, photo_id: PhotoId, photo: Photo, *, at: datetime
    ) -> None:
        row = {
            "circle_id": circle_id,
            "drill_id": drill_id,
            "id": photo_id,
            "added_at": at,
            **photo._asdict(),
        }
        await self._connection.execute(insert(INJECT_PHOTO).values(row).on_conflict_do_nothing())

    async def copy(self, circle_id: CircleId, drill_id: DrillId, photo_ids: Collection[PhotoId]) -> None:
        others = select(
            _PHOTO.circle_id,
            literal(drill_id, Uuid).label("drill"),
            _PHOTO.id,
            _PHOTO.media_type,
            _PHOTO.content,
            _PHOTO.added_at,
        ).where(_PHOTO.circle_id == circle_id, _PHOTO.drill_id != drill_id, _PHOTO.id.in_(photo_ids))
        columns = ["circle_id", "drill_id", "id", "media_type", "content", "added_at"]
        await self._connection.execute(
            insert(INJECT_PHOTO).from_select(columns, others).on_conflict_do_nothing()
        )

    async def of_drill(self, circle_id: CircleId, drill_id: DrillId) -> dict[PhotoId, datetime]:
        found = await self._connection.execute(
            select(_PHOTO.id, _PHOTO.added_at).where(
                _PHOTO.circle_id == circle_id, _PHOTO.drill_id == drill_id
            )
        )
        return {PhotoId(row.id): row.added_at for row in found}

    async def find(self, circle_id: CircleId, drill_id: DrillId, photo_id: PhotoId) -> Photo | None:
        found = await self._connection.execute(
            select(_PHOTO.media_type, _PHOTO.content).where(
                _PHOTO.circle_id == circle_id, _PHOTO.drill_id == drill_id, _PHOTO.id == photo_id
            )
        )
        row = found.one_or_none()
        return None if row is None else Photo(row.media_type, row.content)

    async def delete(self, circle_id: CircleId, drill_id: DrillId, photo_ids: Collection[PhotoId]) -> None:
        await self._connection.execute(
            delete(INJECT_PHOTO).where(
                _PHOTO.circle_id == circle_id, _PHOTO.drill_id == drill_id, _PHOTO.id.in_(photo_ids)
            )
        )

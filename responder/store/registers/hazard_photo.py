"""Pictures of hazards, each whole and small."""

from collections.abc import Collection, Mapping
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
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId, HazardId, PhotoId
from responder.ports.photos import Photo
from responder.store.metadata import METADATA, circle_id, time

HAZARD_PHOTO = Table(
    "hazard_photo",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("hazard_id", Uuid, primary_key=True),
    Column("id", Uuid, primary_key=True),
    time("added_at"),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("small", LargeBinary, nullable=False),
    ForeignKeyConstraint(["circle_id", "hazard_id"], ["hazard.circle_id", "hazard.id"], ondelete="CASCADE"),
    CheckConstraint("octet_length(content) <= 1048576 AND octet_length(small) <= 65536", name="small"),
)
_PHOTO = HAZARD_PHOTO.c


class PostgresHazardPhotos:
    """Pictures of hazards."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self,
        circle_id: CircleId,
        hazard_id: HazardId,
        photo_id: PhotoId,
        photo: Photo,
        *,
        small: Photo,
        at: datetime,
    ) -> None:
        row = {
            "circle_id": circle_id,
            "hazard_id": hazard_id,
            "id": photo_id,
            "added_at": at,
            "small": small.content,
            **photo._asdict(),
        }
        await self._connection.execute(insert(HAZARD_PHOTO).values(row).on_conflict_do_nothing())

    async def of_hazard(self, circle_id: CircleId, hazard_id: HazardId) -> Mapping[PhotoId, datetime]:
        found = await self._connection.execute(
            select(_PHOTO.id, _PHOTO.added_at).where(
                _PHOTO.circle_id == circle_id, _PHOTO.hazard_id == hazard_id
            )
        )
        return {PhotoId(row.id): row.added_at for row in found}

    async def find(
        self, circle_id: CircleId, hazard_id: HazardId, photo_id: PhotoId, *, small: bool
    ) -> Photo | None:
        found = await self._connection.execute(
            select(_PHOTO.media_type, (_PHOTO.small if small else _PHOTO.content).label("content")).where(
                _PHOTO.circle_id == circle_id, _PHOTO.hazard_id == hazard_id, _PHOTO.id == photo_id
            )
        )
        row = found.one_or_none()
        return None if row is None else Photo(row.media_type, row.content)

    async def delete(self, circle_id: CircleId, hazard_id: HazardId, photo_ids: Collection[PhotoId]) -> None:
        await self._connection.execute(
            delete(HAZARD_PHOTO).where(
                _PHOTO.circle_id == circle_id, _PHOTO.hazard_id == hazard_id, _PHOTO.id.in_(photo_ids)
            )
        )

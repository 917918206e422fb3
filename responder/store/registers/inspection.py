"""What was found when facilities were inspected."""

from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    select,
    tuple_,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import AccountId, CircleId, FacilityId, InspectionId
from responder.domain.map.facility import FacilityKind
from responder.domain.registers.inspection import Inspection, InspectionResult
from responder.ports.photos import Photo
from responder.ports.registers.inspections import InspectionQuery
from responder.store.metadata import METADATA, AnyRow, circle_id, time
from responder.store.upsert import upsert

INSPECTION = Table(
    "inspection",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    # Not a foreign key: the facility may be removed, and what was found stays.
    Column("facility_id", Uuid, nullable=False),
    Column("facility_name", Text, nullable=False),
    Column("facility_kind", Text, nullable=False),
    Column("round_id", Uuid, nullable=False),
    Column("result", Text, nullable=False),
    Column("note", Text, nullable=False),
    time("at"),
    # Not a foreign key: accounts may be gone.
    Column("by", Uuid),
    Column("by_name", Text, nullable=False),
    CheckConstraint("result IN ('ok', 'faulty')", name="known_result"),
    Index("ix_inspection_at", "circle_id", "at", "id"),
    Index("ix_inspection_facility_id", "circle_id", "facility_id", "at", "id"),
)
INSPECTION_PHOTO = Table(
    "inspection_photo",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("inspection_id", Uuid, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["circle_id", "inspection_id"], ["inspection.circle_id", "inspection.id"], ondelete="CASCADE"
    ),
    CheckConstraint("octet_length(content) <= 1048576", name="small"),
)
_PHOTO = INSPECTION_PHOTO.c
_HAS_PHOTO = (
    select(_PHOTO.inspection_id)
    .where(_PHOTO.circle_id == INSPECTION.c.circle_id, _PHOTO.inspection_id == INSPECTION.c.id)
    .exists()
    .label("has_photo")
)


class PostgresInspections:
    """What was found when facilities were inspected."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, inspection: Inspection) -> None:
        row = {key: value for key, value in asdict(inspection).items() if key != "has_photo"}
        row |= {"result": inspection.result.value, "facility_kind": inspection.facility_kind.value}
        await self._connection.execute(insert(INSPECTION).values(row))

    async def find(self, circle_id: CircleId, inspection_id: InspectionId) -> Inspection | None:
        found = await self._connection.execute(
            select(INSPECTION, _HAS_PHOTO).where(
                INSPECTION.c.circle_id == circle_id, INSPECTION.c.id == inspection_id
            )
        )
        row = found.one_or_none()
        return None if row is None else _inspection(row)

    async def search(self, circle_id: CircleId, query: InspectionQuery) -> tuple[Inspection, ...]:
        wanted = [INSPECTION.c.circle_id == circle_id]
        if query.facility_id is not None:
            wanted.append(INSPECTION.c.facility_id == query.facility_id)
        if query.before is not None:
            last = await self.find(circle_id, query.before)
            if last is None:
                raise NotFoundError
            wanted.append(tuple_(INSPECTION.c.at, INSPECTION.c.id) < tuple_(last.at, last.id))
        listed = await self._connection.execute(
            select(INSPECTION, _HAS_PHOTO)
            .where(*wanted)
            .order_by(INSPECTION.c.at.desc(), INSPECTION.c.id.desc())
            .limit(query.limit)
        )
        return tuple(_inspection(row) for row in listed)

    async def put_photo(self, circle_id: CircleId, inspection_id: InspectionId, photo: Photo) -> None:
        row = {"circle_id": circle_id, "inspection_id": inspection_id, **photo._asdict()}
        await upsert(self._connection, INSPECTION_PHOTO, [row])

    async def photo(self, circle_id: CircleId, inspection_id: InspectionId) -> Photo | None:
        found = await self._connection.execute(
            select(_PHOTO.media_type, _PHOTO.content).where(
                _PHOTO.circle_id == circle_id, _PHOTO.inspection_id == inspection_id
            )
        )
        row = found.one_or_none()
        return None if row is None else Photo(row.media_type, row.content)


def _inspection(row: AnyRow) -> Inspection:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Inspection(
        **{
            **values,
            "id": InspectionId(row.id),
            "circle_id": CircleId(row.circle_id),
            "facility_id": FacilityId(row.facility_id),
            "facility_kind": FacilityKind(row.facility_kind),
            "result": InspectionResult(row.result),
            "by": None if row.by is None else AccountId(row.by),
        }
    )

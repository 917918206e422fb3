"""Entries that duties of a pact were done."""

from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Column, Date, Index, Table, Text, Uuid, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId, DutyRecordId
from responder.domain.registers.pact.score import DutyRecord
from responder.store.metadata import METADATA, AnyRow, circle_id, time

DUTY_RECORD = Table(
    "duty_record",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    # Not a foreign key: duties are in the body of a pact, and of later versions.
    Column("duty_id", Uuid, nullable=False),
    Column("partner_id", Uuid),
    Column("done_on", Date, nullable=False),
    Column("note", Text, nullable=False),
    time("created_at"),
    Column("created_by", Uuid),
    Column("created_by_name", Text, nullable=False),
    Index("ix_duty_record_done_on", "circle_id", "done_on"),
)


class PostgresDutyRecords:
    """Entries that duties were done."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def between(self, circle_id: CircleId, first: date, last: date) -> tuple[DutyRecord, ...]:
        found = await self._connection.execute(
            select(DUTY_RECORD)
            .where(DUTY_RECORD.c.circle_id == circle_id, DUTY_RECORD.c.done_on.between(first, last))
            .order_by(DUTY_RECORD.c.done_on.desc(), DUTY_RECORD.c.created_at.desc(), DUTY_RECORD.c.id)
        )
        return tuple(_record(row) for row in found)

    async def find(self, circle_id: CircleId, record_id: DutyRecordId) -> DutyRecord | None:
        found = await self._connection.execute(
            select(DUTY_RECORD).where(DUTY_RECORD.c.circle_id == circle_id, DUTY_RECORD.c.id == record_id)
        )
        row = found.one_or_none()
        return None if row is None else _record(row)

    async def add(self, record: DutyRecord) -> None:
        await self._connection.execute(insert(DUTY_RECORD).values(asdict(record)))

    async def remove(self, circle_id: CircleId, record_id: DutyRecordId) -> None:
        await self._connection.execute(
            delete(DUTY_RECORD).where(DUTY_RECORD.c.circle_id == circle_id, DUTY_RECORD.c.id == record_id)
        )


def _record(row: AnyRow) -> DutyRecord:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return DutyRecord(**values)

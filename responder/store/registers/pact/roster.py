"""Who is on call when: shifts, and the weekly patterns that they are made from."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKeyConstraint,
    Index,
    SmallInteger,
    Table,
    Time,
    Uuid,
    and_,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import ColumnElement

from responder.domain.errors import NotFoundError
from responder.domain.ids import CircleId, RosterPatternId, ShiftId, UnitId
from responder.domain.registers.pact.roster import RosterPattern, Shift
from responder.store.metadata import METADATA, AnyRow, circle_id, time
from responder.store.people.responder_table import RESPONDER
from responder.store.upsert import upsert


def _whose() -> list[Any]:
    """Return the columns and keys of who is on call."""
    return [
        Column("unit_id", Uuid, nullable=False),
        Column("responder_id", Uuid, nullable=False),
        Column("partner_id", Uuid, nullable=False),
        ForeignKeyConstraint(["circle_id", "unit_id"], ["unit.circle_id", "unit.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(
            ["circle_id", "responder_id"], ["responder.circle_id", "responder.id"], ondelete="CASCADE"
        ),
    ]


PATTERN = Table(
    "roster_pattern",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    *_whose(),
    Column("weekdays", ARRAY(SmallInteger), nullable=False),
    Column("starts", Time, nullable=False),
    Column("ends", Time, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("made_until", Date, nullable=False),
)
SHIFT = Table(
    "roster_shift",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    *_whose(),
    time("starts_at"),
    time("ends_at"),
    # Not foreign keys: a pattern may be taken away, and who was asked may leave.
    Column("pattern_id", Uuid),
    Column("asked_id", Uuid),
    Column("has_begun", Boolean, nullable=False),
    Column("has_ended", Boolean, nullable=False),
    CheckConstraint("ends_at > starts_at", name="ends_after_it_starts"),
    Index("ix_roster_shift_ends_at", "circle_id", "ends_at"),
    Index(
        "ix_roster_shift_waiting",
        "starts_at",
        postgresql_where="NOT has_ended",
    ),
)


class PostgresRosters:
    """Who is on call when."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def shifts(self, circle_id: CircleId, *, since: datetime, before: datetime) -> tuple[Shift, ...]:
        return await self._shifts(
            SHIFT.c.circle_id == circle_id,
            SHIFT.c.starts_at < before,
            SHIFT.c.ends_at > since,
            _is_there(SHIFT),
        )

    async def asked(self, circle_id: CircleId, *, after: datetime) -> tuple[Shift, ...]:
        return await self._shifts(
            SHIFT.c.circle_id == circle_id,
            SHIFT.c.ends_at > after,
            SHIFT.c.asked_id.is_not(None),
            _is_there(SHIFT),
        )

    async def shift(self, circle_id: CircleId, shift_id: ShiftId) -> Shift:
        for each in await self._shifts(SHIFT.c.circle_id == circle_id, SHIFT.c.id == shift_id):
            return each
        raise NotFoundError

    async def put_shifts(self, shifts: Sequence[Shift]) -> None:
        await upsert(self._connection, SHIFT, [asdict(each) for each in shifts])

    async def remove_shift(self, circle_id: CircleId, shift_id: ShiftId) -> None:
        await self._connection.execute(
            delete(SHIFT).where(SHIFT.c.circle_id == circle_id, SHIFT.c.id == shift_id)
        )

    async def due(self, *, now: datetime) -> tuple[CircleId, ...]:
        found = await self._connection.execute(select(SHIFT.c.circle_id).where(_is_edge(now)).distinct())
        return tuple(CircleId(each) for each in found.scalars())

    async def edges(self, circle_id: CircleId, *, now: datetime) -> tuple[Shift, ...]:
        return await self._shifts(SHIFT.c.circle_id == circle_id, _is_edge(now))

    async def covering(
        self, circle_id: CircleId, unit_ids: Collection[UnitId], *, at: datetime
    ) -> frozenset[UnitId]:
        found = await self._connection.execute(
            select(SHIFT.c.unit_id).where(
                SHIFT.c.circle_id == circle_id,
                SHIFT.c.unit_id.in_(unit_ids),
                SHIFT.c.starts_at <= at,
                SHIFT.c.ends_at > at,
                _is_there(SHIFT),
            )
        )
        return frozenset(UnitId(each) for each in found.scalars())

    async def patterns(self, circle_id: CircleId) -> tuple[RosterPattern, ...]:
        found = await self._connection.execute(
            select(PATTERN)
            .where(PATTERN.c.circle_id == circle_id, _is_there(PATTERN))
            .order_by(PATTERN.c.unit_id, PATTERN.c.starts, PATTERN.c.id)
        )
        return tuple(_pattern(row) for row in found)

    async def pattern(self, circle_id: CircleId, pattern_id: RosterPatternId) -> RosterPattern:
        found = await self._connection.execute(
            select(PATTERN).where(PATTERN.c.circle_id == circle_id, PATTERN.c.id == pattern_id)
        )
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return _pattern(row)

    async def put_pattern(self, pattern: RosterPattern) -> None:
        await upsert(self._connection, PATTERN, [{**asdict(pattern), "weekdays": list(pattern.weekdays)}])

    async def remove_pattern(
        self, circle_id: CircleId, pattern_id: RosterPatternId, *, now: datetime
    ) -> None:
        made = and_(SHIFT.c.circle_id == circle_id, SHIFT.c.pattern_id == pattern_id)
        await self._connection.execute(delete(SHIFT).where(made, SHIFT.c.starts_at > now))
        await self._connection.execute(update(SHIFT).where(made).values(pattern_id=None))
        await self._connection.execute(
            delete(PATTERN).where(PATTERN.c.circle_id == circle_id, PATTERN.c.id == pattern_id)
        )

    async def to_extend(self, *, before: date) -> tuple[CircleId, ...]:
        found = await self._connection.execute(
            select(PATTERN.c.circle_id)
            .where(
                PATTERN.c.made_until < before,
                or_(PATTERN.c.until.is_(None), PATTERN.c.until >= PATTERN.c.made_until),
                _is_there(PATTERN),
            )
            .distinct()
        )
        return tuple(CircleId(each) for each in found.scalars())

    async def delete_old(self, *, before: datetime) -> int:
        done: Any = await self._connection.execute(delete(SHIFT).where(SHIFT.c.ends_at < before))
        return int(done.rowcount)

    async def _shifts(self, *where: ColumnElement[bool]) -> tuple[Shift, ...]:
        found = await self._connection.execute(
            select(SHIFT).where(*where).order_by(SHIFT.c.starts_at, SHIFT.c.id)
        )
        return tuple(_shift(row) for row in found)


def _is_there(table: Table) -> ColumnElement[bool]:
    """Tell whether the person is in the unit still."""
    return (
        select(RESPONDER.c.id)
        .where(
            RESPONDER.c.circle_id == table.c.circle_id,
            RESPONDER.c.id == table.c.responder_id,
            RESPONDER.c.left_at.is_(None),
        )
        .exists()
    )


def _is_edge(now: datetime) -> ColumnElement[bool]:
    began = and_(~SHIFT.c.has_begun, SHIFT.c.starts_at <= now)
    return and_(~SHIFT.c.has_ended, or_(began, SHIFT.c.ends_at <= now))


def _shift(row: AnyRow) -> Shift:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return Shift(**values)


def _pattern(row: AnyRow) -> RosterPattern:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - as above
    return RosterPattern(**{**values, "weekdays": tuple(row.weekdays)})

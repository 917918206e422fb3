"""Teams and vehicles that can be sent."""

from collections.abc import Sequence

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Float,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    Uuid,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import CircleId, PartnerId, UnitId
from responder.domain.map.unit import Unit
from responder.ports.people import Bbox
from responder.store.bbox import within
from responder.store.metadata import METADATA, AnyRow, circle_id, geometry, geometry_rules, point, to_lonlat
from responder.store.upsert import upsert

UNIT = Table(
    "unit",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("partner_id", Uuid, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("profile", Text, nullable=False),
    Column("turnout_s", Float, nullable=False),
    Column("people", Integer, nullable=False),
    Column("on_duty", Boolean, nullable=False),
    Column("capabilities", ARRAY(Text), nullable=False),
    geometry("POINT"),
    ForeignKeyConstraint(["circle_id", "partner_id"], ["partner.circle_id", "partner.id"]),
    CheckConstraint("turnout_s >= 0 AND turnout_s < 'Infinity'", name="turnout_s_finite"),
    CheckConstraint("people >= 0", name="people_counted"),
    *geometry_rules("unit"),
)


class PostgresUnits:
    """Teams and vehicles that can be sent."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_circle(self, circle_id: CircleId, *, bbox: Bbox | None = None) -> tuple[Unit, ...]:
        query = select(UNIT).where(UNIT.c.circle_id == circle_id).order_by(UNIT.c.id)
        found = await self._connection.execute(within(query, UNIT.c.geometry, bbox))
        return tuple(to_unit(row) for row in found)

    async def get(self, circle_id: CircleId, unit_id: UnitId) -> Unit:
        found = await self._connection.execute(
            select(UNIT).where(UNIT.c.circle_id == circle_id, UNIT.c.id == unit_id)
        )
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return to_unit(row)

    async def add(self, circle_id: CircleId, units: Sequence[Unit]) -> None:
        await upsert(self._connection, UNIT, [_values(circle_id, unit) for unit in units])

    async def set_duty(self, circle_id: CircleId, unit_id: UnitId, *, on_duty: bool) -> None:
        await self._connection.execute(
            update(UNIT).where(UNIT.c.circle_id == circle_id, UNIT.c.id == unit_id).values(on_duty=on_duty)
        )


def _values(circle_id: CircleId, unit: Unit) -> dict[str, object]:
    return {
        "circle_id": circle_id,
        "id": unit.id,
        "partner_id": unit.partner_id,
        "name": unit.name,
        "name_en": unit.name_en,
        "kind": unit.kind,
        "profile": unit.profile,
        "turnout_s": unit.turnout_s,
        "people": unit.people,
        "on_duty": unit.on_duty,
        "capabilities": list(unit.capabilities),
        "geometry": point(*unit.post),
    }


def to_unit(row: AnyRow) -> Unit:
    return Unit(
        id=UnitId(row.id),
        partner_id=PartnerId(row.partner_id),
        name=row.name,
        name_en=row.name_en,
        kind=row.kind,
        profile=row.profile,
        turnout_s=row.turnout_s,
        people=row.people,
        on_duty=row.on_duty,
        post=to_lonlat(row.geometry),
        capabilities=tuple(row.capabilities),
    )

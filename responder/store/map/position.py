"""The latest position of each unit."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Select,
    Table,
    Uuid,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId, PartnerId, UnitId
from responder.domain.map.unit import Position
from responder.ports.people import SharedPosition
from responder.store.map.unit import UNIT
from responder.store.metadata import (
    METADATA,
    AnyRow,
    circle_id,
    geometry,
    geometry_rules,
    point,
    time,
    to_lonlat,
)

POSITION = Table(
    "position",
    METADATA,
    circle_id(),
    Column("unit_id", Uuid, primary_key=True),
    Column("accuracy_m", Float, nullable=False),
    time("at"),
    time("stored_at"),
    geometry("POINT"),
    ForeignKeyConstraint(["circle_id", "unit_id"], ["unit.circle_id", "unit.id"]),
    CheckConstraint("accuracy_m >= 0 AND accuracy_m < 'Infinity'", name="accuracy_m_finite"),
    Index("ix_position_stored_at", "circle_id", "stored_at"),
    *geometry_rules("position"),
)


class PostgresPositions:
    """The latest position of each unit."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_circle(self, circle_id: CircleId) -> tuple[SharedPosition, ...]:
        found = await self._connection.execute(_shared(circle_id).order_by(POSITION.c.unit_id))
        return tuple(_position(row) for row in found)

    async def stored_after(
        self, circle_id: CircleId, stored_at: datetime | None
    ) -> tuple[SharedPosition, ...]:
        query = _shared(circle_id).order_by(POSITION.c.stored_at, POSITION.c.unit_id)
        if stored_at is not None:
            query = query.where(POSITION.c.stored_at > stored_at)
        return tuple(_position(row) for row in await self._connection.execute(query))

    async def put(self, circle_id: CircleId, position: Position, *, stored_at: datetime) -> bool:
        values = {
            "accuracy_m": position.accuracy_m,
            "at": position.at,
            "stored_at": stored_at,
            "geometry": point(position.lon, position.lat),
        }
        kept = await self._connection.execute(
            insert(POSITION)
            .values(circle_id=circle_id, unit_id=position.unit_id, **values)
            .on_conflict_do_update(
                index_elements=["circle_id", "unit_id"], set_=values, where=POSITION.c.at < position.at
            )
            .returning(POSITION.c.unit_id)
        )
        return kept.one_or_none() is not None


def _shared(circle_id: CircleId) -> Select[*tuple[object, ...]]:
    return (
        select(POSITION, UNIT.c.partner_id)
        .join(UNIT, (UNIT.c.circle_id == POSITION.c.circle_id) & (UNIT.c.id == POSITION.c.unit_id))
        .where(POSITION.c.circle_id == circle_id)
    )


def _position(row: AnyRow) -> SharedPosition:
    lon, lat = to_lonlat(row.geometry)
    position = Position(unit_id=UnitId(row.unit_id), lon=lon, lat=lat, accuracy_m=row.accuracy_m, at=row.at)
    return SharedPosition(position=position, partner_id=PartnerId(row.partner_id), stored_at=row.stored_at)

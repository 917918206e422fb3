"""What drills are replayed from."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import (
    BigInteger,
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    Table,
    Uuid,
    delete,
    insert,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.drills.track import TrackPoint
from responder.domain.ids import CircleId, DrillId, PartnerId, UnitId
from responder.domain.incidents.snapshot import CircleSnapshot
from responder.store.metadata import METADATA, circle_id, time

DRILL_BASE = Table(
    "drill_base",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("drill_id", Uuid, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("body", JSONB, nullable=False),
    ForeignKeyConstraint(["circle_id", "drill_id"], ["drill_run.circle_id", "drill_run.drill_id"]),
)
DRILL_TRACK = Table(
    "drill_track",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("drill_id", Uuid, primary_key=True),
    Column("unit_id", Uuid, primary_key=True),
    Column("at", time("at").type, primary_key=True),
    time("stored_at"),
    Column("lon", Double, nullable=False),
    Column("lat", Double, nullable=False),
    Column("accuracy_m", Double, nullable=False),
    ForeignKeyConstraint(["circle_id", "drill_id"], ["drill_run.circle_id", "drill_run.drill_id"]),
    Index("ix_drill_track_stored_at", "stored_at"),
)
# Where the units that take part are when it starts; from then on a trigger writes: see migration 0040.
_BEGIN_TRACKS = text("""
    INSERT INTO drill_track (circle_id, drill_id, unit_id, at, stored_at, lon, lat, accuracy_m)
    SELECT position.circle_id, :drill_id, position.unit_id, position.at, position.stored_at,
           ST_X(position.geometry), ST_Y(position.geometry), position.accuracy_m
    FROM position
    JOIN unit ON unit.circle_id = position.circle_id AND unit.id = position.unit_id
    WHERE position.circle_id = :circle_id
      AND (:everyone OR unit.partner_id = ANY (CAST(:partner_ids AS uuid[])))
""")
_SNAPSHOT: TypeAdapter[CircleSnapshot] = TypeAdapter(CircleSnapshot)


class PostgresDrillReplays:
    """What drills are replayed from; the database itself writes the tracks: see migration 0040."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def put_base(
        self, drill_id: DrillId, base: CircleSnapshot, *, partner_ids: Collection[PartnerId]
    ) -> None:
        values = {
            "circle_id": base.circle.id,
            "drill_id": drill_id,
            "seq": base.seq,
            "body": _SNAPSHOT.dump_python(replace(base, positions=()), mode="json"),
        }
        await self._connection.execute(insert(DRILL_BASE).values(values))
        where = {
            "circle_id": base.circle.id,
            "drill_id": drill_id,
            "everyone": not partner_ids,
            "partner_ids": list(partner_ids),
        }
        await self._connection.execute(_BEGIN_TRACKS, where)

    async def base(self, circle_id: CircleId, drill_id: DrillId) -> CircleSnapshot | None:
        found = await self._connection.execute(
            select(DRILL_BASE.c.body).where(
                DRILL_BASE.c.circle_id == circle_id, DRILL_BASE.c.drill_id == drill_id
            )
        )
        body = found.scalar_one_or_none()
        return None if body is None else _SNAPSHOT.validate_python(body)

    async def track(self, circle_id: CircleId, drill_id: DrillId) -> tuple[TrackPoint, ...]:
        found = await self._connection.execute(
            select(DRILL_TRACK)
            .where(DRILL_TRACK.c.circle_id == circle_id, DRILL_TRACK.c.drill_id == drill_id)
            .order_by(DRILL_TRACK.c.stored_at, DRILL_TRACK.c.unit_id, DRILL_TRACK.c.at)
        )
        return tuple(
            TrackPoint(
                unit_id=UnitId(row.unit_id),
                at=row.at,
                stored_at=row.stored_at,
                lon=row.lon,
                lat=row.lat,
                accuracy_m=row.accuracy_m,
            )
            for row in found
        )

    async def delete_tracks(self, *, before: datetime) -> int:
        done = await self._connection.execute(delete(DRILL_TRACK).where(DRILL_TRACK.c.stored_at < before))
        return int(done.rowcount)

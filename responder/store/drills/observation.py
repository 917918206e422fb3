"""What people observe in drills."""

from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Double,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
    select,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.drills.observation import Observation, ObservationVerdict
from responder.domain.ids import AccountId, CircleId, DrillId, ObservationId, PartnerId
from responder.ports.photos import Photo
from responder.store.metadata import METADATA, AnyRow, circle_id, time
from responder.store.upsert import upsert

OBSERVATION = Table(
    "drill_observation",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("drill_id", Uuid, nullable=False),
    Column("id", Uuid, primary_key=True),
    time("at"),
    time("received_at"),
    # Not a foreign key: accounts may be gone.
    Column("by", Uuid),
    Column("by_name", Text, nullable=False),
    Column("partner_id", Uuid),
    Column("verdict", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("objective", Text),
    Column("lon", Double),
    Column("lat", Double),
    ForeignKeyConstraint(["circle_id", "drill_id"], ["drill.circle_id", "drill.id"]),
    CheckConstraint(
        f"verdict IN ({', '.join(repr(each.value) for each in ObservationVerdict)})", name="verdict_known"
    ),
    CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="a_point_or_none"),
    Index("ix_drill_observation_of_drill", "circle_id", "drill_id", "at", "id"),
)
PHOTO = Table(
    "observation_photo",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("observation_id", Uuid, primary_key=True),
    Column("media_type", Text, nullable=False),
    Column("content", LargeBinary, nullable=False),
    ForeignKeyConstraint(
        ["circle_id", "observation_id"],
        ["drill_observation.circle_id", "drill_observation.id"],
        ondelete="CASCADE",
    ),
    CheckConstraint("octet_length(content) <= 1048576", name="small"),
)
_HAS_PHOTO = (
    select(PHOTO.c.observation_id)
    .where(PHOTO.c.circle_id == OBSERVATION.c.circle_id, PHOTO.c.observation_id == OBSERVATION.c.id)
    .exists()
    .label("has_photo")
)


class PostgresObservations:
    """What people observe in drills."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, observation: Observation) -> bool:
        adding = insert(OBSERVATION).values(_values(observation))
        done = await self._connection.execute(adding.on_conflict_do_nothing())
        return done.rowcount > 0

    async def put(self, observation: Observation) -> None:
        await upsert(self._connection, OBSERVATION, [_values(observation)])

    async def find(self, circle_id: CircleId, observation_id: ObservationId) -> Observation | None:
        found = await self._connection.execute(
            select(OBSERVATION, _HAS_PHOTO).where(
                OBSERVATION.c.circle_id == circle_id, OBSERVATION.c.id == observation_id
            )
        )
        row = found.one_or_none()
        return None if row is None else _observation(row)

    async def of_drill(self, circle_id: CircleId, drill_id: DrillId) -> tuple[Observation, ...]:
        found = await self._connection.execute(
            select(OBSERVATION, _HAS_PHOTO)
            .where(OBSERVATION.c.circle_id == circle_id, OBSERVATION.c.drill_id == drill_id)
            .order_by(OBSERVATION.c.at, OBSERVATION.c.id)
        )
        return tuple(_observation(row) for row in found)

    async def put_photo(self, circle_id: CircleId, observation_id: ObservationId, photo: Photo) -> None:
        row = {"circle_id": circle_id, "observation_id": observation_id, **photo._asdict()}
        await upsert(self._connection, PHOTO, [row])

    async def photo(self, circle_id: CircleId, observation_id: ObservationId) -> Photo | None:
        found = await self._connection.execute(
            select(PHOTO.c.media_type, PHOTO.c.content).where(
                PHOTO.c.circle_id == circle_id, PHOTO.c.observation_id == observation_id
            )
        )
        row = found.one_or_none()
        return None if row is None else Photo(row.media_type, row.content)


def _values(observation: Observation) -> dict[str, Any]:
    return {
        "circle_id": observation.circle_id,
        "drill_id": observation.drill_id,
        "id": observation.id,
        "at": observation.at,
        "received_at": observation.received_at,
        "by": observation.by,
        "by_name": observation.by_name,
        "partner_id": observation.partner_id,
        "verdict": observation.verdict.value,
        "text": observation.text,
        "objective": observation.objective,
        "lon": observation.lon,
        "lat": observation.lat,
    }


def _observation(row: AnyRow) -> Observation:
    return Observation(
        id=ObservationId(row.id),
        circle_id=CircleId(row.circle_id),
        drill_id=DrillId(row.drill_id),
        at=row.at,
        received_at=row.received_at,
        by=None if row.by is None else AccountId(row.by),
        by_name=row.by_name,
        partner_id=None if row.partner_id is None else PartnerId(row.partner_id),
        verdict=ObservationVerdict(row.verdict),
        text=row.text,
        objective=row.objective,
        lon=row.lon,
        lat=row.lat,
        has_photo=row.has_photo,
    )

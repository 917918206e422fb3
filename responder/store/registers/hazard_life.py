"""What was done about hazards, and the circle's rules for it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Date,
    Double,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    bindparam,
    select,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId, HazardId
from responder.domain.map.hazard import HazardGrade, HazardState
from responder.domain.registers.hazard_life import HazardSource, HazardStep, HazardStepKind
from responder.domain.registers.hazard_rules import LONGEST_DUE_DAYS, HazardRules
from responder.store.metadata import METADATA, AnyRow, circle_id, time
from responder.store.upsert import upsert

HAZARD_STEP = Table(
    "hazard_step",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("id", Uuid, primary_key=True),
    Column("hazard_id", Uuid, nullable=False),
    Column("number", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False),
    time("at"),
    # Not a foreign key: accounts may be gone.
    Column("by", Uuid),
    Column("by_name", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("owner_id", Uuid),
    Column("due_on", Date),
    Column("photo_id", Uuid),
    Column("source", Text, nullable=False),
    Column("closure_ids", ARRAY(Uuid), nullable=False),
    ForeignKeyConstraint(["circle_id", "hazard_id"], ["hazard.circle_id", "hazard.id"], ondelete="CASCADE"),
    UniqueConstraint("circle_id", "hazard_id", "number", name="uq_hazard_step_number"),
)
HAZARD_RULES = Table(
    "hazard_rules",
    METADATA,
    circle_id(),
    Column("general_days", Integer, nullable=False),
    Column("major_days", Integer, nullable=False),
    Column("same_place_m", Double, nullable=False),
    CheckConstraint(
        f"general_days BETWEEN 0 AND {LONGEST_DUE_DAYS} AND major_days BETWEEN 0 AND {LONGEST_DUE_DAYS}",
        name="days_possible",
    ),
    CheckConstraint("same_place_m BETWEEN 0 AND 500", name="same_place_m_possible"),
)
# By the spatial index: a degree of latitude is at least 110 km, one of longitude that by its cosine.
_CLOSED_BEFORE = text("""
    WITH near AS (
        SELECT hazard.id, earlier.id AS earlier_id
        FROM hazard
        JOIN hazard AS earlier
          ON earlier.circle_id = hazard.circle_id AND earlier.kind = hazard.kind AND earlier.id <> hazard.id
         AND earlier.state = 'closed'
         AND earlier.geometry && ST_Expand(
            hazard.geometry,
            :within_m / (110000.0 * greatest(0.01, cos(radians(ST_Y(ST_Centroid(hazard.geometry)))))),
            :within_m / 110000.0
         )
         AND ST_DWithin(hazard.geometry::geography, earlier.geometry::geography, :within_m)
        WHERE hazard.circle_id = :circle_id AND hazard.state <> 'closed'
    ), inside AS (
        SELECT hazard.id, hazard.kind, hazard.state, building.id AS building_id
        FROM hazard
        JOIN building ON building.circle_id = hazard.circle_id
         AND ST_Intersects(building.geometry, hazard.geometry)
        WHERE hazard.circle_id = :circle_id
    )
    SELECT id, count(*) AS times
    FROM (
        SELECT id, earlier_id FROM near
        UNION
        SELECT inside.id, earlier.id
        FROM inside
        JOIN inside AS earlier USING (building_id, kind)
        WHERE inside.state <> 'closed' AND earlier.state = 'closed'
    ) AS pairs
    GROUP BY id
""").bindparams(bindparam("within_m", type_=Double), bindparam("circle_id", type_=Uuid))


class PostgresHazardSteps:
    """What was done about each hazard."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, steps: Sequence[HazardStep]) -> None:
        await upsert(self._connection, HAZARD_STEP, [_row(step) for step in steps])

    async def of_hazard(self, circle_id: CircleId, hazard_id: HazardId) -> tuple[HazardStep, ...]:
        found = await self._connection.execute(
            select(HAZARD_STEP)
            .where(HAZARD_STEP.c.circle_id == circle_id, HAZARD_STEP.c.hazard_id == hazard_id)
            .order_by(HAZARD_STEP.c.number)
        )
        return tuple(map(_step, found))

    async def closed_before(self, circle_id: CircleId, *, within_m: float) -> Mapping[HazardId, int]:
        found = await self._connection.execute(_CLOSED_BEFORE, {"circle_id": circle_id, "within_m": within_m})
        return {HazardId(row.id): row.times for row in found}

    async def rules(self, circle_id: CircleId) -> HazardRules | None:
        found = await self._connection.execute(
            select(HAZARD_RULES).where(HAZARD_RULES.c.circle_id == circle_id)
        )
        row = found.one_or_none()
        if row is None:
            return None
        days = {HazardGrade.GENERAL: row.general_days, HazardGrade.MAJOR: row.major_days}
        return HazardRules(due_days=days, same_place_m=row.same_place_m)

    async def put_rules(self, circle_id: CircleId, rules: HazardRules) -> None:
        row = {
            "circle_id": circle_id,
            "general_days": rules.due_days[HazardGrade.GENERAL],
            "major_days": rules.due_days[HazardGrade.MAJOR],
            "same_place_m": rules.same_place_m,
        }
        await upsert(self._connection, HAZARD_RULES, [row])


def _row(step: HazardStep) -> dict[str, Any]:
    return {
        **asdict(step),
        "kind": step.kind.value,
        "state": step.state.value,
        "source": step.source.value,
        "closure_ids": list(step.closure_ids),
    }


def _step(row: AnyRow) -> HazardStep:
    values: dict[str, Any] = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    return HazardStep(
        **{
            **values,
            "kind": HazardStepKind(row.kind),
            "state": HazardState(row.state),
            "source": HazardSource(row.source),
            "closure_ids": tuple(row.closure_ids),
        }
    )

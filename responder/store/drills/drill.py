"""Drills with their plans."""

from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    CheckConstraint,
    Column,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.drills.plan import Drill, DrillPlan, DrillState
from responder.domain.errors import NotFoundError
from responder.domain.ids import AccountId, CircleId, DrillId
from responder.ports.drills.plans import DrillQuery
from responder.store.metadata import METADATA, AnyRow, circle_id, time

DRILL = Table(
    "drill",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("state", Text, nullable=False),
    time("starts_at", nullable=True),
    Column("body", JSONB, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("version", Text, nullable=False),
    time("created_at"),
    # Not foreign keys: accounts may be gone.
    Column("created_by", Uuid),
    Column("created_by_name", Text, nullable=False),
    time("changed_at"),
    Column("changed_by", Uuid),
    Column("changed_by_name", Text, nullable=False),
    CheckConstraint(
        "state IN ('planned', 'running', 'paused', 'ended', 'called_off')",
        name="known_state",
    ),
    Index("ix_drill_created_at", "circle_id", "created_at", "id"),
)

_PLAN: TypeAdapter[DrillPlan] = TypeAdapter(DrillPlan)


class PostgresDrills:
    """Drills with their plans."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, drill: Drill) -> None:
        await self._connection.execute(insert(DRILL).values(_values(drill)))

    async def get(self, circle_id: CircleId, drill_id: DrillId) -> Drill:
        drill = await self.find(circle_id, drill_id)
        if drill is None:
            raise NotFoundError
        return drill

    async def find(self, circle_id: CircleId, drill_id: DrillId) -> Drill | None:
        found = await self._connection.execute(
            select(DRILL).where(DRILL.c.circle_id == circle_id, DRILL.c.id == drill_id)
        )
        row = found.one_or_none()
        return None if row is None else _drill(row)

    async def search(self, circle_id: CircleId, query: DrillQuery) -> tuple[Drill, ...]:
        wanted = [DRILL.c.circle_id == circle_id]
        if query.state is not None:
            wanted.append(DRILL.c.state == query.state.value)
        if query.before is not None:
            last = await self.get(circle_id, query.before)
            wanted.append(tuple_(DRILL.c.created_at, DRILL.c.id) < tuple_(last.created_at, last.id))
        listed = await self._connection.execute(
            select(DRILL)
            .where(*wanted)
            .order_by(DRILL.c.created_at.desc(), DRILL.c.id.desc())
            .limit(query.limit)
        )
        return tuple(_drill(row) for row in listed)

    async def put(self, drill: Drill) -> None:
        await self._connection.execute(
            update(DRILL)
            .where(DRILL.c.circle_id == drill.circle_id, DRILL.c.id == drill.id)
            .values(_values(drill))
        )


def _values(drill: Drill) -> dict[str, Any]:
    return {
        "circle_id": drill.circle_id,
        "id": drill.id,
        "state": drill.state.value,
        "starts_at": drill.plan.starts_at,
        "body": _PLAN.dump_python(drill.plan, mode="json"),
        "revision": drill.revision,
        "version": drill.version,
        "created_at": drill.created_at,
        "created_by": drill.created_by,
        "created_by_name": drill.created_by_name,
        "changed_at": drill.changed_at,
        "changed_by": drill.changed_by,
        "changed_by_name": drill.changed_by_name,
    }


def _drill(row: AnyRow) -> Drill:
    return Drill(
        id=DrillId(row.id),
        circle_id=CircleId(row.circle_id),
        state=DrillState(row.state),
        plan=_PLAN.validate_python(row.body),
        revision=row.revision,
        version=row.version,
        created_at=row.created_at,
        created_by=None if row.created_by is None else AccountId(row.created_by),
        created_by_name=row.created_by_name,
        changed_at=row.changed_at,
        changed_by=None if row.changed_by is None else AccountId(row.changed_by),
        changed_by_name=row.changed_by_name,
    )

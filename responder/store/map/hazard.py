"""Fire hazards."""

from collections.abc import Sequence

from sqlalchemy import Column, Table, Text, Uuid, select
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import CircleId, HazardId
from responder.domain.map.hazard import Hazard, HazardGrade, HazardState
from responder.ports.people import Bbox
from responder.store.bbox import within
from responder.store.metadata import (
    METADATA,
    AnyRow,
    circle_id,
    from_element,
    geometry,
    geometry_rules,
    to_element,
)
from responder.store.upsert import upsert

HAZARD = Table(
    "hazard",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("grade", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("note", Text, nullable=False),
    geometry(),
    *geometry_rules("hazard"),
)


class PostgresHazards:
    """Fire hazards."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_circle(self, circle_id: CircleId, *, bbox: Bbox | None = None) -> tuple[Hazard, ...]:
        query = select(HAZARD).where(HAZARD.c.circle_id == circle_id).order_by(HAZARD.c.id)
        found = await self._connection.execute(within(query, HAZARD.c.geometry, bbox))
        return tuple(to_hazard(row) for row in found)

    async def get(self, circle_id: CircleId, hazard_id: HazardId) -> Hazard:
        found = await self._connection.execute(
            select(HAZARD).where(HAZARD.c.circle_id == circle_id, HAZARD.c.id == hazard_id)
        )
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return to_hazard(row)

    async def add(self, circle_id: CircleId, hazards: Sequence[Hazard]) -> None:
        await upsert(
            self._connection,
            HAZARD,
            [
                {
                    "circle_id": circle_id,
                    "id": hazard.id,
                    "kind": hazard.kind,
                    "grade": hazard.grade.value,
                    "state": hazard.state.value,
                    "name": hazard.name,
                    "name_en": hazard.name_en,
                    "note": hazard.note,
                    "geometry": to_element(hazard.geometry),
                }
                for hazard in hazards
            ],
        )


def to_hazard(row: AnyRow) -> Hazard:
    return Hazard(
        id=HazardId(row.id),
        circle_id=CircleId(row.circle_id),
        kind=row.kind,
        grade=HazardGrade(row.grade),
        state=HazardState(row.state),
        name=row.name,
        name_en=row.name_en,
        geometry=from_element(row.geometry),
        note=row.note,
    )

"""Buildings with their entrances and how many households live there."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text, Uuid, or_, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import BuildingId, CircleId
from responder.domain.map.building import Building, Entrance
from responder.ports.people import Bbox
from responder.store.bbox import one_of, touching, within
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

BUILDING = Table(
    "building",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("use", Text, nullable=False),
    Column("storeys", Integer),
    Column("year", Integer),
    Column("fire_rating", Integer),
    Column("households", Integer, nullable=False),
    Column("entrances", JSONB, nullable=False),
    geometry(),
    CheckConstraint("storeys BETWEEN 0 AND 300", name="storeys_possible"),
    CheckConstraint("year BETWEEN 1 AND 2200", name="year_possible"),
    CheckConstraint("fire_rating BETWEEN 1 AND 4", name="fire_rating_known"),
    CheckConstraint("households >= 0", name="households_counted"),
    CheckConstraint("GeometryType(geometry) IN ('POLYGON', 'MULTIPOLYGON')", name="areal"),
    *geometry_rules("building"),
)


class PostgresBuildings:
    """Buildings with their entrances."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_circle(self, circle_id: CircleId, *, bbox: Bbox | None = None) -> tuple[Building, ...]:
        query = select(BUILDING).where(BUILDING.c.circle_id == circle_id).order_by(BUILDING.c.id)
        found = await self._connection.execute(within(query, BUILDING.c.geometry, bbox))
        return tuple(to_building(row) for row in found)

    async def get(self, circle_id: CircleId, building_id: BuildingId) -> Building:
        found = await self._connection.execute(
            select(BUILDING).where(BUILDING.c.circle_id == circle_id, BUILDING.c.id == building_id)
        )
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return to_building(row)

    async def among(
        self, circle_id: CircleId, ids: Sequence[BuildingId], *, bbox: Bbox | None
    ) -> tuple[Building, ...]:
        wanted = one_of(BUILDING.c.id, ids)
        if bbox is not None:
            wanted = or_(wanted, touching(BUILDING.c.geometry, bbox))
        found = await self._connection.execute(
            select(BUILDING).where(BUILDING.c.circle_id == circle_id, wanted).order_by(BUILDING.c.id)
        )
        return tuple(to_building(row) for row in found)

    async def add(self, circle_id: CircleId, buildings: Sequence[Building]) -> None:
        await upsert(self._connection, BUILDING, [_values(circle_id, building) for building in buildings])


def _values(circle_id: CircleId, building: Building) -> dict[str, object]:
    return {
        "circle_id": circle_id,
        "id": building.id,
        "name": building.name,
        "name_en": building.name_en,
        "use": building.use,
        "storeys": building.storeys,
        "year": building.year,
        "fire_rating": building.fire_rating,
        "households": building.households,
        "entrances": [asdict(entrance) for entrance in building.entrances],
        "geometry": to_element(building.geometry),
    }


def to_building(row: AnyRow) -> Building:
    return Building(
        id=BuildingId(row.id),
        circle_id=CircleId(row.circle_id),
        name=row.name,
        name_en=row.name_en,
        geometry=from_element(row.geometry),
        use=row.use,
        storeys=row.storeys,
        year=row.year,
        fire_rating=row.fire_rating,
        households=row.households,
        entrances=tuple(Entrance(**entrance) for entrance in row.entrances),
    )

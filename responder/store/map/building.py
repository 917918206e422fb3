"""Buildings with their entrances and how many households live there."""

from dataclasses import asdict

from sqlalchemy import CheckConstraint, Column, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from responder.domain.ids import BuildingId, CircleId
from responder.domain.map.building import Building, Entrance
from responder.store.map.layer_table import LayerTable
from responder.store.metadata import (
    METADATA,
    AnyRow,
    circle_id,
    from_element,
    geometry,
    geometry_rules,
    to_element,
)

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


def _to_row(building: Building) -> dict[str, object]:
    return {
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


def _to_building(row: AnyRow) -> Building:
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


BUILDINGS = LayerTable(name="buildings", table=BUILDING, to_row=_to_row, to_thing=_to_building)

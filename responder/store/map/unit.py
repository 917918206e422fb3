"""Teams and vehicles that can be sent."""

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
)
from sqlalchemy.dialects.postgresql import ARRAY

from responder.domain.ids import PartnerId, UnitId
from responder.domain.map.unit import Unit
from responder.store.map.layer_table import LayerTable
from responder.store.metadata import METADATA, AnyRow, circle_id, geometry, geometry_rules, point, to_lonlat

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


def _to_row(unit: Unit) -> dict[str, object]:
    return {
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


def _to_unit(row: AnyRow) -> Unit:
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


UNITS = LayerTable(name="units", table=UNIT, to_row=_to_row, to_thing=_to_unit)

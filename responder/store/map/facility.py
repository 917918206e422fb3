"""Shared facilities."""

from dataclasses import asdict

from sqlalchemy import CheckConstraint, Column, Date, ForeignKeyConstraint, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from responder.domain.ids import CircleId, FacilityId, PartnerId
from responder.domain.map.facility import Facility, FacilityKind, FacilityState
from responder.domain.map.gate import KeyHolder
from responder.store.map.layer_table import LayerTable
from responder.store.metadata import METADATA, AnyRow, circle_id, geometry, geometry_rules, point, to_lonlat

FACILITY = Table(
    "facility",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("partner_id", Uuid),
    Column("note", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("where_to_find", Text, nullable=False),
    Column("access_code", Text, nullable=False),
    Column("holders", JSONB, nullable=False),
    Column("opening_hours", Text, nullable=False),
    Column("inspection_days", Integer),
    Column("inspected_on", Date),
    geometry("POINT"),
    ForeignKeyConstraint(["circle_id", "partner_id"], ["partner.circle_id", "partner.id"]),
    CheckConstraint("state IN ('in_service', 'faulty', 'removed')", name="known_state"),
    CheckConstraint("inspection_days > 0", name="inspection_days_positive"),
    *geometry_rules("facility"),
)


def _to_row(facility: Facility) -> dict[str, object]:
    return {
        "id": facility.id,
        "kind": facility.kind.value,
        "name": facility.name,
        "name_en": facility.name_en,
        "partner_id": facility.partner_id,
        "note": facility.note,
        "state": facility.state.value,
        "where_to_find": facility.where_to_find,
        "access_code": facility.access_code,
        "holders": [asdict(holder) for holder in facility.holders],
        "opening_hours": facility.opening_hours,
        "inspection_days": facility.inspection_days,
        "inspected_on": facility.inspected_on,
        "geometry": point(facility.lon, facility.lat),
    }


def _to_facility(row: AnyRow) -> Facility:
    lon, lat = to_lonlat(row.geometry)
    return Facility(
        id=FacilityId(row.id),
        circle_id=CircleId(row.circle_id),
        kind=FacilityKind(row.kind),
        name=row.name,
        name_en=row.name_en,
        lon=lon,
        lat=lat,
        partner_id=None if row.partner_id is None else PartnerId(row.partner_id),
        note=row.note,
        state=FacilityState(row.state),
        where_to_find=row.where_to_find,
        access_code=row.access_code,
        holders=tuple(KeyHolder(**holder) for holder in row.holders),
        opening_hours=row.opening_hours,
        inspection_days=row.inspection_days,
        inspected_on=row.inspected_on,
    )


FACILITIES = LayerTable(
    name="facilities", table=FACILITY, to_row=_to_row, to_thing=_to_facility, people=("holders",)
)

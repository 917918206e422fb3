"""Shared facilities."""

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Table, Text, Uuid

from responder.domain.ids import CircleId, FacilityId, PartnerId
from responder.domain.map.facility import Facility, FacilityKind
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
    Column("out_of_service", Boolean, nullable=False),
    geometry("POINT"),
    ForeignKeyConstraint(["circle_id", "partner_id"], ["partner.circle_id", "partner.id"]),
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
        "out_of_service": facility.out_of_service,
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
        out_of_service=row.out_of_service,
    )


FACILITIES = LayerTable(name="facilities", table=FACILITY, to_row=_to_row, to_thing=_to_facility)

"""Shared facilities."""

from collections.abc import Sequence

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Table, Text, Uuid, delete, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId, FacilityId, PartnerId
from responder.domain.map.facility import Facility, FacilityKind
from responder.ports.people import Bbox
from responder.store.bbox import one_of, touching, within
from responder.store.metadata import METADATA, AnyRow, circle_id, geometry, geometry_rules, point, to_lonlat
from responder.store.upsert import upsert

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


class PostgresFacilities:
    """Shared facilities."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_circle(self, circle_id: CircleId, *, bbox: Bbox | None = None) -> tuple[Facility, ...]:
        query = select(FACILITY).where(FACILITY.c.circle_id == circle_id).order_by(FACILITY.c.id)
        found = await self._connection.execute(within(query, FACILITY.c.geometry, bbox))
        return tuple(to_facility(row) for row in found)

    async def among(
        self, circle_id: CircleId, ids: Sequence[FacilityId], *, bbox: Bbox | None
    ) -> tuple[Facility, ...]:
        wanted = one_of(FACILITY.c.id, ids)
        if bbox is not None:
            wanted = or_(wanted, touching(FACILITY.c.geometry, bbox))
        found = await self._connection.execute(
            select(FACILITY).where(FACILITY.c.circle_id == circle_id, wanted).order_by(FACILITY.c.id)
        )
        return tuple(to_facility(row) for row in found)

    async def add(self, circle_id: CircleId, facilities: Sequence[Facility]) -> None:
        await upsert(
            self._connection,
            FACILITY,
            [
                {
                    "circle_id": circle_id,
                    "id": facility.id,
                    "kind": facility.kind.value,
                    "name": facility.name,
                    "name_en": facility.name_en,
                    "partner_id": facility.partner_id,
                    "note": facility.note,
                    "out_of_service": facility.out_of_service,
                    "geometry": point(facility.lon, facility.lat),
                }
                for facility in facilities
            ],
        )

    async def remove(self, circle_id: CircleId, ids: Sequence[FacilityId]) -> None:
        await self._connection.execute(
            delete(FACILITY).where(FACILITY.c.circle_id == circle_id, one_of(FACILITY.c.id, ids))
        )


def to_facility(row: AnyRow) -> Facility:
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

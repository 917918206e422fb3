"""Organisations that signed."""

from sqlalchemy import Column, Table, Text, Uuid, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import CircleId, PartnerId
from responder.domain.people.partner import Partner, PartnerKind
from responder.store.metadata import METADATA, circle_id

PARTNER = Table(
    "partner",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("name_en", Text, nullable=False),
    Column("phone", Text, nullable=False),
)


class PostgresPartners:
    """Organisations that signed."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_circle(self, circle_id: CircleId) -> tuple[Partner, ...]:
        found = await self._connection.execute(
            select(PARTNER).where(PARTNER.c.circle_id == circle_id).order_by(PARTNER.c.id)
        )
        return tuple(
            Partner(
                id=PartnerId(row.id),
                circle_id=circle_id,
                kind=PartnerKind(row.kind),
                name=row.name,
                name_en=row.name_en,
                phone=row.phone,
            )
            for row in found
        )

    async def add(self, partner: Partner) -> None:
        await self._connection.execute(
            insert(PARTNER).values(
                circle_id=partner.circle_id,
                id=partner.id,
                kind=partner.kind.value,
                name=partner.name,
                name_en=partner.name_en,
                phone=partner.phone,
            )
        )

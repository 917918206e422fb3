"""The people in units."""

from collections.abc import Collection, Sequence

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Table, Text, Uuid, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import AccountId, CircleId, PartnerId, ResponderId, UnitId
from responder.domain.unit import Responder
from responder.store.metadata import METADATA, circle_id, time

RESPONDER = Table(
    "responder",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("unit_id", Uuid, nullable=False),
    Column("partner_id", Uuid, nullable=False),
    Column("account_id", Uuid, ForeignKey("account.id"), index=True),
    Column("name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    time("left_at", nullable=True),
    ForeignKeyConstraint(["circle_id", "unit_id"], ["unit.circle_id", "unit.id"]),
    ForeignKeyConstraint(["circle_id", "partner_id"], ["partner.circle_id", "partner.id"]),
)


class PostgresResponders:
    """The people in units."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_units(self, circle_id: CircleId, unit_ids: Collection[UnitId]) -> tuple[Responder, ...]:
        """Return the people of the units, by id; those who have left are not called any more."""
        found = await self._connection.execute(
            select(RESPONDER)
            .where(
                RESPONDER.c.circle_id == circle_id,
                RESPONDER.c.unit_id.in_(unit_ids),
                RESPONDER.c.left_at.is_(None),
            )
            .order_by(RESPONDER.c.id)
        )
        return tuple(
            Responder(
                id=ResponderId(row.id),
                unit_id=UnitId(row.unit_id),
                partner_id=PartnerId(row.partner_id),
                account_id=None if row.account_id is None else AccountId(row.account_id),
                name=row.name,
                phone=row.phone,
            )
            for row in found
        )

    async def add(self, circle_id: CircleId, responders: Sequence[Responder]) -> None:
        """Add people."""
        if not responders:
            return
        await self._connection.execute(
            insert(RESPONDER),
            [
                {
                    "circle_id": circle_id,
                    "id": person.id,
                    "unit_id": person.unit_id,
                    "partner_id": person.partner_id,
                    "account_id": person.account_id,
                    "name": person.name,
                    "phone": person.phone,
                }
                for person in responders
            ],
        )

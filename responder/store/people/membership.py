"""Who is what in which circle."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Select,
    Table,
    Text,
    Uuid,
    func,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import AccountId, CircleId, PartnerId, ResponderId, UnitId
from responder.domain.people.access import Role, Viewer
from responder.domain.people.account import AdministeredCircle, Membership
from responder.store.map.circle import CIRCLE
from responder.store.metadata import METADATA, AnyRow, circle_id
from responder.store.people.account import ACCOUNT
from responder.store.people.responder_table import RESPONDER

MEMBERSHIP = Table(
    "membership",
    METADATA,
    circle_id(),
    Column("account_id", Uuid, ForeignKey("account.id"), primary_key=True, index=True),
    Column("role", Text, nullable=False),
    Column("partner_id", Uuid),
    ForeignKeyConstraint(["circle_id", "partner_id"], ["partner.circle_id", "partner.id"]),
    CheckConstraint(f"role IN ({', '.join(repr(role.value) for role in Role)})", name="role_known"),
)


_ADMINISTERED = (
    select(
        CIRCLE.c.id,
        CIRCLE.c.name,
        CIRCLE.c.name_en,
        func.count(MEMBERSHIP.c.account_id).label("people"),
        func.count().filter(MEMBERSHIP.c.role == Role.COORDINATOR.value).label("coordinators"),
    )
    .select_from(CIRCLE.outerjoin(MEMBERSHIP, MEMBERSHIP.c.circle_id == CIRCLE.c.id))
    .group_by(CIRCLE.c.id)
    .order_by(CIRCLE.c.name)
)


class PostgresMemberships:
    """Who is what in which circle."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def viewer(self, account_id: AccountId, circle_id: CircleId) -> Viewer:
        found = await self._connection.execute(
            membership_query(circle_id).where(MEMBERSHIP.c.account_id == account_id)
        )
        rows = found.all()
        if not rows:
            raise NotFoundError
        return viewer_of(account_id, circle_id, rows)

    async def of_account(self, account_id: AccountId) -> tuple[Membership, ...]:
        found = await self._connection.execute(
            select(CIRCLE.c.id, CIRCLE.c.name, CIRCLE.c.name_en, MEMBERSHIP.c.role)
            .join(MEMBERSHIP, MEMBERSHIP.c.circle_id == CIRCLE.c.id)
            .where(MEMBERSHIP.c.account_id == account_id)
            .order_by(CIRCLE.c.name)
        )
        return tuple(
            Membership(id=CircleId(row.id), name=row.name, name_en=row.name_en, role=Role(row.role))
            for row in found
        )

    async def administered(self) -> tuple[AdministeredCircle, ...]:
        found = await self._connection.execute(_ADMINISTERED)
        return tuple(
            AdministeredCircle(
                id=CircleId(row.id),
                name=row.name,
                name_en=row.name_en,
                people=row.people,
                coordinators=row.coordinators,
            )
            for row in found
        )

    async def add(
        self, circle_id: CircleId, account_id: AccountId, *, role: Role, partner_id: PartnerId | None
    ) -> None:
        await self._connection.execute(
            insert(MEMBERSHIP).values(
                circle_id=circle_id, account_id=account_id, role=role.value, partner_id=partner_id
            )
        )


def membership_query(circle_id: CircleId) -> Select[Any]:
    """Select all people of the circle: a row for each unit that they are in, and one if in none."""
    return (
        select(
            MEMBERSHIP.c.account_id,
            MEMBERSHIP.c.role,
            MEMBERSHIP.c.partner_id,
            ACCOUNT.c.name,
            RESPONDER.c.id,
            RESPONDER.c.unit_id,
        )
        .join(ACCOUNT, ACCOUNT.c.id == MEMBERSHIP.c.account_id)
        .outerjoin(
            RESPONDER,
            (RESPONDER.c.circle_id == MEMBERSHIP.c.circle_id)
            & (RESPONDER.c.account_id == MEMBERSHIP.c.account_id)
            & RESPONDER.c.left_at.is_(None),
        )
        .where(MEMBERSHIP.c.circle_id == circle_id)
    )


def viewer_of(account_id: AccountId, circle_id: CircleId, rows: Sequence[AnyRow]) -> Viewer:
    """Return an account as it stands in a circle, from its rows of `membership_query`."""
    first = rows[0]
    people = [row for row in rows if row.id is not None]
    return Viewer(
        account_id=account_id,
        name=first.name,
        circle_id=circle_id,
        role=Role(first.role),
        partner_id=None if first.partner_id is None else PartnerId(first.partner_id),
        responder_ids=frozenset(ResponderId(row.id) for row in people),
        unit_ids=frozenset(UnitId(row.unit_id) for row in people),
    )

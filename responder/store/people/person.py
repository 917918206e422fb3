"""The people of a circle: what each is there, how alerts reach them, and how they leave."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import AccountId, CircleId, PartnerId, UnitId
from responder.domain.people.access import Role
from responder.domain.people.account import Person
from responder.store.map.unit import UNIT
from responder.store.people.account import ACCOUNT
from responder.store.people.membership import MEMBERSHIP
from responder.store.people.partner import PARTNER
from responder.store.people.responder_table import RESPONDER
from responder.store.people.session import SESSION, is_open


class PostgresPeople:
    """The people of a circle."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_circle(self, circle_id: CircleId, *, now: datetime) -> tuple[Person, ...]:
        return await self._find(circle_id, None, now=now)

    async def get(self, circle_id: CircleId, account_id: AccountId, *, now: datetime) -> Person:
        found = await self._find(circle_id, account_id, now=now)
        if not found:
            raise NotFoundError
        return found[0]

    async def coordinators(self, circle_id: CircleId) -> frozenset[AccountId]:
        found = await self._connection.execute(
            select(MEMBERSHIP.c.account_id).where(
                MEMBERSHIP.c.circle_id == circle_id, MEMBERSHIP.c.role == Role.COORDINATOR.value
            )
        )
        return frozenset(AccountId(each) for each in found.scalars())

    async def change(
        self, circle_id: CircleId, account_id: AccountId, *, role: Role, partner_id: PartnerId | None
    ) -> None:
        await self._connection.execute(
            update(MEMBERSHIP)
            .where(MEMBERSHIP.c.circle_id == circle_id, MEMBERSHIP.c.account_id == account_id)
            .values(role=role.value, partner_id=partner_id)
        )

    async def leave_units(
        self, circle_id: CircleId, account_id: AccountId, *, but: Collection[UnitId], now: datetime
    ) -> None:
        await self._connection.execute(
            update(RESPONDER)
            .where(
                RESPONDER.c.circle_id == circle_id,
                RESPONDER.c.account_id == account_id,
                RESPONDER.c.left_at.is_(None),
                RESPONDER.c.unit_id.not_in(but),
            )
            # Whose it was is kept, so that it is found when the person wants to see or to erase it.
            .values(left_at=now)
        )

    async def remove(self, circle_id: CircleId, account_id: AccountId) -> None:
        await self._connection.execute(
            delete(MEMBERSHIP).where(
                MEMBERSHIP.c.circle_id == circle_id, MEMBERSHIP.c.account_id == account_id
            )
        )

    async def _find(
        self, circle_id: CircleId, account_id: AccountId | None, *, now: datetime
    ) -> tuple[Person, ...]:
        seen = (
            select(
                SESSION.c.account_id,
                func.max(SESSION.c.last_seen_at).label("last_seen_at"),
                func.bool_or(is_open(now)).label("signed_in"),
            )
            .group_by(SESSION.c.account_id)
            .subquery()
        )
        in_units = (
            select(
                RESPONDER.c.account_id,
                func.array_agg(UNIT.c.id).label("unit_ids"),
                func.array_agg(UNIT.c.name).label("units"),
            )
            .join(UNIT, (UNIT.c.circle_id == RESPONDER.c.circle_id) & (UNIT.c.id == RESPONDER.c.unit_id))
            .where(RESPONDER.c.circle_id == circle_id, RESPONDER.c.left_at.is_(None))
            .group_by(RESPONDER.c.account_id)
            .subquery()
        )
        query = (
            select(
                MEMBERSHIP.c.account_id,
                MEMBERSHIP.c.role,
                MEMBERSHIP.c.partner_id,
                ACCOUNT.c.username,
                ACCOUNT.c.name,
                PARTNER.c.name.label("partner_name"),
                in_units.c.unit_ids,
                in_units.c.units,
                seen.c.last_seen_at,
                func.coalesce(seen.c.signed_in, False).label("signed_in"),
            )
            .join(ACCOUNT, ACCOUNT.c.id == MEMBERSHIP.c.account_id)
            .outerjoin(
                PARTNER,
                (PARTNER.c.circle_id == MEMBERSHIP.c.circle_id) & (PARTNER.c.id == MEMBERSHIP.c.partner_id),
            )
            .outerjoin(in_units, in_units.c.account_id == MEMBERSHIP.c.account_id)
            .outerjoin(seen, seen.c.account_id == MEMBERSHIP.c.account_id)
            .where(MEMBERSHIP.c.circle_id == circle_id)
            .order_by(PARTNER.c.name.nulls_first(), ACCOUNT.c.name, ACCOUNT.c.id)
        )
        if account_id is not None:
            query = query.where(MEMBERSHIP.c.account_id == account_id)
        return tuple(
            Person(
                account_id=AccountId(row.account_id),
                username=row.username,
                name=row.name,
                role=Role(row.role),
                partner_id=None if row.partner_id is None else PartnerId(row.partner_id),
                partner_name=row.partner_name,
                unit_ids=tuple(UnitId(each) for each in row.unit_ids or ()),
                units=tuple(row.units or ()),
                last_seen_at=row.last_seen_at,
                signed_in=row.signed_in,
            )
            for row in await self._connection.execute(query)
        )

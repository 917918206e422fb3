"""The people in units."""

from collections.abc import Collection, Sequence

from sqlalchemy import func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import AccountId, CircleId, PartnerId, ResponderId, UnitId
from responder.domain.map.unit import Responder
from responder.domain.people.access import Role, may_be_called
from responder.store.metadata import AnyRow
from responder.store.people.membership import MEMBERSHIP
from responder.store.people.responder_table import RESPONDER


class PostgresResponders:
    """The people in units."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_units(
        self, circle_id: CircleId, unit_ids: Collection[UnitId], *, roles: Collection[Role] = ()
    ) -> tuple[Responder, ...]:
        """
        Return the people of the units, by id.

        Former members, and members whose role may not answer, are not called. A person without an account
        is: they cannot confirm it, so staff see their name and ring them. With `roles` only members of these.
        """
        callable_roles = [role.value for role in Role if may_be_called(role) and (not roles or role in roles)]
        may_answer = MEMBERSHIP.c.role.in_(callable_roles)
        found = await self._connection.execute(
            select(RESPONDER)
            .outerjoin(
                MEMBERSHIP,
                (MEMBERSHIP.c.circle_id == RESPONDER.c.circle_id)
                & (MEMBERSHIP.c.account_id == RESPONDER.c.account_id),
            )
            .where(
                RESPONDER.c.circle_id == circle_id,
                RESPONDER.c.unit_id.in_(unit_ids),
                RESPONDER.c.left_at.is_(None),
                may_answer if roles else or_(RESPONDER.c.account_id.is_(None), may_answer),
            )
            .order_by(RESPONDER.c.id)
        )
        return tuple(_to_responder(row) for row in found)

    async def known(
        self, circle_id: CircleId, responder_ids: Collection[ResponderId]
    ) -> dict[ResponderId, Responder]:
        found = await self._connection.execute(
            select(RESPONDER).where(
                RESPONDER.c.circle_id == circle_id, RESPONDER.c.id == func.any(list(responder_ids))
            )
        )
        return {ResponderId(row.id): _to_responder(row) for row in found}

    async def add(self, circle_id: CircleId, responders: Sequence[Responder]) -> None:
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


def _to_responder(row: AnyRow) -> Responder:
    return Responder(
        id=ResponderId(row.id),
        unit_id=UnitId(row.unit_id),
        partner_id=PartnerId(row.partner_id),
        account_id=None if row.account_id is None else AccountId(row.account_id),
        name=row.name,
        phone=row.phone,
        has_left=row.left_at is not None,
    )

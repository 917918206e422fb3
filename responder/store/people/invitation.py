"""Invitations, by the hash of their token."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Select,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import AccountId, CircleId, PartnerId, UnitId
from responder.domain.people.access import Role
from responder.domain.people.invitation import Invitation, ListedInvitation
from responder.store.map.unit import UNIT
from responder.store.metadata import METADATA, AnyRow, circle_id, time
from responder.store.people.account import ACCOUNT
from responder.store.people.partner import PARTNER

INVITATION = Table(
    "invitation",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("token_hash", Text, nullable=False, unique=True),
    Column("role", Text, nullable=False),
    Column("partner_id", Uuid),
    Column("unit_id", Uuid),
    Column("note", Text, nullable=False),
    Column("made_by", Uuid),
    time("made_at"),
    time("expires_at"),
    time("used_at", nullable=True),
    Column("used_by", Uuid),
    time("withdrawn_at", nullable=True),
    ForeignKeyConstraint(["circle_id", "partner_id"], ["partner.circle_id", "partner.id"]),
    ForeignKeyConstraint(["circle_id", "unit_id"], ["unit.circle_id", "unit.id"]),
    CheckConstraint("token_hash ~ '^[0-9a-f]{64}$'", name="token_hashed"),
    CheckConstraint(f"role IN ({', '.join(repr(role.value) for role in Role)})", name="role_known"),
    CheckConstraint("used_at IS NULL OR withdrawn_at IS NULL", name="ends_once"),
)
_MAKER = ACCOUNT.alias("maker")
_USER = ACCOUNT.alias("user_of_it")


class PostgresInvitations:
    """Invitations to circles."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, invitation: Invitation, *, token_hash: str) -> None:
        await self._connection.execute(
            insert(INVITATION).values(
                circle_id=invitation.circle_id,
                id=invitation.id,
                token_hash=token_hash,
                role=invitation.role.value,
                partner_id=invitation.partner_id,
                unit_id=invitation.unit_id,
                note=invitation.note,
                made_by=invitation.made_by,
                made_at=invitation.made_at,
                expires_at=invitation.expires_at,
            )
        )

    async def of_circle(self, circle_id: CircleId) -> tuple[ListedInvitation, ...]:
        found = await self._connection.execute(
            _listed()
            .where(INVITATION.c.circle_id == circle_id)
            .order_by(INVITATION.c.made_at.desc(), INVITATION.c.id)
        )
        return tuple(_from_row(row) for row in found)

    async def get(
        self, circle_id: CircleId, invitation_id: UUID, *, to_use: bool = False
    ) -> ListedInvitation:
        query = _listed().where(INVITATION.c.circle_id == circle_id, INVITATION.c.id == invitation_id)
        if to_use:
            query = query.with_for_update(of=INVITATION)
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise NotFoundError
        return _from_row(row)

    async def by_token(self, token_hash: str, *, to_use: bool) -> ListedInvitation | None:
        query = _listed().where(INVITATION.c.token_hash == token_hash)
        if to_use:
            query = query.with_for_update(of=INVITATION)
        row = (await self._connection.execute(query)).one_or_none()
        return None if row is None else _from_row(row)

    async def put_used(self, invitation: Invitation) -> None:
        await self._change(invitation, used_at=invitation.used_at, used_by=invitation.used_by)

    async def put_withdrawn(self, invitation: Invitation) -> None:
        await self._change(invitation, withdrawn_at=invitation.withdrawn_at)

    async def delete_old(self, *, before: datetime) -> int:
        gone = await self._connection.execute(delete(INVITATION).where(INVITATION.c.expires_at < before))
        return gone.rowcount

    async def _change(self, invitation: Invitation, **values: object) -> None:
        await self._connection.execute(
            update(INVITATION)
            .where(INVITATION.c.circle_id == invitation.circle_id, INVITATION.c.id == invitation.id)
            .values(**values)
        )


def _listed() -> Select[Any]:
    return (
        select(
            INVITATION,
            PARTNER.c.name.label("partner_name"),
            UNIT.c.name.label("unit_name"),
            _MAKER.c.name.label("made_by_name"),
            _USER.c.name.label("used_by_name"),
        )
        .outerjoin(
            PARTNER,
            (PARTNER.c.circle_id == INVITATION.c.circle_id) & (PARTNER.c.id == INVITATION.c.partner_id),
        )
        .outerjoin(UNIT, (UNIT.c.circle_id == INVITATION.c.circle_id) & (UNIT.c.id == INVITATION.c.unit_id))
        .outerjoin(_MAKER, _MAKER.c.id == INVITATION.c.made_by)
        .outerjoin(_USER, _USER.c.id == INVITATION.c.used_by)
    )


def _from_row(row: AnyRow) -> ListedInvitation:
    invitation = Invitation(
        id=row.id,
        circle_id=CircleId(row.circle_id),
        role=Role(row.role),
        partner_id=None if row.partner_id is None else PartnerId(row.partner_id),
        unit_id=None if row.unit_id is None else UnitId(row.unit_id),
        note=row.note,
        made_by=None if row.made_by is None else AccountId(row.made_by),
        made_at=row.made_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        used_by=None if row.used_by is None else AccountId(row.used_by),
        withdrawn_at=row.withdrawn_at,
    )
    return ListedInvitation(
        invitation=invitation,
        partner_name=row.partner_name,
        unit_name=row.unit_name,
        made_by_name=row.made_by_name,
        used_by_name=row.used_by_name,
    )

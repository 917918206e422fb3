"""By what the people of a circle can be reached, and when they are not to be disturbed."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime, time
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, insert, literal, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.channels.contact import MOST_CODE_FAILURES, Contact, PersonalQuietHours
from responder.domain.errors import NameTakenError, NotFoundError
from responder.domain.ids import AccountId, CircleId
from responder.domain.people.access import Role, may_be_called
from responder.ports.messages import PersonChannels
from responder.store.channels.channel_tables import CHANNEL_SERVICE, CONTACT, QUIET_HOURS
from responder.store.channels.message_tables import MESSAGE
from responder.store.metadata import AnyRow
from responder.store.people.account import ACCOUNT
from responder.store.people.membership import MEMBERSHIP


class PostgresContacts:
    """By what the people of a circle can be reached."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def remove_all_at(self, circle_id: CircleId, service_id: UUID) -> int:
        where = and_(CONTACT.c.circle_id == circle_id, CONTACT.c.service_id == service_id)
        gone = await self._connection.execute(delete(CONTACT).where(where).returning(CONTACT.c.id))
        contact_ids = gone.scalars().all()
        await self._detach(circle_id, contact_ids)
        return len(contact_ids)

    async def contacts(self, circle_id: CircleId, account_id: AccountId) -> tuple[Contact, ...]:
        found = await self._connection.execute(
            select(CONTACT)
            .where(CONTACT.c.circle_id == circle_id, CONTACT.c.account_id == account_id)
            .order_by(CONTACT.c.turn, CONTACT.c.id)
        )
        return tuple(_to_contact(row) for row in found)

    async def contact(
        self, circle_id: CircleId, account_id: AccountId, contact_id: UUID, *, to_change: bool = False
    ) -> Contact:
        query = select(CONTACT).where(
            CONTACT.c.circle_id == circle_id, CONTACT.c.id == contact_id, CONTACT.c.account_id == account_id
        )
        if to_change:
            query = query.with_for_update()
        row = (await self._connection.execute(query)).one_or_none()
        if row is None:
            raise NotFoundError
        return _to_contact(row)

    async def contact_at(self, circle_id: CircleId, service_id: UUID, address: str) -> Contact | None:
        found = await self._connection.execute(
            select(CONTACT).where(
                CONTACT.c.circle_id == circle_id,
                CONTACT.c.service_id == service_id,
                CONTACT.c.verified_at.is_not(None),
                CONTACT.c.address == address,
            )
        )
        rows = found.all()
        # Two people with one telephone: who answered is not known.
        return _to_contact(rows[0]) if len(rows) == 1 else None

    async def add_contact(self, contact: Contact) -> None:
        values = {**asdict(contact), "code_hashes": [], "code_failures": 0}
        try:
            async with self._connection.begin_nested():
                await self._connection.execute(insert(CONTACT).values(**values))
        except IntegrityError as error:
            raise NameTakenError from error

    async def remove_contact(self, circle_id: CircleId, contact_id: UUID) -> None:
        await self._connection.execute(
            delete(CONTACT).where(CONTACT.c.circle_id == circle_id, CONTACT.c.id == contact_id)
        )
        await self._detach(circle_id, [contact_id])

    async def remove_person(self, circle_id: CircleId, account_id: AccountId) -> None:
        await self.put_quiet_hours(circle_id, account_id, None)
        where = and_(CONTACT.c.circle_id == circle_id, CONTACT.c.account_id == account_id)
        gone = await self._connection.execute(delete(CONTACT).where(where).returning(CONTACT.c.id))
        await self._detach(circle_id, gone.scalars().all())

    async def put_order(self, circle_id: CircleId, contact_ids: Sequence[UUID]) -> None:
        for turn, contact_id in enumerate(contact_ids):
            await self._connection.execute(
                update(CONTACT)
                .where(CONTACT.c.circle_id == circle_id, CONTACT.c.id == contact_id)
                .values(turn=turn)
            )

    async def use_code(self, circle_id: CircleId, contact_id: UUID, *, code_hash: str, now: datetime) -> bool:
        row = (
            await self._connection.execute(
                select(CONTACT)
                .where(CONTACT.c.circle_id == circle_id, CONTACT.c.id == contact_id)
                .with_for_update()
            )
        ).one()
        in_time = row.code_expires_at is not None and now < row.code_expires_at
        fits = in_time and row.code_failures < MOST_CODE_FAILURES and code_hash in row.code_hashes
        values: dict[str, Any] = (
            {"verified_at": now, "code_hashes": [], "code_expires_at": None, "code_failures": 0}
            if fits
            else {"code_failures": row.code_failures + 1}
        )
        await self._connection.execute(
            update(CONTACT)
            .where(CONTACT.c.circle_id == circle_id, CONTACT.c.id == contact_id)
            .values(**values)
        )
        return fits

    async def forget_codes(self, circle_id: CircleId, contact_id: UUID) -> None:
        await self._connection.execute(
            update(CONTACT)
            .where(CONTACT.c.circle_id == circle_id, CONTACT.c.id == contact_id)
            .values(code_hashes=[], code_failures=0)
        )

    async def quiet_hours(self, circle_id: CircleId, account_id: AccountId) -> PersonalQuietHours | None:
        found = await self._connection.execute(
            select(QUIET_HOURS).where(
                QUIET_HOURS.c.circle_id == circle_id, QUIET_HOURS.c.account_id == account_id
            )
        )
        row = found.one_or_none()
        if row is None:
            return None
        return PersonalQuietHours(begin=_to_time(row.from_minute), until=_to_time(row.until_minute))

    async def put_quiet_hours(
        self, circle_id: CircleId, account_id: AccountId, quiet: PersonalQuietHours | None
    ) -> None:
        await self._connection.execute(
            delete(QUIET_HOURS).where(
                QUIET_HOURS.c.circle_id == circle_id, QUIET_HOURS.c.account_id == account_id
            )
        )
        if quiet is not None:
            await self._connection.execute(
                insert(QUIET_HOURS).values(
                    circle_id=circle_id,
                    account_id=account_id,
                    from_minute=_to_minute(quiet.begin),
                    until_minute=_to_minute(quiet.until),
                )
            )

    async def people(self, circle_id: CircleId) -> tuple[PersonChannels, ...]:
        callable_roles = [role.value for role in Role if may_be_called(role)]
        verified = func.count(CONTACT.c.id).filter(CONTACT.c.verified_at.is_not(None))
        found = await self._connection.execute(
            select(
                ACCOUNT.c.id,
                ACCOUNT.c.name,
                verified.label("verified"),
                func.count(CONTACT.c.id).label("all"),
            )
            .join(MEMBERSHIP, MEMBERSHIP.c.account_id == ACCOUNT.c.id)
            .outerjoin(
                CONTACT,
                (CONTACT.c.circle_id == MEMBERSHIP.c.circle_id) & (CONTACT.c.account_id == ACCOUNT.c.id),
            )
            .where(MEMBERSHIP.c.circle_id == circle_id, MEMBERSHIP.c.role.in_(callable_roles))
            .group_by(ACCOUNT.c.id, ACCOUNT.c.name)
            .order_by(ACCOUNT.c.name, ACCOUNT.c.id)
        )
        return tuple(
            PersonChannels(
                account_id=AccountId(row.id),
                name=row.name,
                verified=row.verified,
                unverified=row.all - row.verified,
            )
            for row in found
        )

    async def contacts_to_test(self, circle_id: CircleId) -> tuple[Contact, ...]:
        found = await self._connection.execute(
            select(CONTACT)
            .ext(distinct_on(CONTACT.c.service_id))
            .join(
                MEMBERSHIP,
                (MEMBERSHIP.c.circle_id == CONTACT.c.circle_id)
                & (MEMBERSHIP.c.account_id == CONTACT.c.account_id),
            )
            .join(
                CHANNEL_SERVICE,
                (CHANNEL_SERVICE.c.circle_id == CONTACT.c.circle_id)
                & (CHANNEL_SERVICE.c.id == CONTACT.c.service_id),
            )
            .where(
                CONTACT.c.circle_id == circle_id,
                CONTACT.c.verified_at.is_not(None),
                MEMBERSHIP.c.role == literal(Role.COORDINATOR.value),
                CHANNEL_SERVICE.c.enabled,
            )
            .order_by(CONTACT.c.service_id, CONTACT.c.verified_at)
        )
        return tuple(_to_contact(row) for row in found)

    async def _detach(self, circle_id: CircleId, contact_ids: Collection[UUID]) -> None:
        """Stop what waits for contacts that are gone; what was sent stays as proof."""
        await self._connection.execute(_DETACH, {"circle_id": circle_id, "contact_ids": list(contact_ids)})


_DETACH = text(f"""
    UPDATE {MESSAGE.name}
    SET contact_id = NULL,
        state = CASE WHEN state = 'queued' THEN 'stopped' ELSE state END,
        reason = CASE WHEN state = 'queued' THEN 'no_contact' ELSE reason END
    WHERE circle_id = :circle_id AND contact_id = ANY (:contact_ids)
""")  # noqa: S608 - our own table


def _to_contact(row: AnyRow) -> Contact:
    return Contact(
        id=row.id,
        circle_id=CircleId(row.circle_id),
        account_id=AccountId(row.account_id),
        service_id=row.service_id,
        address=row.address,
        turn=row.turn,
        added_at=row.added_at,
        verified_at=row.verified_at,
    )


def _to_minute(at: time) -> int:
    return 60 * at.hour + at.minute


def _to_time(minute: int) -> time:
    return time(minute // 60, minute % 60)

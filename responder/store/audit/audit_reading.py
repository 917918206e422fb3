"""Reading the audit log: for people, for checking, and for forgetting who it was."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.audit import (
    OPERATOR_MARK,
    PERSON,
    Link,
    current_detail,
    current_name,
    stored_names,
)
from responder.domain.ids import AccountId, CircleId
from responder.ports.audit import AuditQuery, ChainHead, FoundRecord, PersonOfRecord, StoredLink
from responder.store.audit.audit_table import AUDIT, AUDIT_HEAD, AUDIT_PERSON, AUDIT_SALT
from responder.store.metadata import AnyRow
from responder.store.people.account import ACCOUNT

_ACTOR = AUDIT_PERSON.alias("actor_person")
_SUBJECT = AUDIT_PERSON.alias("subject_person")
_ACTOR_ACCOUNT = ACCOUNT.alias("actor_account")
_SUBJECT_ACCOUNT = ACCOUNT.alias("subject_account")


class PostgresAuditReading:
    """Chains of records, as they can be read."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def search(self, circle_id: CircleId, query: AuditQuery) -> tuple[FoundRecord, ...]:
        chosen = _found().where(AUDIT.c.circle_id == circle_id)
        if query.actor is not None:
            chosen = chosen.where(_ACTOR.c.account_id == query.actor)
        if query.action is not None:
            chosen = chosen.where(AUDIT.c.action.in_(stored_names(query.action)))
        if query.since is not None:
            chosen = chosen.where(AUDIT.c.at >= query.since)
        if query.until is not None:
            chosen = chosen.where(AUDIT.c.at < query.until)
        if query.before is not None:
            chosen = chosen.where(AUDIT.c.seq < query.before)
        rows = await self._connection.execute(chosen.order_by(AUDIT.c.seq.desc()).limit(query.limit))
        return tuple(_record(row) for row in rows)

    async def about(self, account_id: AccountId) -> tuple[tuple[CircleId, FoundRecord], ...]:
        part = select(AUDIT_PERSON.c.circle_id, AUDIT_PERSON.c.seq).where(
            AUDIT_PERSON.c.account_id == account_id
        )
        rows = await self._connection.execute(
            _found()
            .where(tuple_(AUDIT.c.circle_id, AUDIT.c.seq).in_(part))
            .order_by(AUDIT.c.at, AUDIT.c.circle_id, AUDIT.c.seq)
        )
        return tuple((CircleId(row.circle_id), _record(row)) for row in rows)

    async def links(self, circle_id: CircleId, *, after: int, limit: int) -> Sequence[StoredLink]:
        rows = (
            await self._connection.execute(
                select(AUDIT)
                .where(AUDIT.c.circle_id == circle_id, AUDIT.c.seq > after)
                .order_by(AUDIT.c.seq)
                .limit(limit)
            )
        ).all()
        people = await self._people(circle_id, after=after, up_to=rows[-1].seq if rows else after)
        return [
            StoredLink(link=_link(row), hash=row.hash, people=tuple(people.get(row.seq, ()))) for row in rows
        ]

    async def head(self, circle_id: CircleId) -> ChainHead | None:
        found = await self._connection.execute(select(AUDIT_HEAD).where(AUDIT_HEAD.c.circle_id == circle_id))
        row = found.one_or_none()
        return None if row is None else ChainHead(CircleId(row.circle_id), row.seq, row.hash)

    async def heads(self) -> tuple[ChainHead, ...]:
        rows = await self._connection.execute(select(AUDIT_HEAD).order_by(AUDIT_HEAD.c.circle_id))
        return tuple(ChainHead(CircleId(row.circle_id), row.seq, row.hash) for row in rows)

    async def delete_person(self, account_id: AccountId) -> int:
        gone = await self._connection.execute(
            delete(AUDIT_PERSON).where(AUDIT_PERSON.c.account_id == account_id)
        )
        await self._connection.execute(delete(AUDIT_SALT).where(AUDIT_SALT.c.account_id == account_id))
        return gone.rowcount

    async def delete_origins(self, *, before: datetime) -> int:
        old = select(AUDIT.c.circle_id, AUDIT.c.seq).where(AUDIT.c.at < before)
        changed = await self._connection.execute(
            update(AUDIT_PERSON)
            .where(
                func.coalesce(AUDIT_PERSON.c.address, AUDIT_PERSON.c.device).is_not(None),
                tuple_(AUDIT_PERSON.c.circle_id, AUDIT_PERSON.c.seq).in_(old),
            )
            .values(address=None, device=None)
        )
        return changed.rowcount

    async def _people(
        self, circle_id: CircleId, *, after: int, up_to: int
    ) -> dict[int, list[PersonOfRecord]]:
        found = await self._connection.execute(
            select(AUDIT_PERSON, AUDIT_SALT.c.salt)
            .outerjoin(AUDIT_SALT, AUDIT_SALT.c.account_id == AUDIT_PERSON.c.account_id)
            .where(
                AUDIT_PERSON.c.circle_id == circle_id,
                AUDIT_PERSON.c.seq > after,
                AUDIT_PERSON.c.seq <= up_to,
            )
        )
        people: dict[int, list[PersonOfRecord]] = defaultdict(list)
        for row in found:
            people[row.seq].append(
                PersonOfRecord(
                    part=row.part,
                    account_id=AccountId(row.account_id),
                    address=row.address,
                    device=row.device,
                    salt=None if row.salt is None else bytes(row.salt),
                )
            )
        return people


def _found() -> Select[Any]:
    def of(person: Any, part: str) -> Any:  # noqa: ANN401 - an alias of a table
        return (
            (person.c.circle_id == AUDIT.c.circle_id)
            & (person.c.seq == AUDIT.c.seq)
            & (person.c.part == part)
        )

    return (
        select(
            AUDIT,
            _ACTOR.c.account_id.label("actor_id"),
            _ACTOR.c.address,
            _ACTOR.c.device,
            _ACTOR_ACCOUNT.c.name.label("actor_name"),
            _ACTOR_ACCOUNT.c.username.label("actor_username"),
            _SUBJECT.c.account_id.label("person_id"),
            _SUBJECT_ACCOUNT.c.name.label("person_name"),
            _SUBJECT_ACCOUNT.c.username.label("person_username"),
        )
        .outerjoin(_ACTOR, of(_ACTOR, "actor"))
        .outerjoin(_ACTOR_ACCOUNT, _ACTOR_ACCOUNT.c.id == _ACTOR.c.account_id)
        .outerjoin(_SUBJECT, of(_SUBJECT, "subject"))
        .outerjoin(_SUBJECT_ACCOUNT, _SUBJECT_ACCOUNT.c.id == _SUBJECT.c.account_id)
    )


def _record(row: AnyRow) -> FoundRecord:
    # The chain names a person by a hash alone, which means nothing to a reader.
    subject = row.person_id if row.subject_kind == PERSON else row.subject and UUID(row.subject)
    return FoundRecord(
        seq=row.seq,
        at=row.at,
        action=current_name(row.action),
        by_operator=row.actor == OPERATOR_MARK,
        actor_id=None if row.actor_id is None else AccountId(row.actor_id),
        actor_name=row.actor_name,
        actor_username=row.actor_username,
        subject_kind=row.subject_kind,
        subject_id=subject,
        subject_name=row.person_name,
        subject_username=row.person_username,
        detail=current_detail(row.detail),
        address=row.address,
        device=row.device,
        hash=row.hash,
    )


def _link(row: AnyRow) -> Link:
    # As it was hashed: under the name that it had then.
    return Link(
        circle_id=CircleId(row.circle_id),
        seq=row.seq,
        at=row.at,
        action=row.action,
        actor=row.actor,
        origin=row.origin,
        subject_kind=row.subject_kind,
        subject=row.subject,
        detail=row.detail,
    )

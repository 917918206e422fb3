"""The audit log: records are chained under a lock of the chain, and only ever added."""

import secrets
from collections.abc import Collection
from datetime import datetime

from pydantic_core import to_json
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert as insert_unless_there
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.audit import FIRST_HASH, OPERATOR_MARK, AuditEntry, Link, salted
from responder.domain.ids import AccountId, CircleId
from responder.domain.people.access import OPERATOR
from responder.ports.audit import ChainHead
from responder.ports.clock import to_milliseconds
from responder.store.audit.audit_reading import PostgresAuditReading
from responder.store.audit.audit_table import AUDIT_HEAD, AUDIT_SALT
from responder.store.metadata import AnyRow

SALT_BYTES = 32
ACTOR = "actor"
SUBJECT = "subject"

# One statement to begin and one to end: an alert waits for them. The salts come with the head.
_LOCK = text("""
    SELECT head.seq, head.hash, audit_salt.account_id, audit_salt.salt
    FROM audit_head AS head
    LEFT JOIN audit_salt ON audit_salt.account_id = ANY (CAST(:people AS uuid[]))
    WHERE head.circle_id = :circle_id
    FOR UPDATE OF head
""")
_APPEND = text("""
    WITH added AS (
        INSERT INTO audit (circle_id, seq, at, action, actor, origin, subject_kind, subject, detail, hash)
        SELECT :circle_id, seq, at, action, actor, origin, subject_kind, subject, detail, hash
        FROM jsonb_to_recordset(CAST(:rows AS jsonb))
             AS act (seq bigint, at timestamptz, action text, actor text, origin text, subject_kind text,
                     subject text, detail jsonb, hash text)
    ), people AS (
        INSERT INTO audit_person (circle_id, seq, part, account_id, address, device)
        SELECT :circle_id, seq, part, account_id, address, device
        FROM jsonb_to_recordset(CAST(:people AS jsonb))
             AS person (seq bigint, part text, account_id uuid, address text, device text)
    )
    UPDATE audit_head SET seq = :seq, hash = :hash WHERE circle_id = :circle_id
""")


class PostgresAuditLog(PostgresAuditReading):
    """Chains of records, one for each circle and one for the platform."""

    def __init__(self, connection: AsyncConnection) -> None:
        super().__init__(connection)
        self._connection = connection

    async def append(self, circle_id: CircleId, *acts: AuditEntry, at: datetime) -> None:
        """Put records at the end of a chain, in the same transaction as what they are about."""
        if not acts:
            return
        head, salts = await self._lock(circle_id, {each for act in acts for each in _people(act).values()})
        seq, last_hash = head.seq, head.hash
        rows, people = [], []
        for act in acts:
            seq += 1
            link = _link(circle_id, seq, act, salts=salts, at=to_milliseconds(at))
            last_hash = link.hash_after(last_hash)
            rows.append(_row(link, last_hash))
            people.extend(_person_rows(circle_id, seq, act))
        await self._connection.execute(
            _APPEND,
            {
                "circle_id": circle_id,
                "rows": to_json(rows).decode(),
                "people": to_json(people).decode(),
                "seq": seq,
                "hash": last_hash,
            },
        )

    async def _lock(
        self, circle_id: CircleId, people: Collection[AccountId]
    ) -> tuple[ChainHead, dict[AccountId, bytes]]:
        """
        Wait for the chain, and keep others from adding to it until this transaction ends.

        Returns its head and the salt of each person; a new one where there is none.
        """
        values = {"circle_id": circle_id, "people": list(people)}
        rows = (await self._connection.execute(_LOCK, values)).all()
        if not rows:
            await self._connection.execute(
                insert_unless_there(AUDIT_HEAD)
                .values(circle_id=circle_id, seq=0, hash=FIRST_HASH)
                .on_conflict_do_nothing()
            )
            rows = (await self._connection.execute(_LOCK, values)).all()
        salts = {AccountId(row.account_id): bytes(row.salt) for row in rows if row.account_id is not None}
        if missing := sorted(set(people) - salts.keys()):
            await self._connection.execute(
                insert_unless_there(AUDIT_SALT)
                .values([{"account_id": each, "salt": secrets.token_bytes(SALT_BYTES)} for each in missing])
                .on_conflict_do_nothing()
            )
            # Another transaction may have been quicker: its salt counts.
            salts |= await self._known_salts(set(missing))
        return _head(circle_id, rows[0]), salts

    async def _known_salts(self, people: set[AccountId]) -> dict[AccountId, bytes]:
        found = await self._connection.execute(select(AUDIT_SALT).where(AUDIT_SALT.c.account_id.in_(people)))
        return {AccountId(row.account_id): bytes(row.salt) for row in found}


def _people(act: AuditEntry) -> dict[str, AccountId]:
    people = {} if act.actor == OPERATOR else {ACTOR: act.actor}
    if act.subject is not None and act.subject.is_person:
        people[SUBJECT] = AccountId(act.subject.id)
    return people


def _link(
    circle_id: CircleId, seq: int, act: AuditEntry, *, salts: dict[AccountId, bytes], at: datetime
) -> Link:
    actor, origin, subject = OPERATOR_MARK, None, None
    if act.actor != OPERATOR:
        salt = salts[act.actor]
        actor = salted(salt, str(act.actor))
        origin = salted(salt, act.origin.address, act.origin.device)
    if act.subject is not None:
        subject = str(act.subject.id)
        if act.subject.is_person:
            subject = salted(salts[AccountId(act.subject.id)], subject)
    return Link(
        circle_id=circle_id,
        seq=seq,
        at=at,
        action=act.action.value,
        actor=actor,
        origin=origin,
        subject_kind=None if act.subject is None else act.subject.kind,
        subject=subject,
        detail=act.detail,
    )


def _row(link: Link, hash_: str) -> dict[str, object]:
    return {
        "circle_id": link.circle_id,
        "seq": link.seq,
        "at": link.at,
        "action": link.action,
        "actor": link.actor,
        "origin": link.origin,
        "subject_kind": link.subject_kind,
        "subject": link.subject,
        "detail": dict(link.detail),
        "hash": hash_,
    }


def _person_rows(circle_id: CircleId, seq: int, act: AuditEntry) -> list[dict[str, object]]:
    return [
        {
            "circle_id": circle_id,
            "seq": seq,
            "part": part,
            "account_id": account_id,
            "address": act.origin.address if part == ACTOR else None,
            "device": act.origin.device if part == ACTOR else None,
        }
        for part, account_id in _people(act).items()
    ]


def _head(circle_id: CircleId, row: AnyRow) -> ChainHead:
    return ChainHead(circle_id=circle_id, seq=row.seq, hash=row.hash)

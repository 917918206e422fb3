"""Check a chain of the audit log from its first record to its head, and name the first that does not hold."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from responder.domain.audit import FIRST_HASH, salted
from responder.domain.ids import CircleId
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database
from responder.ports.audit import ChainHead, PersonOfRecord, StoredLink
from responder.ports.clock import moment

AT_ONCE = 500
_MINUTES = 5


class Flaw(StrEnum):
    """What does not hold."""

    MISSING = "missing"
    """The record of that number is not there."""
    CHANGED = "changed"
    """The record is not the one that was chained, or not in its place."""
    PERSON_CHANGED = "person_changed"
    """Who it is said to have been is not who was recorded."""
    CUT_OFF = "cut_off"
    """The records end before the head says so."""
    HEAD_CHANGED = "head_changed"
    """The head is not that of the records."""
    HEAD_MISSING = "head_missing"
    """There is no head, so the expected length of the chain is unknown."""
    NOT_AS_KEPT = "not_as_kept"
    """The record does not have the hash that was kept elsewhere."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verification:
    """What came of checking a chain."""

    rows: int
    """Records that were seen, up to the first bad one."""
    first_bad: int | None
    flaw: Flaw | None
    head: ChainHead | None
    checked_at: datetime


async def verify_audit(database: Database, *, viewer: Viewer, clock: Clock) -> Verification:
    """Check the chain of the viewer's circle."""
    viewer.must(Action.READ_AUDIT)
    return await verify_chain(database, circle_id=viewer.circle_id, clock=clock)


async def verify_chain(
    database: Database, *, circle_id: CircleId, clock: Clock, kept: ChainHead | None = None
) -> Verification:
    """
    Check one chain; with `kept`, a head stored elsewhere, also that it was not rewritten since.

    The owner of the database can change all of it consistently, but not what is kept elsewhere.
    """
    walk = _Walk(kept)
    async with database.snapshot() as transaction:
        await transaction.allow_minutes(_MINUTES)
        head = await transaction.audit.head(circle_id)
        while walk.flaw is None:
            links = await transaction.audit.links(circle_id, after=walk.seq, limit=AT_ONCE)
            if not links:
                break
            # In a thread, since hashing many records would block the event loop.
            await asyncio.to_thread(walk.check, links)
    if walk.flaw is None:
        walk.end(head)
    return Verification(
        rows=walk.seq,
        first_bad=walk.first_bad,
        flaw=walk.flaw,
        head=head,
        checked_at=moment(clock),
    )


async def audit_heads(database: Database) -> tuple[ChainHead, ...]:
    """Return the head of every chain, to be stored elsewhere."""
    async with database.snapshot() as transaction:
        return await transaction.audit.heads()


class _Walk:
    """Goes along a chain as far as it holds."""

    def __init__(self, kept: ChainHead | None) -> None:
        self.seq = 0
        self.hash = FIRST_HASH
        self.flaw: Flaw | None = None
        self.first_bad: int | None = None
        self._kept = kept

    def check(self, links: Sequence[StoredLink]) -> None:
        for stored in links:
            expected = self.seq + 1
            if stored.link.seq != expected:
                self._stop(expected, Flaw.MISSING)
            elif stored.hash != stored.link.hash_after(self.hash):
                self._stop(expected, Flaw.CHANGED)
            elif not all(_is_who_was_recorded(stored, person) for person in stored.people):
                self._stop(expected, Flaw.PERSON_CHANGED)
            elif self._kept is not None and self._kept.seq == expected and self._kept.hash != stored.hash:
                self._stop(expected, Flaw.NOT_AS_KEPT)
            if self.flaw is not None:
                return
            self.seq, self.hash = expected, stored.hash

    def end(self, head: ChainHead | None) -> None:
        if head is None:
            self._stop(1, Flaw.HEAD_MISSING)
        elif head.seq > self.seq:
            self._stop(self.seq + 1, Flaw.CUT_OFF)
        elif head.seq < self.seq or head.hash != self.hash:
            self._stop(max(1, min(head.seq, self.seq)), Flaw.HEAD_CHANGED)
        elif self._kept is not None and self._kept.seq > self.seq:
            self._stop(self.seq + 1, Flaw.CUT_OFF)

    def _stop(self, seq: int, flaw: Flaw) -> None:
        self.first_bad, self.flaw = seq, flaw


def _is_who_was_recorded(stored: StoredLink, person: PersonOfRecord) -> bool:
    if person.salt is None:
        # Erasing a person removes the salt: a name without a salt was inserted by other means.
        return False
    said = salted(person.salt, str(person.account_id))
    if person.part == "subject":
        return said == stored.link.subject
    if said != stored.link.actor:
        return False
    if person.address is None or person.device is None:
        return True
    return salted(person.salt, person.address, person.device) == stored.link.origin

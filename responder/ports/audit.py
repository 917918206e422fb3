"""The audit log as the services see it: added to, looked through and checked, never changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from responder.domain.audit import AuditEntry, Detail, Link
from responder.domain.ids import AccountId, CircleId


class ChainHead(NamedTuple):
    """Where a chain ends: worth keeping elsewhere."""

    circle_id: CircleId
    seq: int
    hash: str


class PersonOfRecord(NamedTuple):
    """Who stands behind a salted hash in the chain, as long as that is not forgotten."""

    part: str
    account_id: AccountId
    address: str | None
    device: str | None
    salt: bytes | None


class StoredLink(NamedTuple):
    """A record as it is stored, with the hash that was stored for it."""

    link: Link
    hash: str
    people: tuple[PersonOfRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditQuery:
    """What to look for. Nothing given is everything."""

    actor: AccountId | None = None
    action: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None
    """Only records with a smaller number: the next page."""
    limit: int = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundRecord:
    """A record for reading: who it was is said as long as that is not forgotten."""

    seq: int
    at: datetime
    action: str
    by_operator: bool
    actor_id: AccountId | None
    actor_name: str | None
    actor_username: str | None
    subject_kind: str | None
    subject_id: UUID | None
    subject_name: str | None
    subject_username: str | None
    detail: Detail
    address: str | None
    device: str | None
    hash: str


class AuditLog(Protocol):
    """Chains of records, one for each circle and one for the platform."""

    async def append(self, circle_id: CircleId, *acts: AuditEntry, at: datetime) -> None:
        """
        Put records at the end of a chain, in the same transaction as what they are about.

        Holds the chain until the transaction ends: append last, the platform's chain after a circle's.
        """
        ...

    async def search(self, circle_id: CircleId, query: AuditQuery) -> tuple[FoundRecord, ...]:
        """Return records of the chain, the newest first."""
        ...

    async def links(self, circle_id: CircleId, *, after: int, limit: int) -> Sequence[StoredLink]:
        """Return the records after that number in their order, for checking."""
        ...

    async def head(self, circle_id: CircleId) -> ChainHead | None:
        """Return the head that is stored beside the chain."""
        ...

    async def heads(self) -> tuple[ChainHead, ...]:
        """Return where every chain ends."""
        ...

    async def about(self, account_id: AccountId) -> tuple[tuple[CircleId, FoundRecord], ...]:
        """Return every record in which the account acted or was acted upon, in all chains."""
        ...

    async def delete_person(self, account_id: AccountId) -> int:
        """Forget who stands behind the account's hashes; the chains hold. Tells of how many records."""
        ...

    async def delete_origins(self, *, before: datetime) -> int:
        """Forget addresses and devices of records older than that. Tells of how many."""
        ...

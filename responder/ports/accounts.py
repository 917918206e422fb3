"""Repositories of account data: people, invitations, login failures, scheduled tasks."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from responder.domain.backoff import Counter
from responder.domain.ids import AccountId, CircleId, PartnerId, UnitId
from responder.domain.people.access import Role
from responder.domain.people.account import Person
from responder.domain.people.invitation import Invitation, ListedInvitation


class People(Protocol):
    """The people of a circle."""

    async def of_circle(self, circle_id: CircleId, *, now: datetime) -> tuple[Person, ...]:
        """Return all people of the circle, by partner and name."""
        ...

    async def get(self, circle_id: CircleId, account_id: AccountId, *, now: datetime) -> Person:
        """Return one of them, or raise NotFoundError."""
        ...

    async def coordinators(self, circle_id: CircleId) -> frozenset[AccountId]:
        """Return who coordinates the circle."""
        ...

    async def change(
        self, circle_id: CircleId, account_id: AccountId, *, role: Role, partner_id: PartnerId | None
    ) -> None:
        """Keep what the account is in the circle from now on."""
        ...

    async def leave_units(
        self, circle_id: CircleId, account_id: AccountId, *, but: Collection[UnitId], now: datetime
    ) -> None:
        """Let alerts reach the account in no unit but these any more."""
        ...

    async def remove(self, circle_id: CircleId, account_id: AccountId) -> None:
        """Let the account be no member of the circle any more."""
        ...


class Invitations(Protocol):
    """Invitations to circles."""

    async def add(self, invitation: Invitation, *, token_hash: str) -> None:
        """Keep an invitation that was just made."""
        ...

    async def of_circle(self, circle_id: CircleId) -> tuple[ListedInvitation, ...]:
        """Return the invitations of the circle, the newest first."""
        ...

    async def get(
        self, circle_id: CircleId, invitation_id: UUID, *, to_use: bool = False
    ) -> ListedInvitation:
        """Return the invitation, or raise NotFoundError; `to_use` locks it until the transaction ends."""
        ...

    async def by_token(self, token_hash: str, *, to_use: bool) -> ListedInvitation | None:
        """Return the invitation with that token; `to_use` locks it until the transaction ends."""
        ...

    async def put_used(self, invitation: Invitation) -> None:
        """Keep that the invitation was used, and by whom."""
        ...

    async def put_withdrawn(self, invitation: Invitation) -> None:
        """Keep that the invitation was withdrawn."""
        ...

    async def delete_old(self, *, before: datetime) -> int:
        """Remove invitations that could not be used any more by then; tell how many."""
        ...


class BegunTry(NamedTuple):
    """What became of a try: it has to wait, or it was counted."""

    waits_s: dict[str, float]
    """How long to wait, in seconds, by the key of each counter that says so. None: it may be made."""
    failures: dict[str, int]
    """Failures with this one, by the key of each counter."""


class LoginFailures(Protocol):
    """Failed tries, by the hash of what they are counted by."""

    async def begin(self, counters: Sequence[Counter], *, now: datetime) -> BegunTry:
        """Count a try as failed until it is known to be none; or tell which counters make it wait."""
        ...

    async def succeeded(self, counters: Sequence[Counter]) -> None:
        """Take back what `begin` counted, and forgive what a success forgives."""
        ...

    async def delete_old(self, *, before: datetime) -> int:
        """Remove what has not been added to since; tell how many."""
        ...


class ScheduledTasks(Protocol):
    """What is done by the clock."""

    async def claim(self, name: str, *, now: datetime, every: timedelta) -> bool:
        """Claim a task that is due, unless another process has it; it counts as done at commit."""
        ...


class PersonalData(Protocol):
    """What is kept of one person anywhere, and what is kept too long."""

    async def of_account(self, account_id: AccountId) -> dict[str, Any]:
        """Return everything that is kept of the account, by what it is."""
        ...

    async def circles_of(self, account_id: AccountId) -> frozenset[CircleId]:
        """Return the circles that keep anything of it: it belongs to them, did, or raised an alert."""
        ...

    async def erase(self, account_id: AccountId, *, name: str) -> dict[str, int]:
        """Put `name` in place of the account's own wherever it is kept, and remove the account."""
        ...

    async def may_be_followed(self, circle_id: CircleId, unit_id: UnitId) -> bool:
        """Tell whether positions of the unit may be taken: it is on duty or on an open alert."""
        ...

    async def delete_positions(self, *, before: datetime) -> int:
        """Remove positions that were stored before that; tell how many."""
        ...

    async def delete_tickets(self, *, now: datetime) -> int:
        """Remove expired live tickets; return how many."""
        ...

    async def delete_keys(self, *, before: datetime) -> int:
        """Remove keys of requests older than that; tell how many."""
        ...

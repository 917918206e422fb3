"""Repositories of people: accounts, sessions, partners, units, and where those are."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from responder.domain.channels.message_words import Language
from responder.domain.ids import AccountId, CircleId, PartnerId, ResponderId, UnitId
from responder.domain.map.unit import Position, Responder
from responder.domain.people.access import Role, Viewer
from responder.domain.people.account import Account, AdministeredCircle, Membership, RedeemedTicket, Session
from responder.domain.people.client_info import UNKNOWN_CLIENT, ClientInfo
from responder.domain.people.partner import Partner

Bbox = tuple[float, float, float, float]
"""West, south, east, north in degrees, WGS 84."""


class StoredPassword(NamedTuple):
    """An account with the hash of its password."""

    account: Account
    password_hash: str


class SharedPosition(NamedTuple):
    """A position with what decides who may see it, and when it was stored."""

    position: Position
    partner_id: PartnerId
    stored_at: datetime


class Accounts(Protocol):
    """All accounts."""

    async def get(self, account_id: AccountId) -> Account:
        """Return the account, or raise NotFoundError."""
        ...

    async def find(self, username: str) -> StoredPassword | None:
        """Return the account of that name, if there is one."""
        ...

    async def add(self, account: Account, password_hash: str) -> None:
        """Add an account, or raise NameTakenError."""
        ...

    async def put_password(self, account_id: AccountId, password_hash: str) -> None:
        """Keep the hash of the account's new password."""
        ...

    async def language(self, account_id: AccountId) -> Language:
        """Return in which language messages go out to the account."""
        ...

    async def put_language(self, account_id: AccountId, language: Language) -> None:
        """Keep in which language messages go out to the account."""
        ...

    async def count(self) -> int:
        """Tell how many accounts there are."""
        ...


class Memberships(Protocol):
    """Who is what in which circle."""

    async def viewer(self, account_id: AccountId, circle_id: CircleId) -> Viewer:
        """Return the account's membership in the circle, or raise NotFoundError."""
        ...

    async def of_account(self, account_id: AccountId) -> tuple[Membership, ...]:
        """Return the circles of the account, by name."""
        ...

    async def administered(self) -> tuple[AdministeredCircle, ...]:
        """Return all circles, by name, with how many people and coordinators each has."""
        ...

    async def add(
        self, circle_id: CircleId, account_id: AccountId, *, role: Role, partner_id: PartnerId | None
    ) -> None:
        """Make the account a member of the circle."""
        ...


class Sessions(Protocol):
    """Open sessions, by the hash of their token."""

    async def add(
        self,
        token_hash: str,
        *,
        account_id: AccountId,
        opened_at: datetime,
        expires_at: datetime,
        origin: ClientInfo = UNKNOWN_CLIENT,
    ) -> None:
        """Keep a session that was just opened."""
        ...

    async def account(self, token_hash: str, *, now: datetime) -> Account | None:
        """Return whose session it is, unless it is unknown, ended or expired; and that it was used now."""
        ...

    async def of_account(
        self, account_id: AccountId, *, current_hash: str, now: datetime
    ) -> tuple[Session, ...]:
        """Return the open sessions of the account, the last used first."""
        ...

    async def end(self, account_id: AccountId, session_id: UUID) -> bool:
        """End one session of the account; tell whether there was such a one."""
        ...

    async def end_others(self, account_id: AccountId, *, kept_hash: str | None) -> int:
        """End the sessions of the account, all but the kept one; tell how many."""
        ...

    async def remove(self, token_hash: str) -> AccountId | None:
        """End a session and return whose it was; nothing happens when there is none."""
        ...

    async def living(self, token_hashes: Collection[str], *, now: datetime) -> frozenset[str]:
        """Return those of the sessions that are still open; their sockets use them now."""
        ...

    async def delete_expired(self, *, now: datetime) -> int:
        """Remove the sessions that have expired or were idle for too long; tell how many."""
        ...


class LiveTickets(Protocol):
    """One-use tickets for sockets, by their hash."""

    async def add(self, ticket_hash: str, *, session_hash: str, expires_at: datetime) -> None:
        """Keep a ticket that was just issued."""
        ...

    async def redeem(self, ticket_hashes: Collection[str], *, now: datetime) -> dict[str, RedeemedTicket]:
        """Remove the tickets and return what each proves; those unknown, used or expired are left out."""
        ...


class Admissions(Protocol):
    """Who is let in to a circle's sockets, and who may stay: many accounts with one question."""

    async def viewers(
        self, circle_id: CircleId, account_ids: Collection[AccountId]
    ) -> dict[AccountId, Viewer]:
        """Return those of the accounts that belong to the circle, each as it stands there."""
        ...


class Partners(Protocol):
    """Organisations that signed."""

    async def of_circle(self, circle_id: CircleId) -> tuple[Partner, ...]:
        """Return all partners of the circle, by id."""
        ...

    async def add(self, partner: Partner) -> None:
        """Add a partner."""
        ...


class Responders(Protocol):
    """The people in units."""

    async def of_units(
        self, circle_id: CircleId, unit_ids: Collection[UnitId], *, roles: Collection[Role] = ()
    ) -> tuple[Responder, ...]:
        """Return the people of the units whom alerts call, by id; a person in two of them twice."""
        ...

    async def known(
        self, circle_id: CircleId, responder_ids: Collection[ResponderId]
    ) -> dict[ResponderId, Responder]:
        """Return these people, also those who have left their unit, by id."""
        ...

    async def add(self, circle_id: CircleId, responders: Sequence[Responder]) -> None:
        """Add people."""
        ...


class Positions(Protocol):
    """The latest position of each unit."""

    async def of_circle(self, circle_id: CircleId) -> tuple[SharedPosition, ...]:
        """Return the latest position of each unit, by unit."""
        ...

    async def stored_after(
        self, circle_id: CircleId, stored_at: datetime | None
    ) -> tuple[SharedPosition, ...]:
        """Return the positions stored after that time, the first stored first; all of them for None."""
        ...

    async def put(self, circle_id: CircleId, position: Position, *, stored_at: datetime) -> bool:
        """Keep the position unless a later one is there; tell whether it was kept."""
        ...

"""Accounts, their sessions and memberships."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from responder.domain.ids import AccountId, CircleId, PartnerId, UnitId
from responder.domain.people.access import Role

SESSION_LASTS: Final = timedelta(days=14)
"""Lifetime of a session; after it the person signs in again."""
SESSION_IDLES: Final = timedelta(days=7)
"""A session that was not used for so long has ended; an open page or app uses it."""
SEEN_EVERY: Final = timedelta(minutes=1)
"""So seldom is it written down that a session was used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A person who can sign in."""

    id: AccountId
    username: str
    name: str
    admin: bool = False
    """May make circles and accounts on this platform; sees no circle by that alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSession:
    """A new session. The token is returned once and stored only as a hash."""

    token: str
    account: Account
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One of an account's open sessions, as its owner may see it."""

    id: UUID
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    """It ends then at the latest, and before that when it has not been used for a while."""
    current: bool
    """True for the session that asks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account's membership in one circle, as the people who manage it see it."""

    account_id: AccountId
    username: str
    name: str
    role: Role
    partner_id: PartnerId | None
    partner_name: str | None
    unit_ids: tuple[UnitId, ...]
    units: tuple[str, ...]
    """Names of the units that alerts reach this person by; without one the person is not called."""
    last_seen_at: datetime | None
    signed_in: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """A circle that an account belongs to, and what it is there."""

    id: CircleId
    name: str
    name_en: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class AdministeredCircle:
    """A circle as the platform's administrators see it: whether it has coordinators."""

    id: CircleId
    name: str
    name_en: str
    people: int
    coordinators: int


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveTicket:
    """A one-use proof that a socket belongs to a session. Told once and stored only as a hash."""

    ticket: str
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RedeemedTicket:
    """What a live ticket proved: whose socket it is, and by which session."""

    account: Account
    session_hash: str
    """Names the session without being able to open it; the socket closes when the session ends."""

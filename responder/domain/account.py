"""Accounts: who signs in, and where they stand in which circle."""

from dataclasses import dataclass
from datetime import datetime

from responder.domain.access import Role
from responder.domain.ids import AccountId, CircleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Somebody who can sign in."""

    id: AccountId
    username: str
    name: str
    admin: bool = False
    """May make circles and accounts on this platform; sees no circle by that alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSession:
    """A session that was just opened. The token is told once and stored only as a hash."""

    token: str
    account: Account
    expires_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A circle that an account belongs to, and what it is there."""

    id: CircleId
    name: str
    name_en: str
    role: Role


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

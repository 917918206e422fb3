"""
The principal of the running task: row-level security shows it only what that principal may see.

Middleware begins each request anonymously, and authentication sets the account. Work without an account
(scheduler, relay, command line) is the system's. Each transaction begins for the principal set here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from responder.domain.ids import AccountId, CircleId


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """For whom, and in which circle."""

    account_id: AccountId | None = None
    circle_id: CircleId | None = None
    system: bool = False
    """System work: it sees the circle without being a member; all circles when none is given."""


ANONYMOUS = Principal()
SYSTEM = Principal(system=True)
_acting: ContextVar[Principal] = ContextVar("acting", default=SYSTEM)


def current_principal() -> Principal:
    """Return for whom this task works."""
    return _acting.get()


def act_for(account_id: AccountId, circle_id: CircleId | None = None) -> None:
    """Work for an account from now on; in a circle if one is said, which the database shows to a member."""
    _acting.set(Principal(account_id=account_id, circle_id=circle_id))


@contextmanager
def as_anonymous() -> Iterator[None]:
    """Begin a block anonymously; a principal set inside ends with it."""
    before = _acting.set(ANONYMOUS)
    try:
        yield
    finally:
        _acting.reset(before)


@contextmanager
def as_account(account_id: AccountId, circle_id: CircleId) -> Iterator[None]:
    """Let a block work for an account in a circle."""
    before = _acting.set(Principal(account_id=account_id, circle_id=circle_id))
    try:
        yield
    finally:
        _acting.reset(before)


@contextmanager
def as_system(circle_id: CircleId | None = None) -> Iterator[None]:
    """
    Let a block work for the system, in one circle or, where none can be said, in all.

    For what its caller has checked and the database cannot: an invitation is known by its token, and a circle
    that is being made has no members yet.
    """
    before = _acting.set(Principal(system=True, circle_id=circle_id))
    try:
        yield
    finally:
        _acting.reset(before)

"""Passwords: Argon2id, few at a time, never on the event loop and never before what is urgent."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from responder.domain.errors import TooManyAttemptsError, WeakPasswordError
from responder.services.common_passwords import COMMON
from responder.services.urgent import after_what_is_urgent

Result = TypeVar("Result")

AT_ONCE: Final = max(1, (os.cpu_count() or 1) // 4)
"""Each takes 64 MiB and up to four cores for tens of milliseconds: a flood must not take them all."""
WAITING_AT_MOST: Final = 200
"""Whoever comes when so many wait is told to come again, sooner than they would have had their turn."""
COME_AGAIN_S: Final = 3.0
SHORTEST: Final = 12
LONGEST: Final = 1024
NICENESS: Final = 5
"""About a third of the share of what matters more; but not so little that nobody gets in while it is busy."""

_HASHER = PasswordHasher()


def checked_password(password: str, *, username: str) -> str:
    """
    Return a password that may be somebody's new one.

    Raises
    ------
    WeakPasswordError
        It is too short or too long, is or holds nothing but the user name, or is among those tried first.
    """
    plain = password.casefold()
    name = username.casefold()
    reason = None
    if len(password) < SHORTEST:
        reason = "too_short"
    elif len(password) > LONGEST:
        reason = "too_long"
    elif any("\ud800" <= letter <= "\udfff" for letter in password):
        reason = "unfit"
    elif name and not plain.replace(name, ""):
        reason = "user_name"
    elif plain in COMMON or len(set(plain)) < 4:  # noqa: PLR2004 - the same few letters over and over
        reason = "common"
    if reason is not None:
        raise WeakPasswordError(reason=reason, at_least=SHORTEST)
    return password


async def hash_password(password: str) -> str:
    """Return what is stored in place of the password."""
    return await _in_turn(_HASHER.hash, password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Tell whether the password is the one; with no hash it takes as long and is never the one."""
    return await _in_turn(_verify, password, password_hash)


class _Turns:
    """Places at the threads that hash, for one event loop."""

    def __init__(self) -> None:
        self.places = asyncio.Semaphore(AT_ONCE)
        self.waiting = 0


@cache
def _turns(loop: asyncio.AbstractEventLoop) -> _Turns:  # noqa: ARG001 - one for each loop
    return _Turns()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords", initializer=_stand_back)


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("nobody has this password")


async def _in_turn(work: Callable[..., Result], *given: object) -> Result:
    turns = _turns(asyncio.get_running_loop())
    if turns.waiting >= WAITING_AT_MOST:
        raise TooManyAttemptsError(retry_after_s=COME_AGAIN_S)
    turns.waiting += 1
    try:
        async with turns.places:
            await after_what_is_urgent()
            return await asyncio.get_running_loop().run_in_executor(_threads(), work, *given)
    finally:
        turns.waiting -= 1


def _stand_back() -> None:
    # On Linux a thread has a priority of its own, and those it starts for its lanes inherit it: an alert
    # that is being worked out beside a flood of sign-ins has the cores.
    with suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, 0, NICENESS)


def _verify(password: str, password_hash: str | None) -> bool:
    try:
        _HASHER.verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return password_hash is not None

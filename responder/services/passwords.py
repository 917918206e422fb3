"""Passwords: Argon2id, never more than two at a time, never on the event loop."""

import asyncio
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
"""Each takes 64 MiB and a core for tens of milliseconds: a flood of sign-ins must not take them all."""

_HASHER = PasswordHasher()


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("nobody has this password")


@cache
def _places(loop: asyncio.AbstractEventLoop) -> asyncio.Semaphore:  # noqa: ARG001 - one for each loop
    return asyncio.Semaphore(AT_ONCE)


async def hash_password(password: str) -> str:
    """Return what is stored in place of the password."""
    async with _places(asyncio.get_running_loop()):
        return await asyncio.to_thread(_HASHER.hash, password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Tell whether the password is the one; with no hash it takes as long and is never the one."""
    async with _places(asyncio.get_running_loop()):
        return await asyncio.to_thread(_verify, password, password_hash)


def _verify(password: str, password_hash: str | None) -> bool:
    try:
        _HASHER.verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return password_hash is not None

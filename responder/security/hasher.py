"""Passwords: Argon2id, few at a time, in a process that stands back and is held while an alert goes out."""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Final

from responder.domain.errors import TooManyAttemptsError
from responder.security.hasher_process import Question, ask

AT_ONCE: Final = max(1, (os.cpu_count() or 1) // 4)
"""Each takes 64 MiB and up to four cores for tens of milliseconds: a flood must not take them all."""
WAITING_AT_MOST: Final = 60
"""Queue length. Beyond it, attempts get 429 at once."""
COME_AGAIN_S: Final = 3.0
NICENESS = 5
"""A quarter of a contended core: with less, sign-in stops while the machine is busy."""


async def hash_password(password: str) -> str:
    """Return what is stored in place of the password."""
    return str(await _in_turn({"password": password}))


async def matches(password: str, password_hash: str | None) -> bool:
    """Tell whether the password is the one; with no hash it takes as long and is never the one."""
    return await _in_turn({"password": password, "hash": password_hash}) is True


class _Turns:
    """Slots of the hashing workers, for one event loop."""

    def __init__(self) -> None:
        self.places = asyncio.Semaphore(AT_ONCE)
        self.waiting = 0


@cache
def _hashing(loop: asyncio.AbstractEventLoop) -> _Turns:  # noqa: ARG001 - one for each loop
    return _Turns()


@cache
def _threads() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(AT_ONCE, thread_name_prefix="passwords")


async def _in_turn(question: Question) -> str | bool:
    hashing = _hashing(asyncio.get_running_loop())
    if hashing.waiting >= WAITING_AT_MOST:
        raise TooManyAttemptsError(retry_after_s=COME_AGAIN_S)
    hashing.waiting += 1
    try:
        async with hashing.places:
            return await asyncio.get_running_loop().run_in_executor(_threads(), ask, question, NICENESS)
    finally:
        hashing.waiting -= 1

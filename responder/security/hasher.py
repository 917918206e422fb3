"""Passwords: Argon2id in processes of low priority, because the system weighs processes and not threads."""

import asyncio
import ctypes
import os
import signal
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from functools import cache
from multiprocessing import active_children, get_context
from pathlib import Path
from typing import Final, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE: Final = max(1, (os.cpu_count() or 1) // 4)
"""Each takes 64 MiB and up to four cores for tens of milliseconds: a flood must not take them all."""
NICENESS = 5
"""A quarter of a contended core: with less, sign-in stops while the machine is busy."""

_HASHER = PasswordHasher()
Answer = TypeVar("Answer")


async def hash_password(password: str) -> str:
    """Return what is stored in place of the password."""
    return await _run(_HASHER.hash, password)


async def matches(password: str, password_hash: str | None) -> bool:
    """Tell whether the password is the one; with no hash it takes as long and is never the one."""
    return await _run(_verify, password, password_hash)


def signal_processes(number: signal.Signals) -> None:
    """Suspend or resume those that look at passwords: there are no other processes of this kind."""
    for process in active_children():
        if process.pid is not None:
            os.kill(process.pid, number)


def shut_down() -> None:
    """End the processes; the system's semaphores that they share would outlive a process that is killed."""
    signal_processes(signal.SIGCONT)
    _pool().shutdown(cancel_futures=True)


async def _run(work: Callable[..., Answer], *arguments: str | None) -> Answer:
    loop = asyncio.get_running_loop()
    try:
        return await loop.run_in_executor(_pool(), work, *arguments)
    except BrokenProcessPool:
        # A process was ended, as when memory is short.
        _pool.cache_clear()
        return await loop.run_in_executor(_pool(), work, *arguments)


@cache
def _pool() -> ProcessPoolExecutor:
    # The 64 MiB of a hash in large pages: a third less time than with 16,384 small ones to be handed out.
    os.environ.setdefault("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")
    return ProcessPoolExecutor(
        AT_ONCE, mp_context=get_context("spawn"), initializer=_lower_priority, initargs=(NICENESS,)
    )


def _lower_priority(niceness: int) -> None:
    # Where Linux groups processes by session, a priority counts within its session: this is the session's.
    # Ctrl-C does not reach it either.
    os.setsid()
    os.nice(niceness)
    with suppress(OSError, AttributeError):
        # PR_SET_PDEATHSIG: without it an executor's process outlives a parent that was killed.
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)
        Path("/proc/self/autogroup").write_text(str(niceness), encoding="ascii")


def _verify(password: str, password_hash: str | None) -> bool:
    try:
        _HASHER.verify(password_hash or _nobodys_hash(), password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return password_hash is not None


@cache
def _nobodys_hash() -> str:
    return _HASHER.hash("nobody has this password")

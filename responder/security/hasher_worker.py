"""
The program that hashes passwords: one line in, one line out.

A process of its own, started by `hasher`, because the system weighs processes and not what they are for:
a priority lowered for some threads alone counts little or nothing beside the database's processes, and the
64 MiB that each hash fills and gives back would hold up the threads beside it. It ends with its input. The
one argument is its niceness.
"""

import ctypes
import json
import os
import signal
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_HASHER = PasswordHasher()
PR_SET_PDEATHSIG = 1
"""Linux: which signal comes when the parent ends."""


def main() -> None:
    """Answer until the input ends."""
    _lower_priority(int(sys.argv[1]))
    _die_with_parent()
    # The parent may be gone before the answer.
    with suppress(BrokenPipeError):
        for line in sys.stdin.buffer:
            sys.stdout.buffer.write(json.dumps(_answer(json.loads(line))).encode() + b"\n")
            sys.stdout.buffer.flush()


def _answer(asked: dict[str, str | None]) -> str | bool:
    password = asked["password"] or ""
    if "hash" not in asked:
        return _HASHER.hash(password)
    try:
        _HASHER.verify(asked["hash"] or _unknown_users_hash(), password)
    except (VerificationError, InvalidHashError, UnicodeEncodeError):
        return False
    return asked["hash"] is not None


@cache
def _unknown_users_hash() -> str:
    return _HASHER.hash("nobody has this password")


def _lower_priority(niceness: int) -> None:
    with suppress(OSError):
        os.nice(niceness)
    # Where Linux groups processes by session, a priority counts within its session: this is the session's.
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(niceness), encoding="ascii")


def _die_with_parent() -> None:
    """Be killed when they are: held at that moment, it would never see that its input has ended."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


if __name__ == "__main__":
    main()

"""A child process: it leaves when its supervisor is gone, and a spare one waits until it is needed."""

import asyncio
import fcntl
import os
import signal
import socket
import sys
import threading
from typing import Final

FLAG: Final = "RESPONDER_SUPERVISED"
"""Set by the supervisor, who then holds the other end of our standard input."""
SOCKETS: Final = "RESPONDER_LISTENING_SOCKETS"
"""File descriptors of the sockets that the supervisor listens on for us, separated by commas."""
TURN: Final = "RESPONDER_TURN_FILE"
"""File descriptor of a file that the one process that serves holds a lock on."""


def leave_with_parent() -> None:
    """
    Ask ourselves to stop when standard input ends.

    The supervisor never writes to it and never closes it while it lives, not even by `kill -9`.
    """
    if os.environ.get(FLAG) != "1":
        return
    threading.Thread(target=_wait_for_the_end, name="leave-with-parent", daemon=True).start()


def _wait_for_the_end() -> None:
    # Straight from the descriptor: `sys.stdin` has a lock that a daemon thread would hold while Python ends.
    while os.read(sys.__stdin__.fileno() if sys.__stdin__ else 0, 64):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def inherited_sockets() -> list[socket.socket]:
    """Return the sockets that the supervisor listens on for us; none when there is no supervisor."""
    return [socket.socket(fileno=int(each)) for each in os.environ.get(SOCKETS, "").split(",") if each]


class Turn:
    """
    Whose turn it is to serve, among processes that are the same: the system knows, by a lock on a file.

    It gives the lock to another as soon as the process that had it is gone, even by `kill -9`. It is a lock
    of the process, which no child inherits.
    """

    def __init__(self) -> None:
        self._file = int(os.environ[TURN]) if TURN in os.environ else None

    def take(self) -> bool:
        """Take the turn if it is free; a process without a supervisor always has it."""
        if self._file is None:
            return True
        try:
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    async def wait(self) -> None:
        """Wait for the turn."""
        if self.take():
            return
        loop = asyncio.get_running_loop()
        ours = asyncio.Event()

        def wait_for_lock() -> None:
            assert self._file is not None  # noqa: S101 - it could be taken otherwise
            fcntl.lockf(self._file, fcntl.LOCK_EX)
            loop.call_soon_threadsafe(ours.set)

        threading.Thread(target=wait_for_lock, name="wait-for-turn", daemon=True).start()
        await ours.wait()

"""A child process that leaves when whoever started it is gone, however that came about."""

import os
import signal
import sys
import threading

FLAG = "RESPONDER_SUPERVISED"
"""Set by the supervisor, who then holds the other end of our standard input."""


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

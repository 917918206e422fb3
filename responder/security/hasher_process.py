"""The process that hashes passwords, as those see it who ask it: one for each thread that asks."""

import atexit
import json
import os
import select
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

PROGRAM: Final = Path(__file__).with_name("hasher_worker.py")
HELD_AT_MOST_S: Final = 1.0
"""However many alerts follow one another, a password is looked at in the end."""
ENVIRONMENT: Final = {"GLIBC_TUNABLES": "glibc.malloc.hugetlb=1"}
"""The 64 MiB of a hash in large pages: a third less time than with 16,384 small ones to be handed out."""

Question = dict[str, str | None]
"""`password` to be hashed, or to be compared with `hash`."""


class PasswordProcess:
    """A running `hasher_worker`, until it is ended or this process is over."""

    def __init__(self, niceness: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", str(PROGRAM), str(niceness)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # A session of its own has a priority of its own, and Ctrl-C does not reach it.
            start_new_session=True,
            env={**os.environ, **ENVIRONMENT},
        )
        self.pid = self._process.pid
        _RUNNING.add(self)
        atexit.register(self.end)

    def ask(self, question: Question) -> str | bool:
        """Wait for the answer; BrokenPipeError when the process has ended."""
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:
            raise BrokenPipeError
        asked.write(json.dumps(question).encode() + b"\n")
        asked.flush()
        answer = select.poll()
        answer.register(answered, select.POLLIN)
        while not answer.poll(1000 * HELD_AT_MOST_S):
            # Suspended for too long, or never resumed.
            self.resume()
        line = answered.readline()
        if not line.endswith(b"\n"):
            raise BrokenPipeError
        found: str | bool = json.loads(line)
        return found

    def suspend(self) -> None:
        """Have it do nothing until it may go on; nothing happens when it has ended."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Have it do what it was doing."""
        self._process.send_signal(signal.SIGCONT)

    def end(self) -> int:
        """Close what it reads from, which ends it; return its exit code."""
        atexit.unregister(self.end)
        _RUNNING.discard(self)
        self.resume()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        return self._process.wait()


_RUNNING: Final[set[PasswordProcess]] = set()
OWN: Final = threading.local()
"""`process`, when the thread has asked before."""


def ask(question: Question, niceness: int) -> str | bool:
    """Ask the thread's process; one that has ended, as when memory was short, is replaced once."""
    process: PasswordProcess | None = getattr(OWN, "process", None)
    if process is not None:
        try:
            return process.ask(question)
        except BrokenPipeError:
            process.end()
    process = OWN.process = PasswordProcess(niceness)
    return process.ask(question)


def suspend() -> None:
    """Have no password looked at until `resume`, but for no longer than `HELD_AT_MOST_S`."""
    for process in tuple(_RUNNING):
        process.suspend()


def resume() -> None:
    """Have passwords looked at again."""
    for process in tuple(_RUNNING):
        process.resume()

"""The process that hashes passwords, as those see it who ask it: one for each thread that asks."""

import atexit
import json
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

PROGRAM: Final = Path(__file__).with_name("password_worker.py")

Question = dict[str, str | None]
"""`password` to be hashed, or to be compared with `hash`."""


class PasswordProcess:
    """A running `password_worker`, until it is ended or this process is over."""

    def __init__(self, niceness: int) -> None:
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-P", str(PROGRAM), str(niceness)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            # A session of its own has a priority of its own, and Ctrl-C does not reach it.
            start_new_session=True,
        )
        self.pid = self._process.pid
        atexit.register(self.end)

    def ask(self, question: Question) -> str | bool:
        """Wait for the answer; BrokenPipeError when the process has ended."""
        asked, answered = self._process.stdin, self._process.stdout
        if asked is None or answered is None:
            raise BrokenPipeError
        asked.write(json.dumps(question).encode() + b"\n")
        asked.flush()
        line = answered.readline()
        if not line.endswith(b"\n"):
            raise BrokenPipeError
        found: str | bool = json.loads(line)
        return found

    def end(self) -> int:
        """Close what it reads from, which ends it; return its exit code."""
        atexit.unregister(self.end)
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(BrokenPipeError):
                    pipe.close()
        return self._process.wait()


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

"""The process that hashes passwords has low priority, can be suspended, and ends with its parent."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from responder.security import hasher_process
from responder.security.hasher_process import OWN, PasswordProcess, ask

HOLDS_ONE = """
import time
from responder.security.hasher_process import PasswordProcess
worker = PasswordProcess(0)
worker.ask({"password": "a password"})
worker.suspend()
print(worker.pid, flush=True)
time.sleep(60)
"""
LONE_SURROGATE = "a password \ud800"


@pytest.fixture
def worker() -> Iterator[PasswordProcess]:
    worker = PasswordProcess(7)
    yield worker
    worker.end()


def test_it_has_a_low_priority_in_a_session_of_its_own(worker: PasswordProcess) -> None:
    worker.ask({"password": "a password"})
    pid = worker.pid
    assert os.getpriority(os.PRIO_PROCESS, pid) == os.getpriority(os.PRIO_PROCESS, 0) + 7
    assert os.getsid(pid) == pid != os.getsid(0)


def test_it_tells_a_right_password_from_wrong_and_unknown_ones(worker: PasswordProcess) -> None:
    hashed = worker.ask({"password": "a password"})
    assert isinstance(hashed, str)
    assert hashed.startswith("$argon2id$")
    assert worker.ask({"password": "a password", "hash": hashed}) is True
    for password, other in (
        ("another", hashed),
        ("a password", None),
        ("nobody has this password", None),
        ("a password", "no hash"),
        (LONE_SURROGATE, hashed),
        ("a\nb", hashed),
    ):
        assert worker.ask({"password": password, "hash": other}) is False


def test_it_ends_with_its_input(worker: PasswordProcess) -> None:
    worker.ask({"password": "a password"})
    assert worker.end() == 0


def test_one_that_was_killed_is_replaced() -> None:
    assert ask({"password": "a password"}, 0)
    killed = OWN.process
    os.kill(killed.pid, signal.SIGKILL)
    assert ask({"password": "a password"}, 0)
    assert OWN.process is not killed
    OWN.process.end()
    del OWN.process


def test_one_that_is_held_answers_when_it_may_go_on(worker: PasswordProcess) -> None:
    worker.ask({"password": "a password"})
    answers: list[str | bool] = []
    asking = threading.Thread(target=lambda: answers.append(worker.ask({"password": "a password"})))
    hasher_process.suspend()
    asking.start()
    asking.join(hasher_process.HELD_AT_MOST_S * 0.8)
    assert answers == []
    hasher_process.resume()
    asking.join(60)
    assert len(answers) == 1


def test_a_forgotten_suspension_ends_by_itself(worker: PasswordProcess) -> None:
    worker.ask({"password": "a password"})
    worker.suspend()
    began_s = time.monotonic()
    assert worker.ask({"password": "a password"})
    assert time.monotonic() - began_s >= hasher_process.HELD_AT_MOST_S


def test_one_that_is_held_ends_in_good_order(worker: PasswordProcess) -> None:
    worker.ask({"password": "a password"})
    worker.suspend()
    assert worker.end() == 0


def test_a_suspended_worker_does_not_outlive_its_parent() -> None:
    asker = subprocess.Popen(  # noqa: S603 - the words above
        [sys.executable, "-c", HOLDS_ONE], stdout=subprocess.PIPE, text=True
    )
    assert asker.stdout is not None
    pid = int(asker.stdout.readline())
    asker.kill()
    asker.wait()
    asker.stdout.close()
    until_s = time.monotonic() + 10
    while is_running(pid) and time.monotonic() < until_s:
        time.sleep(0.02)
    outlived = is_running(pid)
    if outlived:
        os.kill(pid, signal.SIGKILL)
    assert not outlived


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    # Its parent may be gone, and no process reads the exit code.
    return state != "Z"

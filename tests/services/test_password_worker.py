"""The process that hashes passwords stands back, ends with its input, and is replaced when it dies."""

import os
import signal
from collections.abc import Iterator

import pytest

from responder.services.password_process import OWN, PasswordProcess, ask

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


def test_it_tells_a_right_password_from_wrong_ones_and_nobodys(worker: PasswordProcess) -> None:
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

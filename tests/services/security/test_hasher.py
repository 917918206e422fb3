"""Passwords are hashed in a process that stands back, is replaced when it ends, and ends with its parent."""

import asyncio
import multiprocessing
import os
import select
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from responder.security import hasher

PASSWORD = "a long enough password"  # noqa: S105 - nobody's
LONE_SURROGATE = "a password \ud800"
ASKS = """
import asyncio, multiprocessing, signal, time
from responder.security import hasher

async def main():
    await hasher.hash_password("a password")
    hasher.signal_processes(signal.SIGSTOP)
    print(multiprocessing.active_children()[0].pid, flush=True)
    time.sleep(60)

if __name__ == "__main__":
    asyncio.run(main())
"""


@pytest.fixture
def _own_pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    hasher._pool.cache_clear()  # noqa: SLF001 - so that a process with another priority is started
    monkeypatch.setattr(hasher, "NICENESS", 7)
    yield
    hasher._pool().shutdown()  # noqa: SLF001 - see above
    hasher._pool.cache_clear()  # noqa: SLF001 - see above


@pytest.mark.usefixtures("_own_pool")
async def test_it_has_a_low_priority_in_a_session_of_its_own() -> None:
    before = set(multiprocessing.active_children())
    await hasher.hash_password(PASSWORD)
    [process] = set(multiprocessing.active_children()) - before
    assert process.pid is not None
    assert os.getpriority(os.PRIO_PROCESS, process.pid) == os.getpriority(os.PRIO_PROCESS, 0) + 7
    assert os.getsid(process.pid) == process.pid != os.getsid(0)


async def test_it_tells_a_right_password_from_wrong_ones_and_nobodys() -> None:
    hashed = await hasher.hash_password(PASSWORD)
    assert hashed.startswith("$argon2id$")
    assert await hasher.matches(PASSWORD, hashed) is True
    for password, other in (
        ("another", hashed),
        (PASSWORD, None),
        ("nobody has this password", None),
        (PASSWORD, "no hash"),
        (LONE_SURROGATE, hashed),
        ("a\nb", hashed),
    ):
        assert await hasher.matches(password, other) is False


@pytest.mark.usefixtures("_own_pool")
async def test_one_that_was_killed_is_replaced() -> None:
    before = set(multiprocessing.active_children())
    await hasher.hash_password(PASSWORD)
    [killed] = set(multiprocessing.active_children()) - before
    assert killed.pid is not None
    os.kill(killed.pid, signal.SIGKILL)
    assert await asyncio.wait_for(hasher.hash_password(PASSWORD), 60)


async def test_no_password_is_looked_at_while_it_is_suspended() -> None:
    # So that the process is there.
    await hasher.hash_password(PASSWORD)
    hasher.signal_processes(signal.SIGSTOP)
    try:
        hashing = asyncio.create_task(hasher.hash_password(PASSWORD))
        await asyncio.wait([hashing], timeout=0.5)
        assert not hashing.done()
    finally:
        hasher.signal_processes(signal.SIGCONT)
    assert await asyncio.wait_for(hashing, 60)


def test_it_does_not_outlive_its_parent_even_when_it_is_suspended(tmp_path: Path) -> None:
    program = tmp_path / "asks.py"
    program.write_text(ASKS, encoding="utf-8")
    asker = subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True)  # noqa: S603 - see above
    assert asker.stdout is not None
    pid = int(asker.stdout.readline())
    worker = os.pidfd_open(pid)
    asker.kill()
    asker.wait()
    asker.stdout.close()
    ended = select.poll()
    ended.register(worker, select.POLLIN)
    has_ended = bool(ended.poll(10_000))
    os.close(worker)
    if not has_ended:
        os.kill(pid, signal.SIGKILL)
    assert has_ended


def test_a_process_that_has_shut_it_down_and_is_killed_leaves_nothing_behind(tmp_path: Path) -> None:
    program = tmp_path / "ends.py"
    program.write_text(ASKS.replace("time.sleep(60)", "hasher.shut_down(); signal.raise_signal(9)"), "utf-8")
    ended = subprocess.run([sys.executable, program], capture_output=True, text=True, check=False)  # noqa: S603 - see above
    assert (ended.returncode, ended.stderr) == (-signal.SIGKILL, "")

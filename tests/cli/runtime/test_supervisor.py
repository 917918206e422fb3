"""Processes are kept running, started again when they die, and stopped in good order."""

import asyncio
import errno
import os
import signal
import socket
from collections.abc import AsyncIterator

import httpx
import pytest

from responder.runtime import supervisor as supervising
from responder.runtime.supervisor import FIRST_PAUSE_S, LONGEST_PAUSE_S, Child, Supervisor, pause_s
from responder.terminal.console import CommandError
from tests.patience import PATIENCE_S
from tests.ports import free_port


def make(database_url: str, told: list[str]) -> Supervisor:
    port, live_port = free_port(), free_port()
    return Supervisor(
        (
            Child(command="serve", ready_url=f"http://127.0.0.1:{port}/readyz"),
            Child(command="live", ready_url=f"http://127.0.0.1:{live_port}/readyz"),
        ),
        environment={
            "RESPONDER_DATABASE_URL": database_url,
            "RESPONDER_PORT": str(port),
            "RESPONDER_LIVE_PORT": str(live_port),
        },
        tell=told.append,
    )


@pytest.fixture(scope="module")
async def told() -> list[str]:
    """Collect what the supervisor tells."""
    return []


@pytest.fixture(scope="module")
async def supervisor(database_url: str, told: list[str]) -> AsyncIterator[Supervisor]:
    made = make(database_url, told)
    await made.start()
    yield made
    await made.stop()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_pauses_grow_and_stay_bounded() -> None:
    pauses = [pause_s(deaths) for deaths in range(1, 40)]
    assert pauses[:4] == [FIRST_PAUSE_S, 2 * FIRST_PAUSE_S, 4 * FIRST_PAUSE_S, 8 * FIRST_PAUSE_S]
    assert max(pauses) == LONGEST_PAUSE_S


@pytest.mark.parametrize("name", ["serve", "live"])
async def test_a_killed_process_comes_back_and_the_other_stays(
    supervisor: Supervisor, told: list[str], name: str
) -> None:
    before = supervisor.pids
    os.kill(before[name], signal.SIGKILL)
    [ready_url] = [child.ready_url for child in supervisor.children if child.name == name]
    async with asyncio.timeout(PATIENCE_S), httpx.AsyncClient() as http:
        while supervisor.pids.get(name) in {None, before[name]}:  # noqa: ASYNC110 - a process has no event
            await asyncio.sleep(0.05)
        while True:
            try:
                if (await http.get(ready_url)).is_success:
                    break
            except httpx.TransportError:
                await asyncio.sleep(0.05)
    [other] = {"serve", "live"} - {name}
    assert supervisor.pids[other] == before[other]
    assert any(name in line for line in told)


async def test_stopping_stops_all_processes(database_url: str) -> None:
    told: list[str] = []
    supervisor = make(database_url, told)
    await supervisor.start()
    pids = supervisor.pids
    assert set(pids) == {"serve", "live"}
    await supervisor.stop()
    assert not any(is_alive(pid) for pid in pids.values())
    assert told == []


async def test_one_that_cannot_start_takes_the_others_with_it(database_url: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        broken = Child(command="live", ready_url="http://127.0.0.1:9/readyz")
        port = free_port()
        supervisor = Supervisor(
            (Child(command="serve", ready_url=f"http://127.0.0.1:{port}/readyz"), broken),
            environment={
                "RESPONDER_DATABASE_URL": database_url,
                "RESPONDER_PORT": str(port),
                "RESPONDER_LIVE_PORT": str(taken.getsockname()[1]),
            },
            tell=lambda _line: None,
        )
        with pytest.raises(CommandError, match="live"):
            await supervisor.start()
        assert supervisor.pids == {}


async def test_one_that_was_being_started_when_all_were_stopped_is_stopped_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin = asyncio.create_subprocess_exec
    begun: list[asyncio.subprocess.Process] = []
    is_beginning = asyncio.Event()

    async def begin_slowly(*arguments: str, **options: object) -> asyncio.subprocess.Process:
        is_beginning.set()
        await asyncio.sleep(0.5)
        begun.append(await begin(*arguments, **options))  # type: ignore[arg-type]
        return begun[-1]

    monkeypatch.setattr(supervising, "SPARE_AFTER_S", 0.0)
    monkeypatch.setattr(asyncio, "create_subprocess_exec", begin_slowly)
    spare = Child(command="serve", ready_url="http://127.0.0.1:9/readyz", is_spare=True)
    supervisor = Supervisor((spare,), environment={}, tell=lambda _line: None)
    async with asyncio.timeout(PATIENCE_S):
        await supervisor.start()
        await is_beginning.wait()
        await supervisor.stop()
    assert [each.returncode is not None for each in begun] == [True]


async def test_one_that_cannot_be_started_for_the_moment_is_tried_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin = asyncio.create_subprocess_exec
    tries = 0

    async def fail_twice(*arguments: str, **options: object) -> asyncio.subprocess.Process:
        nonlocal tries
        tries += 1
        if tries <= 2:
            raise OSError(errno.ENOMEM, "no memory")
        return await begin(*arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(supervising, "SPARE_AFTER_S", 0.0)
    monkeypatch.setattr(supervising, "FIRST_PAUSE_S", 0.01)
    monkeypatch.setattr(asyncio, "create_subprocess_exec", fail_twice)
    told: list[str] = []
    spare = Child(command="serve", ready_url="http://127.0.0.1:9/readyz", is_spare=True)
    supervisor = Supervisor((spare,), environment={}, tell=told.append)
    async with asyncio.timeout(PATIENCE_S):
        await supervisor.start()
        while not supervisor.pids:  # noqa: ASYNC110 - a process has no event
            await asyncio.sleep(0.01)
        await supervisor.stop()
    assert ["no memory" in line for line in told] == [True, True]


async def test_an_optional_one_that_cannot_start_holds_up_no_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "SPARE_AFTER_S", 0.0)
    monkeypatch.setattr(supervising, "FIRST_PAUSE_S", 0.01)
    is_told = asyncio.Event()
    told: list[str] = []

    def tell(line: str) -> None:
        told.append(line)
        is_told.set()

    broken = Child(command="no-such-command", ready_url="http://127.0.0.1:9/readyz", is_optional=True)
    supervisor = Supervisor((broken,), environment={}, tell=tell)
    async with asyncio.timeout(PATIENCE_S):
        await supervisor.start()
        await is_told.wait()
        await supervisor.stop()
    assert told[0].startswith("no-such-command: exit code 2")

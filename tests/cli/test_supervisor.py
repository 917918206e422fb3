"""Processes are kept running, started again when they die, and stopped in good order."""

import asyncio
import os
import signal
import socket
from collections.abc import AsyncIterator

import httpx
import pytest

from responder.cli.console import CommandError
from responder.cli.supervisor import FIRST_PAUSE_S, LONGEST_PAUSE_S, Child, Supervisor, pause_s


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


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
    async with asyncio.timeout(30), httpx.AsyncClient() as http:
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


async def test_stopping_stops_everybody(database_url: str) -> None:
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

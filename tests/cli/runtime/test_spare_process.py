"""When the process that serves is killed another serves at once, and no client is refused."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import TemporaryFile

import httpx
import pytest

from responder.runtime import supervisor as supervising
from responder.runtime.listening import listening_sockets
from responder.runtime.supervised import SOCKETS, TURN
from responder.runtime.supervisor import Child, Supervisor
from tests.patience import PATIENCE_S


@asynccontextmanager
async def supervised(database_url: str, *, with_spare: bool) -> AsyncIterator[tuple[Supervisor, str]]:
    [listening] = listening_sockets("127.0.0.1", 0)
    with listening, TemporaryFile() as turn:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        inherits = {SOCKETS: [listening.fileno()], TURN: [turn.fileno()]}
        serve = Child(command="serve", ready_url=f"{url}/readyz", inherits=inherits)
        spare = Child(command="serve", ready_url=f"{url}/readyz", inherits=inherits, is_spare=True)
        made = Supervisor(
            (serve, spare) if with_spare else (serve,),
            environment={"RESPONDER_DATABASE_URL": database_url},
            tell=lambda _line: None,
        )
        await made.start()
        try:
            yield made, url
        finally:
            await made.stop()


async def answered(http: httpx.AsyncClient) -> None:
    """Ask until there is an answer, which a connection to a process that has just been killed has not."""
    while True:
        try:
            assert (await http.get("/readyz")).is_success
        except (httpx.ReadError, httpx.RemoteProtocolError):
            continue
        return


async def test_the_spare_process_serves_when_the_first_is_killed(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervising, "SPARE_AFTER_S", 0.0)
    # No one else can answer within the time of this test.
    monkeypatch.setattr(supervising, "FIRST_PAUSE_S", 600.0)
    monkeypatch.setattr(supervising, "LONGEST_PAUSE_S", 600.0)
    async with asyncio.timeout(180), supervised(database_url, with_spare=True) as (made, url):
        said = ""
        while "spare_process_ready" not in said:
            await asyncio.sleep(0.1)
            said += capfd.readouterr().err
        first, spare = made.pids["serve"], made.pids["spare serve"]
        async with httpx.AsyncClient(base_url=url, timeout=60) as http:
            assert (await http.get("/readyz")).is_success
            assert "spare_process_serves" not in capfd.readouterr().err
            os.kill(first, signal.SIGKILL)
            await answered(http)
        assert made.pids == {"spare serve": spare}
    assert " INFO spare responder.runtime.serving: spare_process_ready" in said
    said = capfd.readouterr().err
    assert " INFO serve responder.runtime.serving: spare_process_serves" in said
    assert "Traceback" not in said


async def test_a_client_that_comes_while_no_process_serves_waits_and_is_served(database_url: str) -> None:
    async with asyncio.timeout(180), supervised(database_url, with_spare=False) as (made, url):
        os.kill(made.pids["serve"], signal.SIGKILL)
        async with httpx.AsyncClient(base_url=url, timeout=120) as http:
            await answered(http)


async def test_a_spare_process_that_is_not_needed_leaves_without_a_trace(
    database_url: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(supervising, "SPARE_AFTER_S", 0.0)
    monkeypatch.setattr(supervising, "STOP_LIMIT_S", PATIENCE_S)
    async with asyncio.timeout(180), supervised(database_url, with_spare=True) as (made, _):
        said = ""
        while "spare_process_ready" not in said:
            await asyncio.sleep(0.1)
            said += capfd.readouterr().err
        keepers = made.pids
        began_s = time.monotonic()
    assert time.monotonic() - began_s < PATIENCE_S, "it leaves by itself and is not killed"
    said = capfd.readouterr().err
    assert "spare_process_serves" not in said
    assert "Traceback" not in said
    for pid in keepers.values():
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)

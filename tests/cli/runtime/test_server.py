"""While an alert is computed no new connection is taken up but alerts, for a moment; open ones go on."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from responder.live.connection.proxies import Proxies
from responder.runtime.server import Server
from responder.security import alert_priority
from responder.security.alert_priority import AlertPriority
from tests.patience import PATIENCE_S

SHORT_S = 0.2
SHUT_S = 1.0
SOON_S = 0.05
ALERT = b"POST /api/circles/1/incidents HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"


async def come(port: int) -> bytes:
    """Ask by a new connection, and return the status."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    told = await ask(reader, writer)
    writer.close()
    return told


async def has_to_wait(coming: "asyncio.Task[bytes]") -> bool:
    done, _ = await asyncio.wait([coming], timeout=SOON_S)
    return not done


@pytest.fixture
def _shut_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    """However slow the machine is, it is not let open because an alert takes long."""
    monkeypatch.setattr(alert_priority, "LONGEST_WAIT_S", 2 * PATIENCE_S)


@pytest.mark.usefixtures("_shut_for_long")
async def test_a_client_that_comes_while_an_alert_is_computed_is_let_in_after_it() -> None:
    async with served() as (_, port, priority), asyncio.timeout(PATIENCE_S):
        assert await come(port) == b"204"
        with priority.alert():
            first = asyncio.create_task(come(port))
            assert await has_to_wait(first)
            second = asyncio.create_task(come(port))
            assert await has_to_wait(second)
        assert (await first, await second) == (b"204", b"204")


async def test_however_long_an_alert_takes_others_are_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_priority, "LONGEST_WAIT_S", SHUT_S)
    async with served() as (server, port, priority), asyncio.timeout(PATIENCE_S):
        with priority.alert():
            began_s = time.monotonic()
            assert await come(port) == b"204"
            assert time.monotonic() - began_s >= SHUT_S / 2
            # Open for as long as it was shut, and then shut again.
            assert await come(port) == b"204"
            await shut(server)
            third = asyncio.create_task(come(port))
            assert await has_to_wait(third)
            assert await third == b"204"


async def test_alerts_one_after_the_other_cannot_keep_it_shut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(alert_priority, "LONGEST_WAIT_S", SHORT_S)
    async with served() as (_, port, priority), asyncio.timeout(PATIENCE_S):

        async def alerts() -> None:
            while True:
                # The next begins before a client could come in.
                with priority.alert():
                    await asyncio.sleep(SOON_S)

        going_on = asyncio.create_task(alerts())
        await asyncio.sleep(SOON_S)
        assert await come(port) == b"204"
        going_on.cancel()


@pytest.mark.usefixtures("_shut_for_long")
async def test_what_begins_too_soon_to_shut_does_so_when_that_is_fair_and_not_when_it_is_over() -> None:
    async with served() as (server, port, priority), asyncio.timeout(PATIENCE_S):
        with priority.alert():
            await asyncio.sleep(SHORT_S)
        with priority.alert():
            await shut(server)
            late = asyncio.create_task(come(port))
            assert await has_to_wait(late)
        assert await late == b"204"
        with priority.alert():
            pass
        await asyncio.sleep(SHORT_S)
        assert await come(port) == b"204"


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer everyone alike."""
    if scope["type"] == "http":
        await receive()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


@asynccontextmanager
async def served() -> AsyncIterator[tuple[Server, int, AlertPriority]]:
    """uvicorn with our listener, its port, and who tells it of alerts."""
    config = uvicorn.Config(answer, port=0, ws="none", lifespan="off", log_config=None)
    priority = AlertPriority()
    server = Server(config, files=1000, proxies=Proxies(), priority=priority)
    if not server.config.loaded:
        server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        server.config.port = trial.getsockname()[1]
    await server.startup()
    try:
        yield server, server.config.port, priority
    finally:
        await server.shutdown()


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    writer.write(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
    return (await reader.readuntil(b"\r\n\r\n")).split()[1]


@pytest.mark.usefixtures("_shut_for_long")
async def test_a_request_by_an_open_connection_is_answered_while_the_door_is_shut() -> None:
    async with served() as (_, port, priority), asyncio.timeout(PATIENCE_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await ask(reader, writer) == b"204"
        with priority.alert():
            assert await ask(reader, writer) == b"204"
            there, theirs = await asyncio.open_connection("127.0.0.1", port)
            new = asyncio.create_task(ask(there, theirs))
            assert await has_to_wait(new)
        assert await new == b"204"
        writer.close()
        theirs.close()


async def test_a_server_that_has_ended_answers_no_client() -> None:
    async with served() as (_, port, priority):
        pass
    with priority.alert():
        pass
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def shut(server: Server) -> None:
    """Wait until new connections have to wait."""
    while not server._pending._is_paused:  # noqa: ASYNC110, SLF001 - nothing else tells
        await asyncio.sleep(0.01)


async def accepted(server: Server, count: int) -> None:
    """Wait until so many connections are accepted that have asked nothing yet."""
    while len(server._pending) < count:  # noqa: ASYNC110, SLF001 - nothing else tells
        await asyncio.sleep(0.01)


async def send(port: int, request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    return reader, writer


async def status(reader: asyncio.StreamReader) -> bytes:
    return (await reader.readuntil(b"\r\n\r\n")).split()[1]


@pytest.mark.usefixtures("_shut_for_long")
@pytest.mark.parametrize("is_accepted", [True, False], ids=["accepted before", "new"])
async def test_while_an_alert_is_computed_another_is_taken_up_and_nothing_else(*, is_accepted: bool) -> None:
    async with served() as (server, port, priority), asyncio.timeout(PATIENCE_S):
        open_already = [await send(port, b"") for _ in range(2)] if is_accepted else []
        await accepted(server, len(open_already))
        with priority.alert():
            streams = open_already or [await send(port, b"") for _ in range(2)]
            for (_, writer), sent in zip(streams, (ALERT, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"), strict=True):
                writer.write(sent)
            alert, other = (asyncio.create_task(status(reader)) for reader, _ in streams)
            assert await alert == b"204"
            assert await has_to_wait(other)
        assert await other == b"204"
        for _, writer in streams:
            writer.close()


@pytest.mark.usefixtures("_shut_for_long")
async def test_a_server_that_ends_answers_who_is_accepted_and_was_kept_waiting() -> None:
    with ExitStack() as alert:
        async with asyncio.timeout(PATIENCE_S), served() as (server, port, priority):
            server.config.timeout_keep_alive = 600
            reader, writer = await send(port, b"")
            await accepted(server, 1)
            alert.enter_context(priority.alert())
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await asyncio.sleep(SOON_S)
        assert await status(reader) == b"204"
        # It does not wait until the client asks nothing more.
        assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
        writer.close()


async def test_connections_that_have_ended_are_counted() -> None:
    async with served() as (server, port, _), asyncio.timeout(PATIENCE_S):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await ask(reader, writer)
        assert server.limiter.ended == 0
        writer.close()
        while not server.limiter.ended:  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.01)

"""No new connection is accepted while an alert is computed; open ones go on."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import ExitStack, asynccontextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from responder.live.connection.proxies import Proxies
from responder.runtime import server as server_module
from responder.runtime.pending_connections import HEAD_START_S
from responder.runtime.server import HttpListener, Server
from responder.security.alert_priority import alert_priority

SHORT_S = 0.2
SOON_S = 0.05
ALERT = b"POST /api/circles/1/incidents HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n"


class Guest(asyncio.Protocol):
    """Says its number, so that a client knows that it is in."""

    came: list["Guest"]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.came.append(self)
        transport.write(b"%d" % len(self.came))
        transport.close()


async def check(one: HttpListener) -> None:
    while True:
        one.check()
        await asyncio.sleep(SOON_S / 5)


@asynccontextmanager
async def opened() -> AsyncIterator[int]:
    """A door, and its port."""
    listening = socket.create_server(("127.0.0.1", 0), backlog=100)
    listening.settimeout(0)
    port: int = listening.getsockname()[1]

    class Here(Guest):
        came: list[Guest] = []  # noqa: RUF012 - one list for each door

    one = HttpListener([listening], lambda _: Here(), most_pending=100, proxies=Proxies())
    looking = asyncio.create_task(check(one))
    try:
        yield port
    finally:
        looking.cancel()
        await one.close()


async def come(port: int) -> bytes:
    """Come, and return what one is told."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET / HTTP/1.1\r\n\r\n")
    told = await reader.read()
    writer.close()
    return told


async def has_to_wait(coming: "asyncio.Task[bytes]") -> bool:
    done, _ = await asyncio.wait([coming], timeout=SOON_S)
    return not done


async def test_a_client_that_comes_while_an_alert_is_computed_is_let_in_after_it() -> None:
    async with opened() as port, asyncio.timeout(20):
        assert await come(port) == b"1"
        with alert_priority():
            first = asyncio.create_task(come(port))
            assert await has_to_wait(first)
            second = asyncio.create_task(come(port))
            assert await has_to_wait(second)
        assert (await first, await second) == (b"2", b"3")


async def test_a_second_alert_waits_for_one_before_it_and_not_for_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(server_module, "PAUSED_AT_MOST_S", 20.0)
    async with opened() as port, asyncio.timeout(10):
        with ExitStack() as slow, alert_priority():
            with ExitStack() as quick:
                quick.enter_context(alert_priority())
                slow.enter_context(alert_priority())
                second = asyncio.create_task(come(port))
                assert await has_to_wait(second)
            assert await second == b"1"


async def test_however_long_an_alert_takes_others_are_let_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "PAUSED_AT_MOST_S", SHORT_S)
    async with opened() as port, asyncio.timeout(20):
        with alert_priority():
            began_s = time.monotonic()
            assert await come(port) == b"1"
            assert time.monotonic() - began_s >= SHORT_S / 2
            # Open for as long as it was shut, and then shut again.
            assert await come(port) == b"2"
            await asyncio.sleep(SHORT_S + SOON_S)
            third = asyncio.create_task(come(port))
            assert await has_to_wait(third)
            assert await third == b"3"


async def test_alerts_one_after_the_other_cannot_keep_it_shut() -> None:
    async with opened() as port, asyncio.timeout(20):
        with alert_priority():
            await asyncio.sleep(SHORT_S)
        # The next begins before a client could come in.
        with alert_priority():
            began_s = time.monotonic()
            assert await come(port) == b"1"
            assert time.monotonic() - began_s < SHORT_S / 2


async def test_what_begins_too_soon_to_shut_does_so_when_that_is_fair_and_not_when_it_is_over() -> None:
    async with opened() as port, asyncio.timeout(20):
        with alert_priority():
            await asyncio.sleep(SHORT_S)
        with alert_priority():
            await asyncio.sleep(SHORT_S + SOON_S)
            late = asyncio.create_task(come(port))
            assert await has_to_wait(late)
        assert await late == b"1"
        with alert_priority():
            pass
        await asyncio.sleep(SHORT_S)
        assert not await has_to_wait(asyncio.create_task(come(port)))


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer everyone alike."""
    if scope["type"] == "http":
        await receive()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})


@asynccontextmanager
async def served() -> AsyncIterator[tuple[Server, int]]:
    """uvicorn with our door, and its port."""
    config = uvicorn.Config(answer, port=0, ws="none", lifespan="off", log_config=None)
    server = Server(config, files=1000, proxies=Proxies())
    if not server.config.loaded:
        server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        server.config.port = trial.getsockname()[1]
    await server.startup()
    try:
        yield server, server.config.port
    finally:
        await server.shutdown()


async def ask(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bytes:
    writer.write(b"GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n")
    return (await reader.readuntil(b"\r\n\r\n")).split()[1]


async def test_a_request_by_an_open_connection_is_answered_while_the_door_is_shut() -> None:
    async with served() as (_, port), asyncio.timeout(20):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await ask(reader, writer) == b"204"
        with alert_priority():
            assert await ask(reader, writer) == b"204"
            there, theirs = await asyncio.open_connection("127.0.0.1", port)
            new = asyncio.create_task(ask(there, theirs))
            assert await has_to_wait(new)
        assert await new == b"204"
        writer.close()
        theirs.close()


async def test_a_server_that_has_ended_answers_no_client_and_hears_of_no_alert() -> None:
    async with served() as (_, port):
        pass
    with alert_priority():
        pass
    with pytest.raises(ConnectionRefusedError):
        await asyncio.open_connection("127.0.0.1", port)


async def send(port: int, request: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    return reader, writer


async def status(reader: asyncio.StreamReader) -> bytes:
    return (await reader.readuntil(b"\r\n\r\n")).split()[1]


@pytest.mark.parametrize("is_accepted", [True, False], ids=["accepted before", "new"])
async def test_while_the_door_is_shut_an_alert_is_taken_up_and_nothing_else_if_accepted(
    *, is_accepted: bool
) -> None:
    async with served() as (_, port), asyncio.timeout(20):
        open_already = [await send(port, b"") for _ in range(2)] if is_accepted else []
        await asyncio.sleep(SOON_S)
        with alert_priority():
            streams = open_already or [await send(port, b"") for _ in range(2)]
            for (_, writer), sent in zip(streams, (ALERT, b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"), strict=True):
                writer.write(sent)
            alert, other = (asyncio.create_task(status(reader)) for reader, _ in streams)
            done, _ = await asyncio.wait([alert, other], timeout=2 * SOON_S)
            assert done == ({alert} if is_accepted else set())
        assert (await alert, await other) == (b"204", b"204")
        for _, writer in streams:
            writer.close()


async def test_a_server_that_ends_answers_who_is_accepted_and_was_kept_waiting() -> None:
    with ExitStack() as alert:
        async with asyncio.timeout(20), served() as (server, port):
            reader, writer = await send(port, b"")
            await asyncio.sleep(SOON_S)
            alert.enter_context(alert_priority())
            writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            await asyncio.sleep(SOON_S)
            began_s = time.monotonic()
        assert await status(reader) == b"204"
        assert await reader.read() == b""
        # It does not wait until the client asks nothing more.
        assert time.monotonic() - began_s < server.config.timeout_keep_alive / 2
        writer.close()


async def test_there_is_time_for_garbage_when_no_alert_is_in_hand_or_about_to_be() -> None:
    async with served() as (server, port), asyncio.timeout(20):
        assert server.is_idle
        with alert_priority():
            assert not server.is_idle
        assert server.is_idle
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(ALERT)
        await reader.readuntil(b"\r\n\r\n")
        assert not server.is_idle
        assert server.ended == 0
        writer.close()
        while not server.ended:  # noqa: ASYNC110 - nothing else tells
            await asyncio.sleep(0.01)
        await asyncio.sleep(HEAD_START_S)
        assert server.is_idle

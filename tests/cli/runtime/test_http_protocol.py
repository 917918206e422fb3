"""A connection in which the client does not do its part is cut, and no flood of these keeps others out."""

import asyncio
import json
import socket
import time
from contextlib import suppress

import pytest

from responder.runtime import http_protocol
from responder.runtime.http_protocol import EARLY_BYTES, HEAD_BYTES
from responder.runtime.lingering import LINGER_S
from tests.cli.runtime.http_server import HEAD, LIMIT_S, MIB, WHOLE, come, held, rest, served

LATE_S = 20.0
"""By then it is cut, on a machine that also does other things; nothing else would cut it for a minute."""


@pytest.fixture(autouse=True)
def _short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "CLIENT_LIMIT_S", LIMIT_S)


async def trickle(writer: asyncio.StreamWriter, piece: bytes, *, every_s: float = 0.1) -> None:
    with suppress(ConnectionError):
        while True:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(every_s)


def problem_of(answer: bytes) -> tuple[int, str, bytes]:
    head, _, body = answer.partition(b"\r\n\r\n")
    assert b"application/problem+json" in head
    assert b"connection: close" in head.lower()
    return int(head.split()[1]), json.loads(body)["code"], head


KINDS: dict[str, tuple[bytes, bytes]] = {
    "half a head": (HEAD, b""),
    "a head that trickles": (HEAD, b"X: y\r\n"),
    "empty lines": (b"\r\n", b"\r\n"),
    "a body that does not come": (HEAD + b"Content-Length: 1000\r\n\r\nx", b""),
    "a body that trickles": (HEAD + b"Content-Length: 100000\r\n\r\n", b"x"),
    "a large body that stops": (HEAD + b"Content-Length: 99999\r\n\r\n" + bytes(2 * EARLY_BYTES), b""),
    "chunks that trickle": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n"),
    "a chunk whose size never ends": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a"),
    "trailers that trickle": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n", b"A: b\r\n"),
}


@pytest.mark.parametrize("after_another", [False, True], ids=["first", "after another"])
async def test_a_request_that_never_ends_is_answered_and_cut(after_another: bool) -> None:  # noqa: FBT001 - a parameter of the test
    # All kinds at once, each on a server of its own: they wait, and the machine has nothing to do.
    async with asyncio.TaskGroup() as kinds:
        for kind in KINDS:
            kinds.create_task(is_answered_and_cut(kind, after_another=after_another), name=kind)


async def is_answered_and_cut(kind: str, *, after_another: bool) -> None:
    first, then = KINDS[kind]
    async with served() as world, asyncio.timeout(60):
        reader, writer = await come(world.port)
        if after_another:
            writer.write(WHOLE)
            assert (await reader.readuntil(b"\r\n\r\n0")).startswith(b"HTTP/1.1 200")
        began_s = time.monotonic()
        writer.write(first)
        trickling = asyncio.create_task(trickle(writer, then)) if then else None
        answer = await rest(reader)
        assert LIMIT_S / 2 <= time.monotonic() - began_s < LATE_S, kind
        status, code, _ = problem_of(answer)
        assert (status, code) == (408, "request_timeout"), kind
        if trickling:
            trickling.cancel()
        writer.close()
        # The application has nothing to do with what never came, and hears of the end of what it began with.
        heard = ["http.request 0"] if after_another else []
        begun = [f"http.disconnect {2 * EARLY_BYTES}"] if len(first) > EARLY_BYTES else []
        assert world.heard == heard + begun, kind


@pytest.mark.parametrize("path", [b"/refused", b"/x"], ids=["refused", "late"])
async def test_an_answer_is_not_lost_while_the_client_still_sends(path: bytes) -> None:
    async with served() as world, asyncio.timeout(60):
        reader, writer = await come(world.port)
        length = b"Content-Length: %d\r\n\r\n" % (64 * MIB)
        if path == b"/refused":
            writer.write(HEAD.replace(b"/x", path) + length)
        else:
            writer.write(HEAD)
            await asyncio.sleep(LIMIT_S)
            while not reader._buffer:  # type: ignore[attr-defined]  # noqa: SLF001, ASYNC110 - nothing else tells
                await asyncio.sleep(0.01)
        for _ in range(16):
            writer.write(bytes(MIB))
            await writer.drain()
        status = b"413" if path == b"/refused" else b"408"
        assert (await reader.read()).split()[1] == status
        began_s = time.monotonic()
        await held(world, 0)
        assert time.monotonic() - began_s < LINGER_S + LATE_S
        writer.close()


async def test_a_silent_connection_is_closed_without_a_word() -> None:
    async with served() as world, asyncio.timeout(60):
        began_s = time.monotonic()
        reader, writer = await come(world.port)
        assert await rest(reader) == b""
        assert LIMIT_S / 2 <= time.monotonic() - began_s < LATE_S
        writer.close()


async def test_an_idle_connection_that_had_its_answer_is_no_silent_one() -> None:
    async with served() as world, asyncio.timeout(60):
        reader, writer = await come(world.port)
        for _ in range(2):
            writer.write(WHOLE)
            assert (await reader.readuntil(b"\r\n\r\n0")).startswith(b"HTTP/1.1 200")
            await asyncio.sleep(1.5 * LIMIT_S)
        assert not reader.at_eof()
        writer.close()


async def test_a_body_that_comes_slowly_but_steadily_has_its_time() -> None:
    async with served() as world, asyncio.timeout(60):
        reader, writer = await come(world.port)
        writer.write(HEAD + b"Content-Length: 20000\r\n\r\n")
        for _ in range(10):
            await asyncio.sleep(0.2)
            writer.write(bytes(2000))
        assert (await reader.readuntil(b"20000")).startswith(b"HTTP/1.1 200")
        writer.close()


async def test_a_body_that_came_fast_earns_no_time_to_be_silent() -> None:
    async with served() as world, asyncio.timeout(60):
        reader, writer = await come(world.port)
        writer.write(HEAD + b"Content-Length: 2000000\r\n\r\n" + bytes(MIB))
        began_s = time.monotonic()
        assert problem_of(await rest(reader))[:2] == (408, "request_timeout")
        assert time.monotonic() - began_s < LATE_S
        writer.close()


async def test_an_answer_that_takes_us_long_is_waited_for() -> None:
    async with served() as world, asyncio.timeout(60):
        reader, writer = await come(world.port)
        writer.write(WHOLE.replace(b"/x", b"/slow"))
        assert (await reader.readuntil(b"\r\n\r\n0")).startswith(b"HTTP/1.1 200")
        writer.close()


@pytest.mark.parametrize("takes_bytes", [0, 1])
async def test_an_answer_that_is_not_taken_is_cut(takes_bytes: int) -> None:
    async with served() as world, asyncio.timeout(60):
        with socket.create_connection(("127.0.0.1", world.port)) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.settimeout(0)
            client.send(WHOLE.replace(b"/x", b"/large"))
            began_s = time.monotonic()
            await asyncio.sleep(0.3)
            assert world.server.server_state.connections
            while world.server.server_state.connections:
                await asyncio.sleep(0.1)
                with suppress(BlockingIOError):
                    client.recv(takes_bytes)
            assert time.monotonic() - began_s < 2 * LATE_S


async def test_an_answer_that_is_taken_slowly_but_steadily_comes_whole() -> None:
    async with served() as world, asyncio.timeout(60):
        reader, writer = await come(world.port)
        writer.write(WHOLE.replace(b"/x", b"/large").replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        taken = 0
        while piece := await reader.read(4 * MIB):
            taken += len(piece)
            await asyncio.sleep(0.02)
        assert taken > 16 * MIB
        writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        HEAD + b"X: " + b"y" * 2 * HEAD_BYTES,
        HEAD + b"X: y\r\n" * (HEAD_BYTES // 4),
        b"GET /" + b"y" * 2 * HEAD_BYTES,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;" + b"a" * 2 * HEAD_BYTES,
        HEAD + b"Transfer-Encoding: chunked\r\n\r\n0\r\n" + b"A: b\r\n" * (HEAD_BYTES // 4),
    ],
    ids=["a header", "headers", "an address", "a chunk's size", "trailers"],
)
async def test_what_is_no_body_may_not_be_large(sent: bytes) -> None:
    async with served() as world, asyncio.timeout(60):
        reader, writer = await come(world.port)
        writer.write(sent)
        assert problem_of(await rest(reader))[:2] == (431, "head_too_large")
        writer.close()


async def test_a_large_body_in_the_smallest_chunks_is_taken() -> None:
    async with served() as world, asyncio.timeout(60):
        reader, writer = await come(world.port)
        writer.write(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"1\r\nx\r\n" * 100_000 + b"0\r\n\r\n")
        assert (await reader.readuntil(b"100000")).startswith(b"HTTP/1.1 200")
        writer.close()


@pytest.mark.parametrize(
    "sent",
    [
        b"hello\r\n\r\n",
        HEAD + b"Transfer-Encoding: chunked\r\n\r\nhello\r\n",
        HEAD + b"Content-Length: x\r\n\r\n",
        HEAD + b"Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
    ],
)
async def test_what_is_no_http_is_answered_with_a_code(sent: bytes) -> None:
    async with served() as world, asyncio.timeout(60):
        reader, writer = await come(world.port)
        writer.write(sent)
        status, code, head = problem_of(await rest(reader))
        assert (status, code) == (400, "malformed_request")
        assert b"x-content-type-options: nosniff" in head.lower()
        writer.close()


@pytest.mark.parametrize(
    "sent", [WHOLE.replace(b"/x", b"/slow"), HEAD + b"Content-Length: 9\r\n\r\nx"], ids=["slow", "no end"]
)
async def test_a_server_that_stops_says_so_to_clients_it_has_no_time_for(
    sent: bytes, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(http_protocol, "CLIENT_LIMIT_S", 60.0)
    async with asyncio.timeout(60):
        async with served(grace_s=1) as world:
            reader, writer = await come(world.port)
            writer.write(sent)
            await held(world, 1)
            await asyncio.sleep(0.2)
        assert problem_of(await rest(reader))[:2] == (503, "not_ready")
        writer.close()
    assert not [each for each in caplog.records if each.exc_info]

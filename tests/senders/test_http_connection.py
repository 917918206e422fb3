"""What is read of a service that answers in unusual ways, and what is never written."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from responder.domain.channels.allowed_hosts import AllowedHosts
from responder.domain.channels.message import VerdictReason
from responder.senders.connecting import Connector
from responder.senders.failures import SendingError
from responder.senders.http_connection import MOST_ANSWER_BYTES, Answer, written
from responder.senders.http_requests import HttpRequests
from tests.senders.conftest import TLS

Ask = Callable[[], "asyncio.Future[Answer]"]
OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"


async def _resolve(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


@asynccontextmanager
async def _answering(
    *answers: bytes, closes: bool = False
) -> AsyncIterator[tuple[HttpRequests, str, list[int]]]:
    """Answer each request of a connection with the next of these bytes, and count requests by connection."""
    counts: list[int] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        number = len(counts)
        counts.append(0)
        try:
            while await reader.readuntil(b"\r\n\r\n"):
                writer.write(answers[min(sum(counts), len(answers) - 1)])
                counts[number] += 1
                await writer.drain()
                if closes:
                    break
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    allowed = AllowedHosts.parse(["service.example"], private=["127.0.0.1"])
    requests = HttpRequests(Connector(allowed, resolve=_resolve), tls=TLS)
    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield requests, f"http://service.example:{server.sockets[0].getsockname()[1]}/", counts
        requests.close()


async def _asked(requests: HttpRequests, url: str) -> Answer:
    async with asyncio.timeout(10):
        return await requests.send(httpx.Request("GET", url))


@pytest.mark.parametrize(
    ("answer", "body"),
    [
        (OK, b"ok"),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\no\r\n1\r\nk\r\n0\r\n\r\n", b"ok"),
        (b"HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n" + OK, b"ok"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
    ],
)
async def test_an_answer_that_ends_leaves_its_connection_for_the_next(answer: bytes, body: bytes) -> None:
    async with _answering(answer) as (requests, url, counts):
        found = [await _asked(requests, url) for _ in range(3)]

    assert [each.body for each in found] == [body] * 3
    assert "link" not in found[0].headers
    assert counts == [3]


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
async def test_an_answer_without_a_length_ends_with_the_connection(version: bytes) -> None:
    answer = b"HTTP/" + version + b" 200 OK\r\n\r\nok"
    async with _answering(answer, closes=True) as (requests, url, counts):
        found = [await _asked(requests, url) for _ in range(2)]

    assert [each.body for each in found] == [b"ok", b"ok"]
    assert counts == [1, 1]


async def test_what_comes_after_an_answer_is_not_taken_for_the_next() -> None:
    async with _answering(OK + b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil", OK) as (
        requests,
        url,
        counts,
    ):
        found = [await _asked(requests, url) for _ in range(2)]

    assert [each.body for each in found] == [b"ok", b"ok"]
    assert counts == [1, 1]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"not HTTP at all\r\n\r\n", VerdictReason.CONNECTION_LOST),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort", VerdictReason.CONNECTION_LOST),
        (
            b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nok",
            VerdictReason.CONNECTION_LOST,
        ),
        (
            b"HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n",
            VerdictReason.CONNECTION_LOST,
        ),
        (b"HTTP/1.1 304 Not Modified\r\n\r\n", VerdictReason.REDIRECTED),
        (
            b"HTTP/1.1 307 Elsewhere\r\nlocation: http://127.0.0.1/\r\ncontent-length: 0\r\n\r\n",
            VerdictReason.REDIRECTED,
        ),
        (b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * (MOST_ANSWER_BYTES + 1), VerdictReason.ANSWER_TOO_LARGE),
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * MOST_ANSWER_BYTES, VerdictReason.ANSWER_TOO_LARGE),
        (b"HTTP/1.1 103 Early Hints\r\n\r\n" * MOST_ANSWER_BYTES, VerdictReason.ANSWER_TOO_LARGE),
    ],
)
async def test_an_answer_that_is_none_is_told_and_ends_the_connection(
    answer: bytes, reason: VerdictReason
) -> None:
    async with _answering(answer, OK, closes=reason is VerdictReason.CONNECTION_LOST) as (
        requests,
        url,
        counts,
    ):
        with pytest.raises(SendingError) as refusal:
            await _asked(requests, url)
        assert (await _asked(requests, url)).body == b"ok"

    assert refusal.value.verdict.reason is reason
    assert counts == [1, 1]


@pytest.mark.parametrize(
    "headers",
    [
        {"x": "a\r\nhost: inside"},
        {"x": "a\nb"},
        {"x": "a\x00b"},
        {"x y": "a"},
        {"x": " a"},
        {"transfer-encoding": "chunked"},
        {"content-length": "1"},
    ],
)
def test_what_would_be_read_as_another_request_is_not_written(headers: dict[str, str]) -> None:
    with pytest.raises(SendingError) as refusal:
        written(httpx.Request("POST", "https://service.example/", headers=headers, content=b"body"))

    assert refusal.value.verdict.reason is VerdictReason.WRONG_SETTINGS

"""What is read of a service that answers in unusual ways, and what is never written."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from responder.domain.channels.allowed_hosts import AllowedHosts
from responder.domain.channels.message import VerdictReason
from responder.senders.connecting import Connector
from responder.senders.failures import SendingError
from responder.senders.http_requests import MOST_ANSWER_BYTES, Answer, HttpRequests
from tests.patience import PATIENCE_S
from tests.senders.conftest import TLS

OK = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"
HANG = b"HANG"
HANG_UP = b""


async def _resolve(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


@dataclass
class Asked:
    """A service, and what it was asked by connection."""

    requests: HttpRequests
    url: str = ""
    connections: list[list[bytes]] = field(default_factory=list)
    ended: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def counts(self) -> list[int]:
        return [len(each) for each in self.connections]

    async def get(self) -> Answer:
        async with asyncio.timeout(10):
            return await self.requests.send(httpx.Request("GET", self.url))

    async def post(self, body: bytes, **headers: str) -> Answer:
        async with asyncio.timeout(10):
            return await self.requests.send(httpx.Request("POST", self.url, content=body, headers=headers))


@asynccontextmanager
async def _answering(*answers: bytes, closes: bool = False) -> AsyncIterator[Asked]:
    """Answer each request with the next of these bytes, and with the last from then on."""
    allowed = AllowedHosts.parse(["service.example"], private=["127.0.0.1"])
    service = Asked(HttpRequests(Connector(allowed, resolve=_resolve), tls=TLS))

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked: list[bytes] = []
        service.connections.append(asked)
        try:
            while request := await reader.read(65_536):
                answer = answers[min(sum(service.counts), len(answers) - 1)]
                asked.append(request)
                if answer == HANG_UP:
                    break
                if answer != HANG:
                    writer.write(answer)
                    await writer.drain()
                if closes:
                    break
        except ConnectionError:
            pass
        finally:
            service.ended.set()
            writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        service.url = f"http://service.example:{server.sockets[0].getsockname()[1]}/"
        try:
            yield service
        finally:
            await service.requests.close()


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
    async with _answering(answer) as service:
        found = [await service.get() for _ in range(3)]

    assert [each.body for each in found] == [body] * 3
    assert "link" not in found[0].headers
    assert service.counts == [3]


@pytest.mark.parametrize("version", [b"1.0", b"1.1"])
async def test_an_answer_without_a_length_ends_with_the_connection(version: bytes) -> None:
    async with _answering(b"HTTP/" + version + b" 200 OK\r\n\r\nok", closes=True) as service:
        found = [await service.get() for _ in range(2)]

    assert [each.body for each in found] == [b"ok", b"ok"]
    assert service.counts == [1, 1]


async def test_what_comes_after_an_answer_is_not_taken_for_the_next() -> None:
    async with _answering(OK + b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil", OK) as service:
        found = [await service.get() for _ in range(2)]

    assert [each.body for each in found] == [b"ok", b"ok"]
    assert service.counts == [1, 1]


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (b"not HTTP at all\r\n\r\n", VerdictReason.CONNECTION_LOST),
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
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 129 + b"\r\n", VerdictReason.CONNECTION_LOST),
        (b"HTTP/1.1 200 OK\r\nx: " + b"y" * 8200 + b"\r\n\r\n", VerdictReason.CONNECTION_LOST),
        (b"HTTP/1.1 200 " + b"O" * 8200 + b"\r\n\r\n", VerdictReason.CONNECTION_LOST),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\no\r\nnone\r\n",
            VerdictReason.CONNECTION_LOST,
        ),
    ],
)
@pytest.mark.parametrize("closes", [False, True])
async def test_an_answer_that_is_none_is_told_and_ends_the_connection(
    answer: bytes, reason: VerdictReason, *, closes: bool
) -> None:
    async with _answering(answer, OK, closes=closes) as service:
        with pytest.raises(SendingError) as refusal:
            await service.post(b"first")
        await asyncio.sleep(0.01)
        assert (await service.post(b"second")).body == b"ok"

    is_whole = reason is VerdictReason.REDIRECTED and not closes
    assert refusal.value.verdict.reason is reason
    assert service.counts == ([2] if is_whole else [1, 1])


async def test_an_answer_that_breaks_off_is_none() -> None:
    async with _answering(b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort", closes=True) as service:
        with pytest.raises(SendingError) as refusal:
            await service.post(b"body")

    assert refusal.value.verdict.reason is VerdictReason.CONNECTION_LOST


@pytest.mark.parametrize(
    "headers",
    [
        {"x": "a\r\nhost: inside"},
        {"x": "a\nb"},
        {"x": "a\x00b"},
        {"x y": "a"},
        {"x: a": "b"},
        {"transfer-encoding": "chunked"},
        {"content-length": "1"},
    ],
)
async def test_what_would_be_read_as_another_request_is_not_written(headers: dict[str, str]) -> None:
    async with _answering(OK) as service:
        with pytest.raises(SendingError) as refusal:
            await service.post(b"body", **headers)

    assert refusal.value.verdict.reason is VerdictReason.WRONG_SETTINGS
    assert sum(service.counts) == 0


TARGET = "a%2Fb//c;d?Signature=a%2Bb%3D&x=%e4%bd%a0+%20~!*'()&empty="


async def test_a_request_is_written_byte_for_byte_and_with_nothing_of_ours() -> None:
    async with _answering(OK) as service:
        service.url = service.url[:-1]
        url = httpx.URL(service.url).copy_with(raw_path=b"/" + TARGET.encode())
        await service.requests.send(httpx.Request("POST", url, headers={"x-a": "b"}, content=b"body"))

    head, _, body = service.connections[0][0].partition(b"\r\n\r\n")
    first, *headers = head.lower().split(b"\r\n")
    assert head.split(b"\r\n")[0] == b"POST /" + TARGET.encode() + b" HTTP/1.1"
    assert first.endswith(b" http/1.1")
    assert sorted(headers) == [
        b"accept-encoding: identity",
        b"accept: */*",
        b"content-length: 4",
        b"host: " + service.url.removeprefix("http://").encode(),
        b"user-agent: responder",
        b"x-a: b",
    ]
    assert body == b"body"


@pytest.mark.parametrize("first", [OK, HANG_UP])
@pytest.mark.parametrize("method", ["POST", "PUT", "GET"])
async def test_a_request_that_is_lost_is_not_made_again(method: str, first: bytes) -> None:
    """aiohttp would make those again that change nothing; a gateway may send a message by any."""
    async with _answering(first, HANG_UP) as service:
        reasons = []
        for _ in range(2):
            try:
                await service.requests.send(httpx.Request(method, service.url, content=b"body"))
            except SendingError as error:
                reasons.append(error.verdict.reason)
        await asyncio.sleep(0.05)

    assert set(reasons) == {VerdictReason.CONNECTION_LOST}
    assert sum(service.counts) == 2


async def test_a_request_that_is_given_up_ends_its_connection() -> None:
    async with _answering(HANG) as service:
        asking = asyncio.create_task(
            service.requests.send(httpx.Request("POST", service.url, content=b"body"))
        )
        async with asyncio.timeout(PATIENCE_S):
            while service.counts != [1]:  # noqa: ASYNC110 - the other side of a connection
                await asyncio.sleep(0.01)
            asking.cancel()
            await service.ended.wait()

    assert service.counts == [1]


async def test_neither_cookies_nor_a_netrc_are_used_and_nothing_is_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login a password b")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    head = b"HTTP/1.1 200 OK\r\nset-cookie: a=b\r\ncontent-encoding: gzip\r\n"
    async with _answering(head + b"content-length: 2\r\n\r\nok") as service:
        found = [await service.get() for _ in range(2)]

    assert [each.body for each in found] == [b"ok", b"ok"]
    asked = service.connections[0][1].lower()
    assert b"cookie" not in asked
    assert b"authorization" not in asked


async def test_addresses_with_their_keys_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    async with _answering(OK, b"not HTTP at all\r\n\r\n", HANG_UP) as service:
        service.url += "?key=hidden"
        await service.get()
        for _ in range(2):
            with pytest.raises(SendingError):
                await service.get()

    assert "hidden" not in caplog.text


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("https://10.0.0.8", VerdictReason.ADDRESS_NOT_ALLOWED),
        ("https://[::ffff:a00:8]", VerdictReason.ADDRESS_NOT_ALLOWED),
        ("https://[64:ff9b::a00:8]", VerdictReason.ADDRESS_NOT_ALLOWED),
        ("https://2130706433", VerdictReason.WRONG_SETTINGS),
        ("http://93.184.216.34", VerdictReason.INSECURE),
        ("https://10.0.0.9", VerdictReason.HOST_NOT_ALLOWED),
    ],
)
async def test_a_host_that_is_an_address_is_checked_without_a_resolver(
    url: str, reason: VerdictReason
) -> None:
    hosts = ("10.0.0.8", "::ffff:a00:8", "64:ff9b::a00:8", "2130706433", "93.184.216.34")
    requests = HttpRequests(
        Connector(AllowedHosts(hosts=tuple((host, None) for host in hosts)), resolve=_resolve), tls=TLS
    )
    with pytest.raises(SendingError) as refusal:
        async with asyncio.timeout(PATIENCE_S):
            await requests.send(httpx.Request("POST", url, content=b"body"))
    await requests.close()

    assert refusal.value.verdict.reason is reason

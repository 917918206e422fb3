"""To where a request really goes: names that lead inside, certificates, and what may go without TLS."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import httpx
import pytest

from responder.demo.services.http_server import HttpRequest, HttpResponse, serve_http
from responder.domain.channels.allowed_hosts import AllowedHosts
from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import Outcome, Verdict, VerdictReason
from responder.senders.connecting import Connector, Resolver
from responder.senders.failures import SendingError
from responder.senders.http_requests import HttpRequests
from responder.senders.registry import open_senders
from tests.senders.certificates import SERVER_NAME, Certificates, made
from tests.senders.conftest import TLS, Desk
from tests.services_of_others import Fault

ALLOWED = AllowedHosts.parse([SERVER_NAME, "ntfy.example"])


class Names:
    """A name server that answers as it is told, one answer after the other."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def __call__(self, host: str, _port: int) -> Sequence[str]:
        self.asked.append(host)
        return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return made(tmp_path_factory.mktemp("certificates"))


async def _verdict(desk: Desk, names: Names, allowed: AllowedHosts, url: str) -> Verdict:
    async with open_senders(allowed, clock=desk.clock, resolve=names, tls=TLS) as senders:
        message = desk.message("ntfy")
        return await senders[ContactChannel.NTFY].send(message, service={"server": url})


INSIDE = ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1", "fe80::1%eth0", "::ffff:127.0.0.1", "0.0.0.0"]  # noqa: S104


@pytest.mark.parametrize("address", INSIDE)
async def test_a_name_that_leads_inside_is_not_followed(desk: Desk, address: str) -> None:
    names = Names([address])

    verdict = await _verdict(desk, names, ALLOWED, "https://ntfy.example")

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.ADDRESS_NOT_ALLOWED)
    assert address not in verdict.detail


async def test_a_name_is_asked_once_and_what_was_checked_is_connected_to(desk: Desk) -> None:
    """DNS rebinding: a public address for the check, this machine for the connection."""
    connected: list[HttpRequest] = []

    async def inside(request: HttpRequest) -> HttpResponse:
        connected.append(request)
        return HttpResponse.of_json({"id": "x", "event": "message"})

    # An address of documentation counts as public here, and leads nowhere.
    allowed = AllowedHosts.parse(["ntfy.example"], private=["192.0.2.0/24"])
    async with serve_http(inside) as port:
        names = Names(["192.0.2.1"], ["127.0.0.1"])
        connector = Connector(allowed, resolve=names)
        found = await connector.addresses("ntfy.example", port, plain=True)
        assert [str(address) for address in found] == ["192.0.2.1"]
        names = Names(["192.0.2.1"], ["127.0.0.1"])
        async with (
            open_senders(allowed, clock=desk.clock, resolve=names, limit_s=0.5, tls=TLS) as senders,
        ):
            settings = {"server": f"http://ntfy.example:{port}"}
            verdict = await senders[ContactChannel.NTFY].send(desk.message("ntfy"), service=settings)

    assert verdict.outcome is Outcome.RETRY
    assert names.asked == ["ntfy.example"]
    assert connected == []


async def test_of_several_addresses_only_permitted_ones_are_tried(desk: Desk) -> None:
    asked: list[HttpRequest] = []

    async def here(request: HttpRequest) -> HttpResponse:
        asked.append(request)
        return HttpResponse.of_json({"id": "x", "event": "message"})

    allowed = AllowedHosts.parse(["ntfy.example"], private=["127.0.0.1/32", "127.0.0.2/32"])
    async with serve_http(here) as port:
        # Nothing listens at the first of the two that may be.
        names = Names(["10.0.0.8", "127.0.0.2", "127.0.0.1"])
        verdict = await _verdict(desk, names, allowed, f"http://ntfy.example:{port}")

    assert verdict.outcome is Outcome.ACCEPTED
    assert asked[0].headers["host"] == f"ntfy.example:{port}"


async def test_a_name_without_an_address_is_told(desk: Desk) -> None:
    verdict = await _verdict(desk, Names([]), ALLOWED, "https://ntfy.example")

    assert (verdict.outcome, verdict.reason) == (Outcome.RETRY, VerdictReason.UNREACHABLE)


async def test_without_tls_nothing_goes_to_a_public_address(desk: Desk) -> None:
    verdict = await _verdict(desk, Names(["93.184.216.34"]), ALLOWED, "http://ntfy.example")

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.INSECURE)


@pytest.mark.parametrize(
    "url",
    [
        "https://ntfy.example.evil.example",
        "https://evil.example/ntfy.example",
        "https://ntfy.example:8443",
        "https://127.0.0.1",
        "https://2130706433",
        "https://0x7f.1",
        "https://[::ffff:7f00:1]",
        "https://localhost",
    ],
)
async def test_other_hosts_and_ports_are_not_even_looked_up(desk: Desk, url: str) -> None:
    names = Names(["93.184.216.34"])

    verdict = await _verdict(desk, names, AllowedHosts.parse(["ntfy.example:443"]), url)

    assert (verdict.outcome, verdict.reason) == (Outcome.REJECTED, VerdictReason.HOST_NOT_ALLOWED)
    assert names.asked == []


@asynccontextmanager
async def _requests(
    resolve: Names, certificates: Certificates, allowed: AllowedHosts
) -> AsyncIterator[HttpRequests]:
    requests = HttpRequests(Connector(allowed, resolve=resolve), tls=certificates.client)
    yield requests
    await requests.close()


async def test_the_certificate_is_of_the_name_and_not_of_the_address(certificates: Certificates) -> None:
    async def here(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok")
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(here, "127.0.0.1", 0, ssl=certificates.server) as server:
        port = server.sockets[0].getsockname()[1]
        allowed = AllowedHosts.parse([SERVER_NAME, "other.example"], private=["127.0.0.1"])
        async with _requests(Names(["127.0.0.1"]), certificates, allowed) as requests:
            answer = await requests.send(httpx.Request("GET", f"https://{SERVER_NAME}:{port}/"))
            assert answer.body == b"ok"
            with pytest.raises(SendingError) as refusal:
                await requests.send(httpx.Request("GET", f"https://other.example:{port}/"))

    assert refusal.value.verdict.reason is VerdictReason.TLS_FAILED


async def test_connections_are_kept_for_the_next_message(desk: Desk) -> None:
    names = Names(["127.0.0.1"])
    http = desk.account("ntfy").http
    assert http is not None
    allowed = AllowedHosts.parse(["ntfy.example"], private=["127.0.0.1"])
    settings = {"server": desk.account("ntfy").settings["server"].replace("127.0.0.1", "ntfy.example")}
    async with open_senders(allowed, clock=desk.clock, resolve=names, tls=TLS) as senders:
        for _ in range(3):
            await senders[ContactChannel.NTFY].send(desk.message("ntfy"), service=settings)

    assert len(http.requests) == 3
    assert len(names.asked) == 1


async def test_a_connection_that_the_service_closed_is_not_used_again(desk: Desk) -> None:
    names = Names(["127.0.0.1"])
    account = desk.account("ntfy")
    assert account.http is not None
    async with open_senders(desk.services.allowed, clock=desk.clock, resolve=names, tls=TLS) as senders:
        for fault in (Fault.DROP, Fault.OVERSIZED, Fault.REDIRECT):
            account.http.next.append(fault)
            for _ in range(2):
                last = await senders[ContactChannel.NTFY].send(desk.message("ntfy"), service=account.settings)
            assert last.outcome is Outcome.ACCEPTED

    assert len(account.http.requests) == 6


async def test_a_service_that_hangs_up_between_two_messages_is_connected_to_again(desk: Desk) -> None:
    is_closed = asyncio.Event()
    connections = 0

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal connections
        connections += 1
        await reader.readuntil(b"}]}")
        body = b'{"id": "x", "event": "message"}'
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
        is_closed.set()

    async with await asyncio.start_server(once, "127.0.0.1", 0) as server:
        settings = {"server": f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"}
        for _ in range(3):
            verdict = await desk.senders[ContactChannel.NTFY].send(desk.message("ntfy"), service=settings)
            assert verdict.outcome is Outcome.ACCEPTED
            await is_closed.wait()
            await asyncio.sleep(0.01)
            is_closed.clear()

    assert connections == 3


async def test_many_at_once_keep_no_more_connections_than_are_useful(desk: Desk) -> None:
    http = desk.account("ntfy").http
    assert http is not None
    verdicts = await asyncio.gather(*(desk.send("ntfy") for _ in range(150)))

    assert {verdict.outcome for verdict in verdicts} == {Outcome.ACCEPTED}
    assert len(http.requests) == 150


async def test_the_system_finds_addresses_and_says_when_there_are_none() -> None:
    resolver = Resolver()
    try:
        assert "127.0.0.1" in await resolver("localhost", 443)
        assert await resolver("nothing.invalid", 443) == ()
        assert await resolver("a" * 300, 443) == ()
    finally:
        resolver.close()


async def test_proxies_of_the_environment_are_not_asked(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")

    assert (await desk.send("ntfy")).outcome is Outcome.ACCEPTED

"""Which connections are accepted, and when none are."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.protocol import CLOSING
from websockets.server import ServerProtocol

from responder.live.connection.connection import LiveConnection
from responder.live.connection.handshake import HandshakeCheck
from responder.live.connection.listener import GatewayListener
from responder.live.connection.listening_socket import listening_socket
from responder.live.connection.proxies import Proxies
from responder.live.connection.unauthenticated import HandshakeLimiter
from responder.live.protocol.limits import Limits
from responder.live.protocol.metrics import Metrics
from responder.security.alert_priority import AlertPriority
from tests.patience import PATIENCE_S

REQUEST = (
    b"GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


SOON_S = 0.1


class Cooling(HandshakeLimiter):
    """A limiter whose time passes when it is told to."""

    def __init__(self, *, per_address: int, total: int) -> None:
        super().__init__(per_address=per_address, total=total, cooldown_s=60)
        self.cooling: list[str] = []

    def free_later(self, address: str) -> None:
        self.cooling.append(address)

    def pass_time(self) -> None:
        while self.cooling:
            self.free(self.cooling.pop())


class Entered:
    """A door, and who came in."""

    def __init__(self, *, per_address: int, total: int) -> None:
        self.handshakes = Cooling(per_address=per_address, total=total)
        self.listening = listening_socket("127.0.0.1", 0, tcp_user_timeout_s=5)
        self.port = self.listening.getsockname()[1]
        self.inside = 0
        self.priority = AlertPriority()
        self.release = asyncio.Event()
        self.listener = GatewayListener(
            self.listening,
            check_request=HandshakeCheck(
                allowed_origins=frozenset(), probes={}, handshakes=self.handshakes, proxies=Proxies()
            ),
            serve=self._serve,
            handshakes=self.handshakes,
            proxies=Proxies(),
            limits=Limits(),
            metrics=Metrics(),
        )

    async def _serve(self, connection: LiveConnection) -> None:
        self.inside += 1
        await self.release.wait()
        connection.close_soon(1000, "")

    async def wasted(self, number: int) -> None:
        """Wait until so many slots cool down."""
        async with asyncio.timeout(PATIENCE_S):
            while len(self.handshakes.cooling) < number:  # noqa: ASYNC110 - they go one by one
                await asyncio.sleep(0.01)

    async def inside_are(self, number: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while self.inside < number:  # noqa: ASYNC110 - they come one by one
                await asyncio.sleep(0.01)


@asynccontextmanager
async def opened(*, per_address: int = 1000, total: int = 1000) -> AsyncIterator[Entered]:
    entered = Entered(per_address=per_address, total=total)
    server = await entered.listener.open()
    listener = entered.listener.listener
    giving_way = asyncio.create_task(entered.priority.give_way(listener.pause, listener.resume))
    try:
        yield entered
    finally:
        giving_way.cancel()
        entered.release.set()
        server.close(close_connections=False)
        await server.wait_closed()


def knock(port: int, *, address: str = "127.0.0.1") -> socket.socket:
    """Come to the door and ask for a socket, without waiting for anything."""
    client = socket.create_connection(("127.0.0.1", port), source_address=(address, 0))
    client.sendall(REQUEST)
    client.settimeout(0)
    return client


async def test_other_addresses_find_room_while_one_floods() -> None:
    async with opened(total=20) as entered:
        flood = [knock(entered.port, address="127.0.0.66") for _ in range(40)]
        await entered.inside_are(20)
        neighbours = [knock(entered.port, address="127.0.0.7") for _ in range(3)]
        await entered.inside_are(23)
        late = knock(entered.port, address="127.0.0.66")
        assert await asyncio.wait_for(closed(late), PATIENCE_S)
        assert (entered.inside, len(entered.handshakes)) == (23, 23)
        for each in (*flood, *neighbours, late):
            each.close()
        async with asyncio.timeout(PATIENCE_S):
            while len(entered.handshakes):
                entered.handshakes.pass_time()
                await asyncio.sleep(0.01)


async def closed(client: socket.socket) -> bool:
    try:
        return await asyncio.get_running_loop().sock_recv(client, 1) == b""
    except ConnectionResetError:
        return True


async def test_no_connection_is_accepted_while_an_alert_goes_out_and_all_afterwards() -> None:
    async with opened() as entered:
        with entered.priority.alert():
            await asyncio.sleep(0)
            client = knock(entered.port)
            await asyncio.sleep(SOON_S)
            assert entered.inside == 0
        await entered.inside_are(1)
        client.close()


async def test_however_many_alerts_there_are_people_come_in_between_them() -> None:
    async with opened() as entered:
        with entered.priority.alert():
            await asyncio.sleep(SOON_S)
        with entered.priority.alert():
            client = knock(entered.port)
            await entered.inside_are(1)
        client.close()


async def test_a_closed_listener_stays_closed_also_when_an_alert_had_paused_it() -> None:
    async with opened() as entered:
        with entered.priority.alert():
            await asyncio.sleep(0)
            entered.listener.listener.close()
        await asyncio.sleep(SOON_S)
        with pytest.raises(ConnectionRefusedError):
            knock(entered.port)


async def test_nothing_is_written_to_a_closed_connection() -> None:
    class Gone(asyncio.Transport):
        def write(self, _: object) -> None:
            message = "Cannot call write() after write_eof()"
            raise RuntimeError(message)

    no_library: Any = None
    connection = LiveConnection(ServerProtocol(state=CLOSING), no_library)
    connection.transport = Gone()
    connection.write(b"too late")


async def test_who_goes_without_a_word_is_let_in_again_only_later() -> None:
    async with opened(per_address=2) as entered:
        for each in [knock(entered.port) for _ in range(2)]:
            each.close()
        await entered.wasted(2)
        early = knock(entered.port)
        assert await asyncio.wait_for(closed(early), PATIENCE_S)
        early.close()
        entered.handshakes.pass_time()
        before = entered.inside
        late = knock(entered.port)
        await entered.inside_are(before + 1)
        late.close()


async def test_who_has_gone_before_being_let_in_keeps_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: object) -> None:
        await asyncio.sleep(0)
        message = "gone"
        raise ConnectionResetError(message)

    monkeypatch.setattr(asyncio.get_running_loop(), "connect_accepted_socket", gone)
    async with opened() as entered:
        client = knock(entered.port)
        assert await asyncio.wait_for(closed(client), PATIENCE_S)
        client.close()
        assert len(entered.handshakes) == 1
        await entered.wasted(1)
        entered.handshakes.pass_time()
        assert len(entered.handshakes) == 0


@pytest.mark.parametrize(
    ("trusted", "peer", "told", "client"),
    [
        ((), "10.0.0.1", ["1.1.1.1"], "10.0.0.1"),
        (("10.0.0.1",), "10.0.0.1", ["1.1.1.1"], "1.1.1.1"),
        (("10.0.0.0/8",), "10.0.0.1", ["9.9.9.9, 1.1.1.1, 10.0.0.2"], "1.1.1.1"),
        (("10.0.0.0/8",), "10.0.0.1", [], "10.0.0.1"),
        (("10.0.0.0/8",), "10.0.0.1", ["9.9.9.9", "1.1.1.1"], "1.1.1.1"),
        (("*",), "10.0.0.1", ["1.1.1.1, 10.0.0.2"], "1.1.1.1"),
        (("127.0.0.1", "::1"), "::1", ["2001:db8::1"], "2001:db8::1"),
        (("127.0.0.1",), "", ["1.1.1.1"], ""),
    ],
)
def test_a_proxys_word_is_taken_for_where_a_client_is(
    trusted: tuple[str, ...], peer: str, told: list[str], client: str
) -> None:
    assert Proxies(trusted).client(peer, told) == client

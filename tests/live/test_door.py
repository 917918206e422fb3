"""Who comes in, how many at a time, and when nobody does."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.protocol import CLOSING
from websockets.server import ServerProtocol

from responder.live.connection import LiveConnection
from responder.live.door import ASIDE_S, BETWEEN_S, LET_IN, Door
from responder.live.guard import Guard
from responder.live.limits import Limits
from responder.live.listening import listening_socket
from responder.live.metrics import Metrics
from responder.live.proxies import Proxies
from responder.live.strangers import AT_LEAST, Strangers

REQUEST = (
    b"GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)


class Entered:
    """A door, and who came in."""

    def __init__(self, *, per_address: int, together: int) -> None:
        self.strangers = Strangers(per_address=per_address, together=together)
        self.listening = listening_socket("127.0.0.1", 0, tcp_user_timeout_s=5)
        self.port = self.listening.getsockname()[1]
        self.inside = 0
        self.leave = asyncio.Event()
        self.door = Door(
            self.listening,
            guard=Guard(allowed_origins=frozenset(), probes={}, strangers=self.strangers, proxies=Proxies()),
            serve=self._serve,
            strangers=self.strangers,
            proxies=Proxies(),
            limits=Limits(),
            metrics=Metrics(),
        )

    async def _serve(self, connection: LiveConnection) -> None:
        self.inside += 1
        await self.leave.wait()
        connection.close_soon(1000, "")

    async def inside_are(self, number: int) -> None:
        async with asyncio.timeout(20):
            while self.inside < number:  # noqa: ASYNC110 - they come one by one
                await asyncio.sleep(0.01)


@asynccontextmanager
async def opened(*, per_address: int = 1000, together: int = 1000) -> AsyncIterator[Entered]:
    entered = Entered(per_address=per_address, together=together)
    server = await entered.door.open()
    try:
        yield entered
    finally:
        entered.leave.set()
        server.close(close_connections=False)
        await server.wait_closed()


def knock(port: int, *, address: str = "127.0.0.1") -> socket.socket:
    """Come to the door and ask for a socket, without waiting for anything."""
    client = socket.create_connection(("127.0.0.1", port), source_address=(address, 0))
    client.sendall(REQUEST)
    client.settimeout(0)
    return client


async def test_whoever_comes_from_elsewhere_finds_room_while_one_address_floods() -> None:
    async with opened(together=20) as entered:
        flood = [knock(entered.port, address="127.0.0.66") for _ in range(40)]
        await entered.inside_are(20)
        neighbours = [knock(entered.port, address="127.0.0.7") for _ in range(3)]
        await entered.inside_are(23)
        late = knock(entered.port, address="127.0.0.66")
        assert await asyncio.wait_for(closed(late), 20)
        assert (entered.inside, len(entered.strangers)) == (23, 23)
        for each in (*flood, *neighbours, late):
            each.close()
        async with asyncio.timeout(20):
            while len(entered.strangers):  # noqa: ASYNC110 - they go one by one
                await asyncio.sleep(0.01)


async def closed(client: socket.socket) -> bool:
    try:
        return await asyncio.get_running_loop().sock_recv(client, 1) == b""
    except ConnectionResetError:
        return True


async def test_a_crowd_is_let_in_a_few_at_a_time_so_that_others_have_their_turn() -> None:
    async with opened() as entered:
        crowd = [knock(entered.port) for _ in range(10 * LET_IN)]
        seen: list[int] = []
        async with asyncio.timeout(20):
            while entered.inside < len(crowd):
                before = len(entered.strangers)
                await asyncio.sleep(0)
                seen.append(len(entered.strangers) - before)
        assert max(seen) <= LET_IN
        assert sum(seen) == len(crowd)
        for each in crowd:
            each.close()


async def test_nobody_is_let_in_while_an_alert_goes_out_and_everybody_afterwards() -> None:
    async with opened() as entered:
        await asyncio.sleep(0)
        began_s = time.monotonic()
        entered.door.stand_aside()
        client = knock(entered.port)
        await entered.inside_are(1)
        assert time.monotonic() - began_s >= ASIDE_S - 0.01
        client.close()


async def test_however_many_alerts_there_are_people_come_in_between_them() -> None:
    async with opened() as entered:

        async def alerts() -> None:
            while True:
                entered.door.stand_aside()
                await asyncio.sleep(BETWEEN_S / 10)

        going_on = asyncio.create_task(alerts())
        client = knock(entered.port)
        await entered.inside_are(1)
        going_on.cancel()
        client.close()


async def test_a_closed_door_stays_closed_also_when_an_alert_had_closed_it_for_a_moment() -> None:
    async with opened() as entered:
        entered.door.stand_aside()
        entered.door.close()
        await asyncio.sleep(ASIDE_S + 0.05)
        with pytest.raises(ConnectionRefusedError):
            knock(entered.port)


async def test_without_file_descriptors_the_door_waits_instead_of_turning_in_circles(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Exhausted(socket.socket):
        asked = 0

        def accept(self) -> tuple[socket.socket, object]:
            self.asked += 1
            raise OSError(24, "Too many open files")

    async with opened() as entered:
        held = entered.listening
        exhausted = Exhausted(held.family, held.type, held.proto, fileno=held.detach())
        entered.listening = exhausted
        entered.door._listening = exhausted  # noqa: SLF001 - what cannot be had otherwise
        client = knock(entered.port)
        await asyncio.sleep(0.2)
        assert exhausted.asked == 1
        client.close()
    assert "nobody can be let in" in caplog.text


async def test_nothing_is_written_to_whoever_has_gone() -> None:
    class Gone(asyncio.Transport):
        def write(self, _: object) -> None:
            message = "Cannot call write() after write_eof()"
            raise RuntimeError(message)

    nobody: Any = None
    connection = LiveConnection(ServerProtocol(state=CLOSING), nobody)
    connection.transport = Gone()
    connection.write(b"too late")


def test_an_address_may_hold_its_share_and_never_less_than_a_household_needs() -> None:
    strangers = Strangers(per_address=100, together=12)
    assert sum(strangers.enter("flood") for _ in range(50)) == 12
    assert sum(strangers.enter("elsewhere") for _ in range(50)) == 12 // 2
    assert sum(strangers.enter("third") for _ in range(50)) == 12 // 3 == AT_LEAST
    assert sum(strangers.enter("fourth") for _ in range(50)) == AT_LEAST
    for _ in range(12):
        strangers.leave("flood")
    assert len(strangers) == 6 + 4 + 4
    assert not strangers.enter("elsewhere")


def test_with_room_only_the_limit_of_the_address_counts() -> None:
    strangers = Strangers(per_address=3, together=100)
    assert [sum(strangers.enter(name) for _ in range(9)) for name in ("a", "b")] == [3, 3]


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

"""Whose connection is handed over next, whose is dropped, and what of it was received by then."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from operator import itemgetter
from unittest.mock import Mock
from uuid import uuid4

import pytest
from fastapi.routing import APIRoute

from responder.api.routes.incidents import incident
from responder.runtime import pending_connections
from responder.runtime.pending_connections import (
    AT_ONCE,
    ENOUGH_BYTES,
    WASTED,
    PendingConnections,
)

WHOLE = b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n"
HALF = b"POST /x HTTP/1.1\r\nHost: x\r\n"
ALERT = b"POST /api/circles/1/incidents HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"
FLOOD, OTHER = "192.0.2.66", "192.0.2.7"


class StandingLoop:
    """The running loop, whose time stands until it is moved: how slow the machine is does not matter."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._now_s = self._loop.time()
        self._due: list[tuple[float, Callable[[], None]]] = []
        self.add_reader, self.remove_reader = self._loop.add_reader, self._loop.remove_reader

    def time(self) -> float:
        return self._now_s

    def call_later(self, delay_s: float, callback: Callable[[], None]) -> Mock:
        timer = (self._now_s + delay_s, callback)
        self._due.append(timer)
        return Mock(cancel=lambda: self._due.remove(timer) if timer in self._due else None)

    def move(self, by_s: float) -> None:
        """Let time pass, and whatever is due happen."""
        until_s = self._now_s + by_s
        while due := [timer for timer in self._due if timer[0] <= until_s]:
            timer = min(due, key=itemgetter(0))
            self._due.remove(timer)
            # A moment late, as timers are.
            self._now_s = max(self._now_s, timer[0]) + 1e-6
            timer[1]()
        self._now_s = until_s


class World:
    """Pending connections, and which were handed over."""

    def __init__(self, *, most: int) -> None:
        self.pending = PendingConnections(most=most, hand_over=self._hand_over)
        self.clients: list[socket.socket] = []
        self.taken: list[bytes] = []
        self._sockets: list[socket.socket] = []

    def _hand_over(self, found: socket.socket, received: bytes) -> None:
        self._sockets.append(found)
        self.taken.append(received)

    def come(self, sent: bytes, address: str = FLOOD) -> socket.socket:
        client, ours = socket.socketpair()
        client.settimeout(0)
        ours.settimeout(0)
        self.clients.append(client)
        with suppress(BlockingIOError):
            client.sendall(sent)
        self.pending.add(ours, address)
        return client

    def stop_time(self) -> StandingLoop:
        standing = StandingLoop()
        self.pending._loop = standing  # type: ignore[assignment]  # noqa: SLF001 - the clock that it reads
        return standing

    async def takes(self, count: int) -> None:
        async with asyncio.timeout(60):
            while len(self.taken) < count:
                self.pending.check()
                await asyncio.sleep(0.005)

    def end(self) -> None:
        self.pending.close()
        for each in (*self.clients, *self._sockets):
            each.close()


@contextmanager
def world(*, most: int = 100) -> Iterator[World]:
    one = World(most=most)
    try:
        yield one
    finally:
        one.end()


@pytest.fixture(autouse=True)
def _slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is handed over, or dropped, because time passes, unless a test says so."""
    monkeypatch.setattr(pending_connections, "PATIENCE_S", 60.0)
    monkeypatch.setattr(pending_connections, "LONGEST_S", 60.0)


def is_closed(client: socket.socket) -> bool:
    try:
        return client.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


@pytest.mark.parametrize(
    "sent",
    [
        WHOLE,
        WHOLE + WHOLE,
        ALERT,
        b"POST /x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
        b"GET /x HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
        b"hello\r\n\r\n",
        HALF + b"Content-Length: x\r\n\r\n",
        HALF + b"X: " + b"y" * ENOUGH_BYTES,
    ],
    ids=["one", "two", "an alert", "chunks", "upgrade", "not HTTP", "a bad length", "much"],
)
@pytest.mark.parametrize("piecewise", [False, True])
async def test_a_request_is_handed_over_as_soon_as_it_can_be_answered(
    sent: bytes, *, piecewise: bool
) -> None:
    with world() as one:
        if piecewise:
            client = one.come(b"")
            for at in range(len(sent)):
                client.send(sent[at : at + 1])
                await asyncio.sleep(0)
                if one.taken:
                    break
            await one.takes(1)
        else:
            one.come(sent)
        assert len(one.taken) == 1
        assert sent.startswith(one.taken[0])
        assert len(one.pending) == 0


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        HALF,
        HALF + b"Content-Length: 9\r\n\r\n12345678",
        HALF + b"Expect: 100-continue\r\nContent-Length: 9\r\n\r\n",
    ],
)
async def test_what_is_not_complete_is_handed_over_late_as_far_as_it_has_come(
    sent: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    with world() as one:
        one.come(sent)
        await asyncio.sleep(0.05)
        one.pending.check()
        assert (len(one.pending), one.taken) == (1, [])
        monkeypatch.setattr(pending_connections, "PATIENCE_S", 0.05)
        await one.takes(1)
        assert one.taken == [sent]


async def test_an_address_with_more_than_its_share_loses_its_oldest() -> None:
    with world(most=10) as one:
        flood = [one.come(HALF) for _ in range(10)]
        others = [one.come(HALF, OTHER) for _ in range(5)]
        assert [is_closed(each) for each in flood] == 5 * [True] + 5 * [False]
        late = one.come(b"")
        assert [is_closed(each) for each in flood] == 6 * [True] + 4 * [False]
        assert not any(map(is_closed, others))
        late.send(WHOLE)
        await one.takes(1)
        assert (one.taken, len(one.pending)) == ([WHOLE], 9)


async def test_with_more_addresses_than_places_the_oldest_of_all_goes() -> None:
    with world(most=3) as one:
        clients = [
            one.come(each, f"192.0.2.{number}") for number, each in enumerate([b"", HALF, HALF, b"", HALF])
        ]
        assert [is_closed(each) for each in clients] == [True, True, False, False, False]
        one.come(HALF)
        assert [is_closed(each) for each in clients] == [True, True, True, False, False]


async def test_few_are_handed_over_at_once_and_then_at_a_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_connections, "PER_S", 20)
    with world() as one:
        time = one.stop_time()
        for _ in range(AT_ONCE + 5):
            one.come(WHOLE)
        assert len(one.taken) == AT_ONCE
        time.move(2 / 20)  # due after a half, one and a half, two and a half
        assert len(one.taken) == AT_ONCE + 2
        time.move(10 / 20)
        assert len(one.taken) == AT_ONCE + 5


async def test_the_address_that_had_least_of_late_goes_first() -> None:
    with world() as one:
        one.pending.pause()
        for _ in range(3):
            one.come(WHOLE)
        one.come(WHOLE.replace(b"/x", b"/other"), OTHER)
        one.pending.resume()
        assert [b"/other" in each for each in one.taken] == [False, True, False, False]


async def test_addresses_that_waste_connections_have_one_handed_over_at_each_check_but_alerts_at_once() -> (
    None
):
    with world(most=10) as one:
        for _ in range(10 + WASTED):
            one.come(HALF)
        for _ in range(10):
            one.come(WHOLE)
        assert one.taken == []
        for handed_over in (1, 2):
            one.pending.check()
            assert one.taken == handed_over * [WHOLE]
        for sent, address in ((WHOLE, OTHER), (ALERT, FLOOD)):
            one.come(sent, address)
            assert one.taken[-1] == sent


async def test_a_slow_client_does_not_wait_behind_addresses_that_waste_connections(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with world(most=10) as one:
        slow = HALF.replace(b"/x", b"/slow")
        one.come(slow, OTHER)
        for _ in range(10 + WASTED):
            one.come(HALF)
        for _ in range(10):
            one.come(WHOLE)
        # Only now, so that on a busy machine it does not end before the others have come.
        monkeypatch.setattr(pending_connections, "PATIENCE_S", 0.0)
        one.pending.check()
        assert one.taken[0] == slow


async def test_an_alert_goes_first_also_from_an_address_that_had_most(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pending_connections, "PER_S", 20)
    with world() as one:
        time = one.stop_time()
        for _ in range(AT_ONCE + 3):
            one.come(WHOLE)
        one.come(WHOLE, OTHER)
        one.come(ALERT)
        time.move(2 / 20)  # due after a half, one and a half, two and a half
        assert one.taken[AT_ONCE] == ALERT


async def test_only_alerts_are_handed_over_while_it_is_paused() -> None:
    with world() as one:
        one.pending.pause()
        one.come(WHOLE)
        one.come(ALERT)
        assert one.taken == [ALERT]
        one.pending.resume()
        assert one.taken == [ALERT, WHOLE]


async def test_an_alert_is_handed_over_before_all_of_it_has_come() -> None:
    with world() as one:
        one.pending.pause()
        one.come(ALERT[:-1])
        assert one.taken == [ALERT[:-1]]


async def test_alerts_that_wait_for_their_turn_are_dropped_last(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pending_connections, "PER_S", 0.1)
    with world(most=4) as one:
        for _ in range(AT_ONCE):
            one.come(WHOLE)
        alert = one.come(ALERT)
        flood = [one.come(sent) for sent in (HALF, WHOLE, HALF, WHOLE)]
        assert [is_closed(each) for each in flood] == [True, False, False, False]
        assert not is_closed(alert)


async def test_a_client_that_has_gone_leaves_nothing_behind() -> None:
    with world() as one:
        for sent in (b"", HALF):
            one.come(sent).close()
        async with asyncio.timeout(60):
            while len(one.pending):  # noqa: ASYNC110 - they go one by one
                await asyncio.sleep(0.01)
        assert one.taken == []


async def test_what_is_unfinished_and_kept_waiting_for_too_long_is_dropped(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with world() as one:
        one.pending.pause()
        clients = [one.come(sent) for sent in (b"", HALF, WHOLE)]
        await asyncio.sleep(0.05)
        monkeypatch.setattr(pending_connections, "LONGEST_S", 0.01)
        one.pending.check()
        assert [is_closed(each) for each in clients] == [True, True, False]
        one.pending.resume()
        assert one.taken == [WHOLE]


async def test_who_has_begun_is_handed_over_at_the_end_and_who_is_silent_is_closed() -> None:
    with world() as one:
        one.pending.pause()
        silent, *_ = [one.come(sent) for sent in (b"", HALF, WHOLE)]
        one.pending.close()
        assert sorted(one.taken) == sorted([HALF, WHOLE])
        assert is_closed(silent)


@pytest.mark.parametrize("query", [b"", b"?a=1"])
def test_an_alert_is_what_the_interface_says_it_is(query: bytes) -> None:
    (path,) = {
        each.path.encode()
        for each in incident.router.routes
        if isinstance(each, APIRoute) and each.endpoint is incident.raised
    }
    path = b"/api" + path.removeprefix(b"/api").replace(b"{circle_id}", str(uuid4()).encode())
    for method, end, expected in (
        (b"POST", b"", True),
        (b"GET", b"", False),
        (b"POST", b"/1/end", False),
    ):
        received = b"%b %b%b%b HTTP/1.1\r\nContent-Length: 9\r\n\r\n" % (method, path, end, query)
        assert (pending_connections.ALERT.match(received) is not None) is expected

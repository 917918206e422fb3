"""How many connections are accepted at a time, and how often listening sockets are looked at."""

import asyncio
import itertools
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from responder.live.connection import paced_listener
from responder.live.connection.paced_listener import ACCEPTS_PER_TURN, KEPT_PER_TURN, PacedListener
from tests.patience import PATIENCE_S

INTERVAL_S = 0.2


class Listening(socket.socket):
    """A listening socket that counts how often no connection was waiting."""

    looks = 0
    no_files = False

    def accept(self) -> tuple[socket.socket, Any]:
        if self.no_files:
            self.looks += 1
            raise OSError(24, "Too many open files")
        try:
            return super().accept()
        except BlockingIOError:
            self.looks += 1
            raise


class Accepted:
    """A listener, and what it accepted."""

    def __init__(self, *, keeps: bool) -> None:
        self.keeps = keeps
        self.found: list[socket.socket] = []
        self.addresses: list[str] = []
        self.socket = Listening()
        self.socket.bind(("127.0.0.1", 0))
        self.socket.listen(500)
        self.socket.settimeout(0)
        self.port = self.socket.getsockname()[1]
        self.listener = PacedListener([self.socket], self._accept, interval_s=INTERVAL_S)

    def _accept(self, found: socket.socket, address: str) -> bool:
        self.found.append(found)
        self.addresses.append(address)
        return self.keeps

    def come(self, address: str = "127.0.0.1") -> None:
        self.found.append(socket.create_connection(("127.0.0.1", self.port), source_address=(address, 0)))

    async def accepted(self, count: int) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while len(self.addresses) < count:  # noqa: ASYNC110 - they come one by one
                await asyncio.sleep(0.005)


@contextmanager
def listening(*, keeps: bool = True) -> Iterator[Accepted]:
    accepted = Accepted(keeps=keeps)
    accepted.listener.resume()
    try:
        yield accepted
    finally:
        accepted.listener.close()
        for each in accepted.found:
            each.close()


@pytest.mark.parametrize("keeps", [True, False], ids=["kept", "refused"])
async def test_a_crowd_is_accepted_a_few_at_a_time(*, keeps: bool) -> None:
    limit = KEPT_PER_TURN if keeps else ACCEPTS_PER_TURN
    with listening(keeps=keeps) as accepted:
        crowd = 2 * limit + 3
        for _ in range(crowd):
            accepted.come()
        seen = [0]
        async with asyncio.timeout(PATIENCE_S):
            while seen[-1] < crowd:
                await asyncio.sleep(0)
                seen.append(len(accepted.addresses))
        assert max(later - earlier for earlier, later in itertools.pairwise(seen)) == limit


async def test_connections_that_come_one_by_one_are_accepted_together() -> None:
    with listening() as accepted:
        began_s = time.monotonic()
        for _ in range(100):
            accepted.come()
            await asyncio.sleep(0.002)
        await accepted.accepted(100)
        assert accepted.socket.looks <= (time.monotonic() - began_s) / INTERVAL_S + 2


async def test_a_connection_after_a_quiet_time_is_accepted_at_once() -> None:
    with listening() as accepted:
        accepted.come("127.0.0.1")
        await accepted.accepted(1)
        await asyncio.sleep(2 * INTERVAL_S)
        accepted.come("127.0.0.7")
        await asyncio.sleep(INTERVAL_S / 2)
        assert accepted.addresses == ["127.0.0.1", "127.0.0.7"]


async def test_nothing_is_accepted_between_pause_and_resume() -> None:
    with listening() as accepted:
        # Also when the next look was due already.
        accepted.come()
        await accepted.accepted(1)
        accepted.listener.pause()
        accepted.come()
        await asyncio.sleep(2 * INTERVAL_S)
        assert len(accepted.addresses) == 1
        accepted.listener.resume()
        await accepted.accepted(2)


async def test_without_files_it_waits_instead_of_turning_in_circles(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(paced_listener, "NO_MORE_FILES_S", 0.5)
    with listening() as accepted:
        accepted.socket.no_files = True
        began_s = time.monotonic()
        accepted.come()
        await asyncio.sleep(0.2)
        assert 1 <= accepted.socket.looks <= 1 + (time.monotonic() - began_s) / 0.5
        accepted.socket.no_files = False
        await accepted.accepted(1)
    assert "no connection can be accepted" in caplog.text


async def test_a_client_that_has_gone_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    async def gone(*_: object) -> None:
        raise ConnectionResetError

    monkeypatch.setattr(asyncio.get_running_loop(), "connect_accepted_socket", gone)
    lost: list[int] = []
    with listening() as accepted:
        accepted.come()
        await accepted.accepted(1)
        accepted.listener.connect(accepted.found[-1], asyncio.Protocol, when_lost=lambda: lost.append(1))
        await accepted.listener.wait_closed()
        assert (lost, accepted.found[-1].fileno()) == ([1], -1)

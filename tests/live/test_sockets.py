"""What has been seen to break with sockets, each with its remedy in place."""

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator
from uuid import uuid4

import pytest

from responder.domain.ids import CircleId, HazardId
from responder.domain.incidents.event import HazardChanged
from responder.domain.map.hazard import Hazard, HazardGrade, HazardState
from responder.live.circle import fan_out
from responder.live.connection.outbox import Outbox
from responder.live.sync.relay import Relay
from responder.security.live_ticket import issue_ticket
from responder.store.database import connect as connect_database
from tests.faults.rig.sabotaged import naive_broadcast
from tests.live.conftest import CLOCK, Device, Running, Start, World, position
from tests.patience import PATIENCE_S

BIG = 400_000
WAITED_FOR_S = 20.0
"""A wait for a client that does not read ends with its connection."""


async def record_something_big(world: World) -> None:
    """Record an event that all in the circle are sent."""
    circle_id = CircleId(world.town.circle_id)
    hazard = Hazard(
        id=HazardId(uuid4()),
        circle_id=circle_id,
        kind="wiring",
        grade=HazardGrade.GENERAL,
        state=HazardState.SEEN,
        name="x" * BIG,
        name_en="",
        geometry={"type": "Point", "coordinates": [112.5, 28.15]},
    )
    async with world.database.begin() as transaction:
        await transaction.record(circle_id, HazardChanged(hazard=hazard), at=CLOCK.now())


@contextlib.asynccontextmanager
async def client_that_stops_reading(running: Running, world: World) -> AsyncIterator[socket.socket]:
    """Say hello on a bare socket, take the answer's first bytes, and read no more."""
    ticket = await issue_ticket(world.database, token=world.staff("observer").token, clock=CLOCK)
    loop = asyncio.get_running_loop()
    with socket.socket() as bare:
        bare.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        bare.setblocking(False)  # noqa: FBT003 - the socket's own way to say so
        await loop.sock_connect(bare, ("127.0.0.1", running.port))
        await loop.sock_sendall(
            bare,
            b"GET /live HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        )
        assert b" 101 " in await loop.sock_recv(bare, 1024)
        hello = {"type": "hello", "circle_id": str(world.town.circle_id)}
        for message in ({"type": "ticket", "ticket": ticket.ticket}, hello):
            payload = json.dumps(message).encode()
            assert len(payload) < 126
            await loop.sock_sendall(bare, bytes([0x81, 0x80 | len(payload), 0, 0, 0, 0]) + payload)
        await loop.sock_recv(bare, 64)
        yield bare


async def read_slowly(bare: socket.socket, *, bytes_per_s: int) -> None:
    """Read so little."""
    loop = asyncio.get_running_loop()
    while await loop.sock_recv(bare, bytes_per_s):  # noqa: ASYNC110 - the gateway's own doing
        await asyncio.sleep(1.0)


async def gone(running: Running, *, left: int, within_s: float) -> float:
    began = time.monotonic()
    async with asyncio.timeout(within_s):
        while len(running.gateway.connections) > left:  # noqa: ASYNC110 - the gateway's own doing
            await asyncio.sleep(0.05)
    return time.monotonic() - began


async def hear_many(device: Device, world: World, *, times: int) -> None:
    for _ in range(times):
        await record_something_big(world)
        await device.next_event("hazard_changed")


async def test_one_stalled_reader_delays_no_other_and_is_given_up(world: World, start: Start) -> None:
    running = await start(queue_s=5)
    device = await running.live(world.staff("coordinator"))
    async with client_that_stops_reading(running, world):
        for _ in range(12):
            began = time.monotonic()
            await record_something_big(world)
            await device.next_event("hazard_changed")
            assert time.monotonic() - began < WAITED_FOR_S
        await gone(running, left=1, within_s=PATIENCE_S)
    assert device.client.state.name == "OPEN"


async def test_a_reader_of_a_kilobyte_each_second_keeps_no_one_waiting_and_misses_nothing(
    world: World, start: Start
) -> None:
    running = await start(queue_s=5)
    device = await running.live(world.staff("coordinator"))
    slow = await running.live(world.staff("observer"))
    had = slow.heard[0]["snapshot"]
    await slow.client.close()
    async with client_that_stops_reading(running, world) as bare:
        reading = asyncio.create_task(read_slowly(bare, bytes_per_s=1024))
        for _ in range(12):
            began = time.monotonic()
            await record_something_big(world)
            await device.next_event("hazard_changed")
            assert time.monotonic() - began < WAITED_FOR_S
        await gone(running, left=1, within_s=PATIENCE_S)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    back = await running.device(world.staff("observer"), **position(had))
    assert (await back.next())["type"] == "resumed"
    for _ in range(12):
        await back.next_event("hazard_changed")


async def test_a_naive_broadcast_would_have_been_noticed(
    world: World, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind, name in ((Outbox, "send"), (Relay, "_read_on"), (fan_out, "MANY")):
        monkeypatch.setattr(kind, name, getattr(kind, name))  # put back at the end
    naive_broadcast()
    running = await start(tcp_user_timeout_s=600, ping_interval_s=600)
    device = await running.live(world.staff("coordinator"))
    async with client_that_stops_reading(running, world) as bare:
        reading = asyncio.create_task(read_slowly(bare, bytes_per_s=1024))
        with pytest.raises(TimeoutError):
            await hear_many(device, world, times=20)
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)


async def test_a_stalled_reader_is_freed_though_its_buffer_never_drains(world: World, start: Start) -> None:
    running = await start(queue_s=2, queue_bytes=100_000_000)
    device = await running.live(world.staff("coordinator"))
    async with client_that_stops_reading(running, world):
        for _ in range(12):
            await record_something_big(world)
            await device.next_event("hazard_changed")
        # Too old in the queue, then the close, then the cut: none of them waits for the buffer.
        await gone(running, left=1, within_s=PATIENCE_S)


async def test_unacknowledged_bytes_end_the_connection_by_themselves(world: World, start: Start) -> None:
    running = await start(
        queue_s=600, queue_bytes=10**9, ping_interval_s=600, ping_timeout_s=600, tcp_user_timeout_s=2
    )
    device = await running.live(world.staff("coordinator"))
    async with client_that_stops_reading(running, world):
        for _ in range(12):
            await record_something_big(world)
            await device.next_event("hazard_changed")
        await gone(running, left=1, within_s=PATIENCE_S)


async def test_a_client_that_answers_no_ping_is_cut(world: World, start: Start) -> None:
    running = await start(ping_interval_s=1, ping_timeout_s=1)
    async with client_that_stops_reading(running, world):
        await gone(running, left=0, within_s=PATIENCE_S)


async def test_a_quiet_client_that_answers_pings_stays(world: World, start: Start) -> None:
    interval_s, timeout_s = 0.25, 2.5
    running = await start(ping_interval_s=interval_s, ping_timeout_s=timeout_s)
    device = await running.live(world.staff("coordinator"))
    await device.silence(for_s=1.5 * (interval_s + timeout_s))
    assert len(running.gateway.connections) == 1


async def test_open_sockets_hold_no_database_connection(world: World, start: Start) -> None:
    running = await start(poll_s=3600, session_check_s=3600, position_interval_s=3600)
    for _ in range(25):
        await running.live(world.staff("planner"))
    pool = world.database._engine.pool  # noqa: SLF001 - what is asked is how many are out
    async with asyncio.timeout(PATIENCE_S):
        while pool.checkedout():  # type: ignore[attr-defined]  # noqa: ASYNC110 - a pool tells nobody
            await asyncio.sleep(0.01)
    assert len(running.gateway.connections) == 25


async def test_every_gateway_serves_its_own_sockets(world: World, start: Start) -> None:
    gateways = [await start(), await start()]
    devices = [
        await gateway.live(world.responder(number=number)) for gateway in gateways for number in range(2)
    ]
    detail = await world.raise_alert()
    for device in devices:
        event = await device.next_event("alert_raised")
        assert event["event"]["detail"]["incident"]["id"] == str(detail.incident.id)
    await world.end(detail)


async def test_what_one_gateway_began_another_resumes(world: World, start: Start) -> None:
    first, second = await start(), await start()
    person = world.responder()
    device = await first.live(person)
    known = device.heard[0]["snapshot"]
    detail = await world.raise_alert()
    back = await second.device(person, **position(known))
    assert (await back.next())["type"] == "resumed"
    event = await back.next_event("alert_raised")
    assert event["event"]["detail"]["incident"]["id"] == str(detail.incident.id)
    await world.end(detail)


async def test_a_client_that_says_too_much_is_closed(world: World, start: Start) -> None:
    running = await start(unanswered_messages=3)
    device = await running.live(world.responder())
    for _ in range(20):
        await device.receipt(uuid4(), "seen")
    assert await device.close_code() == 4008


async def test_a_process_that_stands_still_in_a_transaction_keeps_no_circle_waiting(world: World) -> None:
    frozen = connect_database(world.url, idle_in_transaction_ms=500)
    locked = asyncio.Event()

    async def stand_still() -> None:
        async with frozen.begin() as transaction:
            await transaction.circles.lock(CircleId(world.town.circle_id))
            locked.set()
            await asyncio.sleep(60)

    standing = asyncio.create_task(stand_still())
    await locked.wait()
    async with asyncio.timeout(PATIENCE_S):
        await world.end(await world.raise_alert())
    assert not standing.done()
    standing.cancel()
    with contextlib.suppress(asyncio.CancelledError, Exception):
        await standing
    await frozen.dispose()

"""Wake-ups over NATS: fast while it is there, and nothing is lost when it is not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from uuid import UUID

import pytest

from responder.live.gateway import Gateway
from responder.live.protocol.limits import Limits
from responder.live.sync import positions
from responder.live.sync.bus import NatsBus, announcing
from responder.services.map.report_position import report_position
from tests.faults.rig.bus import SERVER, Bus
from tests.live.conftest import CLOCK, Device, Running, World
from tests.patience import PATIENCE_S

pytest.importorskip("nats", reason="the client for NATS is not installed")
pytestmark = pytest.mark.skipif(SERVER is None, reason="nats-server is not installed")


@pytest.fixture
def server() -> Iterator[Bus]:
    server = Bus()
    server.start()
    yield server
    server.stop()


async def connected(bus: NatsBus, *, is_connected: bool = True) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while bus.is_connected is not is_connected:  # noqa: ASYNC110 - another process's doing
            await asyncio.sleep(0.02)


async def first_look_at_the_database(running: Running) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not running.gateway._positions._looked_at:  # noqa: SLF001, ASYNC110 - seen nowhere else
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def on_the_bus(
    world: World, url: str, *, poll_s: float
) -> AsyncIterator[tuple[World, Running, NatsBus]]:
    """Give the town as seen by an interface process on the bus, and a gateway woken by the bus alone."""
    api_bus, live_bus = NatsBus(url), NatsBus(url)
    async with contextlib.AsyncExitStack() as stack:
        for bus in (api_bus, live_bus):
            await bus.start()
            stack.push_async_callback(bus.stop)
        gateway = Gateway(
            world.database,
            clock=CLOCK,
            allowed_origins=frozenset(),
            wakeups=live_bus.wakeups,
            positions=live_bus,
            limits=Limits(poll_s=poll_s),
        )
        port = await gateway.start("127.0.0.1", 0)
        stack.push_async_callback(gateway.stop)
        announced = World(
            database=announcing(world.database, api_bus),  # type: ignore[arg-type]
            url=world.url,
            town=world.town,
            roads=world.roads,
        )
        running = Running(gateway=gateway, world=world, port=port, _stack=stack)
        if url:
            yield announced, running, live_bus


async def test_a_commit_wakes_the_gateways_of_other_machines(world: World, server: Bus) -> None:
    async with on_the_bus(world, server.url, poll_s=30) as (elsewhere, running, bus):
        await connected(bus)
        device = await running.live(world.responder())
        detail = await elsewhere.raise_alert()
        await device.next_event("alert_raised")
        await elsewhere.end(detail)


async def test_without_the_bus_alerts_are_slower_but_not_lost(world: World, server: Bus) -> None:
    async with on_the_bus(world, server.url, poll_s=1) as (elsewhere, running, bus):
        await connected(bus)
        device = await running.live(world.responder())
        for _ in range(2):  # it flaps
            server.stop()
            await connected(bus, is_connected=False)
            # The bus comes again only after it: raising does not wait for the bus.
            detail = await asyncio.wait_for(elsewhere.raise_alert(), PATIENCE_S)
            await device.next_event("alert_raised")
            server.start()
            await connected(bus)
            await elsewhere.end(detail)
            await device.next_event("incident_ended")


async def test_a_bus_that_never_answers_delays_nothing(world: World) -> None:
    async with on_the_bus(world, "nats://127.0.0.1:1", poll_s=1) as (elsewhere, running, _):
        device = await running.live(world.responder())
        detail = await elsewhere.raise_alert()
        await device.next_event("alert_raised")
        await elsewhere.end(detail)


async def test_nothing_is_announced_before_it_is_committed_nor_when_it_is_undone(world: World) -> None:
    class Deaf(NatsBus):
        def __init__(self) -> None:
            super().__init__("nats://127.0.0.1:1")
            self.announced: list[UUID] = []

        def announce(self, circle_ids: object) -> None:
            self.announced += list(circle_ids)  # type: ignore[call-overload]

    bus = Deaf()
    town = World(
        database=announcing(world.database, bus),  # type: ignore[arg-type]
        url=world.url,
        town=world.town,
        roads=world.roads,
    )
    detail = await town.raise_alert()
    assert bus.announced == [world.town.circle_id]
    await town.end(detail)
    bus.announced.clear()
    with pytest.raises(Exception, match="ended"):
        await town.end(detail)
    assert bus.announced == []


async def test_positions_come_by_the_bus_and_are_marked_while_it_is_away(
    world: World, server: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    # So that nothing comes from the database while the bus is there.
    monkeypatch.setattr(positions, "SELDOM", timedelta(hours=1))
    person = world.responder()
    [unit_id] = (await world.viewer(person)).unit_ids

    async def walk(elsewhere: World, lon: float) -> None:
        await report_position(
            elsewhere.database,
            viewer=await world.viewer(person),
            unit_id=unit_id,
            lon=lon,
            lat=28.15,
            accuracy_m=5,
            at=CLOCK.now(),
            clock=CLOCK,
        )

    async def seen(staff: Device, *, lon: float, stale: bool) -> None:
        async with asyncio.timeout(PATIENCE_S):
            while (message := await staff.next("position"))["lon"] != lon or message["stale"] is not stale:
                pass

    async with on_the_bus(world, server.url, poll_s=1) as (elsewhere, running, bus):
        await connected(bus)
        staff = await running.live(world.staff("coordinator"))
        await first_look_at_the_database(running)
        await walk(elsewhere, 112.501)
        await seen(staff, lon=112.501, stale=False)
        server.stop()
        await connected(bus, is_connected=False)
        await seen(staff, lon=112.501, stale=True)
        await walk(elsewhere, 112.502)
        await seen(staff, lon=112.502, stale=True)
        late = await running.live(world.staff("planner"))
        await seen(late, lon=112.502, stale=True)
        server.start()
        await connected(bus)
        await seen(staff, lon=112.502, stale=False)


async def test_without_the_poll_a_bus_that_is_away_would_be_noticed(world: World) -> None:
    async with on_the_bus(world, "nats://127.0.0.1:1", poll_s=600) as (elsewhere, running, _):
        device = await running.live(world.responder())
        detail = await elsewhere.raise_alert()
        with pytest.raises(TimeoutError):
            await device.next_event("alert_raised", within_s=3)
        await elsewhere.end(detail)

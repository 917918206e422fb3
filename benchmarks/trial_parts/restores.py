"""
Random restores under a real gateway: what clients know afterwards is what the database knows.

A circle lives through a random history; somewhere in it a backup is taken, and more happens that the backup
does not hold. Clients leave before the backup, at it and after it, one stays. Then the database is set back
by pg_dump, by its files or to a point in time, goes on with other events, and the clients come back with
what they have. `responder db restored` is not called: the log itself must tell the histories apart.
"""

import asyncio
import contextlib
import random
import shutil
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from benchmarks.trial_parts import TrialOptions
from responder.domain.ids import UnitId
from responder.live.gateway import Gateway
from responder.ports import DatabaseAwayError
from responder.services.map.set_duty import set_duty
from responder.store.database import connect
from responder.store.migrate import upgrade
from responder.store.outage import Outage
from responder.store.road_cache import StoredRoads
from responder.store.wakeup import wakeups
from tests.embedded.phone import Phone, shown_to
from tests.embedded.restoring import WAYS, Restorable, Way
from tests.faults.rig.build import build_town
from tests.faults.rig.town import plan_town
from tests.live.conftest import CLOCK, Running, World

RESTORES = 50
QUICK = 6
MOST_EVENTS = 5
CAUGHT_UP_S = 15.0
SEED = 15


@dataclass
class Tally:
    """What came of the restores so far."""

    lost: int = 0
    restores: int = 0
    came_back: Counter[str] = field(default_factory=Counter)
    ways: Counter[str] = field(default_factory=Counter)


def measure(options: TrialOptions) -> dict[str, float | str]:
    """Count incidents that a client lacks, has wrongly, or has otherwise than the database."""
    structlog.configure(processors=[structlog.processors.KeyValueRenderer()], logger_factory=_silent)
    chance = random.Random(SEED)  # noqa: S311 - chance, not secrecy
    tally = Tally()
    with contextlib.ExitStack() as stack:
        clusters = {way: stack.enter_context(_cluster(way)) for way in WAYS}
        for _ in range(QUICK if options.quick else RESTORES):
            way = chance.choice(WAYS)
            asyncio.run(_restore_once(clusters[way], chance, tally))
            tally.restores += 1
            tally.ways[way] += 1
            if tally.restores % 10 == 0:
                print(f"{tally.restores} restores, {tally.lost} lost", flush=True)
    print(f"ways: {dict(tally.ways)}; came back: {dict(sorted(tally.came_back.items()))}", flush=True)
    return {"restores": float(tally.restores), "restore_lost": float(tally.lost)}


def _silent(*_: object) -> structlog.ReturnLogger:
    return structlog.ReturnLogger()


@contextlib.contextmanager
def _cluster(way: Way) -> Iterator[Restorable]:
    folder = Path(tempfile.mkdtemp(prefix="responder-restores-"))
    folder.chmod(0o755)
    restorable = Restorable(folder, way=way)
    try:
        upgrade(restorable.url)
        yield restorable
    finally:
        restorable.cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)


async def _restore_once(restorable: Restorable, chance: random.Random, tally: Tally) -> None:
    database = connect(restorable.url)
    try:
        town = await build_town(database, plan_town(villages=2, teams=2, people_per_team=1))
        world = World(database=database, url=restorable.url, town=town, roads=StoredRoads(database))
        who = [world.staff("coordinator"), world.staff("observer"), world.responder()]
        phones = {name: Phone(chance.choice(who)) for name in ("behind", "level", "ahead", "there")}
        stays = chance.random() < 0.5  # noqa: PLR2004 - as often as not the gateway runs on
        async with contextlib.AsyncExitStack() as stack:
            running = await stack.enter_async_context(_serving(world))
            if restorable.way == "point":
                await asyncio.to_thread(restorable.back_up)
            await _history(world, chance, visitor=phones["behind"], running=running)
            await _come_and_go(phones["level"], world, running)
            await asyncio.to_thread(restorable.mark if restorable.way == "point" else restorable.back_up)
            await _history(world, chance, visitor=phones["ahead"], running=running)
            await phones["there"].connect(running)
            await phones["there"].wrong_at_last(world, within_s=CAUGHT_UP_S)
            if stays:
                await _restore(restorable, world, chance)
                await _all_back(phones, world, running, tally)
                return
            await phones["there"].leave()
        await _restore(restorable, world, chance)
        async with _serving(world) as running:
            await _all_back(phones, world, running, tally)
    finally:
        await database.dispose()


async def _restore(restorable: Restorable, world: World, chance: random.Random) -> None:
    await asyncio.to_thread(restorable.restore)
    for _ in range(chance.randint(0, 2 * MOST_EVENTS)):
        await _happen(world, chance)


async def _all_back(phones: dict[str, Phone], world: World, running: Running, tally: Tally) -> None:
    for phone in phones.values():
        await phone.stay(running)
    for name, phone in phones.items():
        tally.lost += await phone.wrong_at_last(world, within_s=CAUGHT_UP_S, running=running)
        tally.came_back[f"{name} {phone.ways[0]}"] += 1
        await phone.leave()


async def _history(world: World, chance: random.Random, *, visitor: Phone, running: Running) -> None:
    events = chance.randint(0, MOST_EVENTS)
    comes_at = chance.randint(0, events)
    for number in range(events):
        if number == comes_at:
            await _come_and_go(visitor, world, running)
        await _happen(world, chance)
    if comes_at == events:
        await _come_and_go(visitor, world, running)


async def _come_and_go(phone: Phone, world: World, running: Running) -> None:
    await phone.connect(running)
    await phone.wrong_at_last(world, within_s=CAUGHT_UP_S)
    await phone.leave()


async def _happen(world: World, chance: random.Random) -> None:
    """Let one thing happen: an alert, an end, a person on or off duty."""
    snapshot = await shown_to(world, world.staff("coordinator"))
    open_now = [each for each in snapshot.incidents if each.incident.is_open]

    async def duty() -> None:
        unit = chance.choice(snapshot.units)
        viewer = await world.viewer(world.staff("coordinator"))
        await set_duty(
            world.database,
            world.roads,
            viewer=viewer,
            unit_id=UnitId(unit.id),
            on_duty=not unit.on_duty,
            clock=CLOCK,
        )

    async def alert() -> None:
        await world.raise_alert(village=chance.randint(0, 1))

    async def end() -> None:
        await world.end(chance.choice(open_now))

    await _persistently(chance.choice([alert, alert, duty, *([end, end] if open_now else [])]))


async def _persistently(deed: Callable[[], Awaitable[None]]) -> None:
    """Do it as soon as the database is back: a pool finds out by trying that its connections are gone."""
    while True:
        try:
            return await deed()
        except DatabaseAwayError:
            await asyncio.sleep(0.1)


@contextlib.asynccontextmanager
async def _serving(world: World) -> AsyncIterator[Running]:
    gateway = Gateway(
        world.database,
        clock=CLOCK,
        allowed_origins=frozenset(),
        wakeups=lambda: wakeups(world.url, outage=Outage()),
    )
    async with contextlib.AsyncExitStack() as stack:
        port = await gateway.start("127.0.0.1", 0)
        stack.push_async_callback(gateway.stop)
        yield Running(gateway=gateway, world=world, port=port, _stack=stack)

"""The backup and the restore that docs/operations.md tells administrators to make."""

import contextlib
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import psycopg
import pytest

from responder.embedded import Cluster
from responder.live.gateway import Gateway
from responder.live.protocol.limits import Limits
from responder.services.circles.begin_epochs import begin_epochs
from responder.store.database import connect
from responder.store.migrate import upgrade
from responder.store.outage import Outage
from responder.store.road_cache import StoredRoads
from responder.store.wakeup import wakeups
from tests.embedded.phone import Phone
from tests.embedded.restoring import (
    WAYS,
    Restorable,
    Way,
    connection_string,
    documented,
    documented_user,
)
from tests.faults.rig.build import build_town
from tests.faults.rig.town import plan_town
from tests.live.conftest import CLOCK, Running, World
from tests.patience import PATIENT

SOON_S = 60.0


def test_what_was_dumped_is_there_after_a_restore_into_an_empty_data_folder(
    short_dir: Path, fresh_database_url: str
) -> None:
    dump = short_dir / "circle.dump"
    with psycopg.connect(connection_string(fresh_database_url), autocommit=True) as old:
        old.execute("CREATE TABLE kept AS SELECT 7 AS number, ST_Point(112.985, 28.158, 4326) AS place")
        tables = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"
        [(before,)] = old.execute(tables).fetchall()
        walls = "SELECT count(*) FROM pg_policies WHERE schemaname = 'public'"
        [(policies,)] = old.execute(walls).fetchall()
    restored = Cluster(short_dir / "data", settings={"fsync": "off"})
    url = restored.ensure()
    try:
        source = connection_string(fresh_database_url, user=documented_user("pg_dump"))
        dumping = ["pg_dump", *documented("pg_dump"), f"--file={dump}", source]
        subprocess.run(dumping, check=True)  # noqa: S603 - the documented command
        target = connection_string(url, user=documented_user("pg_restore"))
        restoring = ["pg_restore", *documented("pg_restore"), f"--dbname={target}", str(dump)]
        subprocess.run(restoring, check=True)  # noqa: S603 - the documented command

        with psycopg.connect(connection_string(url)) as new:
            assert new.execute("SELECT number, ST_X(place) FROM kept").fetchone() == (
                7,
                pytest.approx(112.985),
            )
            assert new.execute(tables).fetchone() == (before,)
            assert new.execute(walls).fetchone() == (policies,)
            # And the application may do there what it might before.
            new.execute("SET ROLE responder_app")
            new.execute("SELECT act_as_system(NULL)")
            assert new.execute("SELECT count(*) FROM circle").fetchone() == (0,)
            new.execute("INSERT INTO account VALUES (gen_random_uuid(), 'a', 'a', false, '$argon2id$')")
    finally:
        restored.stop()


@contextlib.asynccontextmanager
async def world_in(restorable: Restorable) -> AsyncIterator[World]:
    upgrade(restorable.url)
    database = connect(restorable.url)
    try:
        town = await build_town(database, plan_town(villages=2, teams=1, people_per_team=2))
        yield World(database=database, url=restorable.url, town=town, roads=StoredRoads(database))
    finally:
        await database.dispose()


@contextlib.asynccontextmanager
async def serving(world: World) -> AsyncIterator[Running]:
    gateway = Gateway(
        world.database,
        clock=CLOCK,
        allowed_origins=frozenset(),
        wakeups=lambda: wakeups(world.url, outage=Outage()),
        limits=Limits(**PATIENT),
    )
    async with contextlib.AsyncExitStack() as stack:
        port = await gateway.start("127.0.0.1", 0)
        stack.push_async_callback(gateway.stop)
        yield Running(gateway=gateway, world=world, port=port, _stack=stack)


@pytest.mark.parametrize("way", WAYS)
async def test_clients_of_before_know_what_the_restored_database_knows_and_nothing_else(
    short_dir: Path, way: Way
) -> None:
    restorable = Restorable(short_dir, way=way)
    try:
        async with world_in(restorable) as world:
            boss = world.staff("coordinator")
            phones = {name: Phone(boss) for name in ("behind", "level", "ahead", "there")}
            # One of them follows a gateway while the database below it becomes another one.
            async with serving(world) as running:
                restorable.back_up() if way == "point" else None
                kept = await world.raise_alert()
                await phones["behind"].connect(running)
                await phones["behind"].leave()
                await world.end(kept)
                await phones["level"].connect(running)
                await phones["level"].leave()
                restorable.mark() if way == "point" else restorable.back_up()
                lost = await world.raise_alert(village=1)
                await world.end(lost)
                await phones["ahead"].connect(running)
                await phones["there"].connect(running)
                # The restart for a copy ended the wake-ups: only the poll finds the alert that will be lost.
                assert await phones["ahead"].wrong_at_last(world, within_s=SOON_S) == 0
                await phones["ahead"].leave()
                assert await phones["there"].wrong_at_last(world, within_s=SOON_S) == 0

                restorable.restore()
                # As many events as were lost: the numbers are the same.
                new = await world.raise_alert(village=0)
                await world.end(new)
                for name, phone in phones.items():
                    await phone.stay(running)
                    left = await phone.wrong_at_last(world, within_s=SOON_S, running=running)
                    assert left == 0, name
                # Each may be cut off once more, by a connection to the database that the restore ended.
                assert set(phones["behind"].ways + phones["level"].ways) == {"resumed"}
                assert phones["ahead"].ways[0] == "snapshot"
                for phone in phones.values():
                    assert phone.snapshot is not None
                    ids = {each.incident.id for each in phone.snapshot.incidents}
                    assert ids == {kept.incident.id, new.incident.id}
                    await phone.leave()

                assert await begin_epochs(world.database, clock=CLOCK) == 1
            async with serving(world) as running:
                for phone in phones.values():
                    await phone.connect(running)
                    assert phone.ways == ["snapshot"]
                    await phone.leave()
    finally:
        restorable.cluster.stop()

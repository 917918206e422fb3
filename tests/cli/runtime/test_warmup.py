"""What the first alert needs is in memory before it comes, and one circle's trouble is its own."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager

import psycopg
import pytest
from psycopg import sql

from geo.reach.model import ReachModel
from responder.demo.demo_data import read_demo
from responder.domain.ids import CircleId
from responder.domain.map.circle import Circle
from responder.ports import DatabaseAwayError, Transaction
from responder.ports.clock import SystemClock
from responder.runtime.warmup import warm
from responder.services.imports.load_demo import load_demo
from responder.store.database import PostgresDatabase, connect
from responder.store.install_state import libpq_url
from responder.store.metadata import METADATA
from responder.store.road_cache import StoredRoads
from tests.circles import make_bare_circle

CENTRE = (112.985, 28.158)


class BrokenFor(StoredRoads):
    """Roads of which those of one circle cannot be loaded."""

    def __init__(self, database: PostgresDatabase, *, broken: CircleId) -> None:
        super().__init__(database)
        self._broken = broken

    async def model(self, circle_id: CircleId) -> ReachModel:
        if circle_id == self._broken:
            message = "these arrays cannot be read"
            raise ValueError(message)
        return await super().model(circle_id)


class AwayAtFirst:
    """A database that is away the first time that it is asked."""

    def __init__(self, database: PostgresDatabase) -> None:
        self.begin, self.check = database.begin, database.check
        self._database = database
        self._asked = False

    def snapshot(self) -> AbstractAsyncContextManager[Transaction]:
        if not self._asked:
            self._asked = True
            message = "the database restarts"
            raise DatabaseAwayError(message)
        return self._database.snapshot()


@pytest.fixture
async def database(fresh_database_url: str) -> AsyncIterator[PostgresDatabase]:
    opened = connect(fresh_database_url)
    yield opened
    await opened.dispose()


async def demo_circle(database: PostgresDatabase) -> Circle:
    loaded = await load_demo(database, read_demo, password_for=lambda _: "long enough", clock=SystemClock())
    assert loaded is not None
    return loaded.circle


def spoil_arrays(url: str) -> None:
    with psycopg.connect(libpq_url(url)) as connection:
        connection.execute("UPDATE road_network SET arrays = 'spoilt'")


def rows(url: str) -> dict[str, int]:
    tables = [table.name for table in METADATA.sorted_tables]
    with psycopg.connect(libpq_url(url)) as connection:
        query = sql.SQL("SELECT * FROM {}")
        return {table: connection.execute(query.format(sql.Identifier(table))).rowcount for table in tables}


async def test_roads_are_in_memory_once_prepared(database: PostgresDatabase, fresh_database_url: str) -> None:
    circle = await demo_circle(database)
    roads, prepared = StoredRoads(database), asyncio.Event()
    await warm(database, roads, prepared=prepared)
    assert prepared.is_set()
    spoil_arrays(fresh_database_url)
    assert (await roads.model(circle.id)).network.n_edges > 0
    with pytest.raises(ValueError, match=r"."):
        await StoredRoads(database).model(circle.id)


async def test_a_database_that_is_away_is_waited_for(
    database: PostgresDatabase, fresh_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    circle = await demo_circle(database)
    roads, prepared = StoredRoads(database), asyncio.Event()
    await warm(AwayAtFirst(database), roads, prepared=prepared)
    assert prepared.is_set()
    assert caplog.records == []
    spoil_arrays(fresh_database_url)
    assert (await roads.model(circle.id)).network.n_edges > 0


async def test_what_is_in_memory_then_is_not_looked_through_again_for_garbage(
    database: PostgresDatabase,
) -> None:
    await demo_circle(database)
    gc.unfreeze()
    try:
        await warm(database, StoredRoads(database), prepared=asyncio.Event())
        assert gc.get_freeze_count() > len(gc.get_objects())
    finally:
        gc.unfreeze()


async def test_the_rehearsal_leaves_nothing_behind(
    database: PostgresDatabase, fresh_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await demo_circle(database)
    before = rows(fresh_database_url)
    with caplog.at_level(logging.DEBUG, logger="responder.runtime.warmup"):
        await warm(database, StoredRoads(database), prepared=asyncio.Event())
    assert caplog.records == []
    assert rows(fresh_database_url) == before


async def test_a_circle_without_roads_is_passed_over(
    database: PostgresDatabase, caplog: pytest.LogCaptureFixture
) -> None:
    await make_bare_circle(database, name="AAA 尚无道路", name_en="", centre=CENTRE)
    prepared = asyncio.Event()
    with caplog.at_level(logging.WARNING):
        await warm(database, StoredRoads(database), prepared=prepared)
    assert prepared.is_set()
    assert caplog.records == []


async def test_roads_that_cannot_be_loaded_keep_no_other_circle_waiting(
    database: PostgresDatabase, fresh_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    circle = await demo_circle(database)
    broken = await make_bare_circle(database, name="AAA 损坏", name_en="", centre=CENTRE)
    roads, prepared = BrokenFor(database, broken=broken.id), asyncio.Event()
    await warm(database, roads, prepared=prepared)
    assert prepared.is_set()
    assert [broken.name in record.getMessage() for record in caplog.records] == [True]
    spoil_arrays(fresh_database_url)
    assert (await roads.model(circle.id)).network.n_edges > 0

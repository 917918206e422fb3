import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, text, true
from sqlalchemy.exc import DBAPIError

from responder.domain.errors import NameTakenError, NotFoundError
from responder.domain.ids import CircleId, PartnerId, UnitId
from responder.domain.incidents.event import UnitChanged
from responder.domain.map.circle import Circle
from responder.domain.map.unit import Unit
from responder.domain.people.partner import Partner, PartnerKind
from responder.embedded import Cluster
from responder.ports import DatabaseAwayError
from responder.ports.database import StatementAbortedError
from responder.store import database as store
from responder.store.bodies import dump_event, load_event
from responder.store.database import PostgresDatabase, connect, driver_url
from responder.store.map import circle as circles
from responder.store.metadata import from_element, to_element, to_lonlat
from responder.store.outage import BELIEVED_AFTER_S
from responder.store.wakeup import wakeups
from tests.patience import PATIENCE_S

NOW = datetime(2025, 11, 3, 6, 0, tzinfo=UTC)
STATEMENT_TIMEOUT_MS = 2000
degrees = st.floats(min_value=-90, max_value=90, allow_nan=False)


def a_unit(circle: Circle, **changed: object) -> Unit:
    fields = {
        "id": UnitId(uuid4()),
        "partner_id": PartnerId(circle.id),
        "name": "队",
        "name_en": "Team",
        "kind": "patrol",
        "profile": "foot",
        "turnout_s": 60.0,
        "people": 2,
        "on_duty": True,
        "post": (112.98512345678901, 28.158123456789),
    }
    return Unit(**{**fields, **changed})  # type: ignore[arg-type]


async def with_partner(database: PostgresDatabase, circle: Circle) -> None:
    partner = Partner(
        id=PartnerId(circle.id), circle_id=circle.id, kind=PartnerKind.POLICE, name="所", name_en="Station"
    )
    async with database.begin() as transaction:
        await transaction.partners.add(partner)


async def test_every_digit_of_a_place_is_kept(database: PostgresDatabase, circle: Circle) -> None:
    await with_partner(database, circle)
    unit = a_unit(circle, post=(1 / 3 + 112, 2 / 3 + 27), capabilities=("aed", "first_aid"))
    async with database.begin() as transaction:
        await transaction.layer(Unit).add(circle.id, [unit])
    async with database.snapshot() as transaction:
        units = transaction.layer(Unit)
        assert await units.of_circle(circle.id) == (unit,)
        west, south = unit.post
        inside = await units.of_circle(circle.id, bbox=(west - 1, south - 1, west + 1, south + 1))
        outside = await units.of_circle(circle.id, bbox=(west + 1, south, west + 2, south + 1))
    assert (inside, outside) == ((unit,), ())


@given(lon=degrees, lat=degrees)
def test_geometry_goes_in_and_comes_out_as_it_was(lon: float, lat: float) -> None:
    point = {"type": "Point", "coordinates": [lon, lat]}
    assert from_element(to_element(point)) == point
    assert to_lonlat(to_element(point)) == (lon, lat)


async def test_an_event_is_stored_as_it_was_recorded(database: PostgresDatabase, circle: Circle) -> None:
    event = UnitChanged(unit=a_unit(circle))
    async with database.begin() as transaction:
        assert await transaction.record(circle.id, event, at=NOW) == 1
    async with database.snapshot() as transaction:
        [stored] = await transaction.events.after(circle.id, 0)
    assert (stored.recorded.event, stored.recorded.at, stored.audience) == (event, NOW, None)
    assert load_event(dump_event(event)) == event


async def test_an_event_of_no_circle_is_not_recorded(database: PostgresDatabase, circle: Circle) -> None:
    async with database.begin() as transaction:
        with pytest.raises(NotFoundError):
            await transaction.record(CircleId(uuid4()), UnitChanged(unit=a_unit(circle)), at=NOW)


async def test_a_name_can_be_taken_once_and_the_transaction_goes_on(
    database: PostgresDatabase, circle: Circle
) -> None:
    twin = Circle(id=CircleId(uuid4()), name=circle.name, name_en="", centre=(1.0, 1.0))
    async with database.begin() as transaction:
        with pytest.raises(NameTakenError):
            await transaction.circles.add(twin, epoch="e")
        assert await transaction.circles.get(circle.id) == circle
        with pytest.raises(NotFoundError):
            await transaction.circles.get(twin.id)


async def test_a_snapshot_sees_one_moment_and_writes_nothing(
    database: PostgresDatabase, circle: Circle
) -> None:
    async with database.snapshot() as early:
        before = await early.circles.head(circle.id)
        async with database.begin() as transaction:
            await transaction.record(circle.id, UnitChanged(unit=a_unit(circle)), at=NOW)
        assert await early.circles.head(circle.id) == before
        with pytest.raises(DBAPIError, match="read-only"):
            await early.circles.begin_epoch(circle.id, "second")
    async with database.snapshot() as late:
        assert (await late.circles.head(circle.id)).seq == before.seq + 1


@pytest.fixture
async def hurried(database_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[PostgresDatabase]:
    """Give a database with the limit of the product in place of the patience of tests."""
    usual = func.set_config("statement_timeout", f"{STATEMENT_TIMEOUT_MS}ms", true())
    monkeypatch.setattr(store, "STATEMENT_TIMEOUT_MS", STATEMENT_TIMEOUT_MS)
    monkeypatch.setattr(circles, "_USUAL", usual)
    database = connect(database_url)
    yield database
    await database.dispose()


async def test_a_statement_that_takes_too_long_is_ended_unless_minutes_were_allowed(
    hurried: PostgresDatabase,
) -> None:
    database = hurried
    slow = text(f"SELECT pg_sleep({STATEMENT_TIMEOUT_MS / 1000 + 0.3})")
    async with database._engine.connect() as connection:  # noqa: SLF001 - nothing of ours takes so long
        with pytest.raises(DBAPIError, match="statement timeout"):
            await connection.execute(slow)
    with pytest.raises(StatementAbortedError, match="statement timeout"):
        async with database.begin() as transaction:
            await transaction._connection.execute(slow)  # type: ignore[attr-defined]  # noqa: SLF001
    async with database.begin() as transaction:
        await transaction.allow_minutes(1)
        await transaction._connection.execute(slow)  # type: ignore[attr-defined]  # noqa: SLF001
    async with database._engine.connect() as connection:  # noqa: SLF001
        shown = await connection.execute(text("SHOW statement_timeout"))
        assert shown.scalar_one() == f"{STATEMENT_TIMEOUT_MS // 1000}s"


async def test_a_wait_for_the_lock_of_the_log_may_be_longer(
    hurried: PostgresDatabase, circle: Circle
) -> None:
    database = hurried

    async def hold() -> None:
        async with database.begin() as transaction:
            await transaction.circles.lock(circle.id)
            held.set()
            await asyncio.sleep(STATEMENT_TIMEOUT_MS / 1000 + 0.5)

    held = asyncio.Event()
    holding = asyncio.create_task(hold())
    await held.wait()
    async with database.begin() as transaction:
        head = await transaction.circles.lock(circle.id)
        limit = await transaction._connection.execute(text("SHOW statement_timeout"))  # type: ignore[attr-defined]  # noqa: SLF001
        assert limit.scalar_one() == f"{STATEMENT_TIMEOUT_MS // 1000}s"
        assert await transaction.record(circle.id, UnitChanged(unit=a_unit(circle)), at=NOW) == head.seq + 1
    await holding


async def test_connections_lost_while_idle_are_replaced(
    database: PostgresDatabase, circle: Circle, database_url: str
) -> None:
    async with database.begin() as transaction:
        await transaction.circles.get(circle.id)
    await end_others(database_url, "responder")
    async with database.begin() as transaction:
        assert await transaction.circles.get(circle.id) == circle


async def test_a_wake_up_names_the_circle_after_commit_and_survives_a_lost_connection(
    cluster: Cluster, migrated_template: str
) -> None:
    url = cluster.create_database("woken", template=migrated_template)
    database = connect(url)
    circle = Circle(id=CircleId(uuid4()), name="圈", name_en="", centre=(1.0, 1.0))
    async with database.begin() as transaction:
        await transaction.circles.add(circle, epoch="e")
    heard: asyncio.Queue[object] = asyncio.Queue()

    async def listen() -> None:
        async for circle_id in wakeups(url, outage=database.outage):
            heard.put_nowait(circle_id)

    async def until_heard() -> None:
        # The listener may still be connecting, and notices sent before that are not repeated.
        while heard.empty():
            async with database.begin() as transaction:
                await transaction.record(circle.id, UnitChanged(unit=a_unit(circle)), at=NOW)
            await asyncio.sleep(0.05)
        assert heard.get_nowait() == circle.id
        while not heard.empty():
            heard.get_nowait()

    listening = asyncio.create_task(listen())
    await asyncio.wait_for(until_heard(), PATIENCE_S)
    async with database.begin() as transaction:
        await transaction.record(circle.id, UnitChanged(unit=a_unit(circle)), at=NOW)
        await asyncio.sleep(0.2)
        assert heard.empty(), "told before the commit"
    assert await asyncio.wait_for(heard.get(), PATIENCE_S) == circle.id
    await end_others(url, "responder wake-ups")
    await asyncio.wait_for(until_heard(), PATIENCE_S)
    listening.cancel()
    with suppress(asyncio.CancelledError):
        await listening
    await database.dispose()
    cluster.drop_database("woken")


async def test_a_connection_that_is_cut_is_a_database_that_is_away_and_said_once(
    fresh_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    """And what is wrong with a statement is not."""
    database = connect(fresh_database_url)
    try:
        with pytest.raises(DatabaseAwayError):
            await cut_off(database, fresh_database_url)
        for pause_s in (0.0, BELIEVED_AFTER_S):
            assert [message.split()[0] for message in caplog.messages] == ["database_unavailable"]
            await asyncio.sleep(pause_s)
            async with database.begin() as transaction:
                assert await transaction.circles.everything() == ()
        assert [message.split()[0] for message in caplog.messages] == [
            "database_unavailable",
            "database_recovered",
        ]
        with pytest.raises(DBAPIError):
            await misspoken(database)
        assert len(caplog.messages) == 2
    finally:
        await database.dispose()


async def cut_off(database: PostgresDatabase, url: str) -> None:
    async with database.begin() as transaction:
        await end_others(url, "responder")
        await transaction.circles.everything()


async def misspoken(database: PostgresDatabase) -> None:
    async with database.begin() as transaction:
        await transaction.allow_minutes(-(10**9))


async def end_others(url: str, application_name: str) -> None:
    """End connections, and wait until they are: one that is just being ended looks alive."""
    dsn = driver_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        ended = await connection.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity "
            "WHERE application_name = %s AND datname = current_database()",
            [application_name],
        )
        assert await ended.fetchall()

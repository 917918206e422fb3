"""A database that answers and cannot do all of its work, and what its errors say."""

import logging
import traceback

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from responder.ports import DatabaseAwayError
from responder.ports.database import DatabaseImpairedError, Impairment
from responder.store.database import PostgresDatabase, connect
from responder.store.impaired import Impaired
from responder.store.install_state import libpq_url

SECRET = "王奶奶独居三楼"  # noqa: S105 - a private note


def as_admin(url: str, statement: str) -> None:
    with psycopg.connect(libpq_url(url).replace("responder@", "postgres@"), autocommit=True) as admin:
        admin.execute("SET default_transaction_read_only = off")
        admin.execute(statement.replace("THIS", str(admin.info.dbname)))  # type: ignore[arg-type]


async def raised_by(database: PostgresDatabase, statement: str, **values: object) -> BaseException:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - which is what is asked
        async with database.begin() as transaction:
            await transaction.events._connection.execute(text(statement), values)  # type: ignore[attr-defined] # noqa: SLF001
    return caught.value


def told(error: BaseException) -> str:
    """Return all that a log could say of the error: its traceback, and those of its causes."""
    return repr(error) + "".join(traceback.format_exception(error))


@pytest.mark.parametrize(
    ("number", "part"),
    [
        ("53100", Impairment.DISK),
        ("58030", Impairment.DISK),
        ("53200", Impairment.MEMORY),
        ("53300", Impairment.CONNECTIONS),
        ("25006", Impairment.READ_ONLY),
    ],
)
async def test_what_the_server_lacks_is_named_once_however_often_it_is_missed(
    fresh_database_url: str, caplog: pytest.LogCaptureFixture, number: str, part: Impairment
) -> None:
    database = connect(fresh_database_url)
    say = f"DO $$ BEGIN RAISE EXCEPTION 'no more of it' USING ERRCODE = '{number}'; END $$"
    try:
        for _ in range(3):
            error = await raised_by(database, say)
            assert isinstance(error, DatabaseImpairedError)
            assert error.impairment is part
        lines = [line.split()[:2] for line in caplog.messages if "impaired" in line]
        # A place that was free again in between was free: it is said each time.
        assert lines[0] == ["database_impaired", f"part={part.value}"]
        assert part is Impairment.CONNECTIONS or len(lines) == 1
    finally:
        await database.dispose()


async def test_a_read_only_database_is_found_by_asking_and_recovers(
    fresh_database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("responder.store.impaired.CHECK_EVERY_S", 0.0)
    as_admin(fresh_database_url, "ALTER DATABASE THIS SET default_transaction_read_only = on")
    database = connect(fresh_database_url)
    try:
        with pytest.raises(DatabaseImpairedError) as caught:
            await database.check()
        assert caught.value.impairment is database.impaired is Impairment.READ_ONLY
        error = await raised_by(database, "UPDATE circle SET seq = seq")
        assert isinstance(error, DatabaseImpairedError)
        # Reading goes on.
        async with database.snapshot() as transaction:
            assert await transaction.circles.everything() == ()
        as_admin(fresh_database_url, "ALTER DATABASE THIS RESET default_transaction_read_only")
        await database.dispose()
        await database.check()
        assert database.impaired is None
    finally:
        await database.dispose()


async def test_too_many_connections_are_called_that_and_not_a_database_that_is_away(
    fresh_database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    as_admin(fresh_database_url, "ALTER DATABASE THIS CONNECTION LIMIT 0")
    database = connect(fresh_database_url)
    try:
        with pytest.raises(DatabaseAwayError) as caught:
            await database.check()
        assert isinstance(caught.value, DatabaseImpairedError)
        assert caught.value.impairment is Impairment.CONNECTIONS
        assert not any("database_unavailable" in line for line in caplog.messages)
        as_admin(fresh_database_url, "ALTER DATABASE THIS CONNECTION LIMIT -1")
        await database.check()
        assert database.impaired is None
    finally:
        await database.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        # A row that may not be, a value that cannot be read, a key that is there, and a mistake of ours.
        "INSERT INTO account (id, username, name, admin) VALUES (gen_random_uuid(), NULL, :secret, false)",
        "SELECT CAST(:secret AS integer)",
        "INSERT INTO standing (circle_id, revision) SELECT gen_random_uuid(), length(:secret)",
        "SELECT no_such_column FROM circle WHERE name = :secret",
    ],
)
async def test_no_value_stands_in_what_is_said_of_an_error(fresh_database_url: str, statement: str) -> None:
    database = connect(fresh_database_url)
    try:
        error = await raised_by(database, statement, secret=SECRET)
        assert isinstance(error, DBAPIError), error
        said = told(error)
        assert isinstance(error.orig, psycopg.Error)
        assert SECRET not in said
        assert "DETAIL" not in said
        assert "[parameters:" not in said or "hidden" in said
    finally:
        await database.dispose()


def test_the_end_is_said_once_and_for_each_part(caplog: pytest.LogCaptureFixture) -> None:
    impaired = Impaired()
    with caplog.at_level(logging.INFO):
        for _ in range(2):
            impaired.record_failure(Impairment.DISK, ConnectionError("no room\nDETAIL: of the whole row"))
            impaired.recovered(Impairment.READ_ONLY)
        assert impaired.now is Impairment.DISK
        for _ in range(2):
            impaired.recovered(Impairment.DISK, Impairment.READ_ONLY)
    assert impaired.now is None
    assert [line.split()[0] for line in caplog.messages] == ["database_impaired", "database_unimpaired"]
    assert "row" not in caplog.text

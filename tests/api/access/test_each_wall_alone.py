"""
Two walls stand between circles: the application's checks and the database's. Each holds alone.

With both gone the twin's data comes through, so the tests would notice if a wall that is thought to be there
were not.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import event

from responder.domain.ids import AccountId, CircleId
from responder.domain.people.access import Role, Viewer
from responder.ports import Database
from responder.security import sign_in
from tests.api.access.calls import Endpoint, ask, endpoints
from tests.api.access.conftest import Towns
from tests.api.access.twin import MARK

FILTER = re.compile(r"(?:\b\w+\.)?\bcircle_id = (%\(\w+\)s(?:::\w+)?)")
"""How every query names its circle."""


@contextmanager
def without_the_databases_wall(towns: Towns) -> Iterator[None]:
    """Switch row-level security off, and on again."""
    with psycopg.connect(towns.admin_dsn, autocommit=True) as connection:
        walled = connection.execute(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relkind = 'r'"
        ).fetchall()
        assert len(walled) >= 18

        def switch(to: LiteralString) -> None:
            for (table,) in walled:
                words = sql.SQL("ALTER TABLE {} {} ROW LEVEL SECURITY")
                connection.execute(words.format(sql.Identifier(table), sql.SQL(to)))

        switch("DISABLE")
        try:
            yield
        finally:
            switch("ENABLE")


@contextmanager
def without_the_check_of_membership(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Treat any caller as coordinator of the circle that they name."""

    async def viewer(_database: Database, *, account_id: AccountId, circle_id: CircleId) -> Viewer:
        return Viewer(account_id=account_id, name="anybody", circle_id=circle_id, role=Role.COORDINATOR)

    with monkeypatch.context() as patched:
        patched.setattr(sign_in, "viewer", viewer)
        yield


@contextmanager
def without_the_filters_of_queries(towns: Towns) -> Iterator[None]:
    """Let every query that reads forget which circle it was about."""
    removed = 0

    def forget(*words: Any) -> tuple[str, Any]:  # noqa: ANN401 - as SQLAlchemy hands them over
        nonlocal removed
        _connection, _cursor, statement, parameters = words[:4]
        if statement.lstrip().startswith(("SELECT", "WITH", "--")):
            statement, count = FILTER.subn(r"(\1 IS NOT NULL)", statement)
            removed += count
        return statement, parameters

    engine = towns.database._engine.sync_engine  # noqa: SLF001 - sabotage needs a way in
    event.listen(engine, "before_cursor_execute", forget, retval=True)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", forget)
    assert removed > 10


def reading(towns: Towns) -> list[Endpoint]:
    return [one for one in endpoints(towns.api) if one.method == "get" and "{circle_id}" in one.path]


def in_a_circle(towns: Towns) -> list[Endpoint]:
    return [one for one in endpoints(towns.api) if "{circle_id}" in one.path]


async def marked(towns: Towns, called: list[Endpoint], *, by_the_twins_id: bool) -> set[str]:
    """Return the endpoints whose answer to our coordinator has something that is the twin's."""
    http = await towns.ours(Role.COORDINATOR)
    ids = replace(towns.ids, circle_id=towns.twin_id) if by_the_twins_id else towns.ids
    found = set()
    for endpoint in called:
        answer = await ask(http, endpoint, ids)
        # The id was in the question, so an answer may have it.
        if towns.leaks(answer) - {str(towns.twin_id)} or MARK in str(answer.headers):
            found.add(endpoint.route_key)
    return found


async def test_the_applications_checks_hold_alone(towns: Towns) -> None:
    with without_the_databases_wall(towns):
        untouched = towns.rows_of(towns.twin_id)
        assert await marked(towns, in_a_circle(towns), by_the_twins_id=True) == set()
        assert await marked(towns, reading(towns), by_the_twins_id=False) == set()
        assert towns.rows_of(towns.twin_id) == untouched


async def test_the_databases_wall_holds_alone_when_no_one_asks_for_membership(
    towns: Towns, monkeypatch: pytest.MonkeyPatch
) -> None:
    untouched = towns.rows_of(towns.twin_id)
    with without_the_check_of_membership(monkeypatch):
        assert await marked(towns, in_a_circle(towns), by_the_twins_id=True) == set()
    assert towns.rows_of(towns.twin_id) == untouched


async def test_the_databases_wall_holds_alone_when_queries_forget_the_circle(towns: Towns) -> None:
    with without_the_filters_of_queries(towns):
        assert await marked(towns, reading(towns), by_the_twins_id=False) == set()


async def test_without_both_walls_it_would_be_seen(towns: Towns, monkeypatch: pytest.MonkeyPatch) -> None:
    with without_the_databases_wall(towns):
        with without_the_check_of_membership(monkeypatch):
            assert len(await marked(towns, reading(towns), by_the_twins_id=True)) >= 10
        with without_the_filters_of_queries(towns):
            assert len(await marked(towns, reading(towns), by_the_twins_id=False)) >= 5

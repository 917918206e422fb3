"""What is said when the database is away, has no time, or something breaks on our side."""

import asyncio
from typing import NoReturn

import pytest

from responder.ports import DatabaseAwayError
from responder.ports.database import StatementAbortedError
from responder.store.database import connect
from tests.api.conftest import World


class AwayDatabase:
    """A database that cannot be reached."""

    def begin(self) -> NoReturn:
        raise DatabaseAwayError("connection to server at 10.0.0.7 failed")  # noqa: EM101, TRY003

    snapshot = begin


async def test_a_database_that_is_away_is_said_to_be_so_and_not_where_it_is(world: World) -> None:
    with world.changed(database=AwayDatabase()):
        async with world.anonymous() as http:
            answer = await http.get("/api/session", headers={"Authorization": "Bearer x"})
            assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
            assert "10.0.0.7" not in answer.text
            assert int(answer.headers["retry-after"]) >= 1


class AbortingDatabase:
    """A database that ends every statement."""

    def begin(self) -> NoReturn:
        raise StatementAbortedError("canceling statement due to statement timeout")  # noqa: EM101, TRY003

    snapshot = begin


async def test_when_the_database_ends_a_statement_one_is_told_to_ask_again(world: World) -> None:
    with world.changed(database=AbortingDatabase()):
        async with world.anonymous() as http:
            answer = await http.get("/api/session", headers={"Authorization": "Bearer x"})
            assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
            assert "statement" not in answer.text


async def test_what_breaks_on_our_side_tells_nothing(world: World) -> None:
    with world.changed(database=None):
        async with world.anonymous() as http:
            answer = await http.get("/api/session", headers={"Authorization": "Bearer secret-token"})
            assert (answer.status_code, answer.json()["code"]) == (500, "server_error")
            assert "secret" not in answer.text
            assert "None" not in answer.text
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert (await http.get("/readyz")).status_code == 503
            assert (await http.get("/healthz")).status_code == 200


async def test_when_all_connections_are_taken_one_is_told_when_to_ask_again(
    world: World, demo_database_url: str
) -> None:
    """And the work that has the connection goes on undisturbed; afterwards all is as before."""
    narrow = connect(demo_database_url, pool_size=1, overflow=0, wait_s=0.2)
    try:
        with world.changed(database=narrow):
            async with world.anonymous() as http:
                async with narrow.begin() as transaction:
                    headers = {"Authorization": "Bearer x"}
                    answers = await asyncio.gather(
                        *(http.get("/api/session", headers=headers) for _ in range(5))
                    )
                    assert await transaction.circles.everything()
                for answer in answers:
                    assert (answer.status_code, answer.json()["code"]) == (503, "busy")
                    assert int(answer.headers["retry-after"]) >= 1
                assert (await http.get("/api/session", headers=headers)).status_code == 401
    finally:
        await narrow.dispose()


async def test_a_database_that_stops_answering_is_said_to_be_away_and_once_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    """Asked for real, where no one listens."""
    nowhere = connect("postgresql://responder@127.0.0.1:9/responder")
    try:
        with world.changed(database=nowhere):
            async with world.anonymous() as http:
                for _ in range(3):
                    answer = await http.get("/api/session", headers={"Authorization": "Bearer x"})
                    assert (answer.status_code, answer.json()["code"]) == (503, "not_ready")
                    assert "127.0.0.1" not in answer.text
                    assert int(answer.headers["retry-after"]) >= 1
        assert [message.split()[0] for message in caplog.messages] == ["database_unavailable"]
    finally:
        await nowhere.dispose()

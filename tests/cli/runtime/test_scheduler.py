"""The clock alone changes roads: no one has to press a button, and one bad round does not stop it."""

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

import pytest

from responder.ports import DatabaseAwayError
from responder.ports.clock import SystemClock
from responder.runtime.scheduler import keep_time, run_maintenance
from responder.services.audit import retention
from responder.services.channels import proof
from responder.services.registers.households import forget
from responder.services.registers.pact import follow_roster


class _AwayAtFirst:
    """Fails the first time that it is asked; afterwards nothing is due, and all chores are taken."""

    def __init__(self, error: Exception) -> None:
        self.asked = 0
        self._error = error
        self.answered = asyncio.Event()

    def begin(self) -> "_AwayAtFirst":
        self.asked += 1
        if self.asked == 1:
            raise self._error
        return self

    snapshot = begin

    async def __aenter__(self) -> SimpleNamespace:
        return SimpleNamespace(incidents=self, scheduled_tasks=self)

    async def __aexit__(self, *_: object) -> None:
        self.answered.set()

    async def due(self, *, now: object) -> frozenset[object]:
        del now
        return frozenset()

    async def outdated(self) -> frozenset[object]:
        return frozenset()

    async def claim(self, name: str, **_: object) -> bool:
        assert name in {retention.TASK, forget.TASK, follow_roster.TASK, proof.TASK}
        return False


async def _asked_again(keeping: Coroutine[Any, Any, None], database: _AwayAtFirst) -> None:
    task = asyncio.create_task(keeping)
    await asyncio.wait_for(database.answered.wait(), 30)
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


async def test_a_bad_round_is_logged_and_the_next_one_comes(caplog: pytest.LogCaptureFixture) -> None:
    database: Any = _AwayAtFirst(ValueError("something is wrong"))
    with caplog.at_level(logging.ERROR):
        await _asked_again(keep_time(database, database, clock=SystemClock(), every_s=0.01), database)
    assert "something is wrong" in caplog.text


async def test_forgetting_goes_on_after_a_bad_round(caplog: pytest.LogCaptureFixture) -> None:
    database: Any = _AwayAtFirst(ValueError("something is wrong"))
    with caplog.at_level(logging.ERROR):
        await _asked_again(run_maintenance(database, clock=SystemClock(), every_s=0.01), database)
    assert "something is wrong" in caplog.text


async def test_of_a_database_that_is_away_nothing_more_is_said(caplog: pytest.LogCaptureFixture) -> None:
    for keep in (
        lambda away: keep_time(away, away, clock=SystemClock(), every_s=0.01),
        lambda away: run_maintenance(away, clock=SystemClock(), every_s=0.01),
    ):
        database: Any = _AwayAtFirst(DatabaseAwayError("the database restarts"))
        await _asked_again(keep(database), database)
    assert caplog.records == []

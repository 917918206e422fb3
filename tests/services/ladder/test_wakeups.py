"""Those who take steps are told when some were planned; they look by themselves only now and then."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from uuid import UUID

import psycopg
import pytest

from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import StepState
from responder.runtime import scheduler
from responder.services.ladder.ladder_worker import LadderWorker
from responder.store.database import driver_url
from responder.store.incidents.ladder import LADDER_CHANNEL
from tests.patience import PATIENCE_S
from tests.services.ladder.conftest import Night


class _SeenWorker(LadderWorker):
    looked = asyncio.Event()

    async def begin(self) -> datetime | None:
        next_at = await super().begin()
        self.looked.set()
        return next_at


async def test_whoever_plans_steps_says_so_at_the_commit(night: Night) -> None:
    plain = driver_url(night.world.url).set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(plain, autocommit=True) as listening:
        await listening.execute(f"LISTEN {LADDER_CHANNEL}")
        await night.raises()
        told = [each.payload async for each in listening.notifies(timeout=PATIENCE_S, stop_after=1)]
    assert told == [str(night.world.circle.id)]


async def test_a_wake_up_has_due_steps_taken_long_before_the_next_look(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scheduler, "LADDERS_REST_S", 10 * PATIENCE_S)
    monkeypatch.setattr(scheduler, "LadderWorker", _SeenWorker)
    world, told = night.world, asyncio.Queue[UUID]()

    async def wakeups() -> AsyncIterator[UUID]:
        while True:
            yield await told.get()

    _SeenWorker.looked.clear()
    taking = asyncio.create_task(
        scheduler.keep_ladders(world.database, world.roads, clock=world.clock, wakeups=wakeups)
    )
    async with asyncio.timeout(PATIENCE_S):
        await _SeenWorker.looked.wait()
        detail = await night.raises()
        world.clock.move(seconds=40)
        told.put_nowait(world.circle.id)
        while _second_step(await night.now(detail)) is StepState.PLANNED:  # noqa: ASYNC110 - only the database tells
            await asyncio.sleep(0.02)
    taking.cancel()
    with suppress(asyncio.CancelledError):
        await taking


def _second_step(detail: IncidentDetail) -> StepState | None:
    step = None if detail.ladder is None else detail.ladder.step(2)
    return None if step is None else step.state

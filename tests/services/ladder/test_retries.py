"""Steps that cannot be taken: tried again later, and later each time, while all others go on."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from uuid import UUID

import psycopg
import pytest

from responder.domain.ids import CircleId
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import LONGEST_PAUSE_S, StepState
from responder.domain.ladder.profile import LadderProfiles
from responder.domain.ladder.shipped import ACTIONS
from responder.services.ladder import run_steps
from responder.services.ladder.ladder_worker import LadderWorker
from tests.api.access.twin import make_twin
from tests.patience import PATIENCE_S
from tests.services.ladder.conftest import Channels, Night

SHORT = LadderProfiles(
    default="short",
    profiles=(replace(ACTIONS, key="short", rungs=(*ACTIONS.rungs[:1], replace(ACTIONS.rungs[1]))),),
)
"""A call and one reminder, which expires after ten minutes."""


@dataclass
class Failing(Channels):
    """A queue that cannot be written for some circles, or for any."""

    only: CircleId | None = None
    asked_at: list[datetime] = field(default_factory=list)

    async def __call__(self, transaction, detail: IncidentDetail, deliveries, *, now: datetime) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001 - as above it
        if self.only in {None, detail.incident.circle_id}:
            self.asked_at.append(now)
            raise OSError
        await super().__call__(transaction, detail, deliveries, now=now)


async def test_a_step_that_fails_is_tried_later_each_time_and_a_last_time_when_it_expires(
    night: Night,
) -> None:
    night.channels = failing = Failing()
    await night.goes_by(SHORT)
    raised_at = night.world.clock.now()
    detail = await night.raises()
    await night.until(700)
    # Each failure is seen twice: with other steps of its circle, and alone.
    attempts = sorted({int((at - raised_at).total_seconds()) for at in failing.asked_at})
    assert attempts[:8] == [30, 31, 32, 34, 38, 46, 62, 92]
    pauses = [after - before for before, after in pairwise(attempts)]
    assert max(pauses) == LONGEST_PAUSE_S
    assert attempts[-1] == 630
    assert night.story(detail) == [(660, 2, "expired")]


async def test_a_step_that_was_put_off_is_taken_when_it_can_be_and_forgets_its_failures(night: Night) -> None:
    night.channels = Failing()
    await night.goes_by(SHORT)
    detail = await night.raises()
    await night.until(40)
    # Staff see it, in what is asked for and in what is told.
    assert [await _failures(night, detail), await _told_failures(night)] == [5, [1, 2, 3, 4, 5]]
    night.channels = Channels()
    await night.until(60)
    assert [await _failures(night, detail), await _told_failures(night)] == [0, [1, 2, 3, 4, 5, 0]]
    assert night.story(detail) == [(46, 2, "taken")]
    async with night.world.database.begin() as transaction:
        connection = transaction._connection  # type: ignore[attr-defined]  # noqa: SLF001 - below the ports
        kept = await connection.exec_driver_sql("SELECT failures, retry_at FROM ladder_step WHERE number = 2")
        assert kept.all() == [(0, None)]


async def test_a_step_at_fault_holds_up_no_other_of_its_circle(night: Night) -> None:
    night.channels = Failing()
    one = await night.raises()
    await night.until(15)
    other = await night.raises()
    await night.until(136)
    for detail in (one, other):
        assert night.story(detail) == [(60, 3, "taken"), (90, 4, "taken"), (120, 5, "taken")]


async def test_of_steps_that_are_due_together_the_others_are_taken(night: Night) -> None:
    night.channels = Failing()
    detail = await night.raises()
    night.is_down = True
    await night.until(70)
    night.is_down = False
    await night.until(71)
    assert night.story(detail) == [(71, 3, "taken")]


async def test_a_circle_at_fault_or_busy_holds_up_no_other(night: Night) -> None:
    world = night.world
    detail = await night.raises()
    dsn = world.url.replace("postgresql+psycopg://responder@", "postgresql://postgres@")
    with psycopg.connect(dsn) as connection:
        twin_id = CircleId(UUID(str(make_twin(connection, world.circle.id))))
    failing = Failing(only=twin_id)
    worker = LadderWorker(world.database, clock=world.clock, next_channel=failing)
    with psycopg.connect(dsn) as busy:
        busy.execute("SELECT FROM circle WHERE id = %s FOR UPDATE", [twin_id])
        for number, seconds in ((2, 30), (3, 30)):
            world.clock.move(seconds=seconds)
            async with asyncio.timeout(PATIENCE_S):
                while not await _is_taken(night, detail, number):
                    await worker.begin()
                    await asyncio.sleep(0.01)
        busy.rollback()
    decided = await worker.finish()
    # What the twin could not take with the queue is put off; what needs none is taken.
    assert [step.number for step in decided if step.circle_id == twin_id] == [3]
    assert len(failing.asked_at) == 2
    assert len(failing.told) == 1


async def test_a_step_is_put_off_even_where_that_cannot_be_shown(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise OSError

    monkeypatch.setattr(run_steps, "record_ladder", broken)
    night.channels = failing = Failing()
    await night.goes_by(SHORT)
    await night.raises()
    await night.until(40)
    assert len(failing.asked_at) == 2 * 5


async def _failures(night: Night, detail: IncidentDetail) -> int:
    ladder = (await night.now(detail)).ladder
    assert ladder is not None
    return ladder.steps[1].failures


async def _told_failures(night: Night) -> list[int]:
    async with night.world.database.begin() as transaction:
        connection = transaction._connection  # type: ignore[attr-defined]  # noqa: SLF001 - below the ports
        told = await connection.exec_driver_sql("""
            SELECT (body -> 'ladder' -> 'steps' -> 1 ->> 'failures')::integer FROM event
            WHERE kind = 'ladder_updated' ORDER BY seq
        """)
        return [row[0] for row in told]


async def _is_taken(night: Night, detail: IncidentDetail, number: int) -> bool:
    ladder = (await night.now(detail)).ladder
    step = None if ladder is None else ladder.step(number)
    return step is not None and step.state is StepState.TAKEN

"""
The real worker, killed with SIGKILL at random moments: each inject is given once or expires.

What protects is the circle's lock, taken before the drill is read: see the second test.
"""

import asyncio
import random
import time
from collections import Counter
from dataclasses import replace

import pytest

from responder.domain.drills.plan import Drill, WaitKind, WaitsFor
from responder.domain.drills.run import DrillRun, InjectState
from responder.domain.incidents.event import DrillRunChanged
from responder.ports.clock import SystemClock
from responder.services.drills.running.run_drills import run_due_drills
from tests.patience import PATIENCE_S
from tests.services.drills.conftest import Drills, message
from tests.services.imports.test_import_locks import one_waits
from tests.services.ladder.test_killed import RUNNERS, runners_of
from tests.services.log import addressed_events

APART_S = 0.15
"""Between two injects: some are due in whatever moment a process is killed."""
INJECTS = 8


@pytest.mark.parametrize(
    "kills", [4, pytest.param(60, marks=pytest.mark.nightly)], ids=lambda kills: f"{kills} kills"
)
async def test_each_inject_is_given_once_whenever_processes_are_killed(drills: Drills, kills: int) -> None:
    world = drills.world
    chance = random.Random(kills)  # noqa: S311 - the same moments in every run
    started: list[DrillRun] = []
    async with runners_of(world.url, "drills") as runners:
        for number in range(kills // RUNNERS):
            pids = [await runners.start() for _ in range(RUNNERS)]
            injects = [message(each + 1, APART_S * each) for each in range(INJECTS)]
            after = WaitsFor(kind=WaitKind.INJECT, inject=1)
            injects.append(message(INJECTS + 1, APART_S, waits_for=after))
            world.clock = SystemClock()  # type: ignore[assignment]
            drill = await drills.plan(*injects)
            if number % 3 == 2:
                await _hurry(drills, drill)
            started.append(await drills.start(drill, beside_drill=True))
            for pid in pids:
                await asyncio.sleep(chance.random() * APART_S * 3)
                await runners.kill(pid)
        await runners.start()
        patience = time.monotonic() + PATIENCE_S + kills
        while await _planned(drills, started):
            assert time.monotonic() < patience
            await asyncio.sleep(0.05)

    await _each_was_decided_once(drills, started)


async def test_processes_that_find_the_same_inject_due_at_the_same_moment_give_it_once(
    drills: Drills,
) -> None:
    world = drills.world
    run = await drills.start(await drills.plan(message(1, 10)))
    world.clock.move(seconds=11)
    async with world.database.begin() as transaction:
        await transaction.circles.lock(world.circle.id)
        workers = [
            asyncio.create_task(run_due_drills(world.database, world.roads, clock=world.clock))
            for _ in range(RUNNERS)
        ]
        # Each has found it due, and has read no more of it than that.
        await one_waits(world, count=RUNNERS)
    found = await asyncio.gather(*workers)

    assert all(found)
    assert [alert.text for alert in (await drills.exercise(run)).alerts] == ["", "信息1"]


async def _hurry(drills: Drills, drill: Drill) -> None:
    """Let injects expire before a process is up again; people cannot plan them so."""
    injects = tuple(replace(each, expires_after_s=0.01) for each in drill.plan.injects)
    async with drills.world.database.begin() as transaction:
        await transaction.drills.put(replace(drill, plan=replace(drill.plan, injects=injects)))


async def _planned(drills: Drills, started: list[DrillRun]) -> bool:
    runs = [(await drills.run(run.drill_id)).run for run in started]
    return any(each.is_planned and each.due_s is not None for run in runs for each in run.injects)


async def _each_was_decided_once(drills: Drills, started: list[DrillRun]) -> None:
    decided: Counter[tuple[object, int]] = Counter()
    known = {run.drill_id: frozenset[int]() for run in started}
    for each in await addressed_events(
        drills.world.database, circle_id=drills.world.circle.id, seq=0, limit=100_000
    ):
        event = each.recorded.event
        if isinstance(event, DrillRunChanged):
            now = frozenset(inject.number for inject in event.run.injects if not inject.is_planned)
            fresh = now - known[event.run.drill_id]
            # What was decided stays so.
            assert now >= known[event.run.drill_id]
            decided.update((event.run.drill_id, number) for number in fresh)
            known[event.run.drill_id] = now
    for run in started:
        shown = (await drills.run(run.drill_id)).run
        texts = Counter(alert.text for alert in (await drills.exercise(run)).alerts[1:])
        for inject in shown.injects:
            if inject.is_planned:
                # It waits for one that expired.
                assert inject.number == INJECTS + 1
                assert shown.injects[0].state is InjectState.EXPIRED
                continue
            assert decided[run.drill_id, inject.number] == 1
            given = inject.state is InjectState.GIVEN
            assert texts.get(f"信息{inject.number}", 0) == given
            if given:
                assert inject.at_s is not None
                assert inject.due_s is not None
                plan = (await drills.run(run.drill_id)).drill.plan.inject(inject.number)
                assert plan is not None
                assert inject.due_s <= inject.at_s <= inject.due_s + plan.expires_after_s

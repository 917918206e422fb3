"""The real runner, killed with SIGKILL at random moments: each step is taken once, and none is lost."""

import asyncio
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import psycopg
import pytest
from sqlalchemy import text

from responder.domain.ids import IncidentId
from responder.domain.incidents.event import AlertExtended, LadderUpdated
from responder.domain.ladder.ladder import StepState
from responder.domain.ladder.profile import Condition, LadderProfiles
from responder.domain.ladder.shipped import ACTIONS
from responder.ports.clock import SystemClock
from tests.patience import PATIENCE_S
from tests.services.conftest import World
from tests.services.ladder.conftest import Night
from tests.services.log import addressed_events

RUNNERS = 2
APART_S = 0.15
"""Between two steps of an incident: some are due in whatever moment a process is killed."""
LADDERS = LadderProfiles(
    default="quick",
    profiles=(
        replace(
            ACTIONS,
            key="quick",
            rungs=tuple(
                replace(
                    rung,
                    after_s=APART_S * number,
                    condition=Condition.ALWAYS,
                    expires_after_s=3600,
                )
                for number, rung in enumerate([*ACTIONS.rungs, *ACTIONS.rungs[1:2]])
            ),
        ),
    ),
)


@asynccontextmanager
async def running(url: str, *, processes: int = RUNNERS) -> AsyncIterator[list[asyncio.subprocess.Process]]:
    started = [
        await asyncio.create_subprocess_exec(
            sys.executable, "-m", "tests.services.ladder.runner", url, stdout=asyncio.subprocess.PIPE
        )
        for _ in range(processes)
    ]
    try:
        for process in started:
            assert process.stdout is not None
            async with asyncio.timeout(PATIENCE_S):
                assert await process.stdout.readline() == b"ready\n"
        yield started
    finally:
        for process in started:
            if process.returncode is None:
                process.kill()
            await process.wait()


@pytest.mark.parametrize(
    "kills", [3, pytest.param(100, marks=pytest.mark.nightly)], ids=lambda kills: f"{kills} kills"
)
async def test_each_step_is_taken_once_whenever_processes_are_killed(night: Night, kills: int) -> None:
    world = night.world
    world.clock = SystemClock()  # type: ignore[assignment]
    chance = random.Random(kills)  # noqa: S311 - the same moments in every run
    with psycopg.connect(
        world.url.replace("postgresql+psycopg://responder@", "postgresql://postgres@")
    ) as connection:
        connection.execute("CREATE TABLE reminded (incident_id uuid, at timestamptz, people integer)")
        connection.execute("GRANT ALL ON reminded TO responder, responder_app")
    await night.goes_by(LADDERS)
    raised: list[IncidentId] = []
    for _ in range(kills):
        async with running(world.url) as runners:
            raised += [(await night.raises()).incident.id for _ in range(2)]
            for process in runners:
                await asyncio.sleep(chance.random() * APART_S * 3)
                process.send_signal(signal.SIGKILL)
                await process.wait()
    async with running(world.url, processes=1), asyncio.timeout(PATIENCE_S + kills):
        while await _planned(world):  # noqa: ASYNC110 - what other processes do
            await asyncio.sleep(0.05)

    await _each_was_taken_once(world, raised)


async def _planned(world: World) -> bool:
    async with world.database.snapshot() as transaction:
        return bool(await transaction.ladders.next_due())


async def _each_was_taken_once(world: World, raised: list[IncidentId]) -> None:
    taken: Counter[tuple[IncidentId, int]] = Counter()
    last: dict[IncidentId, frozenset[int]] = {}
    for each in await addressed_events(world.database, circle_id=world.circle.id, seq=0, limit=100_000):
        event = each.recorded.event
        if isinstance(event, AlertExtended):
            incident_id, ladder = event.detail.incident.id, event.detail.ladder
        elif isinstance(event, LadderUpdated):
            incident_id, ladder = event.incident_id, event.ladder
        else:
            continue
        assert ladder is not None
        now = frozenset(step.number for step in ladder.steps if step.state is StepState.TAKEN)
        # Each event says of one step more that it was taken, never of one less.
        fresh = now - last.get(incident_id, frozenset({1}))
        assert len(fresh) == 1
        taken.update((incident_id, number) for number in fresh)
        last[incident_id] = now
    steps = range(2, len(LADDERS.chosen.rungs) + 1)
    assert taken == Counter({(incident_id, number): 1 for incident_id in raised for number in steps})
    async with world.database.snapshot() as transaction:
        details = await transaction.incidents.details(world.circle.id, raised)
        connection = transaction._connection  # type: ignore[attr-defined]  # noqa: SLF001 - below the ports
        reminded = (await connection.execute(text("SELECT incident_id, people FROM reminded"))).all()
    for detail in details:
        people = [delivery.recipient_name for delivery in detail.deliveries]
        assert sorted(people) == sorted(set(people))
        assert len(people) == 17
    # Of two reminders each: what the step wrote besides is as often there as the step was taken.
    assert Counter(row.incident_id for row in reminded) == Counter(dict.fromkeys(raised, 2))

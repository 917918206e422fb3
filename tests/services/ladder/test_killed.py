"""The real runner, killed with SIGKILL at random moments: each step is decided once, and none is lost."""

import asyncio
import hashlib
import random
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import psycopg
import pytest
from sqlalchemy import text

from responder.domain.ids import IncidentId
from responder.domain.incidents.event import AlertExtended, IncidentEnded, LadderUpdated
from responder.domain.incidents.incident import EndReason
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import StepState
from responder.domain.ladder.profile import Condition, LadderProfile, LadderProfiles, StepKind, StoredProfiles
from responder.domain.ladder.shipped import ACTIONS
from responder.ports.clock import SystemClock
from tests.patience import PATIENCE_S
from tests.services.conftest import World
from tests.services.ladder.conftest import Night
from tests.services.log import addressed_events

RUNNERS = 2
APART_S = 0.15
"""Between two steps of an incident: some are due in whatever moment a process is killed."""


def _ladder(key: str, *, expires_after_s: float) -> LadderProfile:
    rungs = (*ACTIONS.rungs, ACTIONS.rungs[1])
    return replace(
        ACTIONS,
        key=key,
        rungs=tuple(
            replace(
                rung,
                after_s=APART_S * number,
                condition=Condition.ALWAYS,
                expires_after_s=expires_after_s,
            )
            for number, rung in enumerate(rungs)
        ),
    )


QUICK = _ladder("quick", expires_after_s=3600)
HURRIED = _ladder("hurried", expires_after_s=APART_S)
"""Of which steps expire while processes are down."""
STEPS = range(2, len(QUICK.rungs) + 1)


@dataclass
class Runners:
    """Processes that take steps, forked by one that has loaded all that they need."""

    parent: asyncio.subprocess.Process

    async def start(self) -> str:
        return await self._said("start")

    async def kill(self, pid: str) -> None:
        assert await self._said(f"kill {pid}") == "killed"

    async def _said(self, what: str) -> str:
        assert self.parent.stdin is not None
        assert self.parent.stdout is not None
        self.parent.stdin.write(f"{what}\n".encode())
        async with asyncio.timeout(PATIENCE_S):
            answer = (await self.parent.stdout.readline()).decode().strip()
        assert answer, "the runner has ended"
        return answer


@asynccontextmanager
async def runners_of(url: str, what: str = "ladders") -> AsyncIterator[Runners]:
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "tests.services.ladder.runner", url, what),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        yield Runners(parent)
    finally:
        if parent.returncode is None:
            parent.kill()
        await parent.wait()


@pytest.mark.parametrize(
    "kills", [4, pytest.param(100, marks=pytest.mark.nightly)], ids=lambda kills: f"{kills} kills"
)
async def test_each_step_is_decided_once_whenever_processes_are_killed(night: Night, kills: int) -> None:
    world = night.world
    world.clock = SystemClock()  # type: ignore[assignment]
    chance = random.Random(kills)  # noqa: S311 - the same moments in every run
    dsn = world.url.replace("postgresql+psycopg://responder@", "postgresql://postgres@")
    with psycopg.connect(dsn) as connection:
        connection.execute("CREATE TABLE reminded (incident_id uuid, at timestamptz, people integer)")
        connection.execute("GRANT ALL ON reminded TO responder, responder_app")
    raised: list[IncidentDetail] = []
    taken_back: set[IncidentId] = set()
    async with runners_of(world.url) as runners:
        for number in range(kills // RUNNERS):
            pids = [await runners.start() for _ in range(RUNNERS)]
            profile = HURRIED if number % 3 == 2 else QUICK
            await _goes_by(world, profile)
            raised += [await night.raises() for _ in range(2)]
            for pid in pids:
                await asyncio.sleep(chance.random() * APART_S * 3)
                await runners.kill(pid)
            if number % 2:
                # Steps of it are due now: the correction waits for none of them.
                await night.ends(raised[-1], EndReason.FALSE_ALARM)
                taken_back.add(raised[-1].incident.id)
        await runners.start()
        patience = time.monotonic() + PATIENCE_S + kills
        while await _planned(world):
            assert time.monotonic() < patience
            await asyncio.sleep(0.05)

    await _each_was_decided_once(world, [each.incident.id for each in raised], taken_back)


async def _goes_by(world: World, profile: LadderProfile) -> None:
    """Let the next alerts go by this ladder; people cannot set one of which steps expire so soon."""
    stored = StoredProfiles(
        circle_id=world.circle.id,
        content_hash=hashlib.sha256(profile.key.encode()).hexdigest(),
        profiles=LadderProfiles(default=profile.key, profiles=(profile,)),
        set_at=world.clock.now(),
        set_by_name="",
    )
    async with world.database.begin() as transaction:
        await transaction.ladder_profiles.put(stored)


async def _planned(world: World) -> bool:
    async with world.database.snapshot() as transaction:
        return bool(await transaction.ladders.next_due())


async def _each_was_decided_once(world: World, raised: list[IncidentId], taken_back: set[IncidentId]) -> None:
    decided: Counter[tuple[IncidentId, int]] = Counter()
    planned = {incident_id: frozenset(STEPS) for incident_id in raised}
    ended: set[IncidentId] = set()
    for each in await addressed_events(world.database, circle_id=world.circle.id, seq=0, limit=100_000):
        event = each.recorded.event
        if isinstance(event, IncidentEnded):
            # What is planned is stopped in the same commit, by the event behind it.
            ended.add(event.incident.id)
        if isinstance(event, AlertExtended):
            incident_id, ladder = event.detail.incident.id, event.detail.ladder
        elif isinstance(event, LadderUpdated):
            incident_id, ladder = event.incident_id, event.ladder
        else:
            continue
        assert ladder is not None
        now = frozenset(step.number for step in ladder.steps if step.is_planned)
        fresh = planned[incident_id] - now
        # Each event says of one step more what became of it, or at the end of all, and of none less.
        assert now <= planned[incident_id]
        assert len(fresh) == 1 or incident_id in ended
        stopped = {step.number for step in ladder.steps if step.state is StepState.STOPPED}
        assert (fresh <= stopped) is (incident_id in ended)
        decided.update((incident_id, number) for number in fresh)
        planned[incident_id] = now
    assert decided == Counter({(incident_id, number): 1 for incident_id in raised for number in STEPS})
    assert ended == taken_back
    async with world.database.snapshot() as transaction:
        details = await transaction.incidents.details(world.circle.id, raised)
        connection = transaction._connection  # type: ignore[attr-defined]  # noqa: SLF001 - below the ports
        reminded = (await connection.execute(text("SELECT incident_id, people FROM reminded"))).all()
    reminders: Counter[IncidentId] = Counter()
    for detail in details:
        assert detail.ladder is not None
        call = detail.alerts[0].id
        people = [delivery.recipient_name for delivery in detail.deliveries if delivery.alert_id == call]
        assert sorted(people) == sorted(set(people))
        taken = [step for step in detail.ladder.steps if step.state is StepState.TAKEN]
        assert all(step.at is not None and step.at <= step.expires_at for step in taken)
        wave = {step.number for step in taken if step.rung.kind is StepKind.CALL}
        assert len(people) == (17 if 4 in wave else 16)
        reminders[detail.incident.id] = sum(step.rung.kind is StepKind.REMIND for step in taken)
        if detail.ladder.key == QUICK.key and detail.incident.id not in taken_back:
            assert len(taken) == len(QUICK.rungs)
    # What a step wrote besides is as often there as the step was taken.
    assert Counter(row.incident_id for row in reminded) == +reminders

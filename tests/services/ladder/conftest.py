"""A circle at night with a clock that the test moves, and a runner of ladders that can be down."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import psycopg
import pytest

from responder.domain.ids import CircleId, IncidentId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.incident import EndReason, Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.profile import LadderProfiles
from responder.domain.ladder.shipped import SHIPPED
from responder.ports import Transaction
from responder.services.directing.end_incident import end_incident
from responder.services.incidents.acknowledge import acknowledge
from responder.services.ladder.help_neighbours import help_neighbours
from responder.services.ladder.ladder_worker import LadderWorker
from responder.services.ladder.profiles import set_ladders
from responder.services.ladder.run_steps import DecidedStep, plan_again
from tests.api.access.twin import make_twin
from tests.services.conftest import World
from tests.services.ladder.twin import Twin

Scene = Callable[[], Awaitable[object]]


@dataclass
class Channels:
    """What is handed over to be sent by another channel, as a queue in the transaction would keep it."""

    told: list[tuple[datetime, IncidentId, int]] = field(default_factory=list)
    fault: Exception | None = None
    """Raised after the queue was written, as when the process ends before it commits."""

    async def __call__(
        self,
        transaction: Transaction,  # noqa: ARG002 - the port's
        detail: IncidentDetail,
        deliveries: Sequence[Delivery],
        *,
        now: datetime,
    ) -> None:
        if self.fault is not None:
            raise self.fault
        self.told.append((now, detail.incident.id, len(deliveries)))


@dataclass
class Night:
    """One circle, second by second."""

    world: World
    channels: Channels = field(default_factory=Channels)
    scenes: dict[int, list[Scene]] = field(default_factory=dict)
    second: int = 0
    is_down: bool = False
    """No process takes steps, and none sends."""
    send: Scene | None = None
    """Sends what is due to real services; None where the test has none."""
    decided: list[tuple[int, DecidedStep]] = field(default_factory=list)
    raised_at: dict[IncidentId, int] = field(default_factory=dict)

    def at(self, second: int, scene: Scene) -> None:
        self.scenes.setdefault(second, []).append(scene)

    async def until(self, second: int) -> None:
        """Let the clock go on to this second, doing what is to be done in each."""
        while self.second < second:
            self.second += 1
            self.world.clock.move(seconds=1)
            for scene in self.scenes.pop(self.second, []):
                await scene()
            if not self.is_down:
                await self.look()
                if self.send is not None:
                    await self.send()

    async def look(self) -> None:
        """Do what a process does in each round."""
        database, clock = self.world.database, self.world.clock
        await plan_again(database, clock=clock)
        await help_neighbours(database, self.world.roads, clock=clock)
        # Another each time, as if the process had been killed in between: it keeps nothing in mind.
        worker = LadderWorker(database, clock=clock, next_channel=self.channels)
        await worker.begin()
        self.decided += [(self.second, step) for step in await worker.finish()]

    async def raises(self, *, exercise: bool = False, severity: Severity = Severity.ORANGE) -> IncidentDetail:
        by = "planner" if exercise else "community"
        detail = await self.world.raise_at(by=by, exercise=exercise, severity=severity)
        self.raised_at[detail.incident.id] = self.second
        return detail

    async def answers(self, detail: IncidentDetail, username: str, state: DeliveryState) -> None:
        await acknowledge(
            self.world.database,
            viewer=await self.world.viewer(username),
            alert_id=detail.alerts[0].id,
            state=state,
            action_id=uuid4(),
            device_at=self.world.clock.now(),
            device="phone",
            clock=self.world.clock,
        )

    async def ends(self, detail: IncidentDetail, reason: EndReason = EndReason.RESOLVED) -> None:
        viewer = await self.world.viewer("community")
        if detail.incident.exercise:
            viewer = await self.world.viewer("planner")
        await end_incident(
            self.world.database,
            viewer=viewer,
            incident_id=detail.incident.id,
            reason=reason,
            clock=self.world.clock,
        )

    async def goes_by(self, ladders: LadderProfiles | str) -> None:
        """Let the next alerts go by these ladders, or by the shipped one of this key."""
        if isinstance(ladders, str):
            ladders = LadderProfiles(default=ladders, profiles=SHIPPED.profiles)
        await set_ladders(
            self.world.database,
            viewer=await self.world.viewer("community"),
            ladders=ladders,
            clock=self.world.clock,
        )

    async def now(self, detail: IncidentDetail) -> IncidentDetail:
        async with self.world.database.snapshot() as transaction:
            return await transaction.incidents.detail(self.world.circle.id, detail.incident.id)

    def story(self, detail: IncidentDetail) -> list[tuple[int, int, str]]:
        """What was decided about an incident: seconds since the alert, number of the step, its state."""
        raised_at = self.raised_at[detail.incident.id]
        return [
            (second - raised_at, step.number, step.state.value)
            for second, step in self.decided
            if step.incident_id == detail.incident.id
        ]

    def called(self, detail: IncidentDetail, number: int) -> int:
        [called] = [
            step.called
            for _, step in self.decided
            if (step.incident_id, step.number) == (detail.incident.id, number)
        ]
        return called


@pytest.fixture
def night(world: World) -> Night:
    return Night(world)


@pytest.fixture
async def twin(night: Night) -> Twin:
    dsn = night.world.url.replace("postgresql+psycopg://responder@", "postgresql://postgres@")
    with psycopg.connect(dsn) as connection:
        circle_id = make_twin(connection, night.world.circle.id)
    return Twin(night, CircleId(UUID(str(circle_id))))

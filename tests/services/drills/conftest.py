"""A drill that is planned in the demo circle."""

from dataclasses import dataclass, replace
from uuid import uuid4

import pytest

from responder.domain.drills.plan import (
    Drill,
    DrillMode,
    DrillPlan,
    Inject,
    InjectKind,
    Measure,
    Objective,
    PlannedClosure,
    WaitKind,
    WaitsFor,
)
from responder.domain.drills.run import DrillRun
from responder.domain.ids import DrillId
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.place import Place
from responder.domain.people.partner import PartnerKind
from responder.services.drills.drills import plan_drill
from responder.services.drills.running.run_drills import run_due_drills
from responder.services.drills.running.show_run import ShownRun, show_run
from responder.services.drills.running.start_drill import start_drill
from responder.services.incidents.acknowledge import acknowledge
from responder.services.incidents.recompute import recompute_due
from tests.services.conftest import World

ALL_AROUND = {
    "type": "Polygon",
    "coordinates": [
        [[112.984, 28.157], [112.987, 28.157], [112.987, 28.1598], [112.984, 28.1598], [112.984, 28.157]]
    ],
}


def message(number: int, after_s: float, **fields: object) -> Inject:
    whole = {"number": number, "after_s": after_s, "kind": InjectKind.MESSAGE, "text": f"信息{number}"}
    return Inject(**{**whole, **fields})  # type: ignore[arg-type]


@dataclass
class Drills:
    """Drills of the demo circle, planned and run by its planner."""

    world: World

    async def plan(self, *injects: Inject, objectives: tuple[Objective, ...] = (), **fields: object) -> Drill:
        building = await self.world.building("脑科巷7栋")
        lon, lat = 112.985, 28.158
        plan = DrillPlan(
            name="电动车电池起火演练",
            mode=DrillMode.FIELD,
            kind="fire",
            place=Place(lon=lon, lat=lat, building_id=building.id),
            starts_at=None,
            duration_s=1800,
            injects=injects,
            objectives=objectives,
        )
        shown = await plan_drill(
            self.world.database,
            self.world.roads,
            viewer=await self.world.viewer("planner"),
            plan=replace(plan, **fields),  # type: ignore[arg-type]
            idempotency_key=str(uuid4()),
            clock=self.world.clock,
        )
        return shown.drill

    async def start(
        self, drill: Drill, *, by: str = "planner", beside_real: bool = False, beside_drill: bool = False
    ) -> DrillRun:
        return await start_drill(
            self.world.database,
            self.world.roads,
            viewer=await self.world.viewer(by),
            drill_id=drill.id,
            beside_real=beside_real,
            beside_drill=beside_drill,
            clock=self.world.clock,
        )

    async def later(self, seconds: float) -> None:
        """Let time pass, and drills be looked after."""
        self.world.clock.move(seconds=seconds)
        await run_due_drills(self.world.database, self.world.roads, clock=self.world.clock)
        await recompute_due(self.world.database, self.world.roads, clock=self.world.clock)

    async def run(self, drill_id: DrillId) -> ShownRun:
        return await show_run(
            self.world.database,
            viewer=await self.world.viewer("planner"),
            drill_id=drill_id,
            clock=self.world.clock,
        )

    async def exercise(self, run: DrillRun) -> IncidentDetail:
        assert run.incident_id is not None
        async with self.world.database.snapshot() as transaction:
            return await transaction.incidents.detail(run.circle_id, run.incident_id)

    async def answer(self, run: DrillRun, state: DeliveryState, *, by: str) -> None:
        detail = await self.exercise(run)
        await acknowledge(
            self.world.database,
            viewer=await self.world.viewer(by),
            alert_id=detail.alerts[0].id,
            state=state,
            action_id=uuid4(),
            device_at=self.world.clock.now(),
            device="phone",
            clock=self.world.clock,
        )


@pytest.fixture
def drills(world: World) -> Drills:
    return Drills(world)


__all__ = [
    "ALL_AROUND",
    "Drills",
    "Measure",
    "PartnerKind",
    "PlannedClosure",
    "WaitKind",
    "WaitsFor",
    "message",
]

"""A drill with people: it calls them, gives its injects once, and stands back when a real alert comes."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace

import pytest

from responder.domain.drills.plan import (
    DrillMode,
    DrillState,
    InjectKind,
    Measure,
    Objective,
    PlannedClosure,
    WaitKind,
    WaitsFor,
)
from responder.domain.drills.run import InjectState
from responder.domain.errors import (
    DrillNotPlannedError,
    DrillNotRunningError,
    InjectDecidedError,
    RealAlertOpenError,
)
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.incident import EndReason
from responder.domain.people.partner import PartnerKind
from responder.services.directing.end_incident import end_incident
from responder.services.drills.running import run_drills
from responder.services.drills.running.report import count_people, report_lane_clear
from responder.services.drills.running.run_drills import run_due_drills
from responder.services.drills.running.steer_drill import (
    InjectDeed,
    end_drill,
    pause_drill,
    resume_drill,
    steer_inject,
)
from tests.patience import PATIENCE_S
from tests.services.busy import Busy
from tests.services.drills.conftest import ALL_AROUND, Drills, message


async def test_an_inject_is_told_to_its_partners_once_when_it_is_due(drills: Drills) -> None:
    async with drills.world.database.snapshot() as transaction:
        partners = await transaction.partners.of_circle(drills.world.circle.id)
    police = next(each.id for each in partners if each.kind is PartnerKind.POLICE)
    drill = await drills.plan(message(1, 60, partner_ids=(police,)))
    run = await drills.start(drill)

    await drills.later(59)
    assert len((await drills.exercise(run)).alerts) == 1
    await drills.later(2)
    await drills.later(2)
    await asyncio.gather(
        *(
            run_due_drills(drills.world.database, drills.world.roads, clock=drills.world.clock)
            for _ in range(3)
        )
    )

    detail = await drills.exercise(run)
    assert [alert.text for alert in detail.alerts] == ["", "信息1"]
    told = [each.partner_id for each in detail.deliveries if each.alert_id == detail.alerts[1].id]
    assert told
    assert set(told) == {police}


async def test_an_inject_waits_while_a_real_alert_is_in_hand(
    drills: Drills, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_drills, "GIVES_WAY_S", 10 * PATIENCE_S)
    world, priority = drills.world, Busy()
    drill = await drills.plan(message(1, 60))
    await drills.start(drill)
    world.clock.move(seconds=61)

    looking = asyncio.create_task(
        run_due_drills(world.database, world.roads, clock=world.clock, priority=priority)
    )
    waiting = asyncio.create_task(priority.waited_for.wait())
    await asyncio.wait({looking, waiting}, return_when=asyncio.FIRST_COMPLETED)
    [waits] = (await drills.run(drill.id)).run.injects
    waiting.cancel()
    priority.over.set()
    await looking

    assert waits.state is InjectState.PLANNED
    [given] = (await drills.run(drill.id)).run.injects
    assert given.state is InjectState.GIVEN


async def test_an_inject_that_could_not_be_given_in_time_expires(drills: Drills) -> None:
    drill = await drills.plan(message(1, 60, expires_after_s=120.0))
    run = await drills.start(drill)

    await drills.later(200)

    [only] = (await drills.run(drill.id)).run.injects
    assert (only.state, only.at_s) == (InjectState.EXPIRED, 200)
    assert len((await drills.exercise(run)).alerts) == 1


async def test_a_lane_closed_by_an_inject_changes_the_reach_of_the_drill_alone(drills: Drills) -> None:
    world = drills.world
    real = await world.raise_at("脑科巷3栋")
    drill = await drills.plan(
        message(1, 30, kind=InjectKind.CLOSURE, closure=PlannedClosure(geometry=ALL_AROUND))
    )
    run = await drills.start(drill, beside_real=True)
    before = await drills.exercise(run)
    assert before.response_circle.members

    await drills.later(31)

    closed = await drills.exercise(run)
    assert len(closed.response_circle.members) < len(before.response_circle.members)
    async with world.database.snapshot() as transaction:
        beside = await transaction.incidents.detail(world.circle.id, real.incident.id)
    assert beside.response_circle.members == real.response_circle.members

    await report_lane_clear(
        world.database,
        world.roads,
        viewer=await world.viewer("hospital.wen"),
        drill_id=drill.id,
        number=1,
        clock=world.clock,
    )
    again = await drills.exercise(run)
    assert len(again.response_circle.members) == len(before.response_circle.members)


@pytest.mark.parametrize("by", ["console", "incident"])
async def test_no_one_else_is_called_when_a_drill_with_a_closed_lane_ends(drills: Drills, by: str) -> None:
    world = drills.world
    async with world.database.snapshot() as transaction:
        partners = await transaction.partners.of_circle(world.circle.id)
    hospital = next(each.id for each in partners if each.kind is PartnerKind.HOSPITAL)
    closed = message(1, 5, kind=InjectKind.CLOSURE, closure=PlannedClosure(geometry=ALL_AROUND))
    drill = await drills.plan(closed, partner_ids=(hospital,))
    run = await drills.start(drill)
    await drills.later(6)
    planner = await world.viewer("planner")

    if by == "console":
        await end_drill(world.database, world.roads, viewer=planner, drill_id=drill.id, clock=world.clock)
    else:
        incident_id = (await drills.exercise(run)).incident.id
        await end_incident(
            world.database,
            viewer=planner,
            incident_id=incident_id,
            reason=EndReason.RESOLVED,
            clock=world.clock,
        )
    await drills.later(2)

    detail = await drills.exercise(run)
    assert not detail.incident.is_open
    assert {delivery.partner_id for delivery in detail.deliveries} == {hospital}


async def test_a_unit_out_of_service_is_not_counted_on(drills: Drills) -> None:
    probe = await drills.start(await drills.plan(mode=DrillMode.TABLETOP))
    assert probe.incident_id is None
    drill = await drills.plan()
    first = await drills.exercise(await drills.start(drill, beside_drill=True))
    await end_drill(
        drills.world.database,
        drills.world.roads,
        viewer=await drills.world.viewer("planner"),
        drill_id=drill.id,
        clock=drills.world.clock,
    )
    drills.world.clock.move(minutes=30)
    unit_id = first.response_circle.members[0].unit_id
    drill = await drills.plan(message(1, 10, kind=InjectKind.UNIT_OUT, unit_id=unit_id))
    run = await drills.start(drill, beside_drill=True)

    await drills.later(11)

    found = (await drills.exercise(run)).response_circle
    assert unit_id not in {member.unit_id for member in found.members}
    assert (await drills.world.unit(unit_id)).on_duty


async def test_a_real_alert_pauses_the_drill_from_its_own_moment(drills: Drills) -> None:
    drill = await drills.plan(message(1, 60))
    await drills.start(drill)
    drills.world.clock.move(seconds=40)
    real = await drills.world.raise_at("脑科巷3栋")
    drills.world.clock.move(seconds=30)

    await drills.later(0)

    shown = await drills.run(drill.id)
    assert shown.run.state is DrillState.PAUSED
    assert shown.run.clock_s(drills.world.clock.now()) == 40
    assert shown.run.injects[0].state is InjectState.PLANNED
    planner = await drills.world.viewer("planner")
    parts = {"viewer": planner, "drill_id": drill.id, "clock": drills.world.clock}
    with pytest.raises(RealAlertOpenError):
        await resume_drill(drills.world.database, drills.world.roads, **parts)
    await resume_drill(drills.world.database, drills.world.roads, **parts, beside_real=True)
    await drills.later(19)
    assert (await drills.run(drill.id)).run.state is DrillState.RUNNING
    await drills.later(2)
    assert (await drills.run(drill.id)).run.injects[0].state is InjectState.GIVEN
    assert not real.incident.exercise


async def test_what_waits_for_somebody_on_scene_comes_after_they_are(drills: Drills) -> None:
    drill = await drills.plan(message(1, 20, waits_for=WaitsFor(kind=WaitKind.ON_SCENE)))
    run = await drills.start(drill)
    await drills.later(300)
    assert (await drills.run(drill.id)).run.injects[0].due_s is None

    for state in (DeliveryState.ACCEPTED, DeliveryState.ON_SCENE):
        await drills.answer(run, state, by="hospital.wen")
    await drills.later(1)

    assert (await drills.run(drill.id)).run.injects[0].due_s == 320
    await drills.later(20)
    assert (await drills.run(drill.id)).run.injects[0].state is InjectState.GIVEN


async def test_objectives_come_out_as_counted_by_hand(drills: Drills) -> None:
    objectives = (
        Objective(key="first", text="首支到场", measure=Measure.FIRST_ON_SCENE, within_s=180),
        Objective(key="count", text="清点", measure=Measure.COUNTED, within_s=600, count=12),
        Objective(
            key="police",
            text="民警到场",
            measure=Measure.PARTNER_ON_SCENE,
            within_s=300,
            partner_kind=PartnerKind.POLICE,
        ),
    )
    drill = await drills.plan(objectives=objectives)
    run = await drills.start(drill)
    drills.world.clock.move(seconds=100)
    await drills.answer(run, DeliveryState.ACCEPTED, by="hospital.wen")
    drills.world.clock.move(seconds=100)
    await drills.answer(run, DeliveryState.ON_SCENE, by="hospital.wen")
    for people in (7, 6, -1):
        drills.world.clock.move(seconds=10)
        await count_people(
            drills.world.database,
            drills.world.roads,
            viewer=await drills.world.viewer("community.zhou"),
            drill_id=drill.id,
            people=people,
            clock=drills.world.clock,
        )

    outcomes = {each.key: (each.met_at_s, each.in_time) for each in (await drills.run(drill.id)).outcomes}

    assert outcomes == {"first": (200, False), "count": (220, True), "police": (None, False)}


async def test_ending_the_drill_ends_its_exercise_and_the_other_way_round(drills: Drills) -> None:
    world = drills.world
    planner = await world.viewer("planner")
    parts: Mapping[str, object] = {"viewer": planner, "clock": world.clock}
    first = await drills.plan()
    run = await drills.start(first)
    await end_drill(world.database, world.roads, drill_id=first.id, **parts)  # type: ignore[arg-type]
    assert not (await drills.exercise(run)).incident.is_open
    with pytest.raises(DrillNotPlannedError):
        await drills.start(first)

    world.clock.move(minutes=30)
    second = await drills.plan()
    run = await drills.start(second)
    await drills.later(50)
    await end_incident(
        world.database,
        viewer=planner,
        incident_id=(await drills.exercise(run)).incident.id,
        reason=EndReason.RESOLVED,
        clock=world.clock,
    )
    await drills.later(10)

    ended = await drills.run(second.id)
    assert ended.drill.state is DrillState.ENDED
    assert ended.run.clock_s(world.clock.now()) == 50


async def test_injects_are_steered_by_hand(drills: Drills) -> None:
    world = drills.world
    drill = await drills.plan(message(1, 60), message(2, 600), message(3, 600))
    run = await drills.start(drill)
    planner = await world.viewer("planner")

    async def steer(number: int, deed: InjectDeed) -> None:
        await steer_inject(
            world.database,
            world.roads,
            viewer=planner,
            drill_id=drill.id,
            number=number,
            deed=deed,
            clock=world.clock,
        )

    await steer(1, InjectDeed.HOLD)
    await steer(2, InjectDeed.GIVE)
    await steer(2, InjectDeed.GIVE)
    await steer(3, InjectDeed.SKIP)
    await drills.later(100)
    states = [each.state for each in (await drills.run(drill.id)).run.injects]
    assert states == [InjectState.HELD, InjectState.GIVEN, InjectState.SKIPPED]
    assert [alert.text for alert in (await drills.exercise(run)).alerts] == ["", "信息2"]
    with pytest.raises(InjectDecidedError):
        await steer(3, InjectDeed.GIVE)

    await steer(1, InjectDeed.LET_GO)
    await steer(2, InjectDeed.UNDO)
    await drills.later(1)

    states = [each.state for each in (await drills.run(drill.id)).run.injects]
    assert states == [InjectState.GIVEN, InjectState.HELD, InjectState.SKIPPED]
    texts = [alert.text for alert in (await drills.exercise(run)).alerts]
    assert texts == ["", "信息2", "（导调撤回）信息2", "信息1"]


async def test_while_it_is_paused_nothing_is_given(drills: Drills) -> None:
    world = drills.world
    drill = await drills.plan(message(1, 60))
    await drills.start(drill)
    planner = await world.viewer("planner")
    world.clock.move(seconds=30)
    await pause_drill(world.database, world.roads, viewer=planner, drill_id=drill.id, clock=world.clock)
    await drills.later(1000)

    shown = await drills.run(drill.id)
    assert (shown.run.state, shown.run.injects[0].state) == (DrillState.PAUSED, InjectState.PLANNED)
    with pytest.raises(DrillNotRunningError):
        await steer_inject(
            world.database,
            world.roads,
            viewer=planner,
            drill_id=drill.id,
            number=1,
            deed=InjectDeed.GIVE,
            clock=world.clock,
        )
    await resume_drill(world.database, world.roads, viewer=planner, drill_id=drill.id, clock=world.clock)
    await drills.later(29)
    assert (await drills.run(drill.id)).run.injects[0].state is InjectState.PLANNED
    await drills.later(1)
    assert (await drills.run(drill.id)).run.injects[0].state is InjectState.GIVEN
    assert replace(shown.run).name == drill.plan.name

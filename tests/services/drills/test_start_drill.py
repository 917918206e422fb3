"""A drill starts once, on purpose, and calls the people of its partners."""

import asyncio

import pytest

from responder.domain.drills.plan import (
    DrillMode,
    DrillState,
    InjectKind,
)
from responder.domain.drills.run import InjectState
from responder.domain.errors import (
    DrillNotReadyError,
    NotAllowedError,
    OtherDrillRunningError,
    RealAlertOpenError,
)
from responder.domain.people.partner import PartnerKind
from responder.services.drills.running.steer_drill import (
    end_drill,
)
from tests.services.drills.conftest import Drills, message


async def test_starting_calls_the_people_of_the_partners_as_an_exercise(drills: Drills) -> None:
    async with drills.world.database.snapshot() as transaction:
        partners = await transaction.partners.of_circle(drills.world.circle.id)
    hospital = next(each.id for each in partners if each.kind is PartnerKind.HOSPITAL)
    drill = await drills.plan(partner_ids=(hospital,))

    run = await drills.start(drill)

    detail = await drills.exercise(run)
    assert detail.incident.exercise
    assert {delivery.partner_id for delivery in detail.deliveries} == {hospital}
    assert {member.partner_id for member in detail.response_circle.members} == {hospital}
    assert (await drills.run(drill.id)).drill.state is DrillState.RUNNING


async def test_starting_twice_starts_once(drills: Drills) -> None:
    drill = await drills.plan()

    runs = await asyncio.gather(drills.start(drill), drills.start(drill), return_exceptions=True)
    again = await drills.start(drill)

    started = [run for run in runs if not isinstance(run, BaseException)]
    assert started, runs
    assert {run.incident_id for run in (*started, again)} == {again.incident_id}


async def test_a_tabletop_calls_no_one(drills: Drills) -> None:
    drill = await drills.plan(message(1, 5), mode=DrillMode.TABLETOP)

    run = await drills.start(drill)
    await drills.later(6)

    assert run.incident_id is None
    assert [each.state for each in (await drills.run(drill.id)).run.injects] == [InjectState.GIVEN]


async def test_a_plan_that_lacks_something_does_not_start(drills: Drills) -> None:
    drill = await drills.plan(message(1, 5, kind=InjectKind.CLOSURE))

    with pytest.raises(DrillNotReadyError) as refused:
        await drills.start(drill)

    assert refused.value.detail["problems"] == [{"code": "closure_missing", "field": "injects.0.closure"}]


@pytest.mark.parametrize("who", ["observer", "hospital", "hospital.wen"])
async def test_others_may_not_start_it(drills: Drills, who: str) -> None:
    drill = await drills.plan()

    with pytest.raises(NotAllowedError):
        await drills.start(drill, by=who)


async def test_beside_another_drill_one_starts_only_on_purpose(drills: Drills) -> None:
    first = await drills.start(await drills.plan())
    second = await drills.plan(mode=DrillMode.TABLETOP)
    third = await drills.plan()

    for drill in (second, third):
        with pytest.raises(OtherDrillRunningError) as refused:
            await drills.start(drill)
        assert refused.value.detail["count"] == 1
    assert (await drills.run(first.drill_id)).drill.state is DrillState.RUNNING
    # The one that runs is not another one.
    await drills.start((await drills.run(first.drill_id)).drill)
    run = await drills.start(second, beside_drill=True)
    assert run.state is DrillState.RUNNING
    for each in (first, run):
        await end_drill(
            drills.world.database,
            drills.world.roads,
            viewer=await drills.world.viewer("planner"),
            drill_id=each.drill_id,
            clock=drills.world.clock,
        )
    drills.world.clock.move(minutes=30)
    assert (await drills.start(third)).state is DrillState.RUNNING


async def test_of_two_drills_started_at_once_one_is_asked_about(drills: Drills) -> None:
    plans = [await drills.plan(mode=DrillMode.TABLETOP) for _ in range(2)]

    runs = await asyncio.gather(*(drills.start(each) for each in plans), return_exceptions=True)

    assert sorted(type(each).__name__ for each in runs) == ["DrillRun", "OtherDrillRunningError"]


async def test_beside_a_real_alert_a_drill_starts_only_on_purpose(drills: Drills) -> None:
    await drills.world.raise_at("脑科巷3栋")
    drill = await drills.plan()

    with pytest.raises(RealAlertOpenError) as refused:
        await drills.start(drill)

    assert refused.value.detail["count"] == 1
    run = await drills.start(drill, beside_real=True)
    await drills.later(1)
    assert (await drills.run(drill.id)).run.state is DrillState.RUNNING
    assert run.despite

"""A rehearsal goes on from a run as it stood at one second, by its log alone."""

import json
from dataclasses import replace
from typing import Any

import pytest

from responder.domain.drills.plan import DrillMode, InjectKind, Measure, Objective, PlannedClosure
from responder.domain.drills.run import DrillRun
from responder.domain.errors import DrillNotRunningError, MomentOutsideRunError
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.map.unit import Position, Unit
from responder.security.alert_priority import AlertPriority
from responder.services.drills.rehearsal.room import RehearsalRoom
from responder.services.drills.running.steer_drill import end_drill, pause_drill, resume_drill
from tests.services.drills.conftest import ALL_AROUND, Drills, message

FIRST = Objective(key="first", text="有人到场", measure=Measure.FIRST_ON_SCENE, within_s=300)
PLAN = (message(1, 20), message(2, 45), message(3, 600))


async def going_on(
    drills: Drills, run: DrillRun, from_s: int | None, *, seed: int = 1, by: str = "planner"
) -> dict[str, Any]:
    world = drills.world
    content = await RehearsalRoom().rehearse(
        world.database,
        world.roads,
        AlertPriority(),
        viewer=await world.viewer(by),
        drill_id=run.drill_id,
        seed=seed,
        runs=1,
        from_s=from_s,
        now=world.clock.now(),
    )
    return dict(json.loads(content))


def told(shown: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [each for each in shown["happenings"] if each["kind"] == kind]


def unit_of(shown: dict[str, Any], unit_id: object) -> dict[str, Any]:
    return next(each for each in shown["units"] if each["unit_id"] == str(unit_id))


async def answered(drills: Drills, run: DrillRun, by: str, *states: DeliveryState) -> object:
    """Let a person answer; return the unit that they go with."""
    for state in states:
        await drills.answer(run, state, by=by)
    now = drills.world.clock.now()
    deliveries = (await drills.exercise(run)).deliveries
    return next(each.unit_id for each in deliveries if each.times.get(states[-1]) == now)


async def seen_at(drills: Drills, unit_id: object, lon: float, lat: float) -> None:
    now = drills.world.clock.now()
    position = Position(unit_id=unit_id, lon=lon, lat=lat, accuracy_m=5, at=now)  # type: ignore[arg-type]
    async with drills.world.database.begin() as transaction:
        await transaction.positions.put(drills.world.circle.id, position, stored_at=now)


async def test_it_goes_on_as_the_run_stood(drills: Drills) -> None:
    run = await drills.start(await drills.plan(*PLAN, objectives=(FIRST,)))
    await drills.later(10)
    there = await answered(drills, run, "property.he", DeliveryState.ACCEPTED, DeliveryState.EN_ROUTE)
    away = await answered(drills, run, "police.tang", DeliveryState.DECLINED)
    await drills.later(20)
    moving = await answered(drills, run, "hospital.wen", DeliveryState.ACCEPTED, DeliveryState.EN_ROUTE)
    await drills.later(10)
    await answered(drills, run, "property.he", DeliveryState.ON_SCENE)
    await drills.later(10)
    await seen_at(drills, moving, 112.9862, 28.1585)
    await drills.later(10)
    # What comes later is not known then.
    await answered(drills, run, "hospital.wen", DeliveryState.ON_SCENE)
    await drills.later(10)

    shown = await going_on(drills, run, 55)

    assert shown["from_ms"] == 55_000
    assert [each["inject"] for each in told(shown, "inject_given")] == [1, 2, 3]
    given_ms = {each["inject"]: each["at_ms"] for each in told(shown, "inject_given")}
    assert given_ms[1] <= given_ms[2] <= 55_000 < given_ms[3] == 600_000
    assert unit_of(shown, there)["arrived_ms"] == 40_000
    [met] = shown["outcomes"]
    assert (met["is_met"], met["took_ms"]) == (True, 40_000)
    assert unit_of(shown, away)["arrived_ms"] is None
    assert unit_of(shown, moving)["arrived_ms"] > 55_000
    [at_ms, lon, lat] = unit_of(shown, moving)["track"][0]
    assert at_ms == 50_000
    assert (lon, lat) == pytest.approx((112.9862, 28.1585), abs=1e-3)
    [goes_on] = told(shown, "goes_on")
    assert goes_on["at_ms"] == 55_000
    assert await going_on(drills, run, 55) == shown
    assert (await going_on(drills, run, 62))["digest"] != shown["digest"]


async def test_closed_lanes_and_units_out_stay_so(drills: Drills) -> None:
    async with drills.world.database.snapshot() as transaction:
        units = await transaction.layer(Unit).of_circle(drills.world.circle.id)
    out = next(each for each in units if each.kind == "patrol")
    injects = (
        message(1, 5, kind=InjectKind.UNIT_OUT, unit_id=out.id),
        message(2, 5, kind=InjectKind.CLOSURE, closure=PlannedClosure(geometry=ALL_AROUND)),
    )
    run = await drills.start(await drills.plan(*injects))
    await drills.later(10)
    await drills.later(10)

    begun, from_the_call = await going_on(drills, run, 15), await going_on(drills, run, None)

    assert all(each["unit_id"] != str(out.id) for each in told(begun, "set_out"))
    # Nothing comes through the ring that was closed by then.
    assert told(begun, "set_out") == []
    assert told(from_the_call, "inject_given") != []


async def test_a_pause_is_no_time_of_the_drill(drills: Drills) -> None:
    world = drills.world
    run = await drills.start(await drills.plan(*PLAN))
    planner = await world.viewer("planner")
    await drills.later(30)
    await pause_drill(world.database, world.roads, viewer=planner, drill_id=run.drill_id, clock=world.clock)
    await drills.later(100)
    in_pause = await going_on(drills, run, 60)
    await resume_drill(
        world.database,
        world.roads,
        viewer=planner,
        drill_id=run.drill_id,
        beside_real=False,
        clock=world.clock,
    )
    await drills.later(10)

    assert in_pause["from_ms"] == 30_000
    assert (await going_on(drills, run, 60))["from_ms"] == 30_000
    assert (await going_on(drills, run, 135))["from_ms"] == 35_000
    assert [each["at_ms"] for each in told(in_pause, "inject_given")][1:] == [45_000, 600_000]


async def test_a_tabletop_goes_on_with_its_injects(drills: Drills) -> None:
    run = await drills.start(await drills.plan(*PLAN, mode=DrillMode.TABLETOP))
    await drills.later(30)

    shown = await going_on(drills, run, 30)

    assert [each["at_ms"] for each in told(shown, "inject_given")] == [20_000 + 10_000, 45_000, 600_000]
    assert {each["at_ms"] for each in told(shown, "called")} == {0}


async def test_moments_outside_the_run_are_refused(drills: Drills) -> None:
    world = drills.world
    drill = await drills.plan(*PLAN)
    unbegun = replace(await drills.start(await drills.plan(*PLAN)), drill_id=drill.id)
    with pytest.raises(DrillNotRunningError):
        await going_on(drills, unbegun, 0)
    run = await drills.start(drill, beside_drill=True)
    await drills.later(20)
    with pytest.raises(MomentOutsideRunError) as ahead:
        await going_on(drills, run, 21)
    assert ahead.value.detail == {"ends_s": 20}
    planner = await world.viewer("planner")
    await end_drill(world.database, world.roads, viewer=planner, drill_id=run.drill_id, clock=world.clock)
    await drills.later(60)

    assert (await going_on(drills, run, 19))["from_ms"] == 19_000
    for after in (20, 21, 2_592_000):
        with pytest.raises(MomentOutsideRunError):
            await going_on(drills, run, after)

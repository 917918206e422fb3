"""A drill with people comes out as counted by hand, and each number names its events."""

from uuid import uuid4

import pytest

from responder.domain.drills.observation import ObservationVerdict
from responder.domain.drills.plan import DrillMode, InjectKind, Measure, Objective, PlannedClosure
from responder.domain.drills.score.objectives import ObjectiveResult, Unmeasured
from responder.domain.drills.score.times import Statistic, Times
from responder.domain.errors import DrillNotRunningError, NotAllowedError
from responder.domain.ids import DrillId, ObservationId
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.event import DeliveriesUpdated, DrillRunChanged, RecordedEvent
from responder.services.drills.running.observe import NewObservation, observe
from responder.services.drills.running.report import count_people
from responder.services.drills.running.steer_drill import end_drill, pause_drill, resume_drill
from responder.services.drills.score.score_drill import DrillScore, score_drill
from tests.services.drills.conftest import ALL_AROUND, Drills, message

OBJECTIVES = (
    Objective(key="first", text="首支到场", measure=Measure.FIRST_ON_SCENE, within_s=240),
    Objective(key="count", text="清点", measure=Measure.COUNTED, within_s=300, count=12),
    Objective(key="power", text="断电", measure=Measure.OBSERVED, within_s=60),
)


async def score(drills: Drills, drill_id: DrillId, *, by: str = "planner") -> DrillScore:
    world = drills.world
    return await score_drill(
        world.database, viewer=await world.viewer(by), drill_id=drill_id, clock=world.clock
    )


async def events(drills: Drills) -> dict[int, RecordedEvent]:
    async with drills.world.database.snapshot() as transaction:
        found = await transaction.events.after(drills.world.circle.id, 0)
    return {each.recorded.seq: each.recorded for each in found}


async def walk(drills: Drills, **plan: object) -> DrillId:
    """
    Hold a drill.

    On its clock: 30 s wen accepts, 60 s he leaves, 61 s inject 1, a pause of 100 s at 70 s, 200 s he is on
    scene, 210 s tang says yes, 250 s and 290 s people are counted, 300 s the end.
    """
    world = drills.world
    planner = await world.viewer("planner")
    drill = await drills.plan(message(1, 60), message(2, 1500), objectives=OBJECTIVES, **plan)  # type: ignore[arg-type]
    run = await drills.start(drill)
    parts = {"viewer": planner, "drill_id": drill.id, "clock": world.clock}
    world.clock.move(seconds=30)
    await drills.answer(run, DeliveryState.ACCEPTED, by="hospital.wen")
    world.clock.move(seconds=30)
    await drills.answer(run, DeliveryState.EN_ROUTE, by="hospital.wen")
    await drills.later(1)
    world.clock.move(seconds=9)
    await pause_drill(world.database, world.roads, **parts)  # type: ignore[arg-type]
    world.clock.move(seconds=100)
    await resume_drill(world.database, world.roads, **parts)  # type: ignore[arg-type]
    world.clock.move(seconds=130)
    await drills.answer(run, DeliveryState.ON_SCENE, by="hospital.wen")
    world.clock.move(seconds=10)
    await drills.answer(run, DeliveryState.ACCEPTED, by="police.tang")
    for people in (7, 5):
        world.clock.move(seconds=40)
        await count_people(world.database, world.roads, people=people, **parts)  # type: ignore[arg-type]
    new = NewObservation(
        id=ObservationId(uuid4()),
        at=world.clock.now(),
        verdict=ObservationVerdict.IMPROVE,
        text="慢",
        objective="power",
    )
    await observe(world.database, world.roads, new=new, **parts)  # type: ignore[arg-type]
    world.clock.move(seconds=10)
    await end_drill(world.database, world.roads, **parts)  # type: ignore[arg-type]
    return drill.id


async def test_it_comes_out_as_counted_by_hand(drills: Drills) -> None:
    found = await score(drills, await walk(drills))

    assert found.clock_s == 300
    outcomes = {each.key: (each.outcome, each.took_s) for each in found.objectives}
    assert outcomes == {
        "first": (ObjectiveResult.MET, 200),
        "count": (ObjectiveResult.MET, 290),
        "power": (ObjectiveResult.MISSED, None),
    }
    first, second = found.people[0], next(each for each in found.people if each.left_at_s == 210)
    assert first.times == Times(turnout_s=60, travel_s=140, response_s=200)
    assert second.left_by_accepting
    assert found.of_people.turnout == Statistic(n=2, mean_s=135, p90_s=210, longest_s=210)
    assert found.of_units.response == Statistic(n=1, mean_s=200, p90_s=200, longest_s=200)
    [came] = [each for each in found.units if each.came]
    assert came.expected is not None
    assert came.expected.response_s is not None
    assert came.late_s == pytest.approx(200 - came.expected.response_s)
    assert sum(each.came for each in found.attendance) == 1
    assert sum(each.answered for each in found.attendance) == 2
    assert sum(each.called for each in found.attendance) == len(found.people)
    counts = found.inject_counts
    assert (counts.given, counts.late, counts.not_given) == (1, 0, 1)
    assert found.injects[0].lateness_s == 1
    assert found.roll_call is not None
    assert (found.roll_call.people, found.roll_call.wanted) == (12, 12)
    assert [(each.at_s, each.lasted_s) for each in found.pauses] == [(70, 100)]
    assert (found.observations.good, found.observations.improve) == (0, 1)


async def test_every_number_leads_to_the_event_that_tells_it(drills: Drills) -> None:
    found = await score(drills, await walk(drills))

    log = await events(drills)
    [arrival] = found.objectives[0].proof
    told = log[arrival.seq or 0].event
    assert isinstance(told, DeliveriesUpdated)
    assert {each.recipient_id: each.state for each in told.deliveries} == {
        arrival.fact.recipient_id: DeliveryState.ON_SCENE
    }
    assert found.people[0].seqs[DeliveryState.ON_SCENE] == arrival.seq
    counted = [log[each.seq or 0].event for each in found.objectives[1].proof]
    assert [len(each.run.facts) for each in counted if isinstance(each, DrillRunChanged)] == [1, 2]
    given = log[found.injects[0].seq or 0].event
    assert isinstance(given, DrillRunChanged)
    assert given.run.injects[0] == (await drills.run(found.drill_id)).run.injects[0]
    called = {each.seqs[DeliveryState.QUEUED] for each in found.people if DeliveryState.QUEUED in each.seqs}
    assert all(log[seq].event.kind == "alert_raised" for seq in called)


async def test_it_is_compared_with_the_earlier_drills_of_the_place(drills: Drills) -> None:
    first = await walk(drills)
    drills.world.clock.move(minutes=30)
    again = await walk(drills)

    [earlier] = (await score(drills, again)).earlier

    assert earlier.drill_id == first
    assert (earlier.response.n, earlier.response.p90_s) == (1, 200)
    assert [(each.key, each.took_s, each.in_time) for each in earlier.objectives] == [
        ("first", 200, True),
        ("count", 290, True),
        ("power", None, False),
    ]
    assert (await score(drills, first)).earlier == ()


async def test_a_tabletop_has_no_times(drills: Drills) -> None:
    drill = await drills.plan(objectives=OBJECTIVES[:1], mode=DrillMode.TABLETOP)
    with pytest.raises(DrillNotRunningError):
        await score(drills, drill.id)
    await drills.start(drill)
    drills.world.clock.move(seconds=241)

    found = await score(drills, drill.id)

    assert (found.people, found.units, found.of_units.response.n) == ((), (), 0)
    assert found.objectives[0].outcome is ObjectiveResult.NOT_MEASURED
    assert found.objectives[0].unmeasured is Unmeasured.NO_CALLS
    with pytest.raises(NotAllowedError):
        await score(drills, drill.id, by="hospital.wen")


async def test_the_console_tells_objectives_as_the_report_does(drills: Drills) -> None:
    drill_id = await walk(drills)

    found = await score(drills, drill_id)
    shown = await drills.run(drill_id)

    assert [(each.key, each.outcome, each.unmeasured) for each in shown.outcomes] == [
        (each.key, each.outcome, each.unmeasured) for each in found.objectives
    ]


async def test_what_is_expected_takes_the_lanes_as_closed_that_were_when_people_were_called(
    drills: Drills,
) -> None:
    closed = {"kind": InjectKind.CLOSURE, "closure": PlannedClosure(geometry=ALL_AROUND, wider_than_m=1.0)}
    expected = {}
    for after_s in (0, 60):
        drill = await drills.plan(message(1, after_s, **closed))
        await drills.start(drill)
        await drills.later(1)
        await drills.later(60)
        await end_drill(
            drills.world.database,
            drills.world.roads,
            viewer=await drills.world.viewer("planner"),
            drill_id=drill.id,
            clock=drills.world.clock,
        )
        found = await score(drills, drill.id)
        expected[after_s] = {each.unit_id: each.expected for each in found.units if each.expected is not None}

    at_once, later = expected[0], expected[60]
    assert later
    assert at_once != later
    slower = [unit for unit in at_once if at_once[unit].response_s > later[unit].response_s]  # type: ignore[operator]
    assert slower or at_once.keys() < later.keys()

"""How a drill runs: its clock, its injects, and which objectives what happens meets."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from responder.domain.drills.facts import Fact, FactKind, is_met, met_at_s, took_s
from responder.domain.drills.injects import (
    begin_waiting,
    closure_id,
    due,
    give,
    hold,
    is_expired,
    let_go,
    lift,
    next_due_s,
    skip,
    undo,
)
from responder.domain.drills.plan import (
    DrillMode,
    DrillPlan,
    DrillState,
    Inject,
    InjectKind,
    Measure,
    Objective,
    PlannedClosure,
    WaitKind,
    WaitsFor,
)
from responder.domain.drills.run import DrillRun, InjectState, PauseReason, begin
from responder.domain.ids import CircleId, DrillId, ResponderId, UnitId
from responder.domain.map.place import Place
from responder.domain.people.partner import PartnerKind

START = datetime(2026, 11, 9, 6, 0, tzinfo=UTC)
DRILL, CIRCLE = DrillId(UUID(int=7)), CircleId(UUID(int=1))
ENGINE, PATROL = UnitId(UUID(int=11)), UnitId(UUID(int=12))
LANE = {"type": "LineString", "coordinates": [[113.0, 28.0], [113.001, 28.0]]}


def plan(*injects: Inject, objectives: tuple[Objective, ...] = ()) -> DrillPlan:
    return DrillPlan(
        name="演练",
        mode=DrillMode.FIELD,
        kind="fire",
        place=Place(lon=113.0, lat=28.0),
        starts_at=None,
        duration_s=1800,
        objectives=objectives,
        injects=injects,
    )


def message(number: int, after_s: float, waits_for: WaitsFor | None = None) -> Inject:
    return Inject(
        number=number, after_s=after_s, kind=InjectKind.MESSAGE, text=f"信息{number}", waits_for=waits_for
    )


def running(a_plan: DrillPlan) -> DrillRun:
    return begin(a_plan, DRILL, CIRCLE, at=START, by_name="王主任")


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def on_scene(at_s: float, unit: UnitId, kind: PartnerKind = PartnerKind.POLICE) -> Fact:
    return Fact(kind=FactKind.ON_SCENE, at_s=at_s, unit_id=unit, partner_kind=kind, people=1)


def test_the_clock_stands_still_while_the_drill_is_paused() -> None:
    run = running(plan())
    paused = run.pause(PauseReason.REAL_ALERT, at=after(100))

    assert paused.clock_s(after(500)) == 100
    resumed = paused.resume(at=after(400))
    assert resumed.clock_s(after(500)) == 200
    assert resumed.moment(200) == after(500)
    assert resumed.end(at=after(600)).clock_s(after(9000)) == 300


def test_pausing_twice_and_ending_while_paused_count_the_pause_once() -> None:
    paused = running(plan()).pause(PauseReason.BY_HAND, at=after(60))
    again = paused.pause(PauseReason.REAL_ALERT, at=after(90))

    assert again == paused
    assert again.end(at=after(200)).clock_s(after(999)) == 60


def test_a_moment_in_a_pause_shows_when_the_pause_began() -> None:
    run = running(plan()).pause(PauseReason.BY_HAND, at=after(60)).resume(at=after(100))
    run = run.pause(PauseReason.REAL_ALERT, at=after(90)).resume(at=after(110))

    assert [run.clock_s(after(each)) for each in (30, 80, 100, 105, 130)] == [30, 60, 60, 60, 80]


def test_injects_are_due_in_the_order_of_their_times_and_not_while_it_is_paused() -> None:
    run = running(plan(message(1, 120), message(2, 60), message(3, 600)))

    assert [each.number for each in due(run, clock_s=120)] == [2, 1]
    assert next_due_s(run) == 60
    paused = run.pause(PauseReason.BY_HAND, at=after(90))
    assert due(paused, clock_s=120) == ()
    assert next_due_s(paused) is None


def test_an_inject_that_waits_for_another_has_its_time_once_that_is_given() -> None:
    a_plan = plan(message(1, 60), message(2, 30, WaitsFor(kind=WaitKind.INJECT, inject=1)))
    run = running(a_plan)
    assert [each.number for each in due(run, clock_s=1000)] == [1]

    given = give(a_plan, run, 1, clock_s=70, now=after(70))

    assert given.inject(1) is not None
    assert [(each.number, each.due_s) for each in due(given, clock_s=100)] == [(2, 100)]


def test_an_inject_that_waits_for_a_skipped_one_never_comes() -> None:
    a_plan = plan(message(1, 60), message(2, 30, WaitsFor(kind=WaitKind.INJECT, inject=1)))

    skipped = skip(running(a_plan), 1, clock_s=10, by_name="王主任")

    assert due(skipped, clock_s=10_000) == ()


def test_conditions_count_from_the_moment_they_were_met() -> None:
    objective = Objective(key="two", text="两支到场", measure=Measure.FIRST_ON_SCENE, within_s=300, count=2)
    a_plan = plan(
        message(1, 20, WaitsFor(kind=WaitKind.ON_SCENE)),
        message(2, 5, WaitsFor(kind=WaitKind.OBJECTIVE, objective="two")),
        objectives=(objective,),
    )
    first = begin_waiting(a_plan, running(a_plan), [on_scene(100, ENGINE)])
    assert [(each.number, each.due_s) for each in first.injects] == [(1, 120), (2, None)]

    both = begin_waiting(a_plan, first, [on_scene(100, ENGINE), on_scene(90, ENGINE), on_scene(200, PATROL)])

    # The first keeps the time that it had.
    assert [(each.number, each.due_s) for each in both.injects] == [(1, 120), (2, 205)]


def test_a_held_inject_waits_and_goes_on_at_its_time() -> None:
    run = running(plan(message(1, 60)))
    held = hold(run, 1, by_name="王主任")

    assert due(held, clock_s=1000) == ()
    assert let_go(held, 1) == run


def test_too_late_is_later_than_its_expiry() -> None:
    a_plan = plan(message(1, 60))
    [only] = running(a_plan).injects

    assert not is_expired(a_plan.injects[0], only, clock_s=660)
    assert is_expired(a_plan.injects[0], only, clock_s=660.1)


def test_a_lane_closed_by_an_inject_is_open_again_when_it_is_undone_lifted_or_over() -> None:
    a_plan = plan(
        Inject(
            number=1,
            after_s=0,
            kind=InjectKind.CLOSURE,
            text="北支路堵车",
            closure=PlannedClosure(geometry=LANE, wider_than_m=2.0),
        ),
        Inject(number=2, after_s=0, kind=InjectKind.UNIT_OUT, text="消防车故障", unit_id=ENGINE),
    )
    run = give(a_plan, running(a_plan), 1, clock_s=5, now=after(5))
    run = give(a_plan, run, 2, clock_s=5, now=after(5))

    [closed] = run.closures
    assert (closed.id, closed.name, closed.wider_than_m) == (closure_id(DRILL, 1), "北支路堵车", 2.0)
    assert run.units_out == (ENGINE,)
    assert lift(run, closed.id).closures == ()
    undone = undo(a_plan, undo(a_plan, run, 1, by_name="王主任"), 2, by_name="王主任")
    assert (undone.closures, undone.units_out) == ((), ())
    assert {each.state for each in undone.injects} == {InjectState.HELD}
    ended = run.end(at=after(100))
    assert (ended.state, ended.closures, ended.units_out) == (DrillState.ENDED, (), ())


def test_each_unit_counts_once_for_those_on_scene() -> None:
    two = Objective(key="two", text="", measure=Measure.FIRST_ON_SCENE, within_s=200, count=2)
    police = Objective(
        key="police",
        text="",
        measure=Measure.PARTNER_ON_SCENE,
        within_s=90,
        partner_kind=PartnerKind.POLICE,
    )
    facts = [
        on_scene(150, PATROL),
        on_scene(60, ENGINE, PartnerKind.FIRE_SERVICE),
        on_scene(70, ENGINE, PartnerKind.FIRE_SERVICE),
    ]

    assert met_at_s(two, facts) == 150
    assert is_met(two, facts)
    assert met_at_s(police, facts) == 150
    assert not is_met(police, facts)


def test_people_on_the_way_are_added_up_each_once() -> None:
    three = Objective(key="three", text="", measure=Measure.COMING, within_s=60, count=3)

    def coming(at_s: float, person: int) -> Fact:
        return Fact(
            kind=FactKind.COMING,
            at_s=at_s,
            unit_id=PATROL,
            recipient_id=ResponderId(UUID(int=person)),
            people=1,
        )

    assert met_at_s(three, [coming(10, 1), coming(20, 1), coming(30, 2)]) is None
    assert met_at_s(three, [coming(10, 1), coming(20, 1), coming(30, 2), coming(40, 3)]) == 40


def test_a_lane_is_timed_from_the_inject_that_closed_it() -> None:
    clear = Objective(key="lane", text="", measure=Measure.LANE_CLEAR, within_s=120, since_inject=4)
    facts = [
        Fact(kind=FactKind.INJECT_GIVEN, at_s=300, inject=4),
        Fact(kind=FactKind.LANE_CLEAR, at_s=310, inject=5),
        Fact(kind=FactKind.LANE_CLEAR, at_s=400, inject=4),
    ]

    assert took_s(clear, facts) == 100
    assert is_met(clear, facts)

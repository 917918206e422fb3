"""Waves of the ladder in a rehearsal, and one that goes on from the middle, in a town where seconds count."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from geo.testing import at
from responder.domain.drills.facts import Fact, FactKind
from responder.domain.drills.injects import give
from responder.domain.drills.plan import Inject, InjectKind, Measure
from responder.domain.drills.rehearsal.happenings import HappeningKind
from responder.domain.drills.rehearsal.rehearsal import Rehearsal
from responder.domain.drills.rehearsal.spread import Chance, Quantiles, Spread
from responder.domain.drills.rehearsal.start import RehearsalStart, UnitStage, UnitStart
from responder.domain.drills.run import begin
from responder.domain.ids import UnitId
from responder.domain.ladder.profile import Condition, LadderProfile, Rung, StepKind, UnitReach
from responder.services.drills.rehearsal.inputs import SOME_DAY, RehearsalInputs
from responder.services.drills.rehearsal.rehearse import rehearse
from tests.services.drills.rehearsal_town import (
    AS_STATED,
    CIRCLE,
    COMMUNITY,
    DRILL,
    ENGINE,
    GUARD,
    MAIN_STREET_SHUT,
    PATROL,
    UNITS,
    WARDEN,
    inputs,
    lane,
    objective,
    plan,
    roads,
    unit,
)

NO_ONE = replace(AS_STATED, coming=0)
DEPUTY = UnitId(UUID(int=15))


def call(after_s: float, reach: UnitReach, condition: Condition, *, within_s: float | None = None) -> Rung:
    return Rung(
        name="呼叫",
        name_en="call",
        kind=StepKind.CALL,
        after_s=after_s,
        condition=condition,
        reach=(reach,),
        within_s=within_s,
    )


def ladder(*rungs: Rung, enough: int = 4) -> LadderProfile:
    return LadderProfile(key="own", name="自定", name_en="own", enough=enough, marks=(), rungs=rungs)


NEAR = call(0, UnitReach.IN_TIME, Condition.ALWAYS, within_s=95)
ALL_IN_TIME = call(60, UnitReach.IN_TIME, Condition.NOT_ENOUGH)


def rehearsed(asked: RehearsalInputs, spread: Spread = AS_STATED) -> Rehearsal:
    return rehearse(roads(), asked, seed=1, spread=spread)


def called_s(shown: Rehearsal) -> dict[UnitId, float]:
    return {each.unit_id: each.called_ms / 1000 for each in shown.units}


def arrivals_s(shown: Rehearsal) -> dict[UnitId, float | None]:
    return {each.unit_id: None if each.arrived_ms is None else each.arrived_ms / 1000 for each in shown.units}


def test_only_those_of_a_wave_are_called_while_enough_come() -> None:
    shown = rehearsed(inputs(plan(), profile=ladder(NEAR, ALL_IN_TIME), everyone_at_once=False))

    assert called_s(shown) == {GUARD: 0}
    [answer] = [each for each in shown.happenings if each.kind is HappeningKind.ANSWERED]
    assert (answer.at_ms, answer.unit_id) == (10_000, GUARD)


def test_the_next_wave_is_called_when_too_few_come() -> None:
    profile = ladder(NEAR, ALL_IN_TIME, enough=5)
    shown = rehearsed(inputs(plan(), profile=profile, everyone_at_once=False))

    assert called_s(shown) == {GUARD: 0, ENGINE: 60, PATROL: 60, WARDEN: 60}
    assert arrivals_s(shown)[ENGINE] == pytest.approx(60 + 100, abs=0.1)
    # The quickest first.
    later = [each.unit_id for each in shown.happenings if each.kind is HappeningKind.CALLED_NEXT]
    assert later == [ENGINE, PATROL, WARDEN]


def test_units_beyond_the_limit_and_deputies_are_called_while_no_one_comes() -> None:
    deputy = replace(unit(DEPUTY, COMMUNITY, "foot", 850, 0, turnout_s=20), on_duty=False)
    asked = inputs(plan(), units=[*UNITS, deputy], limit_s=150)

    none = rehearsed(asked, NO_ONE)
    enough = rehearsed(asked)

    # Wider at 60 s, deputies at 90 s: the shipped ladder.
    assert called_s(none) == {ENGINE: 0, PATROL: 0, GUARD: 0, WARDEN: 60, DEPUTY: 90}
    assert called_s(enough) == {ENGINE: 0, PATROL: 0, GUARD: 0}
    assert {each.unit_id: each.reason for each in none.absent} == {
        WARDEN: "beyond_limit",
        DEPUTY: "off_duty",
    }


def test_a_first_wave_that_finds_no_one_does_not_wait_for_the_next() -> None:
    profile = ladder(replace(NEAR, within_s=10), ALL_IN_TIME)
    shown = rehearsed(inputs(plan(), profile=profile, everyone_at_once=False))

    assert called_s(shown) == {ENGINE: 0, PATROL: 0, WARDEN: 0, GUARD: 0}


def test_a_wave_that_was_not_needed_is_called_once_those_who_come_drop_out() -> None:
    out = Inject(number=1, after_s=75, kind=InjectKind.UNIT_OUT, text="故障", unit_id=GUARD)
    shown = rehearsed(inputs(plan(out), profile=ladder(NEAR, ALL_IN_TIME), everyone_at_once=False))

    assert called_s(shown) == {GUARD: 0, ENGINE: 75, PATROL: 75, WARDEN: 75}


def test_who_comes_counts_from_the_answer() -> None:
    shown = rehearsed(inputs(plan(objectives=[objective("coming", Measure.COMING, 15, count=16)])))

    [outcome] = shown.outcomes
    assert (outcome.took_ms, outcome.is_met) == (10_000, True)


def stood(
    stage: UnitStage, since_s: float, x_m: float, y_m: float, *, place_s: float = 0, people: int = 4
) -> UnitStart:
    place = at(x_m, y_m)
    return UnitStart(
        stage=stage,
        called_ms=0,
        since_ms=round(since_s * 1000),
        place=(place.lon, place.lat),
        place_ms=round(place_s * 1000),
        people=people,
    )


def at_second(
    asked: RehearsalInputs,
    seconds: float,
    units: Mapping[UnitId, UnitStart],
    facts: tuple[Fact, ...] = (),
    given: Mapping[int, float] | None = None,
) -> RehearsalInputs:
    """Go on from a run of the plan, with these injects given by then."""
    run = begin(asked.plan, DRILL, CIRCLE, at=SOME_DAY, by_name="")

    for number, at_s in (given or {}).items():
        run = give(asked.plan, run, number, clock_s=at_s, now=SOME_DAY + timedelta(seconds=at_s))
    start = RehearsalStart(at_ms=round(seconds * 1000), run=run, facts=facts, units=units)
    steps = [step.taken(at=SOME_DAY, called=len(units)) for step in asked.ladder.steps[:1]]
    return replace(asked, start=start, ladder=asked.ladder.with_steps(steps))


AT_65 = {
    ENGINE: stood(UnitStage.MOVING, 20, 450, 0, place_s=65),
    PATROL: stood(UnitStage.MOVING, 30, 100, 200, place_s=30),
    WARDEN: stood(UnitStage.MOVING, 60, 900, 0, place_s=60),
    GUARD: stood(UnitStage.MOVING, 40, 775, 0, place_s=65),
}


def test_going_on_from_where_units_were_gives_the_arrivals_of_the_whole() -> None:
    shown = rehearsed(at_second(inputs(plan()), 65, AT_65))

    expected = {ENGINE: 100, PATROL: 120, WARDEN: 160, GUARD: 90}
    assert arrivals_s(shown) == pytest.approx(expected, abs=0.1)
    assert shown.from_ms == 65_000


def test_who_has_not_set_out_does_so_at_its_time_and_never_before() -> None:
    waiting = {**AT_65, WARDEN: stood(UnitStage.COMING, 5, 900, 0), GUARD: stood(UnitStage.COMING, 5, 750, 0)}
    shown = rehearsed(at_second(inputs(plan()), 50, waiting))

    arrived = arrivals_s(shown)
    assert arrived[WARDEN] == pytest.approx(160, abs=0.1)
    # It is ten seconds late already.
    assert arrived[GUARD] == pytest.approx(50 + 50, abs=0.1)


def test_who_cannot_come_does_not_and_who_is_there_stays_there() -> None:
    units = {ENGINE: stood(UnitStage.AWAY, 30, 0, 0, people=0), GUARD: stood(UnitStage.ON_SCENE, 88, 800, 0)}
    there = Fact(kind=FactKind.ON_SCENE, at_s=88, unit_id=GUARD, people=1)
    first = objective("first", Measure.FIRST_ON_SCENE, 100)
    shown = rehearsed(at_second(inputs(plan(objectives=[first])), 95, units, (there,)))

    assert arrivals_s(shown) == {ENGINE: None, GUARD: 88}
    assert [each.took_ms for each in shown.outcomes] == [88_000]


def test_lanes_closed_by_then_hold_and_what_was_given_is_not_given_again() -> None:
    asked = inputs(plan(lane(1, 40, *MAIN_STREET_SHUT), lane(2, 300, at(950, 0), at(960, 0))))
    given = Fact(kind=FactKind.INJECT_GIVEN, at_s=40, inject=1)
    shown = rehearsed(at_second(asked, 65, AT_65, (given,), {1: 40}))

    # 50 m to the crossing, then 200 + 500 + 200 + 200 m.
    assert arrivals_s(shown)[ENGINE] == pytest.approx(65 + 115, abs=0.2)
    told = [(each.inject, each.at_ms) for each in shown.happenings if each.kind is HappeningKind.INJECT_GIVEN]
    assert told == [(1, 40_000), (2, 300_000)]


def test_later_waves_are_called_from_a_run_in_which_no_one_answers() -> None:
    silent = {ENGINE: stood(UnitStage.CALLED, 0, 0, 0, people=0)}
    asked = at_second(inputs(plan(), limit_s=150), 30, silent)
    shown = rehearsed(asked, NO_ONE)

    assert called_s(shown) == {ENGINE: 0, WARDEN: 60}


def test_clearing_that_was_under_way_takes_what_is_left() -> None:
    clear = objective("clear", Measure.LANE_CLEAR, 120, since_inject=1)
    asked = inputs(plan(lane(1, 40, *MAIN_STREET_SHUT), objectives=[clear]))
    units = {GUARD: stood(UnitStage.ON_SCENE, 90, 800, 0)}
    given = Fact(kind=FactKind.INJECT_GIVEN, at_s=40, inject=1)
    shown = rehearsed(at_second(asked, 110, units, (given,), {1: 40}))

    # The guard was there at 90 s; it takes 60 s.
    [outcome] = shown.outcomes
    assert outcome.took_ms == pytest.approx(110_000, abs=10)


def test_the_longer_a_unit_has_not_answered_the_less_it_is_expected() -> None:
    def share_coming(waited: int) -> float:

        draws = [Chance(seed).of_unit(ENGINE, waited=waited) for seed in range(2000)]
        assert min(each.turnout for each in draws) >= waited
        return sum(each.comes for each in draws) / len(draws)

    assert share_coming(0) > 0.93
    assert share_coming(1500) == pytest.approx(0.75, abs=0.03)
    assert share_coming(3000) == 0


def test_what_is_beyond_is_drawn_of_the_rest() -> None:
    some = Quantiles(points=((0, 100), (500, 200), (1000, 1200)))

    assert [some.at(share, beyond=700) for share in (0.0, 0.5, 1.0)] == [700, 950, 1200]
    assert some.at(0.5, beyond=1300) == 1300
    assert [some.left(value) for value in (50, 150, 200, 1200)] == [1.0, 0.75, 0.5, 0.0]

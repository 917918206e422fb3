"""Why objectives are not met in a rehearsal, in a town where every second can be counted."""

from dataclasses import replace

import pytest

from responder.domain.drills.plan import Inject, InjectKind, Measure, WaitKind, WaitsFor
from responder.domain.drills.rehearsal.causes import CauseCode, MissCause
from responder.domain.drills.rehearsal.findings import FindingCode, WeakPoint
from responder.domain.drills.rehearsal.spread import Spread
from responder.domain.people.partner import PartnerKind
from responder.services.drills.rehearsal.inputs import RehearsalInputs
from responder.services.drills.rehearsal.rehearse import rehearse
from tests.services.drills.rehearsal_town import (
    AS_STATED,
    COMMUNITY,
    ENGINE,
    FIRE,
    GUARD,
    MAIN_STREET_SHUT,
    POLICE,
    PROPERTY,
    UNITS,
    WARDEN,
    exactly,
    inputs,
    lane,
    objective,
    plan,
    roads,
)
from tests.services.drills.test_rehearsal_ladder import AT_65, at_second

FIRE_THERE = objective("fire", Measure.PARTNER_ON_SCENE, 60, partner_kind=PartnerKind.FIRE_SERVICE)
NO_ONE = replace(AS_STATED, coming=0)


def missed(asked: RehearsalInputs, spread: Spread = AS_STATED) -> WeakPoint:
    shown = rehearse(roads(), asked, seed=1, spread=spread)
    [found] = [each for each in shown.findings if each.code is FindingCode.OBJECTIVE_MISSED]
    assert (found.runs, found.holds_in, found.seed) == (1, 1, 1)
    return found


def codes(found: WeakPoint) -> list[CauseCode]:
    return [each.code for each in found.causes]


def test_a_unit_that_is_held_up_by_an_inject_is_named_with_by_how_much() -> None:
    found = missed(inputs(plan(lane(1, 60, *MAIN_STREET_SHUT), objectives=[FIRE_THERE])))

    arrived, delayed, expected = found.causes
    assert (arrived.code, arrived.unit_ids) == (CauseCode.ARRIVED, (ENGINE,))
    assert arrived.ms == found.took_ms == pytest.approx(180_000, abs=200)
    assert (delayed.code, delayed.unit_ids, delayed.inject) == (CauseCode.DELAYED, (ENGINE,), 1)
    assert delayed.ms == pytest.approx(80_000, abs=200)
    # Without it the engine would be there after 100 s, and the limit is 60 s.
    assert (expected.code, expected.ms) == (CauseCode.EXPECTED, pytest.approx(100_000, abs=100))


def test_a_unit_that_is_slow_by_chance_is_told_so() -> None:
    found = missed(inputs(plan(objectives=[FIRE_THERE])), replace(AS_STATED, travel=exactly(1500)))

    *_, slower = found.causes
    assert (slower.code, slower.ms) == (CauseCode.SLOWER, pytest.approx(40_000, abs=100))


def test_units_that_had_set_out_before_are_not_measured_by_their_whole_way() -> None:
    asked = at_second(inputs(plan(objectives=[FIRE_THERE])), 65, {ENGINE: AT_65[ENGINE]})

    assert codes(missed(asked, replace(AS_STATED, travel=exactly(1600)))) == [CauseCode.ARRIVED]


def test_a_unit_out_of_service_and_one_that_does_not_come_are_the_cause() -> None:
    out = Inject(number=1, after_s=50, kind=InjectKind.UNIT_OUT, text="故障", unit_id=ENGINE)

    assert missed(inputs(plan(out, objectives=[FIRE_THERE]))).causes == (
        MissCause(code=CauseCode.OUT_OF_SERVICE, unit_ids=(ENGINE,)),
    )
    assert missed(inputs(plan(objectives=[FIRE_THERE])), NO_ONE).causes == (
        MissCause(code=CauseCode.NOT_COMING, unit_ids=(ENGINE,)),
    )


def test_units_that_are_not_called_or_too_few_are_told() -> None:
    without = inputs(plan(objectives=[FIRE_THERE]), units=UNITS[1:], partners=(POLICE, COMMUNITY, PROPERTY))
    five = objective("five", Measure.FIRST_ON_SCENE, 600, count=5)

    assert codes(missed(without)) == [CauseCode.NONE_CALLED]
    assert missed(inputs(plan(objectives=[five]))).causes[0] == MissCause(
        code=CauseCode.TOO_FEW_CALLED, count=4, need=5
    )


def test_a_lane_waits_for_those_who_clear_it() -> None:
    clear = objective("clear", Measure.LANE_CLEAR, 60, since_inject=1)
    found = missed(inputs(plan(lane(1, 10, *MAIN_STREET_SHUT), objectives=[clear])))

    waited, task = found.causes
    assert (waited.code, waited.unit_ids, waited.ms) == (
        CauseCode.WAITED,
        (GUARD,),
        pytest.approx(80_000, abs=100),
    )
    assert (task.code, task.inject, task.ms) == (CauseCode.TASK, 1, 60_000)


def test_what_counts_from_an_inject_that_is_never_given_says_so() -> None:
    waits = WaitsFor(kind=WaitKind.OBJECTIVE, objective="seen")
    clear = objective("clear", Measure.LANE_CLEAR, 60, since_inject=1)
    seen = objective("seen", Measure.OBSERVED, 60)
    found = missed(inputs(plan(lane(1, 10, *MAIN_STREET_SHUT, waits_for=waits), objectives=[clear, seen])))

    assert found.causes == (MissCause(code=CauseCode.NOT_GIVEN, inject=1),)


def test_counting_that_is_not_done_by_the_end_says_how_far_it_came() -> None:
    counted = objective("counted", Measure.COUNTED, 100, count=30)
    found = missed(inputs(plan(objectives=[counted], duration_s=205)))

    assert found.took_ms is None
    waited, unfinished = found.causes
    assert (waited.code, waited.unit_ids) == (CauseCode.WAITED, (WARDEN,))
    assert (unfinished.code, unfinished.count, unfinished.need) == (CauseCode.UNFINISHED, 20, 30)


def test_what_holds_in_few_other_runs_is_left_out_and_what_is_of_the_plan_has_no_count() -> None:
    first = objective("first", Measure.FIRST_ON_SCENE, 130)
    asked = inputs(plan(objectives=[first]), aeds=[], units=UNITS[:1], partners=(FIRE,))
    shown = rehearse(roads(), asked, seed=1, runs=40)

    [chance] = shown.chances
    told = [each for each in shown.findings if each.code is FindingCode.OBJECTIVE_MISSED]
    assert 32 < chance.met < 40
    assert shown.outcomes[0].is_met
    assert told == []
    [aed] = [each for each in shown.findings if each.code is FindingCode.NO_AED_NEARBY]
    assert (aed.runs, aed.holds_in) == (None, None)

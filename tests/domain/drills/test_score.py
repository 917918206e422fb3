"""Scores of a drill, counted by hand."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

import pytest

from responder.domain.drills.facts import Fact, FactKind, proof_of
from responder.domain.drills.injects import expire, give, skip
from responder.domain.drills.observation import Observation, ObservationVerdict
from responder.domain.drills.plan import Measure, Objective
from responder.domain.drills.run import DrillRun, InjectState, PauseReason
from responder.domain.drills.score.course import (
    count_observations,
    score_injects,
    score_pauses,
    score_roll_call,
)
from responder.domain.drills.score.objectives import (
    Evidence,
    ObjectiveResult,
    ObjectiveScore,
    Unmeasured,
    score_objective,
)
from responder.domain.drills.score.times import (
    CallTimes,
    Statistic,
    Times,
    nearest_rank,
    score_attendance,
    score_person,
    score_units,
    statistic,
)
from responder.domain.ids import AccountId, IncidentId, ObservationId, PartnerId, ResponderId
from tests.domain.drills.test_run import (
    CIRCLE,
    DRILL,
    ENGINE,
    PATROL,
    after,
    message,
    on_scene,
    plan,
    running,
)

STATION, POLICE, HOSPITAL = (PartnerId(UUID(int=number)) for number in (21, 22, 23))


def trace(fact: Fact) -> Evidence:
    return Evidence(fact=fact, seq=round(fact.at_s))


def called(run: DrillRun | None = None) -> DrillRun:
    return replace(run or running(plan()), incident_id=IncidentId(UUID(int=3)))


def scored(
    objective: Objective,
    *facts: Fact,
    run: DrillRun | None = None,
    observations: tuple[Observation, ...] = (),
) -> ObjectiveScore:
    run = (run or called()).end(at=after(1800))
    return score_objective(
        objective, run=run, facts=facts, observations=observations, clock_s=1800, trace=trace
    )


def observed(number: int, verdict: ObservationVerdict) -> Observation:
    return Observation(
        id=ObservationId(UUID(int=number)),
        circle_id=CIRCLE,
        drill_id=DRILL,
        at=after(60),
        received_at=after(61),
        by=AccountId(UUID(int=9)),
        by_name="李",
        partner_id=None,
        verdict=verdict,
        objective="seen",
    )


FIRST = Objective(key="first", text="两支到场", measure=Measure.FIRST_ON_SCENE, within_s=180, count=2)
SEEN = Objective(key="seen", text="断电", measure=Measure.OBSERVED, within_s=300)
COUNTED = Objective(key="count", text="清点", measure=Measure.COUNTED, within_s=600, count=10)
LANE = Objective(key="lane", text="腾出", measure=Measure.LANE_CLEAR, within_s=120, since_inject=4)


def test_an_objective_names_the_facts_that_prove_it_the_deciding_one_last() -> None:
    score = scored(FIRST, on_scene(170, PATROL), on_scene(60, ENGINE), on_scene(65, ENGINE))

    assert (score.outcome, score.met_at_s, score.took_s) == (ObjectiveResult.MET, 170, 170)
    assert [(each.seq, each.fact.unit_id) for each in score.proof] == [(60, ENGINE), (170, PATROL)]


def test_people_taken_back_are_part_of_the_proof() -> None:
    facts = [
        Fact(kind=FactKind.COUNTED, at_s=at, people=people) for at, people in ((10, 8), (20, -3), (30, 5))
    ]

    assert [fact.at_s for fact in proof_of(COUNTED, facts)] == [10, 20, 30]
    assert scored(COUNTED, *facts).took_s == 30


def test_what_came_too_late_is_missed_with_the_time_it_took() -> None:
    score = scored(FIRST, on_scene(60, ENGINE), on_scene(181, PATROL))

    assert (score.outcome, score.took_s, score.unmeasured) == (ObjectiveResult.MISSED, 181, None)
    assert scored(FIRST, on_scene(60, ENGINE)).outcome is ObjectiveResult.MISSED


@pytest.mark.parametrize(
    ("objective", "run", "why"),
    [
        (SEEN, None, Unmeasured.NOT_OBSERVED),
        (COUNTED, None, Unmeasured.NOT_COUNTED),
        (LANE, None, Unmeasured.INJECT_NOT_GIVEN),
        (FIRST, running(plan()), Unmeasured.NO_CALLS),
    ],
)
def test_what_could_not_be_known_is_not_missed(
    objective: Objective, run: DrillRun | None, why: Unmeasured
) -> None:
    score = scored(objective, run=run)

    assert (score.outcome, score.unmeasured, score.proof) == (ObjectiveResult.NOT_MEASURED, why, ())


def test_an_observer_who_saw_that_it_was_not_so_makes_it_missed() -> None:
    score = scored(
        SEEN, observations=(observed(1, ObservationVerdict.IMPROVE), observed(2, ObservationVerdict.NOTE))
    )

    assert (score.outcome, score.improve, score.good) == (
        ObjectiveResult.MISSED,
        (ObservationId(UUID(int=1)),),
        (),
    )


def test_while_the_drill_runs_nothing_is_missed_before_its_time() -> None:
    parts = {"run": called(), "facts": (), "observations": (), "trace": trace}

    early = score_objective(FIRST, clock_s=180, **parts)  # type: ignore[arg-type]
    late = score_objective(FIRST, clock_s=181, **parts)  # type: ignore[arg-type]

    assert early.unmeasured is Unmeasured.STILL_RUNNING
    assert late.outcome is ObjectiveResult.MISSED


@pytest.mark.parametrize(
    ("count", "rank"), [(1, 1), (2, 2), (9, 9), (10, 9), (11, 10), (19, 18), (20, 18), (100, 90)]
)
def test_the_90th_percentile_is_the_value_at_the_nearest_rank(count: int, rank: int) -> None:
    assert nearest_rank(reversed(range(1, count + 1)), 0.9) == rank


def test_of_nothing_there_is_no_mean() -> None:
    assert statistic([None, None]) == Statistic(n=0)
    assert statistic([None, 10, 20]) == Statistic(n=2, mean_s=15, p90_s=20, longest_s=20)


def call(
    person: int,
    *,
    called_s: float = 0,
    accepted_s: float | None = None,
    en_route_s: float | None = None,
    on_scene_s: float | None = None,
    partner: PartnerId = STATION,
) -> CallTimes:
    def at(seconds: float | None) -> datetime | None:
        return None if seconds is None else after(seconds)

    return CallTimes(
        recipient_id=ResponderId(UUID(int=person)),
        name=f"{person}",
        unit_id=ENGINE if partner is STATION else PATROL,
        partner_id=partner,
        called_at=after(called_s),
        answered_at=at(accepted_s),
        accepted_at=at(accepted_s),
        en_route_at=at(en_route_s),
        on_scene_at=at(on_scene_s),
    )


def test_a_pause_is_no_part_of_anyones_time() -> None:
    run = running(plan()).pause(PauseReason.REAL_ALERT, at=after(100)).resume(at=after(400))

    person = score_person(run, call(1, accepted_s=30, en_route_s=60, on_scene_s=500))

    assert person.times == Times(turnout_s=60, travel_s=140, response_s=200)
    assert not person.left_by_accepting
    [pause] = score_pauses(run)
    assert (pause.at_s, pause.lasted_s) == (100, 300)


def test_who_did_not_say_that_they_left_left_when_they_said_yes() -> None:
    person = score_person(running(plan()), call(1, accepted_s=30, on_scene_s=200))

    assert (person.times.turnout_s, person.times.travel_s, person.left_by_accepting) == (30, 170, True)


def test_who_only_said_that_they_are_on_scene_has_no_turnout() -> None:
    person = score_person(running(plan()), call(1, on_scene_s=200))

    assert person.times == Times(turnout_s=None, travel_s=None, response_s=200)


def test_a_unit_goes_by_its_first_who_left_and_its_first_on_scene_beside_what_was_expected() -> None:
    run = running(plan())
    people = [
        score_person(run, each)
        for each in (
            call(1, en_route_s=50, on_scene_s=300),
            call(2, en_route_s=70, on_scene_s=260),
            call(3),
            call(4, accepted_s=20, partner=POLICE),
        )
    ]
    expected = {ENGINE: Times(turnout_s=60, travel_s=180, response_s=240)}

    engine, patrol = score_units(people, expected, {ENGINE: STATION})

    assert (engine.called, engine.came, engine.late_s) == (3, 2, 20)
    assert engine.actual == Times(turnout_s=50, travel_s=210, response_s=260)
    assert (patrol.actual, patrol.expected, patrol.late_s) == (Times(turnout_s=20), None, None)
    assert [
        (each.partner_id, each.called, each.answered, each.came)
        for each in score_attendance(people, (HOSPITAL,))
    ] == [
        (HOSPITAL, 0, 0, 0),
        (STATION, 3, 0, 2),
        (POLICE, 1, 1, 0),
    ]


def test_a_unit_that_was_expected_and_not_called_is_listed() -> None:
    [only] = score_units([], {ENGINE: Times(response_s=240)}, {ENGINE: STATION})

    assert (only.partner_id, only.called, only.actual) == (STATION, 0, Times())


def test_injects_count_by_what_became_of_them_and_how_late() -> None:
    a_plan = plan(*(message(number, 60 * number) for number in range(1, 6)))
    run = running(a_plan)
    run = give(a_plan, run, 1, clock_s=65.0, now=after(65))
    run = give(a_plan, run, 2, clock_s=125.1, now=after(125.1))
    run = give(a_plan, run, 3, clock_s=100, now=after(100), by_name="王主任")
    run = expire(skip(run, 4, clock_s=110, by_name="王主任"), 5, clock_s=901)

    scores, counts = score_injects(a_plan, run, seqs={1: 17})

    assert [(each.state, each.lateness_s and round(each.lateness_s, 1), each.is_late) for each in scores] == [
        (InjectState.GIVEN, 5.0, False),
        (InjectState.GIVEN, 5.1, True),
        (InjectState.GIVEN, -80, False),
        (InjectState.SKIPPED, None, False),
        (InjectState.EXPIRED, None, False),
    ]
    assert (counts.given, counts.late, counts.skipped, counts.expired, counts.not_given) == (3, 1, 1, 1, 0)
    assert scores[0].seq == 17


def test_the_roll_call_adds_up_beside_what_is_wanted() -> None:
    facts = [Fact(kind=FactKind.COUNTED, at_s=at, people=people) for at, people in ((10, 8), (20, -3))]

    found = score_roll_call(plan(objectives=(COUNTED,)), facts, trace=trace)

    assert found is not None
    assert (found.people, found.wanted, [each.seq for each in found.counts]) == (5, 10, [10, 20])
    assert score_roll_call(plan(), [], trace=trace) is None


def test_observations_count_by_what_they_found() -> None:
    counts = count_observations(
        [
            observed(1, ObservationVerdict.GOOD),
            observed(2, ObservationVerdict.NOTE),
            observed(3, ObservationVerdict.NOTE),
        ]
    )

    assert (counts.good, counts.improve, counts.note) == (1, 0, 2)

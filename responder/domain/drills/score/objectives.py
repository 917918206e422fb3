"""
How the objectives of a drill came out, each with the facts that prove it.

All times are seconds of the drill's clock, which stands still in pauses. A moment is when the server received
what a person said, not what their device showed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from responder.domain.drills.facts import Fact, FactKind, is_met, met_at_s, proof_of, took_s
from responder.domain.drills.observation import Observation, ObservationVerdict
from responder.domain.drills.plan import Measure, Objective
from responder.domain.drills.run import DrillRun
from responder.domain.ids import ObservationId

_OF_CALLS: Final = frozenset({Measure.FIRST_ON_SCENE, Measure.PARTNER_ON_SCENE, Measure.COMING})


class ObjectiveResult(StrEnum):
    """How an objective came out."""

    MET = "met"
    MISSED = "missed"
    """Reached too late, or not at all."""
    NOT_MEASURED = "not_measured"


class Unmeasured(StrEnum):
    """Why nothing can be said of an objective."""

    STILL_RUNNING = "still_running"
    """It may yet be met in time."""
    NO_CALLS = "no_calls"
    """No one was called, as in a tabletop."""
    INJECT_NOT_GIVEN = "inject_not_given"
    """Its clock never began."""
    NOT_COUNTED = "not_counted"
    """No one counted people."""
    NOT_OBSERVED = "not_observed"
    """No one wrote down anything about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Something that happened, and where in the log it is found."""

    fact: Fact
    seq: int | None
    """Number of the event in the circle's log that first tells it; None where the log begins later."""
    observation_id: ObservationId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveScore:
    """How one objective came out, and by what."""

    key: str
    text: str
    measure: Measure
    within_s: float
    outcome: ObjectiveResult
    unmeasured: Unmeasured | None
    met_at_s: float | None
    """However late."""
    took_s: float | None
    """On the objective's own clock."""
    proof: tuple[Evidence, ...]
    """The deciding one last; none if it was never met."""
    good: tuple[ObservationId, ...]
    """Observations about it, by what their observers thought."""
    improve: tuple[ObservationId, ...]


def score_objective(
    objective: Objective,
    *,
    run: DrillRun,
    facts: Sequence[Fact],
    observations: Sequence[Observation],
    clock_s: float,
    trace: Callable[[Fact], Evidence],
) -> ObjectiveScore:
    """Return how an objective came out; `clock_s` is what the drill's clock shows, or showed at its end."""
    about = [each for each in observations if each.objective == objective.key]
    met, took = met_at_s(objective, facts), took_s(objective, facts)
    outcome, unmeasured = result_of(
        objective, run=run, facts=facts, observations=observations, clock_s=clock_s
    )
    return ObjectiveScore(
        key=objective.key,
        text=objective.text,
        measure=objective.measure,
        within_s=objective.within_s,
        outcome=outcome,
        unmeasured=unmeasured,
        met_at_s=met,
        took_s=took,
        proof=tuple(trace(fact) for fact in proof_of(objective, facts)),
        good=tuple(each.id for each in about if each.verdict is ObservationVerdict.GOOD),
        improve=tuple(each.id for each in about if each.verdict is ObservationVerdict.IMPROVE),
    )


def result_of(
    objective: Objective,
    *,
    run: DrillRun,
    facts: Sequence[Fact],
    observations: Iterable[Observation],
    clock_s: float,
) -> tuple[ObjectiveResult, Unmeasured | None]:
    """Return how an objective came out, and why nothing can be said of it where that is so."""
    if is_met(objective, facts):
        return ObjectiveResult.MET, None
    unmeasured = _unmeasured(
        objective,
        run=run,
        facts=facts,
        about=[each for each in observations if each.objective == objective.key],
        clock_s=clock_s,
        took=took_s(objective, facts),
    )
    return (ObjectiveResult.MISSED if unmeasured is None else ObjectiveResult.NOT_MEASURED), unmeasured


def _unmeasured(
    objective: Objective,
    *,
    run: DrillRun,
    facts: Sequence[Fact],
    about: Sequence[Observation],
    clock_s: float,
    took: float | None,
) -> Unmeasured | None:
    """Tell why nothing can be said of an objective that was not met in time; None where it was missed."""
    begun_s = _begun_s(objective, facts)
    if run.ended_at is None and took is None and (begun_s is None or clock_s <= begun_s + objective.within_s):
        return Unmeasured.STILL_RUNNING
    if begun_s is None:
        return Unmeasured.INJECT_NOT_GIVEN
    if objective.measure in _OF_CALLS and run.incident_id is None:
        return Unmeasured.NO_CALLS
    if objective.measure is Measure.COUNTED and all(fact.kind is not FactKind.COUNTED for fact in facts):
        return Unmeasured.NOT_COUNTED
    verdicts = {each.verdict for each in about}
    if objective.measure is Measure.OBSERVED and took is None and ObservationVerdict.IMPROVE not in verdicts:
        return Unmeasured.NOT_OBSERVED
    return None


def _begun_s(objective: Objective, facts: Iterable[Fact]) -> float | None:
    if objective.since_inject is None:
        return 0.0
    wanted = (FactKind.INJECT_GIVEN, objective.since_inject)
    return next((fact.at_s for fact in facts if (fact.kind, fact.inject) == wanted), None)

"""
What became of a drill's injects, its roll call, its pauses and what was observed.

All times are seconds of the drill's clock, which stands still in pauses. A moment is when the server received
what a person said, not what their device showed.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from responder.domain.drills.facts import Fact, FactKind
from responder.domain.drills.observation import Observation, ObservationVerdict
from responder.domain.drills.plan import DrillPlan, Inject, InjectKind, Measure
from responder.domain.drills.run import DrillRun, InjectRun, InjectState, PauseReason
from responder.domain.drills.score.objectives import Evidence

LATE_AFTER_S: Final = 5.0
"""An inject given so long after it was due counts as late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectScore:
    """What became of an inject."""

    number: int
    kind: InjectKind
    text: str
    state: InjectState
    due_s: float | None
    at_s: float | None
    lateness_s: float | None
    """How long after it was due it was given; less than zero where a person gave it early."""
    is_late: bool
    by_name: str | None
    seq: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectCounts:
    """How many injects came to what."""

    given: int
    late: int
    """Of those given."""
    expired: int
    skipped: int
    not_given: int
    """Planned, waiting or held to the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RollCallScore:
    """People counted at the assembly point."""

    people: int
    wanted: int | None
    """The most that an objective asks for."""
    counts: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseScore:
    """A time in which the clock stood still."""

    reason: PauseReason
    at_s: float
    lasted_s: float | None
    """By the clock on the wall; None while it goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ObservationCounts:
    """How many observations found what."""

    good: int
    improve: int
    note: int


def score_injects(
    plan: DrillPlan, run: DrillRun, *, seqs: Mapping[int, int]
) -> tuple[tuple[InjectScore, ...], InjectCounts]:
    """Return what became of each inject; `seqs` are the events that decided them, by their numbers."""
    scores = []
    for known in run.injects:
        planned = plan.inject(known.number)
        if planned is not None:
            scores.append(_inject(planned, known, seqs.get(known.number)))
    states = [score.state for score in scores]
    decided = (InjectState.GIVEN, InjectState.EXPIRED, InjectState.SKIPPED)
    counts = InjectCounts(
        given=states.count(InjectState.GIVEN),
        late=sum(score.is_late for score in scores),
        expired=states.count(InjectState.EXPIRED),
        skipped=states.count(InjectState.SKIPPED),
        not_given=sum(state not in decided for state in states),
    )
    return tuple(scores), counts


def _inject(planned: Inject, known: InjectRun, seq: int | None) -> InjectScore:
    lateness = None
    if known.state is InjectState.GIVEN and known.due_s is not None and known.at_s is not None:
        lateness = known.at_s - known.due_s
    return InjectScore(
        number=planned.number,
        kind=planned.kind,
        text=planned.text,
        state=known.state,
        due_s=known.due_s,
        at_s=known.at_s,
        lateness_s=lateness,
        is_late=lateness is not None and lateness > LATE_AFTER_S,
        by_name=known.by_name,
        seq=seq,
    )


def score_roll_call(
    plan: DrillPlan, facts: Iterable[Fact], *, trace: Callable[[Fact], Evidence]
) -> RollCallScore | None:
    """Return the roll call; None where no one was counted and no objective asks for it."""
    counts = tuple(trace(fact) for fact in facts if fact.kind is FactKind.COUNTED)
    wanted = [each.count or 1 for each in plan.objectives if each.measure is Measure.COUNTED]
    if not counts and not wanted:
        return None
    return RollCallScore(
        people=sum(each.fact.people for each in counts), wanted=max(wanted, default=None), counts=counts
    )


def score_pauses(run: DrillRun) -> tuple[PauseScore, ...]:
    """Return the pauses of a run."""
    return tuple(
        PauseScore(
            reason=pause.reason,
            at_s=run.clock_s(pause.begins_at),
            lasted_s=None if pause.ends_at is None else (pause.ends_at - pause.begins_at).total_seconds(),
        )
        for pause in run.pauses
    )


def count_observations(observations: Iterable[Observation]) -> ObservationCounts:
    """Count observations by what they found."""
    verdicts = [each.verdict for each in observations]
    return ObservationCounts(
        good=verdicts.count(ObservationVerdict.GOOD),
        improve=verdicts.count(ObservationVerdict.IMPROVE),
        note=verdicts.count(ObservationVerdict.NOTE),
    )

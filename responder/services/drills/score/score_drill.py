"""Score a drill: what it reached, how long everyone took, and what proves it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from responder.domain.drills.observation import Observation
from responder.domain.drills.plan import Drill, DrillMode, DrillState
from responder.domain.drills.run import DrillRun
from responder.domain.drills.score.course import (
    InjectCounts,
    InjectScore,
    ObservationCounts,
    PauseScore,
    RollCallScore,
    count_observations,
    score_injects,
    score_pauses,
    score_roll_call,
)
from responder.domain.drills.score.objectives import ObjectiveScore, score_objective
from responder.domain.drills.score.times import (
    Attendance,
    PersonScore,
    Statistics,
    UnitScore,
    score_attendance,
    score_units,
    statistics,
)
from responder.domain.errors import DrillNotRunningError
from responder.domain.ids import DrillId, IncidentId
from responder.domain.incidents.event import RecordedEvent
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.snapshot import CircleSnapshot, IncidentDetail
from responder.domain.people.access import Action, Viewer
from responder.domain.people.partner import Partner
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.drills.running.facts import facts_of
from responder.services.drills.running.keep_run import exercise_of
from responder.services.drills.score.earlier_drills import EarlierDrill, earlier_drills
from responder.services.drills.score.expected_times import expected_times
from responder.services.drills.score.log_trace import trace_log
from responder.services.drills.score.score_people import score_people

MOST_EVENTS: Final = 50_000
"""So many events of the circle are looked through; what comes later is scored without its numbers."""
_BEFORE_START: Final = 16
"""The call and the start are told a few events before the log of the replay begins."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillScore:
    """
    How a drill came out. All times are seconds of the drill's clock, which stands still in pauses.

    Moments are those at which the server received what people said. A 90th percentile is the nearest rank.
    """

    drill_id: DrillId
    name: str
    mode: DrillMode
    state: DrillState
    started_at: datetime
    ended_at: datetime | None
    clock_s: float
    """What the drill's clock shows, or showed at the end."""
    incident_id: IncidentId | None
    """The exercise by which people were called."""
    objectives: tuple[ObjectiveScore, ...]
    """In the order of the plan."""
    units: tuple[UnitScore, ...]
    """The first on scene first."""
    people: tuple[PersonScore, ...]
    """The first on scene first."""
    of_units: Statistics
    of_people: Statistics
    injects: tuple[InjectScore, ...]
    inject_counts: InjectCounts
    attendance: tuple[Attendance, ...]
    roll_call: RollCallScore | None
    pauses: tuple[PauseScore, ...]
    observations: ObservationCounts
    earlier: tuple[EarlierDrill, ...]
    """Drills of this place that ended before, the last first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredDrill:
    """A drill with its score and what that was read from, all of one moment."""

    drill: Drill
    run: DrillRun
    detail: IncidentDetail | None
    """The exercise as it is now; None of a tabletop."""
    base: CircleSnapshot | None
    """The circle at the start; None of a drill whose start was not kept."""
    expected: ResponseCircle | None
    """Who could be there in time at the start."""
    events: tuple[RecordedEvent, ...]
    partners: tuple[Partner, ...]
    observations: tuple[Observation, ...]
    score: DrillScore


async def score_drill(database: Database, *, viewer: Viewer, drill_id: DrillId, clock: Clock) -> DrillScore:
    """
    Return how a drill came out; of one that runs, how it stands.

    Raises
    ------
    NotFoundError
        The circle has no such drill.
    DrillNotRunningError
        It was not started.
    """
    viewer.must(Action.SEE_DRILL_PLAN)
    async with database.snapshot() as transaction:
        scored = await load_scored(transaction, viewer, drill_id, now=moment(clock))
    return scored.score


async def load_scored(
    transaction: Transaction, viewer: Viewer, drill_id: DrillId, *, now: datetime
) -> ScoredDrill:
    """Read a drill that was started, and score it; raises as `score_drill`."""
    circle_id = viewer.circle_id
    drill = await transaction.drills.get(circle_id, drill_id)
    run = await transaction.drill_runs.find(circle_id, drill_id)
    if run is None:
        raise DrillNotRunningError(state=drill.state.value)
    base = await transaction.drill_replays.base(circle_id, drill_id)
    first = 0 if base is None else max(0, base.seq - _BEFORE_START)
    addressed = await transaction.events.after(circle_id, first, until=run.ended_at, limit=MOST_EVENTS)
    events = tuple(each.recorded for each in addressed)
    detail = await exercise_of(transaction, run)
    partners = await transaction.partners.of_circle(circle_id)
    observations = await transaction.observations.of_drill(circle_id, drill_id)
    expected = _expected(base, run)
    earlier = await earlier_drills(transaction, drill, run, partners)
    return ScoredDrill(
        drill=drill,
        run=run,
        detail=detail,
        base=base,
        expected=expected,
        events=events,
        partners=partners,
        observations=observations,
        score=_score(drill, run, detail, base, events, partners, observations, earlier, now=now),
    )


def _score(  # noqa: PLR0917 - all that was read, in the order in which it was
    drill: Drill,
    run: DrillRun,
    detail: IncidentDetail | None,
    base: CircleSnapshot | None,
    events: Sequence[RecordedEvent],
    partners: Iterable[Partner],
    observations: tuple[Observation, ...],
    earlier: tuple[EarlierDrill, ...],
    *,
    now: datetime,
) -> DrillScore:
    plan, expected = drill.plan, _expected(base, run)
    facts = facts_of(run, detail, partners)
    trace = trace_log(events, run, observations)
    people = score_people(run, detail, seqs=trace.said)
    in_time = () if expected is None else expected.members
    units_then = () if base is None else base.units
    units = score_units(
        people,
        expected_times(expected, events, run, people),
        {each.id: each.partner_id for each in units_then}
        | {each.unit_id: each.partner_id for each in in_time},
    )
    injects, inject_counts = score_injects(plan, run, seqs=trace.injects)
    clock_s = run.clock_s(now)
    return DrillScore(
        drill_id=drill.id,
        name=plan.name,
        mode=plan.mode,
        state=drill.state,
        started_at=run.started_at,
        ended_at=run.ended_at,
        clock_s=clock_s,
        incident_id=run.incident_id,
        objectives=tuple(
            score_objective(
                objective,
                run=run,
                facts=facts,
                observations=observations,
                clock_s=clock_s,
                trace=trace.of,
            )
            for objective in plan.objectives
        ),
        units=units,
        people=people,
        of_units=statistics([each.actual for each in units]),
        of_people=statistics([each.times for each in people]),
        injects=injects,
        inject_counts=inject_counts,
        attendance=score_attendance(people, run.partner_ids),
        roll_call=score_roll_call(plan, facts, trace=trace.of),
        pauses=score_pauses(run),
        observations=count_observations(observations),
        earlier=earlier,
    )


def _expected(base: CircleSnapshot | None, run: DrillRun) -> ResponseCircle | None:
    """Return who could be there in time at the start."""
    if base is None:
        return None
    circles = (each.response_circle for each in base.incidents if each.incident.id == run.incident_id)
    return next(circles, None)

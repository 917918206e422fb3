"""Show a drill as it runs or ran: its plan, its injects, what happened, and which objectives are met."""

from dataclasses import dataclass

from responder.domain.drills.facts import Fact, met_at_s, took_s
from responder.domain.drills.observation import Observation
from responder.domain.drills.plan import Drill
from responder.domain.drills.run import DrillRun
from responder.domain.drills.score.objectives import ObjectiveResult, Unmeasured, result_of
from responder.domain.errors import DrillNotRunningError
from responder.domain.ids import DrillId
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.drills.running.facts import facts_of
from responder.services.drills.running.keep_run import exercise_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveOutcome:
    """How one objective came out so far."""

    key: str
    within_s: float
    met_at_s: float | None
    """On the drill's clock, however late; None while it is not met."""
    took_s: float | None
    """On the objective's own clock."""
    in_time: bool
    outcome: ObjectiveResult
    """As the score and the report tell it."""
    unmeasured: Unmeasured | None
    """Why nothing can be said of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownRun:
    """A drill as it runs or ran."""

    drill: Drill
    run: DrillRun
    facts: tuple[Fact, ...]
    """By their second."""
    outcomes: tuple[ObjectiveOutcome, ...]
    """In the order of the plan."""
    observations: tuple[Observation, ...]


async def show_run(database: Database, *, viewer: Viewer, drill_id: DrillId, clock: Clock) -> ShownRun:
    """
    Return a drill as it runs or ran.

    Raises
    ------
    NotFoundError
        The circle has no such drill.
    DrillNotRunningError
        It was not started.
    """
    viewer.must(Action.SEE_DRILL_PLAN)
    async with database.snapshot() as transaction:
        drill = await transaction.drills.get(viewer.circle_id, drill_id)
        run = await transaction.drill_runs.find(viewer.circle_id, drill_id)
        if run is None:
            raise DrillNotRunningError(state=drill.state.value)
        detail = await exercise_of(transaction, run)
        partners = await transaction.partners.of_circle(viewer.circle_id)
        observations = await transaction.observations.of_drill(viewer.circle_id, drill_id)
    facts = facts_of(run, detail, partners)
    clock_s = run.clock_s(moment(clock))
    outcomes = []
    for objective in drill.plan.objectives:
        took = took_s(objective, facts)
        outcome, unmeasured = result_of(
            objective, run=run, facts=facts, observations=observations, clock_s=clock_s
        )
        outcomes.append(
            ObjectiveOutcome(
                key=objective.key,
                within_s=objective.within_s,
                met_at_s=met_at_s(objective, facts),
                took_s=took,
                in_time=took is not None and took <= objective.within_s,
                outcome=outcome,
                unmeasured=unmeasured,
            )
        )
    return ShownRun(drill=drill, run=run, facts=facts, outcomes=tuple(outcomes), observations=observations)

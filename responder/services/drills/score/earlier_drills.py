"""Earlier drills of the same place, to compare a drill with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from responder.domain.drills.facts import is_met, took_s
from responder.domain.drills.plan import Drill, DrillPlan, DrillState, Objective
from responder.domain.drills.run import DrillRun
from responder.domain.drills.score.times import Statistic, score_units, statistic
from responder.domain.ids import DrillId
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.people.partner import Partner
from responder.ports import Transaction
from responder.ports.drills.plans import DrillQuery
from responder.services.drills.running.facts import facts_of
from responder.services.drills.running.keep_run import exercise_of
from responder.services.drills.score.score_people import score_people
from responder.services.incidents.similar import distance_m

SAME_PLACE_M: Final = 100.0
MOST_EARLIER: Final = 5
_LOOKED_THROUGH: Final = 300
"""Drills that ended; the last created."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierObjective:
    """How an objective like one of this drill's came out earlier."""

    key: str
    """Of this drill's objective; the earlier one has the same measure and kind of partner."""
    within_s: float
    """As it was then."""
    took_s: float | None
    in_time: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierDrill:
    """A drill of the same place that ended before this one began."""

    drill_id: DrillId
    name: str
    started_at: datetime
    response: Statistic
    """Of units, from the call to on scene."""
    objectives: tuple[EarlierObjective, ...]


async def earlier_drills(
    transaction: Transaction, drill: Drill, run: DrillRun, partners: Sequence[Partner]
) -> tuple[EarlierDrill, ...]:
    """Return the last drills of the same building, or within 100 m, that ended before, the last first."""
    query = DrillQuery(limit=_LOOKED_THROUGH, state=DrillState.ENDED)
    found = []
    for other in await transaction.drills.search(drill.circle_id, query):
        if other.id == drill.id or not is_same_place(drill.plan, other.plan):
            continue
        before = await transaction.drill_runs.find(drill.circle_id, other.id)
        if before is not None and before.ended_at is not None and before.ended_at <= run.started_at:
            found.append((before, other))
    found.sort(key=lambda each: each[0].started_at, reverse=True)
    return tuple(
        [
            _earlier(drill.plan, other, before, await exercise_of(transaction, before), partners)
            for before, other in found[:MOST_EARLIER]
        ]
    )


def is_same_place(plan: DrillPlan, other: DrillPlan) -> bool:
    """Tell whether two drills take place at the same building, or within 100 m."""
    here, there = plan.place, other.place
    if here.building_id is not None and here.building_id == there.building_id:
        return True
    return distance_m(here.lonlat, there.lonlat) <= SAME_PLACE_M


def _earlier(
    plan: DrillPlan,
    other: Drill,
    run: DrillRun,
    detail: IncidentDetail | None,
    partners: Sequence[Partner],
) -> EarlierDrill:
    facts = facts_of(run, detail, partners)
    objectives = []
    for objective in plan.objectives:
        like = _like(objective, other.plan)
        if like is not None:
            took, met = took_s(like, facts), is_met(like, facts)
            objectives.append(
                EarlierObjective(key=objective.key, within_s=like.within_s, took_s=took, in_time=met)
            )
    return EarlierDrill(
        drill_id=other.id,
        name=other.plan.name,
        started_at=run.started_at,
        response=statistic(_responses(run, detail)),
        objectives=tuple(objectives),
    )


def _like(objective: Objective, plan: DrillPlan) -> Objective | None:
    """Return the objective of another plan that is measured alike; the one of the same key first."""
    wanted = (objective.measure, objective.partner_kind)
    alike = [each for each in plan.objectives if (each.measure, each.partner_kind) == wanted]
    return min(alike, key=lambda each: each.key != objective.key, default=None)


def _responses(run: DrillRun, detail: IncidentDetail | None) -> list[float | None]:
    """Return how long each unit took from its first call to on scene, in seconds."""
    units = score_units(score_people(run, detail, seqs={}), {}, {})
    return [each.actual.response_s for each in units]

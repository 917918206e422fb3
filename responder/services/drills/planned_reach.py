"""Who should arrive when in a planned drill, at its start and after each inject that changes the way."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from geo.lonlat import LonLat
from responder.domain.drills.injects import planned_closure
from responder.domain.drills.plan import Drill, DrillMode, DrillPlan, Inject, WaitKind
from responder.domain.ids import DrillId, UnitId
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.map.unit import Responder
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Roads
from responder.ports.clock import moment
from responder.services.incidents.response_circle import ReachInputs, compute, read_inputs
from responder.services.incidents.scene import scene_of

if TYPE_CHECKING:
    from geo.reach.model import ReachModel

MOST_STAGES: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachStage:
    """Who should arrive when from a time of the drill's clock on."""

    from_s: float | None
    """None where it waits for an objective, which may be met at any time."""
    injects: tuple[int, ...]
    """Numbers of the injects that begin it; none at the start."""
    units_out: tuple[UnitId, ...]
    """Units that the plan takes as out of service by then; they are listed as `off_duty`."""
    reach: ResponseCircle
    """Of the partners that take part alone; units set out from their posts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedReach:
    """Who should arrive when, before anyone walks."""

    at: datetime
    """For which moment: when the drill starts, or now while it has no date."""
    stages: tuple[ReachStage, ...]
    """The start first. Lanes stay closed in them once they are."""
    left_out: int
    """How many injects would make more stages."""
    people: int
    """How many people its start would call, as far as that is known; none in a tabletop."""


async def show_planned_reach(
    database: Database, roads: Roads, *, viewer: Viewer, drill_id: DrillId, clock: Clock
) -> PlannedReach:
    """
    Return who should arrive when, at the start and after each inject that closes a lane or takes a unit out.

    Injects that lack their lane or unit change nothing yet.

    Raises
    ------
    NotAllowedError
        The role may not see plans of drills.
    NotFoundError
        The circle has no such drill.
    NoRoadNetworkError, NoRoadNearbyError, OutsideNetworkError
        No way to the place can be found.
    """
    viewer.must(Action.SEE_DRILL_PLAN)
    now, circle_id = moment(clock), viewer.circle_id
    async with database.snapshot() as transaction:
        drill = await transaction.drills.get(circle_id, drill_id)
        scene = await scene_of(transaction, circle_id, drill.plan.place)
        inputs = await read_inputs(transaction, circle_id)
        invited = frozenset(drill.plan.partner_ids)
        taking_part = replace(
            inputs,
            units=tuple(unit for unit in inputs.units if not invited or unit.partner_id in invited),
            # Where units are now says nothing of then.
            positions=(),
        )
        people = await transaction.responders.of_units(circle_id, [unit.id for unit in taking_part.units])
    model = await roads.model(circle_id)
    at = drill.plan.starts_at or now
    return await asyncio.to_thread(_computed, drill, taking_part, people, model, scene.doors, at=at)


def _called(plan: DrillPlan, reach: ResponseCircle, people: Sequence[Responder]) -> int:
    if plan.mode is DrillMode.TABLETOP:
        return 0
    units = {member.unit_id for member in reach.members}
    return len({each.person for each in people if each.unit_id in units})


def _computed(
    drill: Drill,
    inputs: ReachInputs,
    people: Sequence[Responder],
    model: "ReachModel",
    doors: Sequence[LonLat],
    *,
    at: datetime,
) -> PlannedReach:
    units = {unit.id for unit in inputs.units}
    changing = [each for each in drill.plan.injects if each.closure is not None or each.unit_id in units]
    at_once = [each for each in changing if _due_s(drill.plan, each, None) == 0]
    first = compute(model, doors, inputs=_with(inputs, at_once, drill), now=at)
    # People are called before the first inject is given.
    called = first if not at_once else compute(model, doors, inputs=inputs, now=at)
    arrival_s = first.members[0].response_s if first.members else None
    steps = _steps(drill.plan, [each for each in changing if each not in at_once], arrival_s)
    stages = [ReachStage(from_s=0.0, injects=_numbers(at_once), units_out=_units_out(at_once), reach=first)]
    given = at_once
    for from_s, injects in steps[: MOST_STAGES - 1]:
        given = [*given, *injects]
        stages.append(
            ReachStage(
                from_s=from_s,
                injects=_numbers(injects),
                units_out=_units_out(given),
                reach=compute(model, doors, inputs=_with(inputs, given, drill), now=at),
            )
        )
    left_out = sum(len(injects) for _, injects in steps[MOST_STAGES - 1 :])
    return PlannedReach(
        at=at, stages=tuple(stages), left_out=left_out, people=_called(drill.plan, called, people)
    )


def _steps(
    plan: DrillPlan, injects: Sequence[Inject], arrival_s: float | None
) -> list[tuple[float | None, list[Inject]]]:
    """Return the injects in the order of time, those due in the same moment together; unknown times last."""
    known: dict[float, list[Inject]] = {}
    unknown: list[Inject] = []
    for inject in injects:
        due_s = _due_s(plan, inject, arrival_s)
        if due_s is None:
            unknown.append(inject)
        else:
            known.setdefault(due_s, []).append(inject)
    return [*sorted(known.items(), key=lambda each: each[0]), *((None, [each]) for each in unknown)]


def _due_s(plan: DrillPlan, inject: Inject, arrival_s: float | None) -> float | None:
    """Return when an inject is due if the first unit arrives at `arrival_s`; None where that is not known."""
    waits = inject.waits_for
    if waits is None:
        return inject.after_s
    since: float | None = None
    if waits.kind is WaitKind.ON_SCENE:
        since = arrival_s
    elif waits.inject is not None:
        other = plan.inject(waits.inject)
        since = None if other is None else _due_s(plan, other, arrival_s)
    return None if since is None else since + inject.after_s


def _with(inputs: ReachInputs, given: Sequence[Inject], drill: Drill) -> ReachInputs:
    out = set(_units_out(given))
    planned = (planned_closure(inject, drill.id, drill.circle_id) for inject in given)
    closures = tuple(closure for closure in planned if closure is not None)
    return replace(
        inputs,
        units=tuple(replace(unit, on_duty=False) if unit.id in out else unit for unit in inputs.units),
        closures=(*inputs.closures, *closures),
    )


def _units_out(given: Sequence[Inject]) -> tuple[UnitId, ...]:
    return tuple(sorted({inject.unit_id for inject in given if inject.unit_id is not None}))


def _numbers(injects: Sequence[Inject]) -> tuple[int, ...]:
    return tuple(inject.number for inject in injects)

"""What becomes of injects: due, given, held, skipped, undone. The same in runs and rehearsals."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import uuid5

from responder.domain.drills.facts import Fact, FactKind, met_at_s
from responder.domain.drills.plan import DrillPlan, DrillState, Inject, InjectKind, WaitKind
from responder.domain.drills.run import DrillMark, DrillRun, InjectRun, InjectState
from responder.domain.ids import CircleId, ClosureId, DrillId
from responder.domain.map.closure import Closure

_MARKED: Final = frozenset({InjectKind.HAZARD, InjectKind.CASUALTY})


def due(run: DrillRun, *, clock_s: float) -> tuple[InjectRun, ...]:
    """Return the planned injects whose time has come, the first due first."""
    if run.state is not DrillState.RUNNING:
        return ()
    ready = [
        each for each in run.injects if each.is_planned and each.due_s is not None and each.due_s <= clock_s
    ]
    return tuple(sorted(ready, key=lambda each: (each.due_s, each.number)))


def next_due_s(run: DrillRun) -> float | None:
    """Return when the next planned inject is due on the drill's clock; None when none is or it is paused."""
    if run.state is not DrillState.RUNNING:
        return None
    times = [each.due_s for each in run.injects if each.is_planned and each.due_s is not None]
    return min(times, default=None)


def is_expired(inject: Inject, run_of_it: InjectRun, *, clock_s: float) -> bool:
    """Tell whether it is too late to give an inject by itself."""
    return run_of_it.due_s is not None and clock_s > run_of_it.due_s + inject.expires_after_s


def expire(run: DrillRun, number: int, *, clock_s: float) -> DrillRun:
    """Return the run with an inject found too late."""
    return _decided(run, number, InjectState.EXPIRED, clock_s=clock_s, by_name=None)


def give(
    plan: DrillPlan,
    run: DrillRun,
    number: int,
    *,
    clock_s: float,
    now: datetime,
    by_name: str | None = None,
) -> DrillRun:
    """
    Return the run with an inject given: its lane is closed, its unit is out, those that wait for it begin.

    `clock_s` is what the drill's clock shows at `now`.
    """
    inject = plan.inject(number)
    planned = None if inject is None else planned_closure(inject, run.drill_id, run.circle_id)
    lane = None if planned is None else planned.id
    given = _decided(run, number, InjectState.GIVEN, clock_s=clock_s, by_name=by_name, closure_id=lane)
    if inject is not None and inject.kind is InjectKind.UNIT_OUT and inject.unit_id is not None:
        given = replace(given, units_out=tuple(sorted({*given.units_out, inject.unit_id})))
    if planned is not None:
        closure = replace(planned, starts_at=now)
        closures = (*lift(given, closure.id).closures, closure)
        given = replace(given, closures=tuple(sorted(closures, key=lambda each: each.id)))
    if inject is not None and inject.kind in _MARKED and inject.lon is not None and inject.lat is not None:
        mark = DrillMark(
            inject=number,
            kind=inject.kind,
            text=inject.text,
            lon=inject.lon,
            lat=inject.lat,
            partner_ids=inject.partner_ids,
        )
        marks = (*(each for each in given.marks if each.inject != number), mark)
        given = replace(given, marks=tuple(sorted(marks, key=lambda each: each.inject)))
    return _begin_waiting(plan, given, WaitKind.INJECT, at_s=clock_s, inject=number)


def skip(run: DrillRun, number: int, *, clock_s: float, by_name: str) -> DrillRun:
    """Return the run without an inject; those that wait for it never come by themselves."""
    return _decided(run, number, InjectState.SKIPPED, clock_s=clock_s, by_name=by_name)


def hold(run: DrillRun, number: int, *, by_name: str) -> DrillRun:
    """Return the run with an inject kept back."""
    known = run.inject(number)
    if known is None or not known.is_planned:
        return run
    return run.with_inject(replace(known, state=InjectState.HELD, by_name=by_name))


def let_go(run: DrillRun, number: int) -> DrillRun:
    """Return the run with a held inject planned again, at the time that it had."""
    known = run.inject(number)
    if known is None or known.state is not InjectState.HELD:
        return run
    return run.with_inject(replace(known, state=InjectState.PLANNED, by_name=None))


def undo(plan: DrillPlan, run: DrillRun, number: int, *, by_name: str) -> DrillRun:
    """
    Return the run as if an inject had not been given or skipped: its lane is open, its unit is back.

    It is held then, so that it does not come again by itself. Injects that waited for it keep their time.
    """
    known = run.inject(number)
    if known is None or known.is_planned:
        return run
    held = run.with_inject(
        replace(known, state=InjectState.HELD, at_s=None, by_name=by_name, closure_id=None)
    )
    inject = plan.inject(number)
    out = set() if inject is None or known.state is not InjectState.GIVEN else {inject.unit_id}
    return replace(
        lift(held, closure_id(run.drill_id, number)),
        units_out=tuple(each for each in held.units_out if each not in out),
        marks=tuple(each for each in held.marks if each.inject != number),
    )


def lift(run: DrillRun, which: ClosureId) -> DrillRun:
    """Return the run with a lane open again."""
    return replace(run, closures=tuple(each for each in run.closures if each.id != which))


def planned_closure(inject: Inject, drill_id: DrillId, circle_id: CircleId) -> Closure | None:
    """
    Return the closure of the lane that an inject closes; None if it closes none, or none is drawn yet.

    All in the drill see where it is, and routes name it: what only some are told is not its name.
    """
    if inject.closure is None:
        return None
    return Closure(
        id=closure_id(drill_id, inject.number),
        circle_id=circle_id,
        name="" if inject.partner_ids else inject.text,
        geometry=inject.closure.geometry,
        wider_than_m=inject.closure.wider_than_m,
    )


def closure_id(drill_id: DrillId, number: int) -> ClosureId:
    """Return the id of the lane that an inject closes."""
    return ClosureId(uuid5(drill_id, f"closure of inject {number}"))


def begin_waiting(plan: DrillPlan, run: DrillRun, facts: Iterable[Fact]) -> DrillRun:
    """Return the run in which injects whose condition the facts meet have their time."""
    known = list(facts)
    arrived = [fact.at_s for fact in known if fact.kind is FactKind.ON_SCENE]
    if arrived:
        run = _begin_waiting(plan, run, WaitKind.ON_SCENE, at_s=min(arrived))
    waited_for = {each.waits_for.objective for each in plan.injects if each.waits_for is not None}
    for objective in plan.objectives:
        met = met_at_s(objective, known) if objective.key in waited_for else None
        if met is not None:
            run = _begin_waiting(plan, run, WaitKind.OBJECTIVE, at_s=met, objective=objective.key)
    return run


def _decided(
    run: DrillRun,
    number: int,
    state: InjectState,
    *,
    clock_s: float,
    by_name: str | None,
    closure_id: ClosureId | None = None,
) -> DrillRun:
    known = run.inject(number)
    if known is None:
        return run
    decided = replace(known, state=state, at_s=clock_s, by_name=by_name, closure_id=closure_id)
    return run.with_inject(decided)


def _begin_waiting(
    plan: DrillPlan,
    run: DrillRun,
    kind: WaitKind,
    *,
    at_s: float,
    objective: str | None = None,
    inject: int | None = None,
) -> DrillRun:
    for each in plan.injects:
        waits = each.waits_for
        if waits is None or (waits.kind, waits.objective, waits.inject) != (kind, objective, inject):
            continue
        known = run.inject(each.number)
        if known is not None and known.awaits:
            run = run.with_inject(replace(known, due_s=at_s + each.after_s))
    return run

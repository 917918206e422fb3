"""
A drill that runs: its clock, its injects, and what is so in it at the moment.

The same rules drive a drill with people and its rehearsal. All times are seconds of the drill's clock, which
stands still while the drill is paused.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import uuid5

from responder.domain.drills.facts import Fact, FactKind, met_at_s
from responder.domain.drills.plan import DrillPlan, DrillState, Inject, InjectKind, WaitKind
from responder.domain.ids import CircleId, ClosureId, DrillId, IncidentId, UnitId
from responder.domain.map.closure import Closure


class InjectState(StrEnum):
    """What became of an inject."""

    PLANNED = "planned"
    HELD = "held"
    """Kept back by a person until they give it or let it go on."""
    GIVEN = "given"
    SKIPPED = "skipped"
    EXPIRED = "expired"
    """It could not be given in time, such as during an outage."""


class PauseReason(StrEnum):
    """Why the clock stands still."""

    BY_HAND = "by_hand"
    REAL_ALERT = "real_alert"


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectRun:
    """How one inject stands."""

    number: int
    state: InjectState = InjectState.PLANNED
    due_s: float | None = None
    """None while it waits for something that has not happened."""
    at_s: float | None = None
    """When it was given, skipped or found expired."""
    by_name: str | None = None
    """Who gave, held or skipped it by hand."""

    @property
    def is_planned(self) -> bool:
        return self.state is InjectState.PLANNED


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillRun:
    """A drill as it runs, or as it ended."""

    drill_id: DrillId
    circle_id: CircleId
    state: DrillState
    """Running, paused or ended."""
    started_at: datetime
    started_by_name: str
    incident_id: IncidentId | None
    """The exercise by which people are called; None of a tabletop."""
    injects: tuple[InjectRun, ...]
    """By number, as in the plan."""
    paused_at: datetime | None = None
    pause_reason: PauseReason | None = None
    paused_s: float = 0.0
    """Sum of the pauses that are over."""
    ended_at: datetime | None = None
    closures: tuple[Closure, ...] = ()
    """Lanes that the drill takes as closed, by id."""
    units_out: tuple[UnitId, ...] = ()
    """Units that the drill takes as out of service."""

    def inject(self, number: int) -> InjectRun | None:
        return next((each for each in self.injects if each.number == number), None)

    def with_inject(self, changed: InjectRun) -> "DrillRun":
        """Return the run with this inject in the place of the one with its number."""
        injects = tuple(changed if each.number == changed.number else each for each in self.injects)
        return replace(self, injects=injects)

    def clock_s(self, now: datetime) -> float:
        """Return the seconds that the drill's clock shows."""
        until = self.ended_at or now
        if self.paused_at is not None:
            until = min(until, self.paused_at)
        return max(0.0, (until - self.started_at).total_seconds() - self.paused_s)

    def moment(self, clock_s: float) -> datetime:
        """Return when the clock shows so many seconds, if there is no further pause."""
        return self.started_at + timedelta(seconds=self.paused_s + clock_s)

    def pause(self, reason: PauseReason, *, at: datetime) -> "DrillRun":
        """Return the run with its clock standing still; one that is not running stays as it is."""
        if self.state is not DrillState.RUNNING:
            return self
        return replace(self, state=DrillState.PAUSED, paused_at=at, pause_reason=reason)

    def resume(self, *, at: datetime) -> "DrillRun":
        """Return the run with its clock going on; one that is not paused stays as it is."""
        if self.state is not DrillState.PAUSED or self.paused_at is None:
            return self
        paused_s = self.paused_s + max(0.0, (at - self.paused_at).total_seconds())
        return replace(self, state=DrillState.RUNNING, paused_at=None, pause_reason=None, paused_s=paused_s)

    def end(self, *, at: datetime) -> "DrillRun":
        """Return the run as ended: nothing is closed or out of service by it any more."""
        if self.state is DrillState.ENDED:
            return self
        ended = self.resume(at=at)
        return replace(ended, state=DrillState.ENDED, ended_at=at, closures=(), units_out=())


def begin(
    plan: DrillPlan,
    drill_id: DrillId,
    circle_id: CircleId,
    *,
    at: datetime,
    by_name: str,
    incident_id: IncidentId | None = None,
) -> DrillRun:
    """Return a run that starts now: injects that wait for nothing have their time."""
    injects = tuple(
        InjectRun(number=inject.number, due_s=inject.after_s if inject.waits_for is None else None)
        for inject in sorted(plan.injects, key=lambda inject: inject.number)
    )
    return DrillRun(
        drill_id=drill_id,
        circle_id=circle_id,
        state=DrillState.RUNNING,
        started_at=at,
        started_by_name=by_name,
        incident_id=incident_id,
        injects=injects,
    )


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
    given = _decided(run, number, InjectState.GIVEN, clock_s=clock_s, by_name=by_name)
    inject = plan.inject(number)
    if inject is not None and inject.kind is InjectKind.UNIT_OUT and inject.unit_id is not None:
        given = replace(given, units_out=tuple(sorted({*given.units_out, inject.unit_id})))
    if inject is not None and inject.closure is not None:
        closure = Closure(
            id=closure_id(run.drill_id, number),
            circle_id=run.circle_id,
            name=inject.text,
            geometry=inject.closure.geometry,
            wider_than_m=inject.closure.wider_than_m,
            starts_at=now,
        )
        closures = (*lift(given, closure.id).closures, closure)
        given = replace(given, closures=tuple(sorted(closures, key=lambda each: each.id)))
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
    held = run.with_inject(replace(known, state=InjectState.HELD, at_s=None, by_name=by_name))
    inject = plan.inject(number)
    out = set() if inject is None or known.state is not InjectState.GIVEN else {inject.unit_id}
    return replace(
        lift(held, closure_id(run.drill_id, number)),
        units_out=tuple(each for each in held.units_out if each not in out),
    )


def lift(run: DrillRun, which: ClosureId) -> DrillRun:
    """Return the run with a lane open again."""
    return replace(run, closures=tuple(each for each in run.closures if each.id != which))


def closure_id(drill_id: DrillId, number: int) -> ClosureId:
    """Return the id of the lane that an inject closes."""
    return ClosureId(uuid5(drill_id, f"closure of inject {number}"))


def begin_waiting(plan: DrillPlan, run: DrillRun, facts: Iterable[Fact]) -> DrillRun:
    """Return the run in which injects whose condition the facts meet have their time."""
    known = list(facts)
    arrived = [fact.at_s for fact in known if fact.kind is FactKind.ON_SCENE]
    if arrived:
        run = _begin_waiting(plan, run, WaitKind.ON_SCENE, at_s=min(arrived))
    for objective in plan.objectives:
        met = met_at_s(objective, known)
        if met is not None:
            run = _begin_waiting(plan, run, WaitKind.OBJECTIVE, at_s=met, objective=objective.key)
    return run


def _decided(
    run: DrillRun, number: int, state: InjectState, *, clock_s: float, by_name: str | None
) -> DrillRun:
    known = run.inject(number)
    if known is None:
        return run
    return run.with_inject(replace(known, state=state, at_s=clock_s, by_name=by_name))


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
        if known is not None and known.is_planned and known.due_s is None:
            run = run.with_inject(replace(known, due_s=at_s + each.after_s))
    return run

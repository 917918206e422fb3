"""
A drill that runs: its clock, its injects, and what is so in it at the moment.

The same rules drive a drill with people and its rehearsal. All times are seconds of the drill's clock, which
stands still while the drill is paused.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from responder.domain.drills.facts import Fact
from responder.domain.drills.plan import DrillMode, DrillPlan, DrillState, InjectKind
from responder.domain.ids import CircleId, ClosureId, DrillId, IncidentId, PartnerId, UnitId
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
    closure_id: ClosureId | None = None
    """The lane that it closed, also once that is clear again; None of one that closed none, or was undone."""

    @property
    def is_planned(self) -> bool:
        return self.state is InjectState.PLANNED

    @property
    def awaits(self) -> bool:
        """Whether it waits for something that has not happened."""
        return self.is_planned and self.due_s is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A time in which the clock stands still; one that goes on has no end yet."""

    reason: PauseReason
    begins_at: datetime
    ends_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillMark:
    """Something dangerous or someone hurt, thrown in, on the map of the drill."""

    inject: int
    kind: InjectKind
    """Hazard or casualty."""
    text: str
    lon: float
    """Degrees east, WGS 84."""
    lat: float
    partner_ids: tuple[PartnerId, ...] = ()
    """Whose people are shown it; empty is all in the circle."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillRun:
    """A drill as it runs, or as it ended. It holds nothing of injects that were not given but their times."""

    drill_id: DrillId
    circle_id: CircleId
    name: str
    mode: DrillMode
    partner_ids: tuple[PartnerId, ...]
    """Who takes part; empty is every partner of the circle."""
    state: DrillState
    """Running, paused or ended."""
    started_at: datetime
    started_by_name: str
    incident_id: IncidentId | None
    """The exercise by which people are called; None of a tabletop."""
    injects: tuple[InjectRun, ...]
    """By number, as in the plan."""
    pauses: tuple[Pause, ...] = ()
    """In their order."""
    ended_at: datetime | None = None
    closures: tuple[Closure, ...] = ()
    """Lanes that the drill takes as closed, by id."""
    units_out: tuple[UnitId, ...] = ()
    """Units that the drill takes as out of service."""
    marks: tuple[DrillMark, ...] = ()
    """By number of their inject."""
    despite: tuple[IncidentId, ...] = ()
    """Open real incidents beside which a person said that it goes on."""
    facts: tuple[Fact, ...] = ()
    """What people reported for the drill itself: lanes clear, people counted, objectives observed."""
    observations: int = 0
    """How many there are; staff load them."""

    def inject(self, number: int) -> InjectRun | None:
        return next((each for each in self.injects if each.number == number), None)

    def with_inject(self, changed: InjectRun) -> "DrillRun":
        """Return the run with this inject in the place of the one with its number."""
        injects = tuple(changed if each.number == changed.number else each for each in self.injects)
        return replace(self, injects=injects)

    def clock_s(self, at: datetime) -> float:
        """Return the seconds that the drill's clock showed at a moment, or shows now."""
        until = at if self.ended_at is None else min(at, self.ended_at)
        paused_s = 0.0
        for pause in self.pauses:
            ends_at = until if pause.ends_at is None else min(until, pause.ends_at)
            paused_s += max(0.0, (ends_at - pause.begins_at).total_seconds())
        return max(0.0, (until - self.started_at).total_seconds() - paused_s)

    def moment(self, clock_s: float) -> datetime:
        """Return when the clock shows so many seconds, if there is no further pause."""
        paused_s = sum(
            (pause.ends_at - pause.begins_at).total_seconds()
            for pause in self.pauses
            if pause.ends_at is not None
        )
        return self.started_at + timedelta(seconds=paused_s + clock_s)

    def pause(self, reason: PauseReason, *, at: datetime) -> "DrillRun":
        """Return the run with its clock standing still; one that is not running stays as it is."""
        if self.state is not DrillState.RUNNING:
            return self
        # Not before it went on last: pauses do not overlap.
        last = next((pause.ends_at for pause in reversed(self.pauses) if pause.ends_at), self.started_at)
        pause = Pause(reason=reason, begins_at=max(at, last))
        return replace(self, state=DrillState.PAUSED, pauses=(*self.pauses, pause))

    def resume(self, *, at: datetime, despite: Iterable[IncidentId] = ()) -> "DrillRun":
        """
        Return the run with its clock going on; one that is not paused stays as it is.

        `despite` are the real incidents that are open.
        """
        if self.state is not DrillState.PAUSED:
            return self
        *before, last = self.pauses
        over = replace(last, ends_at=max(at, last.begins_at))
        known = tuple(sorted({*self.despite, *despite}))
        return replace(self, state=DrillState.RUNNING, pauses=(*before, over), despite=known)

    def end(self, *, at: datetime) -> "DrillRun":
        """Return the run as ended: nothing is closed or out of service by it any more."""
        if self.state is DrillState.ENDED:
            return self
        over = self.resume(at=at)
        return replace(over, state=DrillState.ENDED, ended_at=at, closures=(), units_out=(), marks=())

    def report(self, fact: Fact) -> "DrillRun":
        """Return the run with something that a person reported."""
        return replace(self, facts=(*self.facts, fact))


def begin(
    plan: DrillPlan,
    drill_id: DrillId,
    circle_id: CircleId,
    *,
    at: datetime,
    by_name: str,
    incident_id: IncidentId | None = None,
    despite: Iterable[IncidentId] = (),
) -> DrillRun:
    """Return a run that starts now: injects that wait for nothing have their time."""
    injects = tuple(
        InjectRun(number=inject.number, due_s=inject.after_s if inject.waits_for is None else None)
        for inject in sorted(plan.injects, key=lambda inject: inject.number)
    )
    return DrillRun(
        drill_id=drill_id,
        circle_id=circle_id,
        name=plan.name,
        mode=plan.mode,
        partner_ids=plan.partner_ids,
        state=DrillState.RUNNING,
        started_at=at,
        started_by_name=by_name,
        incident_id=incident_id,
        injects=injects,
        despite=tuple(sorted(despite)),
    )

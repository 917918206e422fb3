"""
One rehearsal: units are called, set out, are held up and arrive, while the plan's injects are given.

Time is counted in whole milliseconds of the drill's clock, so that a rehearsal is the same on every machine.
"""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from heapq import heappop, heappush
from typing import Final

from responder.domain.drills.facts import FactKind
from responder.domain.drills.injects import begin_waiting, closure_id, due, give, lift, next_due_s
from responder.domain.drills.plan import DrillPlan, InjectKind, Measure
from responder.domain.drills.rehearsal.crew import Closed, OnRoute, Participant, Route, Routes
from responder.domain.drills.rehearsal.happenings import Course, HappeningKind, HappeningLog
from responder.domain.drills.rehearsal.movers import Mover, MoverState
from responder.domain.drills.rehearsal.spread import Chance
from responder.domain.drills.run import begin
from responder.domain.ids import CircleId, DrillId, UnitId
from responder.domain.people.partner import PartnerKind

CLEAR_LANES: Final = frozenset({PartnerKind.PROPERTY, PartnerKind.POLICE, PartnerKind.COMMUNITY})
COUNT_PEOPLE: Final = frozenset({PartnerKind.COMMUNITY})
COUNTED_AT_ONCE: Final = 10
"""So many people are counted before the number is told."""
WORTH_TURNING_MS: Final = 1000
"""A lane that is open again makes no one turn for less."""


class _Next(StrEnum):
    SETS_OUT = "sets_out"
    ARRIVES = "arrives"
    COUNTED = "counted"
    CLEAR = "clear"


class Simulation:
    """
    One rehearsal of a plan.

    Parameters
    ----------
    plan
        What is rehearsed.
    crew
        Who can be there in time.
    routes
        Finds their ways; it may be shared between rehearsals.
    chance
        What the seed decides.
    drill_id, circle_id, at
        Whose drill it is and when it would start.
    """

    def __init__(
        self,
        plan: DrillPlan,
        crew: Sequence[Participant],
        routes: Routes,
        chance: Chance,
        *,
        drill_id: DrillId,
        circle_id: CircleId,
        at: datetime,
    ) -> None:
        self._plan, self._routes, self._chance = plan, routes, chance
        self._run = begin(plan, drill_id, circle_id, at=at, by_name="")
        self._movers = [Mover(n, who, chance.of_unit(who.unit.id)) for n, who in enumerate(crew)]
        self._ends_ms = round(plan.duration_s * 1000)
        self._queue: list[tuple[int, int, _Next, int, int]] = []
        self._asked = 0
        self._log = HappeningLog()
        self._cleared_by_objective = {
            each.since_inject for each in plan.objectives if each.measure is Measure.LANE_CLEAR
        }
        self._to_clear: list[int] = []
        self._to_count = max(
            (each.count or 1 for each in plan.objectives if each.measure is Measure.COUNTED), default=0
        )
        self._counted = 0
        self._closed: Closed = ()
        self._numbers = {
            closure_id(drill_id, each.number): each.number
            for each in plan.injects
            if each.closure is not None
        }
        self._closed_sets: dict[Closed, None] = {(): None}
        self._cut_off: dict[UnitId, int | None] = {}
        self._delays: dict[tuple[UnitId, int], int] = {}
        self._arrivals: dict[UnitId, int] = {}

    def course(self) -> Course:
        """Let it happen from the call to the end."""
        for mover in self._movers:
            unit = mover.who.unit
            self._log.tell(0, HappeningKind.CALLED, unit.id)
            if mover.draw.comes:
                self._later(round(unit.turnout_s * mover.draw.turnout), _Next.SETS_OUT, mover.number)
            else:
                mover.state = MoverState.AWAY
                self._log.tell(0, HappeningKind.NOT_COMING, unit.id)
        while self._step():
            pass
        for mover in self._movers:
            mover.ride_until(self._ends_ms)
        self._log.tell(self._ends_ms, HappeningKind.ENDED)
        return Course(
            happenings=self._log.ordered(self._plan),
            outcomes=self._log.outcomes(self._plan),
            rides=tuple(tuple(mover.rides) for mover in self._movers),
            arrivals_ms=self._arrivals,
            cut_off=self._cut_off,
            delays_ms=self._delays,
            run=self._run,
            closed=tuple(self._closed_sets),
        )

    def _step(self) -> bool:
        """Let the next thing happen; False when nothing is left before the end."""
        known = len(self._log.facts)
        due_s = next_due_s(self._run)
        due_ms = None if due_s is None else round(due_s * 1000)
        if due_ms is not None and (not self._queue or due_ms <= self._queue[0][0]):
            if due_ms > self._ends_ms:
                return False
            # Half a millisecond more, since what is due may have been rounded down.
            for inject in due(self._run, clock_s=(due_ms + 0.5) / 1000)[:1]:
                self._give(due_ms, inject.number)
        elif self._queue and self._queue[0][0] <= self._ends_ms:
            at_ms, _, what, number, turn = heappop(self._queue)
            if what is _Next.CLEAR:
                self._clear(at_ms, number)
            elif self._movers[number].turn == turn:
                self._move(at_ms, what, self._movers[number])
        else:
            return False
        news = len(self._log.facts) > known
        if news and any(each.is_planned and each.due_s is None for each in self._run.injects):
            self._run = begin_waiting(self._plan, self._run, self._log.facts)
        return True

    def _move(self, at_ms: int, what: _Next, mover: Mover) -> None:
        if what is _Next.SETS_OUT:
            self._set_out(at_ms, mover)
        elif what is _Next.ARRIVES:
            self._arrive(at_ms, mover)
        else:
            self._count(at_ms, mover)

    def _set_out(self, at_ms: int, mover: Mover) -> None:
        route = self._routes.from_posts(self._closed)[mover.number]
        if route is None:
            self._strand(at_ms, mover, None)
            return
        self._log.tell(at_ms, HappeningKind.SET_OUT, mover.who.unit.id)
        self._log.note(at_ms, FactKind.COMING, mover.who, people=mover.who.unit.people)
        self._go(at_ms, mover, route)

    def _go(self, at_ms: int, mover: Mover, route: Route) -> None:
        mover.state, mover.route, mover.began_ms = MoverState.MOVING, route, at_ms
        mover.found_with = self._closed
        mover.turn += 1
        self._later(at_ms + mover.lasts_ms(route), _Next.ARRIVES, mover.number)

    def _arrive(self, at_ms: int, mover: Mover) -> None:
        mover.ride_until(at_ms)
        mover.state = MoverState.ON_SCENE
        self._arrivals[mover.who.unit.id] = at_ms
        self._log.tell(at_ms, HappeningKind.ON_SCENE, mover.who.unit.id)
        self._log.note(at_ms, FactKind.ON_SCENE, mover.who, people=mover.who.unit.people)
        if mover.who.partner.kind in COUNT_PEOPLE:
            self._begin_counting(at_ms, mover)
        if mover.who.partner.kind in CLEAR_LANES:
            self._begin_clearing(at_ms)

    def _begin_counting(self, at_ms: int, mover: Mover) -> None:
        people = min(COUNTED_AT_ONCE, self._to_count - self._counted)
        if people > 0:
            self._later(at_ms + people * mover.draw.count_ms, _Next.COUNTED, mover.number)

    def _count(self, at_ms: int, mover: Mover) -> None:
        people = min(COUNTED_AT_ONCE, self._to_count - self._counted)
        if people <= 0:
            return
        self._counted += people
        self._log.tell(at_ms, HappeningKind.COUNTED, mover.who.unit.id, people=people)
        self._log.note(at_ms, FactKind.COUNTED, mover.who, people=people)
        self._begin_counting(at_ms, mover)

    def _begin_clearing(self, at_ms: int) -> None:
        """Let those who are on scene clear what is to be cleared."""
        can = any(
            mover.state is MoverState.ON_SCENE and mover.who.partner.kind in CLEAR_LANES
            for mover in self._movers
        )
        if can:
            for inject in self._to_clear:
                self._later(at_ms + self._chance.clearing_ms(inject), _Next.CLEAR, inject)
            self._to_clear.clear()

    def _clear(self, at_ms: int, inject: int) -> None:
        self._log.tell(at_ms, HappeningKind.LANE_CLEAR, inject=inject)
        self._log.note(at_ms, FactKind.LANE_CLEAR, inject=inject)
        self._run = lift(self._run, closure_id(self._run.drill_id, inject))
        self._close_and_open(at_ms, inject)

    def _give(self, at_ms: int, number: int) -> None:
        now = self._run.moment(at_ms / 1000)
        self._run = give(self._plan, self._run, number, clock_s=at_ms / 1000, now=now)
        self._log.tell(at_ms, HappeningKind.INJECT_GIVEN, inject=number)
        self._log.note(at_ms, FactKind.INJECT_GIVEN, inject=number)
        inject = self._plan.inject(number)
        if inject is not None and inject.kind is InjectKind.UNIT_OUT:
            self._take_out(at_ms)
        if number in self._cleared_by_objective and number in self._numbers.values():
            self._to_clear.append(number)
            self._begin_clearing(at_ms)
        self._close_and_open(at_ms, number)

    def _take_out(self, at_ms: int) -> None:
        for mover in self._movers:
            if mover.who.unit.id in self._run.units_out and mover.state is not MoverState.AWAY:
                mover.ride_until(at_ms)
                mover.state = MoverState.AWAY
                mover.turn += 1
                self._log.tell(at_ms, HappeningKind.OUT_OF_SERVICE, mover.who.unit.id)

    def _close_and_open(self, at_ms: int, inject: int) -> None:
        """Let those on the way find another way where what is closed has changed."""
        closed = tuple(sorted(self._numbers[each.id] for each in self._run.closures))
        if closed == self._closed:
            return
        self._closed = closed
        self._closed_sets.setdefault(closed)
        asked: list[tuple[Mover, OnRoute, bool]] = []
        for mover in self._movers:
            if mover.state is MoverState.CUT_OFF and mover.route is None:
                route = self._routes.from_posts(closed)[mover.number]
                if route is not None:
                    mover.state = MoverState.CALLED
                    self._set_out(at_ms, mover)
                continue
            here = mover.on_route(at_ms)
            if here is None or mover.state not in {MoverState.MOVING, MoverState.CUT_OFF}:
                continue
            blocked = mover.state is MoverState.MOVING and self._routes.is_blocked(here, closed)
            if blocked or mover.state is MoverState.CUT_OFF or not set(mover.found_with) <= set(closed):
                asked.append((mover, here, blocked))
        if asked:
            found = self._routes.onward([here for _, here, _ in asked], closed)
            for (mover, here, blocked), route in zip(asked, found, strict=True):
                self._turn(at_ms, mover, here, route, blocked=blocked, inject=inject)

    def _turn(
        self, at_ms: int, mover: Mover, here: OnRoute, route: Route | None, *, blocked: bool, inject: int
    ) -> None:
        waited = mover.state is MoverState.CUT_OFF
        if route is None:
            if blocked:
                self._strand(at_ms, mover, inject)
            return
        mover.found_with = self._closed
        delay_ms = mover.lasts_ms(route) - mover.left_ms(here)
        if not blocked and not waited and delay_ms > -WORTH_TURNING_MS:
            return
        mover.ride_until(at_ms)
        self._go(at_ms, mover, route)
        if blocked:
            key = mover.who.unit.id, inject
            self._delays[key] = self._delays.get(key, 0) + delay_ms
        self._log.tell(
            at_ms,
            HappeningKind.REROUTED,
            mover.who.unit.id,
            inject=inject,
            delay_ms=None if waited else delay_ms,
        )

    def _strand(self, at_ms: int, mover: Mover, inject: int | None) -> None:
        mover.ride_until(at_ms)
        here = mover.on_route(at_ms)
        mover.stopped_ms = 0 if here is None else here.at_ms
        mover.state = MoverState.CUT_OFF
        mover.turn += 1
        because = inject if inject is not None else next(iter(self._closed[-1:]), None)
        self._cut_off.setdefault(mover.who.unit.id, because)
        self._log.tell(at_ms, HappeningKind.CUT_OFF, mover.who.unit.id, inject=because)

    def _later(self, at_ms: int, what: _Next, number: int) -> None:
        self._asked += 1
        turn = 0 if what is _Next.CLEAR else self._movers[number].turn
        heappush(self._queue, (at_ms, self._asked, what, number, turn))

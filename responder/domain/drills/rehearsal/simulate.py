"""
One rehearsal: units are called, set out, are held up and arrive, while the plan's injects are given.

Time is counted in whole milliseconds of the drill's clock, so that a rehearsal is the same on every machine.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from responder.domain.drills.facts import FactKind
from responder.domain.drills.injects import begin_waiting, closure_id, due, give, lift, next_due_s
from responder.domain.drills.plan import DrillPlan, InjectKind
from responder.domain.drills.rehearsal.agenda import Agenda, Due
from responder.domain.drills.rehearsal.calls import Calls
from responder.domain.drills.rehearsal.crew import Closed, Participant, Routes
from responder.domain.drills.rehearsal.happenings import Course, HappeningKind, HappeningLog
from responder.domain.drills.rehearsal.movers import Mover, MoverState
from responder.domain.drills.rehearsal.resume import mover_of, resume, tell_what_was
from responder.domain.drills.rehearsal.spread import Chance
from responder.domain.drills.rehearsal.start import RehearsalStart
from responder.domain.drills.rehearsal.tasks import Tasks
from responder.domain.drills.rehearsal.travel import Travel
from responder.domain.drills.run import DrillRun, begin
from responder.domain.ids import CircleId, ClosureId, DrillId
from responder.domain.ladder.ladder import Ladder
from responder.domain.ladder.waves import UnitsFound


class Simulation:
    """
    One rehearsal of a plan.

    Parameters
    ----------
    plan
        What is rehearsed.
    crew
        All who take part.
    routes
        Finds their ways; it may be shared between rehearsals.
    chance
        What the seed decides.
    found
        Which of them can be there in time.
    ladder
        By which they are called.
    drill_id, circle_id, at
        Whose drill it is and when it would start.
    start
        The run from which it goes on; without one it begins with the call.
    """

    def __init__(
        self,
        plan: DrillPlan,
        crew: Sequence[Participant],
        routes: Routes,
        chance: Chance,
        *,
        found: UnitsFound,
        ladder: Ladder,
        drill_id: DrillId,
        circle_id: CircleId,
        at: datetime,
        start: RehearsalStart | None = None,
    ) -> None:
        self._plan, self._start = plan, start
        self._begins_ms = 0 if start is None else start.at_ms
        self._ends_ms = max(round(plan.duration_s * 1000), self._begins_ms)
        self._run: DrillRun = (
            begin(plan, drill_id, circle_id, at=at, by_name="") if start is None else start.run
        )
        self._numbers: Mapping[ClosureId, int] = {
            closure_id(drill_id, each.number): each.number
            for each in plan.injects
            if each.closure is not None
        }
        self._movers = [mover_of(number, who, chance, start) for number, who in enumerate(crew)]
        self._log, self._agenda = HappeningLog(), Agenda()
        zero = self._run.moment(self._begins_ms / 1000) - timedelta(milliseconds=self._begins_ms)
        self._calls = Calls(ladder, zero, found, self._movers, log=self._log, agenda=self._agenda)
        self._travel = Travel(self._movers, routes, self._log, self._agenda, closed=self._closed)
        self._tasks = Tasks(plan, self._movers, chance, self._log, self._agenda)

    def course(self) -> Course:
        """Let it happen from the call, or from the start given, to the end."""
        if self._start is not None:
            tell_what_was(self._start, self._log)
        if self._start is None or self._start.units is None:
            self._calls.begin()
        if self._start is not None:
            resume(self._start, self._movers, self._calls, self._travel)
            self._tasks.resume(self._start, lanes=self._closed)
            self._run = begin_waiting(self._plan, self._run, self._log.facts)
        while self._step():
            pass
        for mover in self._movers:
            mover.ride_until(self._ends_ms)
        self._log.tell(self._ends_ms, HappeningKind.ENDED)
        return Course(
            happenings=self._log.ordered(self._plan),
            facts=tuple(self._log.facts),
            outcomes=self._log.outcomes(self._plan),
            rides=tuple(tuple(mover.rides) for mover in self._movers),
            called_ms={
                mover.who.unit.id: mover.called_ms for mover in self._movers if mover.called_ms is not None
            },
            arrivals_ms=self._travel.arrivals_ms,
            cut_off=self._travel.cut_off,
            delays_ms=self._travel.delays_ms,
            run=self._run,
            closed=tuple(self._travel.closed_sets),
        )

    @property
    def _closed(self) -> Closed:
        return tuple(
            sorted(self._numbers[each.id] for each in self._run.closures if each.id in self._numbers)
        )

    def _step(self) -> bool:
        """Let the next thing happen; False when nothing is left before the end."""
        known = len(self._log.facts)
        inject_ms, call_ms, next_ms = self._inject_ms(), self._call_ms(), self._agenda.next_ms
        at_ms = min((each for each in (inject_ms, call_ms, next_ms) if each is not None), default=None)
        if at_ms is None or at_ms > self._ends_ms:
            return False
        if at_ms == inject_ms:
            # Half a millisecond more, since what is due may have been rounded down.
            for inject in due(self._run, clock_s=(at_ms + 0.5) / 1000)[:1]:
                self._give(at_ms, inject.number)
        elif at_ms == next_ms:
            _, what, number, turn = self._agenda.pop()
            if what is Due.CLEAR:
                self._clear(at_ms, number)
            elif self._movers[number].turn == turn:
                self._move(at_ms, what, self._movers[number])
        else:
            self._calls.step(at_ms)
        news = len(self._log.facts) > known
        if news and any(each.is_planned and each.due_s is None for each in self._run.injects):
            self._run = begin_waiting(self._plan, self._run, self._log.facts)
        return True

    def _inject_ms(self) -> int | None:
        due_s = next_due_s(self._run)
        return None if due_s is None else max(self._begins_ms, round(due_s * 1000))

    def _call_ms(self) -> int | None:
        due_ms = self._calls.next_ms
        # What was due in a run and not done is done when the rehearsal goes on from it.
        was_run = self._start is not None and self._start.units is not None
        return None if due_ms is None else max(self._begins_ms if was_run else 0, due_ms)

    def _move(self, at_ms: int, what: Due, mover: Mover) -> None:
        match what:
            case Due.ANSWERS:
                self._calls.answer(at_ms, mover)
            case Due.SETS_OUT:
                self._travel.set_out(at_ms, mover)
            case Due.ARRIVES:
                self._travel.arrive(at_ms, mover)
                self._tasks.begin(at_ms, mover)
            case _:
                self._tasks.count(at_ms, mover)

    def _give(self, at_ms: int, number: int) -> None:
        now = self._run.moment(at_ms / 1000)
        self._run = give(self._plan, self._run, number, clock_s=at_ms / 1000, now=now)
        self._log.tell(at_ms, HappeningKind.INJECT_GIVEN, inject=number)
        self._log.note(at_ms, FactKind.INJECT_GIVEN, inject=number)
        inject = self._plan.inject(number)
        if inject is not None and inject.kind is InjectKind.UNIT_OUT:
            self._take_out(at_ms)
        if number in self._numbers.values():
            self._tasks.lane_closed(at_ms, number)
        self._travel.close_and_open(at_ms, self._closed, inject=number)

    def _take_out(self, at_ms: int) -> None:
        for mover in self._movers:
            if mover.who.unit.id not in self._run.units_out or mover.state is MoverState.AWAY:
                continue
            if mover.called_ms is None:
                mover.state = MoverState.AWAY
                continue
            self._travel.take_out(at_ms, mover)
            self._calls.lose(at_ms)

    def _clear(self, at_ms: int, inject: int) -> None:
        self._log.tell(at_ms, HappeningKind.LANE_CLEAR, inject=inject)
        self._log.note(at_ms, FactKind.LANE_CLEAR, inject=inject)
        self._run = lift(self._run, closure_id(self._run.drill_id, inject))
        self._travel.close_and_open(at_ms, self._closed, inject=inject)

"""Whom the ladder calls in a rehearsal, wave by wave, and what becomes of the calls."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from responder.domain.drills.facts import FactKind
from responder.domain.drills.rehearsal.agenda import Agenda, Due
from responder.domain.drills.rehearsal.happenings import HappeningKind, HappeningLog
from responder.domain.drills.rehearsal.movers import Mover, MoverState
from responder.domain.ids import UnitId
from responder.domain.ladder.ladder import Answers, Ladder, LadderStep, StepReason, StepState, why_not
from responder.domain.ladder.profile import StepKind
from responder.domain.ladder.waves import UnitsFound, is_in_first_wave, missing_among, wave_units

_PASSED_OVER: Final = frozenset({StepReason.ENOUGH, StepReason.SOMEBODY_COMES})


class Calls:
    """
    The calls of a rehearsal.

    Reminders, neighbouring circles and the call list bring no one: their steps are decided, and nothing comes
    of them.

    Parameters
    ----------
    ladder
        By which units are called; what was done of it already is not done again.
    zero
        When the drill's clock would have shown nought, had it never stood still: steps are due by it.
    found
        Who can be there in time.
    movers
        All who take part.
    """

    def __init__(
        self,
        ladder: Ladder,
        zero: datetime,
        found: UnitsFound,
        movers: Sequence[Mover],
        *,
        log: HappeningLog,
        agenda: Agenda,
    ) -> None:
        self._ladder, self._zero, self._found = ladder, zero, found
        self._movers, self._log, self._agenda = movers, log, agenda
        self._by_id = {mover.who.unit.id: mover for mover in movers}

    @property
    def next_ms(self) -> int | None:
        """When the next step is due."""
        return min((self._ms(step.due_at) for step in self._ladder.steps if step.is_planned), default=None)

    def begin(self) -> None:
        """Call the first wave; one that finds no one does not wait for the next of those in time."""
        taken: list[LadderStep] = []
        called = 0
        begins_at = self._ladder.steps[0].due_at if self._ladder.steps else self._zero
        for step in self._ladder.steps:
            if not is_in_first_wave(step.rung):
                continue
            if called and step.due_at > begins_at:
                break
            units = self._wave(step, {each.capability for each in self._ladder.wanted})
            self._call(0, units, HappeningKind.CALLED)
            called += len(units)
            taken.append(step.taken(at=begins_at, called=len(units)))
        self._ladder = self._ladder.with_steps(taken)

    def step(self, at_ms: int) -> None:
        """Decide the step that is due."""
        due = min(
            (step for step in self._ladder.steps if step.is_planned),
            key=lambda step: (step.due_at, step.number),
        )
        answers, at = self._answers(), self._zero + timedelta(milliseconds=at_ms)
        reason = why_not(due, answers, enough=self._ladder.enough)
        if reason is not None:
            decided = due.put_aside(StepState.SKIPPED, reason, at=at)
        else:
            units = self._wave(due, answers.missing) if due.rung.kind is StepKind.CALL else []
            self._call(at_ms, units, HappeningKind.CALLED_NEXT)
            decided = due.taken(at=at, called=len(units))
        self._ladder = self._ladder.with_steps([decided])

    def answer(self, at_ms: int, mover: Mover) -> None:
        """Let a unit say that it comes, unless it was known before."""
        if mover.people:
            return
        mover.people = mover.who.unit.people
        self._log.tell(at_ms, HappeningKind.ANSWERED, mover.who.unit.id)
        self._log.note(at_ms, FactKind.COMING, mover.who, people=mover.people)

    def lose(self, at_ms: int) -> None:
        """Have steps that were passed over for those who come decided again, for some come no more."""
        at, answers = self._zero + timedelta(milliseconds=at_ms), self._answers()
        again = [
            step.again(at=at)
            for step in self._ladder.steps
            if step.state is StepState.SKIPPED
            and step.reason in _PASSED_OVER
            and why_not(step, answers, enough=self._ladder.enough) is None
        ]
        self._ladder = self._ladder.with_steps(again)

    def wait(self, mover: Mover, *, called_ms: int, now_ms: int) -> None:
        """Let a unit that was called answer and set out, or not come, as chance has it."""
        mover.state, mover.called_ms = MoverState.CALLED, called_ms
        unit, draw = mover.who.unit, mover.draw
        if not draw.comes:
            mover.state = MoverState.AWAY
            self._log.tell(now_ms, HappeningKind.NOT_COMING, unit.id)
            return
        turnout_ms = round(unit.turnout_s * draw.turnout)
        answers_ms = max(now_ms, called_ms + min(draw.answer_ms, turnout_ms))
        self._agenda.later(answers_ms, Due.ANSWERS, mover.number, turn=mover.turn)
        self._agenda.later(max(now_ms, called_ms + turnout_ms), Due.SETS_OUT, mover.number, turn=mover.turn)

    def _call(self, at_ms: int, units: Iterable[UnitId], kind: HappeningKind) -> None:
        for unit_id in units:
            self._log.tell(at_ms, kind, unit_id)
            self.wait(self._by_id[unit_id], called_ms=at_ms, now_ms=at_ms)

    def _wave(self, step: LadderStep, missing: Iterable[str]) -> list[UnitId]:
        """Return the units that a step calls and that are not called yet."""
        units = wave_units(
            step.rung,
            found=self._found,
            units=[mover.who.unit for mover in self._movers],
            partners=[mover.who.partner for mover in self._movers],
            missing=frozenset(missing),
        )
        return [each for each in units if each in self._by_id and self._by_id[each].state is MoverState.IDLE]

    def _answers(self) -> Answers:
        called = [mover for mover in self._movers if mover.called_ms is not None]
        coming = [mover for mover in called if mover.people and mover.state is not MoverState.AWAY]
        missing = missing_among(
            [mover.who.unit.id for mover in coming for _ in range(mover.people)],
            self._ladder.wanted,
            [mover.who.unit for mover in coming],
        )
        return Answers(
            coming=sum(mover.people for mover in coming),
            silent=sum(not mover.people for mover in called),
            missing=missing,
        )

    def _ms(self, moment: datetime) -> int:
        return round((moment - self._zero).total_seconds() * 1000)

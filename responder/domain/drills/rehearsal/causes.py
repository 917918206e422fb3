"""Why an objective is not met in time in a rehearsal."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from responder.domain.drills.facts import FactKind, proof_of
from responder.domain.drills.plan import Measure, Objective
from responder.domain.drills.rehearsal.crew import Participant, Route
from responder.domain.drills.rehearsal.happenings import Course, HappeningKind
from responder.domain.drills.rehearsal.tasks import CLEAR_LANES, COUNT_PEOPLE
from responder.domain.ids import UnitId
from responder.domain.people.partner import PartnerKind

WORTH_TELLING_MS: Final = 30_000
"""A shorter delay is not told."""


class CauseCode(StrEnum):
    """What an objective waited for, or what it lacked."""

    NONE_CALLED = "none_called"
    """No unit that could meet it was called."""
    TOO_FEW_CALLED = "too_few_called"
    """`count` of the `need` units or people."""
    ARRIVED = "arrived"
    """The unit that decided it came at `ms` of the drill's clock."""
    ANSWERED = "answered"
    """The unit that decided it said so at `ms` of the drill's clock."""
    CALLED_LATE = "called_late"
    """It was called at `ms` of the drill's clock."""
    DELAYED = "delayed"
    """An inject held it up for `ms`."""
    EXPECTED = "expected"
    """Even as expected it is not there before `ms` of the drill's clock, which is too late."""
    SLOWER = "slower"
    """It took `ms` longer than expected by chance."""
    NOT_COMING = "not_coming"
    CUT_OFF = "cut_off"
    OUT_OF_SERVICE = "out_of_service"
    STILL_COMING = "still_coming"
    """They were not there by the end."""
    NOT_GIVEN = "not_given"
    """The inject since which it counts was not given."""
    WAITED = "waited"
    """For `ms`, until someone was there to do it."""
    TASK = "task"
    """Clearing the lane or counting took `ms`, once someone was there."""
    UNFINISHED = "unfinished"
    """It was not done by the end: `count` of `need` were counted; none are told of a lane."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissCause:
    """One reason; which fields are given depends on the code."""

    code: CauseCode
    unit_ids: tuple[UnitId, ...] = ()
    inject: int | None = None
    ms: int | None = None
    count: int | None = None
    need: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseFinder:
    """
    Finds why objectives are not met in time in one rehearsal.

    `expected` are the ways of the crew while nothing of the drill is closed; None where they are not known.
    """

    course: Course
    crew: Sequence[Participant]
    expected: Sequence[Route | None]

    def causes_of(self, objective: Objective) -> tuple[MissCause, ...]:
        """Return why an objective was not met in time, the weightiest first."""
        since = objective.since_inject
        given = (FactKind.INJECT_GIVEN, since)
        if since is not None and all((each.kind, each.inject) != given for each in self.course.facts):
            return (MissCause(code=CauseCode.NOT_GIVEN, inject=since),)
        match objective.measure:
            case Measure.FIRST_ON_SCENE | Measure.COMING:
                return tuple(self._of_units(objective, frozenset(PartnerKind)))
            case Measure.PARTNER_ON_SCENE:
                kinds = frozenset(each for each in PartnerKind if each is objective.partner_kind)
                return tuple(self._of_units(objective, kinds))
            case Measure.LANE_CLEAR:
                return tuple(self._of_task(objective, CLEAR_LANES, since))
            case Measure.COUNTED:
                return tuple(self._of_task(objective, COUNT_PEOPLE, None))
            case Measure.OBSERVED:
                return ()

    def _of_units(self, objective: Objective, kinds: frozenset[PartnerKind]) -> Iterator[MissCause]:
        called = self._called(kinds)
        if not called:
            yield MissCause(code=CauseCode.NONE_CALLED)
            return
        proof = proof_of(objective, self.course.facts)
        if proof and proof[-1].unit_id is not None:
            is_answer = proof[-1].kind is FactKind.COMING
            at_ms = round(proof[-1].at_s * 1000)
            yield from self._journey(
                proof[-1].unit_id, at_ms, limit_ms=self._limit_ms(objective), is_answer=is_answer
            )
            return
        need = objective.count or 1
        have = sum(who.unit.people for who in called) if objective.measure is Measure.COMING else len(called)
        if have < need:
            yield MissCause(code=CauseCode.TOO_FEW_CALLED, count=have, need=need)
        yield from self._missing(called)

    def _of_task(
        self, objective: Objective, kinds: frozenset[PartnerKind], inject: int | None
    ) -> Iterator[MissCause]:
        called = self._called(kinds)
        arrived = {
            who.unit.id: self.course.arrivals_ms[who.unit.id]
            for who in called
            if who.unit.id in self.course.arrivals_ms
        }
        if not called:
            yield MissCause(code=CauseCode.NONE_CALLED)
            return
        if not arrived:
            yield from self._missing(called)
            return
        first = min(arrived, key=lambda unit_id: (arrived[unit_id], unit_id))
        given = (
            next((each.at_s for each in self.course.facts if each.inject == inject), 0.0) if inject else 0.0
        )
        begins_ms = round(given * 1000)
        waited_ms = max(0, arrived[first] - begins_ms)
        if waited_ms >= WORTH_TELLING_MS:
            yield MissCause(code=CauseCode.WAITED, unit_ids=(first,), ms=waited_ms)
        proof = proof_of(objective, self.course.facts)
        if proof:
            task_ms = max(0, round(proof[-1].at_s * 1000) - max(begins_ms, arrived[first]))
            yield MissCause(code=CauseCode.TASK, unit_ids=(first,), inject=inject, ms=task_ms)
        elif inject is not None:
            yield MissCause(code=CauseCode.UNFINISHED, unit_ids=(first,), inject=inject)
        else:
            counted = sum(each.people for each in self.course.facts if each.kind is FactKind.COUNTED)
            yield MissCause(
                code=CauseCode.UNFINISHED, unit_ids=(first,), count=counted, need=objective.count or 1
            )

    def _limit_ms(self, objective: Objective) -> int:
        """Return until when it should be met, on the drill's clock."""
        return round((self._given_s(objective.since_inject) + objective.within_s) * 1000)

    def _given_s(self, inject: int | None) -> float:
        given = (FactKind.INJECT_GIVEN, inject)
        if inject is None:
            return 0.0
        return next((each.at_s for each in self.course.facts if (each.kind, each.inject) == given), 0.0)

    def _journey(self, unit_id: UnitId, at_ms: int, *, limit_ms: int, is_answer: bool) -> Iterator[MissCause]:
        """Return what made the unit late on which an objective waited."""
        code = CauseCode.ANSWERED if is_answer else CauseCode.ARRIVED
        yield MissCause(code=code, unit_ids=(unit_id,), ms=at_ms)
        called_ms = self.course.called_ms.get(unit_id, 0)
        if called_ms >= WORTH_TELLING_MS:
            yield MissCause(code=CauseCode.CALLED_LATE, unit_ids=(unit_id,), ms=called_ms)
        if is_answer:
            return
        late_ms = 0
        for (delayed, inject), delay_ms in self.course.delays_ms.items():
            if delayed == unit_id and delay_ms >= WORTH_TELLING_MS:
                late_ms += delay_ms
                yield MissCause(code=CauseCode.DELAYED, unit_ids=(unit_id,), inject=inject, ms=delay_ms)
        number = next((n for n, who in enumerate(self.crew) if who.unit.id == unit_id), None)
        route = None if number is None else self.expected[number]
        if number is None or route is None:
            return
        expected_ms = called_ms + round(self.crew[number].unit.turnout_s * 1000) + route.travel_ms
        if expected_ms > limit_ms:
            yield MissCause(code=CauseCode.EXPECTED, unit_ids=(unit_id,), ms=expected_ms)
        if at_ms - expected_ms - late_ms >= WORTH_TELLING_MS:
            yield MissCause(code=CauseCode.SLOWER, unit_ids=(unit_id,), ms=at_ms - expected_ms - late_ms)

    def _missing(self, called: Iterable[Participant]) -> Iterator[MissCause]:
        """Return why units that were called did not come."""
        course = self.course
        ended = {
            HappeningKind.NOT_COMING: CauseCode.NOT_COMING,
            HappeningKind.OUT_OF_SERVICE: CauseCode.OUT_OF_SERVICE,
        }
        why = {each.unit_id: ended[each.kind] for each in course.happenings if each.kind in ended}
        units: dict[tuple[CauseCode, int | None], list[UnitId]] = {}
        for who in called:
            unit_id = who.unit.id
            if unit_id in course.arrivals_ms:
                continue
            is_cut_off = unit_id in course.cut_off and unit_id not in why
            code = CauseCode.CUT_OFF if is_cut_off else why.get(unit_id, CauseCode.STILL_COMING)
            inject = course.cut_off[unit_id] if is_cut_off else None
            units.setdefault((code, inject), []).append(unit_id)
        for (code, inject), unit_ids in units.items():
            yield MissCause(code=code, inject=inject, unit_ids=tuple(unit_ids))

    def _called(self, kinds: frozenset[PartnerKind]) -> list[Participant]:
        return [
            who for who in self.crew if who.unit.id in self.course.called_ms and who.partner.kind in kinds
        ]

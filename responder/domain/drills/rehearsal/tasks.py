"""What units of a rehearsal do on scene: they clear lanes and count people."""

from collections.abc import Iterable, Sequence
from typing import Final

from responder.domain.drills.facts import FactKind
from responder.domain.drills.plan import DrillPlan, Measure
from responder.domain.drills.rehearsal.agenda import Agenda, Due
from responder.domain.drills.rehearsal.happenings import HappeningKind, HappeningLog
from responder.domain.drills.rehearsal.movers import Mover, MoverState
from responder.domain.drills.rehearsal.spread import Chance
from responder.domain.drills.rehearsal.start import RehearsalStart, UnitStage
from responder.domain.people.partner import PartnerKind

CLEAR_LANES: Final = frozenset({PartnerKind.PROPERTY, PartnerKind.POLICE, PartnerKind.COMMUNITY})
COUNT_PEOPLE: Final = frozenset({PartnerKind.COMMUNITY})
COUNTED_AT_ONCE: Final = 10
"""So many people are counted before the number is told."""


class Tasks:
    """What is left to do on scene, as the objectives of the plan ask for it."""

    def __init__(
        self, plan: DrillPlan, movers: Sequence[Mover], chance: Chance, log: HappeningLog, agenda: Agenda
    ) -> None:
        self._movers, self._chance, self._log, self._agenda = movers, chance, log, agenda
        self._asked_for = {
            each.since_inject for each in plan.objectives if each.measure is Measure.LANE_CLEAR
        }
        self._to_clear: list[int] = []
        self._to_count = max(
            (each.count or 1 for each in plan.objectives if each.measure is Measure.COUNTED), default=0
        )
        self._counted = 0

    def resume(self, start: RehearsalStart, *, lanes: Iterable[int]) -> None:
        """Take up what was under way; `lanes` are those that are closed."""
        self._counted = sum(fact.people for fact in start.facts if fact.kind is FactKind.COUNTED)
        here = [mover for mover in self._movers if mover.state is MoverState.ON_SCENE]
        for mover in here:
            self._begin_counting(start.at_ms, mover)
        since = [
            unit.since_ms
            for mover in here
            if mover.who.partner.kind in CLEAR_LANES
            and start.units is not None
            and (unit := start.units.get(mover.who.unit.id)) is not None
            and unit.stage is UnitStage.ON_SCENE
        ]
        for inject in lanes:
            given = start.run.inject(inject)
            if inject not in self._asked_for or given is None or given.at_s is None:
                continue
            if not since:
                self._to_clear.append(inject)
                continue
            begun_ms = max(round(given.at_s * 1000), min(since))
            lasts_ms = self._chance.clearing_ms(inject, beyond=max(0, start.at_ms - begun_ms))
            self._agenda.later(max(start.at_ms, begun_ms + lasts_ms), Due.CLEAR, inject)

    def begin(self, at_ms: int, mover: Mover) -> None:
        """Let a unit that has arrived do what it is there for."""
        self._begin_counting(at_ms, mover)
        if mover.who.partner.kind in CLEAR_LANES:
            self._begin_clearing(at_ms)

    def lane_closed(self, at_ms: int, inject: int) -> None:
        """Have the lane of an inject cleared if an objective asks for it."""
        if inject in self._asked_for:
            self._to_clear.append(inject)
            self._begin_clearing(at_ms)

    def count(self, at_ms: int, mover: Mover) -> None:
        """Tell how many more a unit has counted."""
        people = min(COUNTED_AT_ONCE, self._to_count - self._counted)
        if people <= 0:
            return
        self._counted += people
        self._log.tell(at_ms, HappeningKind.COUNTED, mover.who.unit.id, people=people)
        self._log.note(at_ms, FactKind.COUNTED, mover.who, people=people)
        self._begin_counting(at_ms, mover)

    def _begin_counting(self, at_ms: int, mover: Mover) -> None:
        people = min(COUNTED_AT_ONCE, self._to_count - self._counted)
        if people > 0 and mover.who.partner.kind in COUNT_PEOPLE:
            self._agenda.later(
                at_ms + people * mover.draw.count_ms, Due.COUNTED, mover.number, turn=mover.turn
            )

    def _begin_clearing(self, at_ms: int) -> None:
        """Let those who are on scene clear what is to be cleared."""
        can = any(
            mover.state is MoverState.ON_SCENE and mover.who.partner.kind in CLEAR_LANES
            for mover in self._movers
        )
        if can:
            for inject in self._to_clear:
                self._agenda.later(at_ms + self._chance.clearing_ms(inject), Due.CLEAR, inject)
            self._to_clear.clear()

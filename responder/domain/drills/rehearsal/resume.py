"""Take up a run where it stood: what was reported by then, and how far each unit had come."""

from collections.abc import Sequence

from responder.domain.drills.facts import Fact, FactKind
from responder.domain.drills.rehearsal.calls import Calls
from responder.domain.drills.rehearsal.crew import Participant
from responder.domain.drills.rehearsal.happenings import HappeningKind, HappeningLog
from responder.domain.drills.rehearsal.movers import Mover, MoverState
from responder.domain.drills.rehearsal.spread import Chance
from responder.domain.drills.rehearsal.start import RehearsalStart, UnitStage, UnitStart
from responder.domain.drills.rehearsal.travel import Travel

_TOLD = {
    FactKind.INJECT_GIVEN: HappeningKind.INJECT_GIVEN,
    FactKind.COMING: HappeningKind.ANSWERED,
    FactKind.ON_SCENE: HappeningKind.ON_SCENE,
    FactKind.LANE_CLEAR: HappeningKind.LANE_CLEAR,
    FactKind.COUNTED: HappeningKind.COUNTED,
}


def mover_of(number: int, who: Participant, chance: Chance, start: RehearsalStart | None) -> Mover:
    """Return a unit with what chance decides about it, given how it stood."""
    stood = _stood(start, who)
    if start is None or stood is None:
        mover = Mover(number, who, chance.of_unit(who.unit.id))
        if start is not None and who.unit.id in start.run.units_out:
            mover.state = MoverState.AWAY
        return mover
    waited_ms = start.at_ms - stood.called_ms if stood.stage in {UnitStage.CALLED, UnitStage.COMING} else 0
    # A unit that needs no time to set out is not late.
    waited = int(waited_ms / who.unit.turnout_s) if who.unit.turnout_s > 0 else 0
    draw = chance.of_unit(who.unit.id, waited=waited, has_answered=stood.stage is not UnitStage.CALLED)
    return Mover(number, who, draw, people=stood.people, is_reported=stood.people > 0)


def tell_what_was(start: RehearsalStart, log: HappeningLog) -> None:
    """Tell what was reported by then, once for each unit."""
    for unit_id, stood in sorted((start.units or {}).items()):
        log.tell(stood.called_ms, HappeningKind.CALLED, unit_id)
        if unit_id in start.run.units_out:
            log.tell(stood.since_ms, HappeningKind.OUT_OF_SERVICE, unit_id)
        elif stood.stage is UnitStage.AWAY:
            log.tell(stood.since_ms, HappeningKind.NOT_COMING, unit_id)
    seen: set[object] = set()
    for fact in sorted(start.facts, key=lambda fact: fact.at_s):
        log.facts.append(fact)
        kind = _TOLD.get(fact.kind)
        if kind is None or (key := _key(fact)) in seen:
            continue
        seen.add(key)
        log.tell(
            round(fact.at_s * 1000),
            kind,
            fact.unit_id,
            inject=fact.inject,
            people=fact.people if fact.kind is FactKind.COUNTED else None,
        )
    log.tell(start.at_ms, HappeningKind.GOES_ON)


def resume(start: RehearsalStart, movers: Sequence[Mover], calls: Calls, travel: Travel) -> None:
    """Put all who were called where they stood."""
    for mover in movers:
        stood = _stood(start, mover.who)
        if stood is not None:
            _resume(start, stood, mover, calls, travel)


def _resume(start: RehearsalStart, stood: UnitStart, mover: Mover, calls: Calls, travel: Travel) -> None:
    mover.called_ms = stood.called_ms
    match stood.stage:
        case UnitStage.AWAY:
            mover.state = MoverState.AWAY
        case UnitStage.ON_SCENE:
            mover.state = MoverState.ON_SCENE
            travel.arrivals_ms[mover.who.unit.id] = stood.since_ms
        case UnitStage.MOVING:
            travel.be_on_the_way(stood.place_ms, mover, now_ms=start.at_ms)
        case _:
            calls.wait(mover, called_ms=stood.called_ms, now_ms=start.at_ms)


def _stood(start: RehearsalStart | None, who: Participant) -> UnitStart | None:
    return None if start is None or start.units is None else start.units.get(who.unit.id)


def _key(fact: Fact) -> object:
    # People are counted again and again, and lanes may be closed again.
    if fact.unit_id is None or fact.kind is FactKind.COUNTED:
        return fact.kind, fact.at_s, fact.inject
    return fact.kind, fact.unit_id

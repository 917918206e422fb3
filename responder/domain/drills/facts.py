"""What happens in a drill, walked or simulated, and which objectives it meets."""

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from responder.domain.drills.plan import Measure, Objective
from responder.domain.ids import PartnerId, ResponderId, UnitId
from responder.domain.people.partner import PartnerKind


class FactKind(StrEnum):
    """What can happen."""

    COMING = "coming"
    """People of a unit are on the way."""
    ON_SCENE = "on_scene"
    """A unit is on scene."""
    LANE_CLEAR = "lane_clear"
    """The lane of an inject is clear."""
    COUNTED = "counted"
    """People were counted at the assembly point."""
    OBSERVED = "observed"
    """An evaluator says that an objective is met."""
    INJECT_GIVEN = "inject_given"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One thing that happened, at its second of the drill's clock."""

    kind: FactKind
    at_s: float
    unit_id: UnitId | None = None
    partner_id: PartnerId | None = None
    partner_kind: PartnerKind | None = None
    recipient_id: ResponderId | None = None
    """The person of whom it is known; None where it is said of a whole unit."""
    people: int = 0
    """How many are coming, or were counted."""
    inject: int | None = None
    objective: str | None = None


def proof_of(objective: Objective, facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """
    Return the facts by which an objective was met, the deciding one last; none if it never was.

    Facts may come in any order. Each unit counts once, however often it is on scene.
    """
    ordered = sorted(facts, key=lambda fact: fact.at_s)
    match objective.measure:
        case Measure.FIRST_ON_SCENE:
            return _first_units(ordered, objective.count or 1)
        case Measure.PARTNER_ON_SCENE:
            of_kind = [fact for fact in ordered if fact.partner_kind is objective.partner_kind]
            return _first_units(of_kind, 1)
        case Measure.COMING:
            coming = [fact for fact in ordered if fact.kind in {FactKind.COMING, FactKind.ON_SCENE}]
            firsts = _firsts(coming, key=lambda fact: (fact.unit_id, fact.recipient_id))
            return _enough_people(firsts, objective.count or 1)
        case Measure.COUNTED:
            counted = [fact for fact in ordered if fact.kind is FactKind.COUNTED]
            return _enough_people(counted, objective.count or 1)
        case Measure.LANE_CLEAR:
            wanted = (FactKind.LANE_CLEAR, objective.since_inject)
            return tuple(fact for fact in ordered if (fact.kind, fact.inject) == wanted)[:1]
        case Measure.OBSERVED:
            wanted_key = (FactKind.OBSERVED, objective.key)
            return tuple(fact for fact in ordered if (fact.kind, fact.objective) == wanted_key)[:1]


def met_at_s(objective: Objective, facts: Iterable[Fact]) -> float | None:
    """Return when an objective was met, in seconds of the clock, however late; None if it never was."""
    proof = proof_of(objective, facts)
    return proof[-1].at_s if proof else None


def took_s(objective: Objective, facts: Iterable[Fact]) -> float | None:
    """Return how long it took to meet an objective on its own clock; None if it was not met."""
    known = list(facts)
    met = met_at_s(objective, known)
    if met is None or objective.since_inject is None:
        return met
    wanted = (FactKind.INJECT_GIVEN, objective.since_inject)
    given = next((fact.at_s for fact in known if (fact.kind, fact.inject) == wanted), None)
    return None if given is None else max(0.0, met - given)


def is_met(objective: Objective, facts: Iterable[Fact]) -> bool:
    """Tell whether an objective was met in time."""
    took = took_s(objective, facts)
    return took is not None and took <= objective.within_s


def _first_units(ordered: Iterable[Fact], count: int) -> tuple[Fact, ...]:
    on_scene = (fact for fact in ordered if fact.kind is FactKind.ON_SCENE)
    units = _firsts(on_scene, key=lambda fact: fact.unit_id)
    return tuple(units[:count]) if len(units) >= count else ()


def _firsts(ordered: Iterable[Fact], *, key: Callable[[Fact], Hashable]) -> list[Fact]:
    firsts: dict[Hashable, Fact] = {}
    for fact in ordered:
        firsts.setdefault(key(fact), fact)
    return list(firsts.values())


def _enough_people(ordered: Iterable[Fact], count: int) -> tuple[Fact, ...]:
    counted, people = [], 0
    for fact in ordered:
        counted.append(fact)
        people += fact.people
        if people >= count:
            return tuple(counted)
    return ()

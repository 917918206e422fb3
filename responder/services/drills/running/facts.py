"""What happened in a drill so far: what people answered and reported."""

from collections.abc import Iterable, Iterator, Mapping

from responder.domain.drills.facts import Fact, FactKind
from responder.domain.drills.run import DrillRun, InjectState
from responder.domain.ids import PartnerId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.people.partner import Partner, PartnerKind
from responder.domain.registers.roll_call import RollCall, RollCallState
from responder.services.incidents.waves import current_calls

_COMING = (DeliveryState.ACCEPTED, DeliveryState.EN_ROUTE)


def facts_of(run: DrillRun, detail: IncidentDetail | None, partners: Iterable[Partner]) -> tuple[Fact, ...]:
    """Return all facts, by their second; `detail` is the exercise, None of a tabletop."""
    kinds = {partner.id: partner.kind for partner in partners}
    roll_call = None if detail is None else detail.roll_call
    found = [*_injects(run), *(run.facts if roll_call is None else _by_door(run, roll_call))]
    if detail is not None:
        for delivery in current_calls(detail):
            found += _answers(run, delivery, kinds)
    return tuple(sorted(found, key=lambda fact: (fact.at_s, fact.kind, str(fact.recipient_id))))


def _by_door(run: DrillRun, roll_call: RollCall) -> Iterator[Fact]:
    """Return what was reported, with the people of the roll-call in the place of those counted by number."""
    yield from (fact for fact in run.facts if fact.kind is not FactKind.COUNTED)
    for door in roll_call.doors:
        if door.state is RollCallState.OUT and door.at is not None and door.people > 0:
            yield Fact(kind=FactKind.COUNTED, at_s=run.clock_s(door.at), people=door.people)


def _injects(run: DrillRun) -> Iterator[Fact]:
    for inject in run.injects:
        if inject.state is InjectState.GIVEN and inject.at_s is not None:
            yield Fact(kind=FactKind.INJECT_GIVEN, at_s=inject.at_s, inject=inject.number)


def _answers(run: DrillRun, delivery: Delivery, kinds: Mapping[PartnerId, PartnerKind]) -> Iterator[Fact]:
    coming = [delivery.times[state] for state in _COMING if state in delivery.times]
    moments = [(FactKind.COMING, min(coming))] if coming else []
    if DeliveryState.ON_SCENE in delivery.times:
        moments.append((FactKind.ON_SCENE, delivery.times[DeliveryState.ON_SCENE]))
    for kind, at in moments:
        yield Fact(
            kind=kind,
            at_s=run.clock_s(at),
            unit_id=delivery.unit_id,
            partner_id=delivery.partner_id,
            partner_kind=kinds.get(delivery.partner_id),
            recipient_id=delivery.recipient_id,
            people=1,
        )

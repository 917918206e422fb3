"""What happened in a drill so far: what people answered and reported."""

from collections.abc import Iterable, Iterator, Mapping

from responder.domain.drills.facts import Fact, FactKind
from responder.domain.drills.run import DrillRun, InjectState
from responder.domain.ids import PartnerId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.people.partner import Partner, PartnerKind
from responder.services.incidents.waves import current_calls

_COMING = (DeliveryState.ACCEPTED, DeliveryState.EN_ROUTE)


def facts_of(run: DrillRun, detail: IncidentDetail | None, partners: Iterable[Partner]) -> tuple[Fact, ...]:
    """Return all facts, by their second; `detail` is the exercise, None of a tabletop."""
    kinds = {partner.id: partner.kind for partner in partners}
    found = [*_injects(run), *run.facts]
    if detail is not None:
        for delivery in current_calls(detail):
            found += _answers(run, delivery, kinds)
    return tuple(sorted(found, key=lambda fact: (fact.at_s, fact.kind, str(fact.recipient_id))))


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

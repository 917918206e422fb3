"""Calls without a receipt follow a person who goes on being called as another recipient."""

from dataclasses import replace
from datetime import UTC, datetime

from responder.domain.ids import ResponderId
from responder.domain.incidents.event import AlertExtended
from responder.live.circle.pending_calls import PendingDeliveries
from tests.domain.town import Town

NOW = datetime(2025, 11, 3, 6, 0, tzinfo=UTC)


def test_no_call_waits_for_the_former_recipient_of_a_person() -> None:
    town = Town()
    detail, other = town.incident(minute=1), town.incident(minute=2)
    calls = PendingDeliveries([detail, other], now=0.0, at=NOW)
    first, *others = detail.deliveries
    moved = replace(first, recipient_id=ResponderId(town.new_id()))
    calls.apply(AlertExtended(detail=replace(detail, deliveries=(moved, *others))), now=1.0)
    waiting = {(call.incident_id, call.recipient_id) for call in calls}
    assert waiting == {
        (each.incident.id, delivery.recipient_id)
        for each, deliveries in ((detail, (moved, *others)), (other, other.deliveries))
        for delivery in deliveries
    }

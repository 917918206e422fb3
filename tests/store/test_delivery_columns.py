"""Deliveries in events: by column, and as earlier versions wrote them."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

from pydantic import TypeAdapter

from responder.domain.ids import AlertId, IncidentId, PartnerId, ResponderId, UnitId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import DeliveriesUpdated
from responder.store.bodies import dump_event, load_event

NOON = datetime(2026, 11, 5, 12, 0, 0, 123_000, tzinfo=UTC)
ALERT, UNIT, PARTNER = AlertId(uuid4()), UnitId(uuid4()), PartnerId(uuid4())


def called(name: str) -> Delivery:
    return Delivery(
        alert_id=ALERT,
        recipient_id=ResponderId(uuid4()),
        recipient_name=name,
        unit_id=UNIT,
        partner_id=PARTNER,
        state=DeliveryState.QUEUED,
        times={"queued": NOON},
        unit_ids=(UNIT, UnitId(uuid4())),
    )


def updated() -> DeliveriesUpdated:
    odd = called('"deliveries":[],{"groups":')
    alike = [replace(called(f"队员{number}"), unit_ids=(UNIT,)) for number in range(100)]
    further = odd.advance(DeliveryState.SEEN, at=NOON + timedelta(seconds=4))
    return DeliveriesUpdated(incident_id=IncidentId(uuid4()), deliveries=(odd, *alike, further))


def test_an_event_is_read_as_it_was_written_and_says_what_people_share_once() -> None:
    event = updated()
    body = dump_event(event)
    assert load_event(body) == event
    assert body.count(str(PARTNER)) == 3
    # Of each person there is the id, the name and a number.
    assert len(body) < 100 * len(event.deliveries)


def test_a_body_of_an_earlier_version_is_read_too() -> None:
    event = updated()
    whole = TypeAdapter(DeliveriesUpdated).dump_json(event).decode()
    assert isinstance(json.loads(whole)["deliveries"], list)
    assert load_event(whole) == event


def test_an_event_without_deliveries_stays_as_it_is() -> None:
    event = replace(updated(), deliveries=())
    assert json.loads(dump_event(event))["deliveries"] == []
    assert load_event(dump_event(event)) == event

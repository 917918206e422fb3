"""Whom a round names as not reached: no one for ended or old incidents, and an alert in one line."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import structlog

from responder.domain.ids import AccountId, AlertId, CircleId, IncidentId, PartnerId, ResponderId, UnitId
from responder.domain.incidents.alert import Alert, MessageType
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import IncidentEnded
from responder.domain.incidents.incident import EndReason, Incident, Severity
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.shipped_catalogue import SHIPPED
from responder.domain.incidents.snapshot import CircleSnapshot, IncidentDetail
from responder.domain.map.circle import Circle
from responder.domain.map.place import Place
from responder.live.circle.channel import Channel
from responder.live.circle.hub import Hub
from responder.live.circle.read_model import CircleReadModel
from responder.live.protocol.metrics import Metrics
from responder.live.sync.reminders import Reminders

NOON = datetime(2026, 11, 5, 12, tzinfo=UTC)
NOW = 5000.0
CIRCLE, INCIDENT = CircleId(uuid4()), IncidentId(uuid4())
PEOPLE = [ResponderId(uuid4()) for _ in range(3)]
STATES = (DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.DELIVERED)


def detail(*, message_type: MessageType = MessageType.ALERT) -> IncidentDetail:
    """Return an incident of noon that two of three people have not confirmed."""
    incident = Incident(
        id=INCIDENT,
        circle_id=CIRCLE,
        exercise=False,
        kind="smoke",
        severity=Severity.ORANGE,
        place=Place(label="7", lon=112.985, lat=28.158),
        note="",
        raised_at=NOON,
        raised_by=AccountId(uuid4()),
        raised_by_name="",
    )
    alert = Alert(
        id=AlertId(uuid4()),
        incident_id=incident.id,
        message_type=message_type,
        exercise=False,
        headline="",
        sent_at=NOON,
    )
    deliveries = tuple(
        Delivery(
            alert_id=alert.id,
            recipient_id=person,
            recipient_name="",
            unit_id=UnitId(uuid4()),
            partner_id=PartnerId(uuid4()),
            state=state,
            times={"queued": NOON},
        )
        for person, state in zip(PEOPLE, STATES, strict=True)
    )
    no_units = ResponseCircle(limit_s=900, computed_at=NOON, members=(), non_members=())
    return IncidentDetail(incident=incident, alerts=(alert,), response_circle=no_units, deliveries=deliveries)


def channel(*incidents: IncidentDetail, age_s: float) -> Channel:
    """Return a channel that is formed so long after noon."""
    whole = CircleSnapshot(
        circle=Circle(id=CIRCLE, name="圈", name_en="Circle", centre=(112.985, 28.158)),
        epoch="epoch",
        seq=1,
        event_id=UUID(int=1),
        reach_version=0,
        catalogue=SHIPPED,
        partners=(),
        units=(),
        hazards=(),
        closures=(),
        drills=(),
        incidents=incidents,
        positions=(),
    )
    read_model = CircleReadModel(whole, has_older=False, positions=[])
    return Channel(CIRCLE, read_model, recent=[], now=NOW, at=NOON + timedelta(seconds=age_s))


def rounds(formed: Channel, *, after_s: tuple[float, ...], metrics: Metrics | None = None) -> list[Any]:
    """Make rounds so long after the channel was formed, and return what the log says."""
    # The hub is not used here.
    hub = Hub(None, clock=None)  # type: ignore[arg-type]
    reminders = Reminders(hub, metrics=metrics or Metrics(), after_s=10)
    with structlog.testing.capture_logs() as logged:
        for waited_s in after_s:
            reminders.check(formed, now=NOW + waited_s)
    return [(line["event"], line["people"], set(line["recipients"])) for line in logged]


MISSING = {str(person) for person in PEOPLE[:2]}


def test_an_alert_is_escalated_in_one_line_each_with_everyone_in_it() -> None:
    metrics = Metrics()
    said = rounds(channel(detail(), age_s=0), after_s=(5, 11, 12, 31, 32, 60), metrics=metrics)
    assert said == [("next_channel_due", 2, MISSING), ("not_reached", 2, MISSING)]
    assert "responder_live_not_reached_total 2" in metrics.text()


def test_a_call_that_is_found_again_is_as_old_as_it_is() -> None:
    formed = channel(detail(), age_s=25)
    assert rounds(formed, after_s=(0, 0.5)) == [("next_channel_due", 2, MISSING)]
    assert rounds(formed, after_s=(1.5, 2.5)) == [], "the next round is due after ten seconds more"
    assert rounds(formed, after_s=(6,)) == [("not_reached", 2, MISSING)]


def test_what_is_long_ago_is_not_escalated() -> None:
    assert rounds(channel(detail(), age_s=3600), after_s=(0, 11, 31, 61)) == []


def test_a_clock_that_is_ahead_does_not_make_calls_younger_than_new() -> None:
    said = rounds(channel(detail(), age_s=-3600), after_s=(11,))
    assert said == [("next_channel_due", 2, MISSING)]


def test_what_is_over_is_not_escalated() -> None:
    before = detail()
    over = replace(before, incident=before.incident.end(EndReason.RESOLVED, at=NOON, by_name=""))
    assert rounds(channel(over, age_s=0), after_s=(11, 31)) == []


def test_an_end_stops_the_call_and_its_all_clear_phones_no_one() -> None:
    before, clear = detail(), detail(message_type=MessageType.CANCEL)
    formed = channel(before, age_s=0)
    ended = before.incident.end(EndReason.RESOLVED, at=NOON, by_name="")
    event = IncidentEnded(incident=ended, alert=clear.alerts[0], deliveries=clear.deliveries)
    formed.pending.apply(event, now=NOW + 1)
    assert formed.pending.find(clear.alerts[0].id, PEOPLE[0]) is not None
    assert rounds(formed, after_s=(12, 32)) == []

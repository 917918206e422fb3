"""Deliveries that no device has confirmed yet. Follows the log, so it needs no query of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from responder.domain.ids import AlertId, IncidentId, ResponderId
from responder.domain.incidents.delivery import RANK, Delivery, DeliveryState
from responder.domain.incidents.event import (
    AlertExtended,
    AlertRaised,
    AlertUpdated,
    DeliveriesUpdated,
    Event,
    IncidentEnded,
    IncidentMoved,
)
from responder.domain.incidents.snapshot import IncidentDetail


@dataclass(slots=True)
class PendingDelivery:
    """One alert to one person, without a receipt so far."""

    alert_id: AlertId
    incident_id: IncidentId
    exercise: bool
    recipient_id: ResponderId
    recipient_name: str
    since: float
    """When the person was called, by the event loop's clock; finding the call again does not reset it."""
    reminders: int = 0
    missed: bool = False
    """Whether the log has said that another channel is due."""
    not_reached: bool = False
    """Whether the log has said that the person was not reached."""


class PendingDeliveries:
    """The unconfirmed calls of one circle."""

    def __init__(self, details: Iterable[IncidentDetail], *, now: float, at: datetime) -> None:
        """Find those of the details, loaded `at`, which is `now` by the event loop's clock."""
        self._calls: dict[tuple[int, int], PendingDelivery] = {}
        """By the numbers of the ids of alert and person, which are hashed faster."""
        self._exercises: dict[IncidentId, bool] = {}
        self._ended: set[IncidentId] = set()
        for detail in details:
            incident = detail.incident
            self._exercises[incident.id] = incident.exercise
            if not incident.is_open:
                self._ended.add(incident.id)
            sent_at = {alert.id: alert.sent_at for alert in detail.alerts}
            for delivery in detail.deliveries:
                called_at = delivery.times.get(DeliveryState.QUEUED.value, sent_at[delivery.alert_id])
                # Another machine's clock may be ahead of ours.
                age_s = max(0.0, (at - called_at).total_seconds())
                self._add([delivery], incident.id, now=now - age_s)

    def __iter__(self) -> Iterator[PendingDelivery]:
        return iter(tuple(self._calls.values()))

    def __bool__(self) -> bool:
        return bool(self._calls)

    def find(self, alert_id: AlertId, recipient_id: ResponderId) -> PendingDelivery | None:
        """Return the alert to the person while it is unconfirmed."""
        return self._calls.get((alert_id.int, recipient_id.int))

    def is_over(self, call: PendingDelivery) -> bool:
        """Tell whether the incident has ended: no one has to come any more."""
        return call.incident_id in self._ended

    def apply(self, event: Event, *, now: float) -> None:
        """Take an event of the log into account."""
        if isinstance(event, AlertRaised | AlertExtended | IncidentMoved):
            incident = event.detail.incident
            self._exercises[incident.id] = incident.exercise
            self._drop_others(event.detail)
            self._add(event.detail.deliveries, incident.id, now=now)
        elif isinstance(event, IncidentEnded):
            self._ended.add(event.incident.id)
            self._add(event.deliveries, event.incident.id, now=now)
        elif isinstance(event, AlertUpdated):
            self._add(event.deliveries, event.incident.id, now=now)
        elif isinstance(event, DeliveriesUpdated):
            self._add(event.deliveries, event.incident_id, now=now)

    def _drop_others(self, detail: IncidentDetail) -> None:
        """Forget calls to recipients that the incident has no more: the person is another recipient now."""
        there = {(delivery.alert_id.int, delivery.recipient_id.int) for delivery in detail.deliveries}
        for key, call in tuple(self._calls.items()):
            if call.incident_id == detail.incident.id and key not in there:
                del self._calls[key]

    def _add(self, deliveries: Iterable[Delivery], incident_id: IncidentId, *, now: float) -> None:
        for delivery in deliveries:
            key = (delivery.alert_id.int, delivery.recipient_id.int)
            if RANK[delivery.state] >= RANK[DeliveryState.DELIVERED]:
                self._calls.pop(key, None)
            elif key not in self._calls:
                self._calls[key] = PendingDelivery(
                    alert_id=delivery.alert_id,
                    incident_id=incident_id,
                    exercise=self._exercises.get(incident_id, False),
                    recipient_id=delivery.recipient_id,
                    recipient_name=delivery.recipient_name,
                    since=now,
                )

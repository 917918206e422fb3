"""Which calls nobody's device has confirmed yet. Follows the log, so it needs no query of its own."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from responder.domain.delivery import RANK, Delivery, DeliveryState
from responder.domain.event import (
    AlertRaised,
    DeliveriesAdvanced,
    DeliveryAdvanced,
    Event,
    IncidentEnded,
)
from responder.domain.ids import AlertId, IncidentId, ResponderId
from responder.domain.picture import IncidentPicture


@dataclass(slots=True)
class Call:
    """One alert to one person, without a receipt so far."""

    alert_id: AlertId
    incident_id: IncidentId
    exercise: bool
    recipient_id: ResponderId
    recipient_name: str
    since: float
    """When this gateway learned of it, by its event loop's clock: machines disagree about the time of day."""
    reminders: int = 0
    not_reached: bool = False


class Unanswered:
    """The unconfirmed calls of one circle."""

    def __init__(self, pictures: Iterable[IncidentPicture], *, now: float) -> None:
        self._calls: dict[tuple[AlertId, ResponderId], Call] = {}
        self._exercises: dict[IncidentId, bool] = {}
        for picture in pictures:
            self._exercises[picture.incident.id] = picture.incident.exercise
            self._take(picture.deliveries, picture.incident.id, now=now)

    def __iter__(self) -> Iterator[Call]:
        return iter(tuple(self._calls.values()))

    def __bool__(self) -> bool:
        return bool(self._calls)

    def __contains__(self, call: object) -> bool:
        """Tell whether the alert to the person, given as a pair of their ids, is unconfirmed."""
        return call in self._calls

    def of(self, people: Iterable[ResponderId]) -> list[Call]:
        """Return the calls to these people."""
        wanted = frozenset(people)
        return [call for call in self._calls.values() if call.recipient_id in wanted]

    def follow(self, event: Event, *, now: float) -> None:
        """Take an event of the log into account."""
        if isinstance(event, AlertRaised):
            incident = event.picture.incident
            self._exercises[incident.id] = incident.exercise
            self._take(event.picture.deliveries, incident.id, now=now)
        elif isinstance(event, IncidentEnded):
            self._take(event.deliveries, event.incident.id, now=now)
        elif isinstance(event, DeliveryAdvanced):
            self._take([event.delivery], event.incident_id, now=now)
        elif isinstance(event, DeliveriesAdvanced):
            self._take(event.deliveries, event.incident_id, now=now)

    def _take(self, deliveries: Iterable[Delivery], incident_id: IncidentId, *, now: float) -> None:
        for delivery in deliveries:
            key = (delivery.alert_id, delivery.recipient_id)
            if RANK[delivery.state] >= RANK[DeliveryState.DELIVERED]:
                self._calls.pop(key, None)
            elif key not in self._calls:
                self._calls[key] = Call(
                    alert_id=delivery.alert_id,
                    incident_id=incident_id,
                    exercise=self._exercises.get(incident_id, False),
                    recipient_id=delivery.recipient_id,
                    recipient_name=delivery.recipient_name,
                    since=now,
                )

"""Alerts as CAP messages, for other systems of those whom they concern."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from responder.domain.cap.message import CapMessage
from responder.domain.cap.wording import to_message
from responder.domain.errors import NotFoundError
from responder.domain.ids import AlertId, BuildingId, CircleId, IncidentId
from responder.domain.incidents.incident import Incident
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.building import Building
from responder.domain.map.circle import Circle
from responder.domain.people.access import Action, Viewer
from responder.ports import Database, Transaction
from responder.ports.incidents import IncidentQuery
from responder.services.cap.shapes import shapes_of
from responder.services.incidents.catalogue import catalogue_of
from responder.services.incidents.queries import visible_incident

MOST_INCIDENTS: Final = 50
"""In one page of the feed; each may have several alerts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedAlert:
    """An alert as a message, and its own id."""

    id: AlertId
    message: CapMessage


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedPage:
    """Alerts of a circle as messages, the last sent first."""

    circle: Circle
    alerts: tuple[PublishedAlert, ...]
    next: IncidentId | None
    """Ask again with `before` this for the older ones."""


async def publish_alert(database: Database, *, viewer: Viewer, alert_id: AlertId) -> CapMessage:
    """
    Return one alert as a message.

    Raises
    ------
    NotFoundError
        There is no such alert in the circle, or its incident does not concern the viewer.
    """
    viewer.must(Action.VIEW)
    circle_id = viewer.circle_id
    async with database.snapshot() as transaction:
        incidents = await transaction.incidents.of_alerts(circle_id, [alert_id])
        if alert_id not in incidents:
            raise NotFoundError
        detail = await visible_incident(transaction, viewer, incidents[alert_id].id)
        circle = await transaction.circles.get(circle_id)
        published = await _published(transaction, circle, [detail])
    return next(each.message for each in published if each.id == alert_id)


async def publish_feed(database: Database, *, viewer: Viewer, query: IncidentQuery) -> PublishedPage:
    """
    Return the alerts of the incidents that concern the viewer, a page of incidents at a time.

    Raises
    ------
    NotFoundError
        `before` is no incident of the circle, or does not concern the viewer.
    """
    viewer.must(Action.VIEW)
    more = IncidentQuery(exercise=query.exercise, open=query.open, before=query.before, limit=query.limit + 1)
    async with database.snapshot() as transaction:
        circle = await transaction.circles.get(viewer.circle_id)
        found = await transaction.incidents.search(viewer, more)
        page = found[: query.limit]
        alerts = await _published(transaction, circle, page)
    alerts.sort(key=lambda each: (each.message.sent, each.id), reverse=True)
    following = page[-1].incident.id if len(found) > query.limit else None
    return PublishedPage(circle=circle, alerts=tuple(alerts), next=following)


async def _published(
    transaction: Transaction, circle: Circle, details: Sequence[IncidentDetail]
) -> list[PublishedAlert]:
    """Return all alerts of the incidents, each with kind, colour and place as they were when it was sent."""
    catalogue = await catalogue_of(transaction, circle.id)
    then = await transaction.events.incidents_at_alerts(circle.id, [each.incident.id for each in details])
    buildings = await _buildings(transaction, circle.id, (*then.values(), *(d.incident for d in details)))
    published = []
    for detail in details:
        for alert in detail.alerts:
            incident = then.get(alert.id, detail.incident)
            shapes = shapes_of(incident.place, buildings.get(incident.place.building_id))
            message = to_message(circle, catalogue, incident, alert, earlier=detail.alerts, shapes=shapes)
            published.append(PublishedAlert(id=alert.id, message=message))
    return published


async def _buildings(
    transaction: Transaction, circle_id: CircleId, incidents: Iterable[Incident]
) -> dict[BuildingId | None, Building]:
    """Return the buildings of the places; one that was removed from the map since is left out."""
    found: dict[BuildingId | None, Building] = {}
    for building_id in {each.place.building_id for each in incidents}:
        if building_id is not None:
            with suppress(NotFoundError):
                found[building_id] = await transaction.layer(Building).get(circle_id, building_id)
    return found

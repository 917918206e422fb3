"""Look at incidents."""

from dataclasses import replace

from responder.domain.errors import NotFoundError
from responder.domain.ids import IncidentId
from responder.domain.incidents.addressed import Reader, detail_for
from responder.domain.incidents.delivery import Delivery
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
from responder.domain.people.access import Action, Audience, Viewer
from responder.ports import Database, Transaction
from responder.ports.incidents import IncidentQuery


def audience_of(detail: IncidentDetail) -> Audience:
    """Return whom the incident concerns."""
    return Audience(
        recipient_ids=frozenset(delivery.recipient_id for delivery in detail.deliveries),
        partner_ids=frozenset(delivery.partner_id for delivery in detail.deliveries),
        account_ids=frozenset({detail.incident.raised_by}),
    )


ABOUT_DELIVERIES = (
    AlertRaised | AlertExtended | IncidentMoved | IncidentEnded | AlertUpdated | DeliveriesUpdated
)
"""The events that carry deliveries."""


def without_deliveries(event: Event) -> tuple[Event, tuple[Delivery, ...]]:
    """Return the event with none of its deliveries, and those."""
    if isinstance(event, AlertRaised | AlertExtended | IncidentMoved):
        detail = event.detail
        return replace(event, detail=replace(detail, deliveries=())), detail.deliveries
    if isinstance(event, IncidentEnded | AlertUpdated | DeliveriesUpdated):
        return replace(event, deliveries=()), event.deliveries
    return event, ()


def event_detail(event: Event) -> IncidentDetail | None:
    """Return the whole incident, of an event that carries it."""
    if isinstance(event, AlertRaised | AlertExtended | IncidentMoved):
        return event.detail
    return None


def audience_after(event: Event, before: Audience) -> Audience:
    """Return whom an incident concerns with this event about it, when it concerned `before`."""
    detail = event_detail(event)
    if detail is not None:
        return audience_of(detail)
    if not isinstance(event, IncidentEnded | AlertUpdated):
        return before
    people = before.recipient_ids.union(delivery.recipient_id for delivery in event.deliveries)
    partners = before.partner_ids.union(delivery.partner_id for delivery in event.deliveries)
    return replace(before, recipient_ids=people, partner_ids=partners)


def as_shown_to(viewer: Viewer, detail: IncidentDetail) -> IncidentDetail:
    """Return the incident as the viewer is shown it: the ladder is for staff, a text for those it is for."""
    detail = detail_for(Reader.of(viewer), detail)
    if detail.ladder is None or viewer.may(Action.SEE_LADDER):
        return detail
    return replace(detail, ladder=None)


async def visible_incident(
    transaction: Transaction, viewer: Viewer, incident_id: IncidentId
) -> IncidentDetail:
    """
    Return the incident whole.

    Raises
    ------
    NotFoundError
        There is no such incident in the circle, or it does not concern the viewer.
    """
    detail = await transaction.incidents.detail(viewer.circle_id, incident_id)
    if not audience_of(detail).includes(viewer):
        raise NotFoundError
    return detail


async def show_incident(database: Database, *, viewer: Viewer, incident_id: IncidentId) -> IncidentDetail:
    """
    Return the incident whole.

    Raises
    ------
    NotFoundError
        There is no such incident in the circle, or it does not concern the viewer.
    """
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        return as_shown_to(viewer, await visible_incident(transaction, viewer, incident_id))


async def list_incidents(
    database: Database, *, viewer: Viewer, query: IncidentQuery
) -> tuple[tuple[IncidentDetail, ...], IncidentId | None]:
    """
    Return incidents that concern the viewer, the last raised first, and before which the next page begins.

    Raises
    ------
    NotFoundError
        `before` is no incident of the circle, or does not concern the viewer.
    """
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        found = await transaction.incidents.search(viewer, replace(query, limit=query.limit + 1))
    page = tuple(as_shown_to(viewer, detail) for detail in found[: query.limit])
    return page, page[-1].incident.id if len(found) > query.limit else None

"""Look at incidents."""

from dataclasses import replace

from responder.domain.errors import NotFoundError
from responder.domain.ids import IncidentId
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


def as_shown_to(viewer: Viewer, detail: IncidentDetail) -> IncidentDetail:
    """Return the incident as the viewer is shown it: the ladder is for staff."""
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

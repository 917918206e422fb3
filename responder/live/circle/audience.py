"""Who is shown what of an incident that concerns them. Pure; asked again for everything that is sent."""

from collections.abc import Iterable
from dataclasses import replace

from responder.domain.incidents.addressed import Reader, runs_for
from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.snapshot import CircleSnapshot, IncidentDetail
from responder.domain.people.access import Action, Audience, Role, Viewer
from responder.services.incidents.queries import as_shown_to, audience_of

CROWD = 100
"""Above this number of called people, each is sent their own delivery only."""


def sees_every_delivery(viewer: Viewer, audience: Audience) -> bool:
    """
    Tell whether the viewer is told of all deliveries.

    Staff always are. Those who were called are, unless they are a crowd: with a thousand people called, every
    receipt of each would go to all the others, a million messages that no one reads.
    """
    if len(audience.recipient_ids) <= CROWD or viewer.may(Action.SEE_ALL_INCIDENTS):
        return True
    if viewer.account_id in audience.account_ids:
        return True
    return viewer.role is Role.DISPATCHER and viewer.partner_id in audience.partner_ids


def shown_deliveries(
    deliveries: Iterable[Delivery], viewer: Viewer, audience: Audience
) -> tuple[Delivery, ...]:
    """Return the deliveries that the viewer may see, in their order."""
    if sees_every_delivery(viewer, audience):
        return tuple(deliveries)
    return tuple(delivery for delivery in deliveries if delivery.recipient_id in viewer.responder_ids)


def shown_incident(detail: IncidentDetail, viewer: Viewer) -> IncidentDetail:
    """Return an incident as the viewer is shown it."""
    shown = shown_deliveries(detail.deliveries, viewer, audience_of(detail))
    seen = as_shown_to(viewer, detail)
    return seen if len(shown) == len(detail.deliveries) else replace(seen, deliveries=shown)


def shown_snapshot(snapshot: CircleSnapshot, viewer: Viewer) -> CircleSnapshot:
    """Return a circle as the viewer is shown it; which incidents are in it was decided before."""
    told = runs_for(Reader.of(viewer), snapshot)
    return replace(told, incidents=tuple(shown_incident(each, viewer) for each in snapshot.incidents))

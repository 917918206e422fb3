"""Whom incidents concern, asked of the database in one go."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import AccountId, CircleId, IncidentId, PartnerId, ResponderId
from responder.domain.people.access import Action, Audience, Role, Viewer
from responder.store.incidents.delivery import DELIVERY
from responder.store.incidents.incident_table import INCIDENT


async def audiences(
    connection: AsyncConnection, circle_id: CircleId, incident_ids: Collection[IncidentId] | None
) -> dict[IncidentId, Audience]:
    """Return whom each of the incidents concerns; with None, whom each open one does."""
    wanted = INCIDENT.c.ended_at.is_(None) if incident_ids is None else INCIDENT.c.id.in_(incident_ids)
    called = DELIVERY.c.recipient_id.is_not(None)
    found = await connection.execute(
        select(
            INCIDENT.c.id,
            INCIDENT.c.raised_by,
            func.array_agg(DELIVERY.c.recipient_id.distinct()).filter(called).label("recipients"),
            func.array_agg(DELIVERY.c.partner_id.distinct()).filter(called).label("partners"),
        )
        .outerjoin(
            DELIVERY,
            (DELIVERY.c.circle_id == INCIDENT.c.circle_id) & (DELIVERY.c.incident_id == INCIDENT.c.id),
        )
        .where(INCIDENT.c.circle_id == circle_id, wanted)
        .group_by(INCIDENT.c.id, INCIDENT.c.raised_by)
    )
    return {
        IncidentId(row.id): Audience(
            recipient_ids=frozenset(ResponderId(person) for person in row.recipients or ()),
            partner_ids=frozenset(PartnerId(partner) for partner in row.partners or ()),
            account_ids=frozenset({AccountId(row.raised_by)}),
        )
        for row in found
    }


def is_visible_to(viewer: Viewer) -> ColumnElement[bool]:
    """Return the condition that an incident concerns the viewer: `Audience.includes` for the database."""
    if viewer.may(Action.SEE_ALL_INCIDENTS):
        return true()
    called: list[ColumnElement[bool]] = [DELIVERY.c.recipient_id.in_(viewer.responder_ids)]
    if viewer.role is Role.DISPATCHER and viewer.partner_id is not None:
        called.append(DELIVERY.c.partner_id == viewer.partner_id)
    return or_(
        INCIDENT.c.raised_by == viewer.account_id,
        exists().where(
            and_(
                DELIVERY.c.circle_id == INCIDENT.c.circle_id,
                DELIVERY.c.incident_id == INCIDENT.c.id,
                or_(*called),
            )
        ),
    )

"""Alerts: the receipts of devices that do not come by socket."""

from uuid import UUID

from fastapi import APIRouter

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Moment, Word
from responder.api.json_body import StrictRoute
from responder.domain.ids import AlertId, UnitId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.services.incidents.acknowledge import acknowledge

router = APIRouter(prefix="/circles/{circle_id}/alerts", tags=["alerts"], route_class=StrictRoute)


class ReceiptBody(Body):
    """How far an alert has come on a device."""

    action_id: UUID
    """Made by the client; the same action sent twice counts once."""
    state: DeliveryState
    at: Moment
    device: Word = ""
    unit_id: UUID | None = None
    """With `accepted`, `en_route` and `on_scene`: with which of the units in `unit_ids` the person goes."""


@router.post("/{alert_id}/receipts", responses=answers(401, 403, 404, 409, 413))
async def acknowledged(
    viewer: InCircle, context: ContextDep, alert_id: AlertId, body: ReceiptBody
) -> Delivery:
    """Move the viewer's delivery on and tell where it stands now."""
    return await acknowledge(
        context.database,
        viewer=viewer,
        alert_id=alert_id,
        state=body.state,
        action_id=body.action_id,
        device_at=body.at,
        device=body.device,
        unit_id=None if body.unit_id is None else UnitId(body.unit_id),
        clock=context.clock,
    )

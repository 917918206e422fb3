"""The proof: what became of each message about an incident."""

from fastapi import APIRouter
from pydantic import BaseModel

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.json_body import StrictRoute
from responder.domain.channels.proof import MessageProof
from responder.domain.ids import IncidentId
from responder.services.channels.proof import incident_messages

router = APIRouter(
    prefix="/circles/{circle_id}/incidents/{incident_id}/messages",
    tags=["channels"],
    route_class=StrictRoute,
)


class MessagesAnswer(BaseModel):
    """What became of each message about an incident; addresses are masked."""

    messages: tuple[MessageProof, ...]


@router.get("", responses=answers(401, 403, 404))
async def listed(viewer: InCircle, context: ContextDep, incident_id: IncidentId) -> MessagesAnswer:
    """List by person and channel: queued, sent, accepted, delivered, opened, answered, failed and why."""
    return MessagesAnswer(
        messages=await incident_messages(context.database, viewer=viewer, incident_id=incident_id)
    )

"""One-use tickets that a socket shows first."""

from fastapi import APIRouter
from pydantic import BaseModel

from responder.api.deps.auth import Token
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.json_body import StrictRoute
from responder.security.live_ticket import TICKET_LASTS, issue_ticket

router = APIRouter(prefix="/live-tickets", tags=["live"], route_class=StrictRoute)


class TicketAnswer(BaseModel):
    """A ticket, told once."""

    ticket: str
    expires_in_s: float


@router.post("", status_code=201, responses=answers(401, 403))
async def issue(token: Token, context: ContextDep) -> TicketAnswer:
    """Issue a ticket for one socket of this session."""
    ticket = await issue_ticket(context.database, token=token, clock=context.clock)
    return TicketAnswer(ticket=ticket.ticket, expires_in_s=TICKET_LASTS.total_seconds())

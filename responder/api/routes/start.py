"""What the page needs to open, in one answer: each question of its own costs a slow network a round trip."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from responder.api.deps.auth import MaybeSignedIn, MaybeToken
from responder.api.deps.context import AppContext, ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body
from responder.api.json_body import StrictRoute
from responder.api.routes.config import Config, config
from responder.api.routes.people.live_ticket import TicketAnswer, issue
from responder.domain.ids import CircleId
from responder.domain.incidents.snapshot import CircleSnapshot
from responder.domain.people.access import ViewerCard
from responder.domain.people.account import Account, Membership
from responder.security import sign_in
from responder.services.circles.snapshot import show_circle
from responder.services.security_context import act_for

router = APIRouter(prefix="/start", tags=["session"], route_class=StrictRoute)


class PageStart(Body):
    """Which circle was open last on the device."""

    circle_id: CircleId | None = None


class CircleAtStart(BaseModel):
    """A circle as a socket's `snapshot` message has it."""

    viewer: ViewerCard
    snapshot: CircleSnapshot


class StartAnswer(BaseModel):
    """The installation; and for a person who is signed in who they are, a ticket and a circle."""

    config: Config
    account: Account | None = None
    circles: tuple[Membership, ...] = ()
    ticket: TicketAnswer | None = None
    circle: CircleAtStart | None = None
    """The one that was asked for, or the first when the account does not belong to that one."""


@router.post("", responses=answers(403, 413))
async def start(
    body: PageStart, account: MaybeSignedIn, token: MaybeToken, context: ContextDep, request: Request
) -> StartAnswer:
    """Tell what the page needs to open, whether or not a person is signed in."""
    offered = await config(context, request)
    if account is None or token is None:
        return StartAnswer(config=offered)
    circles = await sign_in.list_memberships(context.database, account_id=account.id)
    ids = [each.id for each in circles]
    chosen = body.circle_id if body.circle_id in ids else next(iter(ids), None)
    return StartAnswer(
        config=offered,
        account=account,
        circles=circles,
        ticket=await issue(token, context),
        circle=None if chosen is None else await _circle(context, account, chosen),
    )


async def _circle(context: AppContext, account: Account, circle_id: CircleId) -> CircleAtStart:
    act_for(account.id, circle_id)
    viewer = await sign_in.viewer(context.database, account_id=account.id, circle_id=circle_id)
    snapshot = await show_circle(context.database, viewer=viewer, clock=context.clock)
    return CircleAtStart(viewer=ViewerCard.of(viewer), snapshot=snapshot)

"""Invitations: created by coordinators, accepted with the link."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, StringConstraints, model_validator

from responder.api.deps.auth import ClientDep, MaybeSignedIn, Overseer, is_secure, set_cookie
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Line, Word
from responder.api.json_body import StrictRoute
from responder.api.routes.people.session import SessionAnswer, session_answer
from responder.domain.errors import NotSignedInError
from responder.domain.ids import PartnerId, UnitId
from responder.domain.people.access import Role
from responder.domain.people.invitation import InvitationCard, InvitationState, ListedInvitation
from responder.ports.clock import moment
from responder.services.people import accept_invitation as accepting
from responder.services.people import invite as service
from responder.services.security_context import act_for

router = APIRouter(tags=["people"], route_class=StrictRoute)

IN_CIRCLE = "/circles/{circle_id}/invitations"


class InvitationBody(Body):
    """Role, partner and unit that an invitation gives."""

    role: Role
    partner_id: PartnerId | None = None
    unit_id: UnitId | None = None
    """The unit, of that partner, that alerts shall reach them by."""
    note: Line = ""


class InvitationAnswer(BaseModel):
    """An invitation, and what has become of it."""

    id: UUID
    role: Role
    partner_id: UUID | None
    partner_name: str | None
    unit_id: UUID | None
    unit_name: str | None
    note: str
    made_by: str | None
    made_at: datetime
    expires_at: datetime
    state: InvitationState
    used_by: str | None


class MadeInvitationAnswer(InvitationAnswer):
    """An invitation that was just made."""

    token: str
    """Told this once: the link is the page's address with `#invitation=` and the token."""


class Shown(Body):
    """The token of an invitation."""

    token: Annotated[Word, StringConstraints(min_length=1)]


class Acceptance(Shown):
    """The token, and the new account unless one is signed in."""

    username: Word | None = None
    name: Word | None = None
    password: Annotated[str, StringConstraints(min_length=1, max_length=1024)] | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Acceptance":
        given = [each is not None for each in (self.username, self.name, self.password)]
        if any(given) and not all(given):
            message = "username, name and password belong together"
            raise ValueError(message)
        return self


@router.get(IN_CIRCLE, responses=answers(401, 403, 404))
async def listed(viewer: Overseer, context: ContextDep) -> list[InvitationAnswer]:
    """List the invitations of the circle, the newest first."""
    found = await service.list_invitations(context.database, viewer=viewer)
    now = moment(context.clock)
    return [InvitationAnswer(**_told(each, now=now)) for each in found]


@router.post(IN_CIRCLE, status_code=201, responses=answers(401, 403, 404, 413))
async def made(viewer: Overseer, context: ContextDep, body: InvitationBody) -> MadeInvitationAnswer:
    """Make an invitation: one link, used once, good for 72 hours."""
    new = service.NewInvitation(**dict(body))
    invitation = await service.invite(context.database, viewer=viewer, new=new, clock=context.clock)
    told = _told(invitation.listed, now=moment(context.clock))
    return MadeInvitationAnswer(**told, token=invitation.token)


@router.delete(IN_CIRCLE + "/{invitation_id}", status_code=204, responses=answers(401, 403, 404))
async def withdrawn(viewer: Overseer, context: ContextDep, invitation_id: UUID) -> None:
    """Let an invitation be used no more."""
    await service.withdraw_invitation(
        context.database, viewer=viewer, invitation_id=invitation_id, clock=context.clock
    )


@router.post("/invitations/preview", responses=answers(403, 404, 413, 429))
async def previewed(context: ContextDep, origin: ClientDep, body: Shown) -> InvitationCard:
    """Tell what an invitation is for. Unknown, used, withdrawn and expired ones are answered alike."""
    return await accepting.preview_invitation(
        context.database, token=body.token, clock=context.clock, origin=origin, attempts=context.attempts
    )


@router.post(
    "/invitations/accept",
    response_model_exclude_none=True,
    responses=answers(401, 403, 404, 409, 413, 429),
)
async def accepted(  # noqa: PLR0917 - each is one part of the request
    account: MaybeSignedIn,
    context: ContextDep,
    origin: ClientDep,
    request: Request,
    response: Response,
    body: Acceptance,
) -> SessionAnswer:
    """Accept an invitation with the account that is signed in, or with a new one, which is signed in then."""
    if body.username is None or body.name is None or body.password is None:
        if account is None:
            raise NotSignedInError
        await accepting.accept_as(
            context.database,
            token=body.token,
            account=account,
            clock=context.clock,
            origin=origin,
            attempts=context.attempts,
        )
        return await session_answer(context, account)
    opened = await accepting.accept_as_new(
        context.database,
        token=body.token,
        new=accepting.NewAccount(username=body.username, name=body.name, password=body.password),
        clock=context.clock,
        origin=origin,
        attempts=context.attempts,
    )
    set_cookie(response, opened, secure=is_secure(request))
    act_for(opened.account.id)
    return await session_answer(context, opened.account)


def _told(listed: ListedInvitation, *, now: datetime) -> dict[str, Any]:
    invitation = listed.invitation
    return {
        "id": invitation.id,
        "role": invitation.role,
        "partner_id": invitation.partner_id,
        "partner_name": listed.partner_name,
        "unit_id": invitation.unit_id,
        "unit_name": listed.unit_name,
        "note": invitation.note,
        "made_by": listed.made_by_name,
        "made_at": invitation.made_at,
        "expires_at": invitation.expires_at,
        "state": invitation.state(now=now),
        "used_by": listed.used_by_name,
    }

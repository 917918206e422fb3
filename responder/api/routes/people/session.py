"""Sign in, sign out, the current account and its sessions."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, StringConstraints

from responder.api.deps.auth import ClientDep, SignedIn, Token, clear_cookie, is_secure, set_cookie
from responder.api.deps.context import AppContext, ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Flag, Word
from responder.api.json_body import StrictRoute
from responder.domain.people.account import Account, Membership, Session
from responder.security import sessions
from responder.security import sign_in as service
from responder.services.security_context import act_for

router = APIRouter(tags=["session"], route_class=StrictRoute)


class SignIn(Body):
    """Name and password."""

    username: Annotated[Word, StringConstraints(min_length=1)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=1024)]
    device: Flag = False
    """True for a program that keeps the token itself instead of a cookie."""


class SessionAnswer(BaseModel):
    """Who is signed in, and in which circles."""

    account: Account
    circles: tuple[Membership, ...]
    token: str | None = None
    """The session's token, told once and only to a device."""


@router.post("/session", response_model_exclude_none=True, responses=answers(401, 403, 413, 429))
async def sign_in(
    body: SignIn, context: ContextDep, origin: ClientDep, request: Request, response: Response
) -> SessionAnswer:
    """Open a session."""
    opened = await service.sign_in(
        context.database,
        username=body.username,
        password=body.password,
        clock=context.clock,
        origin=origin,
        attempts=context.attempts,
    )
    set_cookie(response, opened, secure=is_secure(request))
    act_for(opened.account.id)
    return await session_answer(context, opened.account, token=opened.token if body.device else None)


@router.get("/session", response_model_exclude_none=True, responses=answers(401))
async def who_am_i(account: SignedIn, context: ContextDep) -> SessionAnswer:
    """Tell who is signed in."""
    return await session_answer(context, account)


@router.delete("/session", status_code=204, responses=answers(401, 403))
async def sign_out(
    token: Token, context: ContextDep, origin: ClientDep, request: Request, response: Response
) -> None:
    """End the session, on every device that uses it."""
    await service.sign_out(context.database, token=token, clock=context.clock, origin=origin)
    clear_cookie(response, secure=is_secure(request))


@router.get("/sessions", responses=answers(401))
async def listed(account: SignedIn, token: Token, context: ContextDep) -> tuple[Session, ...]:
    """List one's own open sessions, the last used first."""
    return await sessions.list_sessions(context.database, account=account, token=token, clock=context.clock)


@router.delete("/sessions/{session_id}", status_code=204, responses=answers(401, 403, 404))
async def ended(account: SignedIn, context: ContextDep, origin: ClientDep, session_id: UUID) -> None:
    """End one of one's own sessions; its sockets close within seconds."""
    await sessions.end_session(
        context.database, account=account, session_id=session_id, clock=context.clock, origin=origin
    )


@router.delete("/sessions", status_code=204, responses=answers(401, 403))
async def others_ended(account: SignedIn, token: Token, context: ContextDep, origin: ClientDep) -> None:
    """End all of one's own sessions but this one."""
    await sessions.end_other_sessions(
        context.database, account=account, token=token, clock=context.clock, origin=origin
    )


async def session_answer(context: AppContext, account: Account, *, token: str | None = None) -> SessionAnswer:
    """Say who is signed in, and in which circles."""
    circles = await service.list_memberships(context.database, account_id=account.id)
    return SessionAnswer(account=account, circles=circles, token=token)

"""Sign in, who am I, sign out."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, StringConstraints

from responder.api.auth import SignedIn, Token, clear_cookie, is_secure, set_cookie
from responder.api.field_types import Body, Flag, Word
from responder.api.json_body import StrictRoute
from responder.api.parts import Parts, WithParts
from responder.api.problem import answers
from responder.domain.account import Account, Standing
from responder.services import sign_in as service

router = APIRouter(prefix="/session", tags=["session"], route_class=StrictRoute)


class SignIn(Body):
    """Name and password."""

    username: Annotated[Word, StringConstraints(min_length=1)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=1024)]
    device: Flag = False
    """True for a program that keeps the token itself instead of a cookie."""


class SessionAnswer(BaseModel):
    """Who is signed in, and in which circles."""

    account: Account
    circles: tuple[Standing, ...]
    token: str | None = None
    """The session's token, told once and only to a device."""


@router.post("", response_model_exclude_none=True, responses=answers(401, 403, 413, 429))
async def sign_in(body: SignIn, parts: WithParts, request: Request, response: Response) -> SessionAnswer:
    """Open a session."""
    address = request.client.host if request.client else ""
    parts.attempts.begin(body.username, address, now=parts.clock.now())
    opened = await service.sign_in(
        parts.database, username=body.username, password=body.password, clock=parts.clock
    )
    parts.attempts.succeeded(body.username, address)
    set_cookie(response, opened, secure=is_secure(request))
    return await _answer(parts, opened.account, token=opened.token if body.device else None)


@router.get("", response_model_exclude_none=True, responses=answers(401))
async def who_am_i(account: SignedIn, parts: WithParts) -> SessionAnswer:
    """Tell who is signed in."""
    return await _answer(parts, account)


@router.delete("", status_code=204, responses=answers(401, 403))
async def sign_out(token: Token, parts: WithParts, request: Request, response: Response) -> None:
    """End the session, on every device that uses it."""
    await service.sign_out(parts.database, token=token)
    clear_cookie(response, secure=is_secure(request))


async def _answer(parts: Parts, account: Account, *, token: str | None = None) -> SessionAnswer:
    circles = await service.standings(parts.database, account_id=account.id)
    return SessionAnswer(account=account, circles=circles, token=token)

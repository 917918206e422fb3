"""Who is asking: the session in a cookie or a bearer token, and the account as it stands in a circle."""

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from responder.api.parts import WithParts
from responder.domain.access import Viewer
from responder.domain.account import Account, OpenedSession
from responder.domain.errors import NotAllowedError, NotSignedInError
from responder.domain.ids import CircleId
from responder.services import sign_in

COOKIE = "responder_session"

_cookie = APIKeyCookie(name=COOKIE, auto_error=False, description="Session of a browser")
_bearer = HTTPBearer(auto_error=False, description="Session of a device")


async def _token(
    cookie: Annotated[str | None, Depends(_cookie)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> str:
    token = bearer.credentials if bearer is not None else cookie
    if not token:
        raise NotSignedInError
    return token


Token = Annotated[str, Depends(_token)]


async def _account(token: Token, parts: WithParts) -> Account:
    return await sign_in.whoami(parts.database, token=token, clock=parts.clock)


SignedIn = Annotated[Account, Depends(_account)]


async def _viewer(circle_id: CircleId, account: SignedIn, parts: WithParts) -> Viewer:
    return await sign_in.viewer(parts.database, account_id=account.id, circle_id=circle_id)


InCircle = Annotated[Viewer, Depends(_viewer)]


async def _admin(account: SignedIn) -> Account:
    if not account.admin:
        raise NotAllowedError(action="administer")
    return account


Administrator = Annotated[Account, Depends(_admin)]


def is_secure(request: Request) -> bool:
    """Tell whether the browser came by https, also when a proxy in front of us ended it."""
    return request.scope["scheme"] == "https" or request.headers.get("origin", "").startswith("https://")


def set_cookie(response: Response, opened: OpenedSession, *, secure: bool) -> None:
    """Hand a browser its session."""
    response.set_cookie(
        COOKIE,
        opened.token,
        expires=opened.expires_at,
        path="/",
        httponly=True,
        samesite="strict",
        secure=secure,
    )


def clear_cookie(response: Response, *, secure: bool) -> None:
    """Take the session from a browser."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict", secure=secure)

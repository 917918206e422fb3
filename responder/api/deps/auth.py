"""The caller: the session in a cookie or a bearer token, and the account's membership in a circle."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from responder.api.deps.context import ContextDep
from responder.api.deps.device import device_label
from responder.api.deps.rights import need_of, require
from responder.domain.errors import NotAllowedError, NotFoundError, NotSignedInError
from responder.domain.ids import CircleId
from responder.domain.people.access import Viewer, administrator
from responder.domain.people.account import Account, OpenedSession
from responder.domain.people.client_info import ClientInfo
from responder.security import sign_in
from responder.services.security_context import act_for, as_system

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


async def _origin(request: Request) -> ClientInfo:
    return ClientInfo(
        address=request.client.host if request.client else "",
        device=device_label(request.headers.get("user-agent", "")),
    )


ClientDep = Annotated[ClientInfo, Depends(_origin)]


async def _account(token: Token, context: ContextDep) -> Account:
    account = await sign_in.whoami(context.database, token=token, clock=context.clock)
    act_for(account.id)
    return account


SignedIn = Annotated[Account, Depends(_account)]


async def _token_if_any(
    cookie: Annotated[str | None, Depends(_cookie)],
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> str | None:
    try:
        return await _token(cookie, bearer)
    except NotSignedInError:
        return None


MaybeToken = Annotated[str | None, Depends(_token_if_any)]


async def _account_if_any(token: MaybeToken, context: ContextDep) -> Account | None:
    try:
        return None if token is None else await _account(token, context)
    except NotSignedInError:
        return None


MaybeSignedIn = Annotated[Account | None, Depends(_account_if_any)]
"""The signed-in account; None where signing in is optional."""


async def _viewer(
    circle_id: CircleId, account: SignedIn, context: ContextDep, origin: ClientDep, request: Request
) -> Viewer:
    act_for(account.id, circle_id)
    viewer = await sign_in.viewer(context.database, account_id=account.id, circle_id=circle_id)
    require(viewer, need_of(request))
    return replace(viewer, origin=origin)


InCircle = Annotated[Viewer, Depends(_viewer)]
"""A member of the circle who has what the endpoint needs by `domain/people/permissions.py`."""


async def _overseer(
    circle_id: CircleId, account: SignedIn, context: ContextDep, origin: ClientDep, request: Request
) -> AsyncIterator[Viewer]:
    try:
        viewer = await _viewer(circle_id, account, context, origin, request)
    except NotFoundError:
        if not account.admin:
            raise
    else:
        yield viewer
        return
    # An administrator sets right who belongs to a circle without belonging to it, which the database cannot
    # know: the wall is opened for this circle alone.
    with as_system(circle_id):
        async with context.database.begin() as transaction:
            await transaction.circles.get(circle_id)
        viewer = replace(administrator(account.id, account.name, circle_id), origin=origin)
        require(viewer, need_of(request))
        yield viewer


Overseer = Annotated[Viewer, Depends(_overseer)]
"""A member of the circle who has what the endpoint needs, or an administrator of the platform."""


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

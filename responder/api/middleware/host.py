"""Answer only to the names of this machine, so that a poisoned Host or a rebound DNS name gets nowhere."""

from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from responder.api.errors.problem import problem
from responder.api.errors.refusals import HostRefusedError
from responder.api.host_name import host_of

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "[::1]"})


class HostGuard:
    """Refuse requests for any machine but this one."""

    def __init__(self, app: ASGIApp, origins: Iterable[str]) -> None:
        self._app = app
        self._names = _LOOPBACK | {host_of(origin.partition("://")[2]) for origin in origins}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        named = Headers(scope=scope).getlist("host")
        if len(named) == 1 and host_of(named[0]) in self._names:
            await self._app(scope, receive, send)
            return
        await problem(HostRefusedError())(scope, receive, send)

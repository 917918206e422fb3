"""Act only for pages of our own: a browser says in `Origin` or `Sec-Fetch-Site` which page sent a request."""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from responder.api.errors.problem import problem
from responder.api.errors.refusals import OriginRefusedError

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OUR_SITES = frozenset({"same-origin", "none"})


class OriginGuard:
    """
    Refuse anything that changes something and comes from another page.

    A request without both headers is not a browser's: nothing but a browser attaches a cookie by itself.
    """

    def __init__(self, app: ASGIApp, origins: frozenset[str]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on what is safe or ours."""
        if scope["type"] != "http" or scope["method"] in _SAFE_METHODS or self._is_ours(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        await problem(OriginRefusedError())(scope, receive, send)

    def _is_ours(self, headers: Headers) -> bool:
        origins = headers.getlist("origin")
        if origins:
            return len(origins) == 1 and origins[0].lower() in self._origins
        return headers.get("sec-fetch-site", "none") in _OUR_SITES

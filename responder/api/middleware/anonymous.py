"""Begin every request for nobody: until authentication says who it is, the database shows no circle."""

from starlette.types import ASGIApp, Receive, Scope, Send

from responder.services.security_context import as_anonymous


class AnonymousContext:
    """Let nothing of one request's rights be there in the next, or where nobody asked who is there."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        with as_anonymous():
            await self._app(scope, receive, send)

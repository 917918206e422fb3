"""Begin every request anonymously: until authentication, the database shows no circle."""

from starlette.types import ASGIApp, Receive, Scope, Send

from responder.services.security_context import as_anonymous


class AnonymousContext:
    """Keeps the principal of one request out of the next, and of requests that do not authenticate."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        with as_anonymous():
            await self._app(scope, receive, send)

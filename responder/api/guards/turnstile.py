"""Turn sign-ins away that would be turned away anyway, before their request is read and taken apart."""

from starlette.types import ASGIApp, Receive, Scope, Send

from responder.api.parts import Parts
from responder.api.problem import problem
from responder.domain.errors import TooManyAttemptsError
from responder.domain.patience import address_counter
from responder.services.ports.clock import moment

SIGN_IN = "/api/session"


class Turnstile:
    """
    Ask of a sign-in only where it comes from, and whether there is a turn for it.

    It stands outermost, so that a flood of them costs a sixth of what it would cost in the endpoint, which
    decides all the same.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on whatever is no sign-in, and what may be tried."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] == SIGN_IN:
            parts: Parts = scope["app"].state.parts
            address = scope["client"][0] if scope.get("client") else ""
            try:
                parts.attempts.require_patience([address_counter(address)], now=moment(parts.clock))
                parts.turns.require_room(address)
            except TooManyAttemptsError as error:
                # The next one comes by the door again, which is shut while an alert is worked out.
                await problem(error, headers={"Connection": "close"})(scope, receive, send)
                return
        await self._app(scope, receive, send)

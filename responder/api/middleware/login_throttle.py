"""Turn sign-ins away that would be turned away anyway, before the application does anything for them."""

import json
from collections.abc import Sequence

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from responder.api.deps.context import AppContext
from responder.api.errors.problem import problem
from responder.api.json_body import parse
from responder.domain.backoff import address_counter, sign_in_counters
from responder.domain.errors import TooManyAttemptsError
from responder.ports.clock import moment

SIGN_IN = "/api/session"
READ_BYTES = 16 * 1024
"""Any sign-in is smaller; of a larger body the application reads the rest, and refuses it."""


class LoginThrottleMiddleware:
    """
    Ask of a sign-in only where it comes from, whether there is a turn for it, and for whom it is.

    It stands outermost, so that a flood of them costs a third of what it would cost in the endpoint, which
    decides all the same.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on all requests but sign-ins that have to wait."""
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"] == SIGN_IN:
            context: AppContext = scope["app"].state.context
            address = scope["client"][0] if scope.get("client") else ""
            try:
                context.attempts.check([address_counter(address)], now=moment(context.clock))
                context.login_queue.require_room(address)
                read = await _read(receive)
                if (username := _username(read)) is not None:
                    counters = sign_in_counters(username, address)
                    context.attempts.check(counters, now=moment(context.clock))
            except TooManyAttemptsError as error:
                # The next one needs a new connection, and none is accepted while an alert is computed.
                await problem(error, headers={"Connection": "close"})(scope, receive, send)
                return
            receive = _again(read, receive)
        await self._app(scope, receive, send)


async def _read(receive: Receive) -> list[Message]:
    """Read a body: all of it, or as much as a sign-in can have."""
    read: list[Message] = []
    seen = 0
    while seen <= READ_BYTES:
        message = await receive()
        read.append(message)
        seen += len(message.get("body", b""))
        if not message.get("more_body", False):
            break
    return read


def _username(read: Sequence[Message]) -> str | None:
    """Return for whom it is; none when it has another form, which the application answers."""
    try:
        body = parse(b"".join(message.get("body", b"") for message in read))
    except json.JSONDecodeError:
        return None
    username = body.get("username") if isinstance(body, dict) else None
    return username if isinstance(username, str) else None


def _again(read: list[Message], receive: Receive) -> Receive:
    """Give what was read once more, then what comes after it."""
    rest = iter(read)

    async def given() -> Message:
        message = next(rest, None)
        return await receive() if message is None else message

    return given

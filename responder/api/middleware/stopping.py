"""Say that the server stops to a request that it has no time left for."""

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from responder.api.errors.problem import problem
from responder.api.errors.refusals import NotReadyError


class AnswerWhenStopped:
    """Answer 503 in place of an endpoint that is cancelled, which the server does only when it stops."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        has_begun = False

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except asyncio.CancelledError:
            if scope["type"] != "http":
                raise
            # Not raised again: the server would answer 500 and write a traceback into the log.
            if not has_begun:
                await problem(NotReadyError(), headers={"Connection": "close"})(scope, receive, send)

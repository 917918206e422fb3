"""Refuse bodies that are too large before anything reads or parses them."""

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from responder.api.errors.problem import problem
from responder.api.errors.refusals import BodyTooLargeError

MEBIBYTE = 1024 * 1024
IMPORT_SUFFIXES = ("/import", "/import/preview")
REPORT_PREFIX = "/api/reports/"


@dataclass(frozen=True, slots=True, kw_only=True)
class BodyCaps:
    """How large a body may be."""

    usual_bytes: int = MEBIBYTE
    import_bytes: int = 20 * MEBIBYTE
    report_bytes: int = 9 * MEBIBYTE
    """A photo as a phone takes it, and a little around it: a page then says that it is too large."""

    def for_path(self, path: str) -> int:
        """Choose the cap. It bounds effort only: who may import is decided by the endpoint."""
        if path.startswith(REPORT_PREFIX):
            return self.report_bytes
        return self.import_bytes if path.endswith(IMPORT_SUFFIXES) else self.usual_bytes


class _TooLargeError(Exception):
    """The body went over the cap while it was being read."""


class BodyCap:
    """Count what comes in, whatever Content-Length says, and answer 413 beyond the cap."""

    def __init__(self, app: ASGIApp, caps: BodyCaps) -> None:
        self._app = app
        self._caps = caps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, watching its size."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        cap = self._caps.for_path(scope["path"])
        announced = Headers(scope=scope).get("content-length", "")
        if announced.isdecimal() and int(announced[:20]) > cap:
            await _refuse(cap)(scope, receive, send)
            return
        await self._watched(cap, scope=scope, receive=receive, send=send)

    async def _watched(self, cap: int, *, scope: Scope, receive: Receive, send: Send) -> None:
        seen = 0
        answering = False

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            if message["type"] == "http.request":
                seen += len(message.get("body", b""))
                if seen > cap:
                    raise _TooLargeError
            return message

        async def watched(message: Message) -> None:
            nonlocal answering
            # An endpoint that met the end of its patience may turn our error into one of its own.
            if seen > cap and not answering:
                raise _TooLargeError
            answering = True
            await send(message)

        try:
            await self._app(scope, counted, watched)
        except _TooLargeError:
            if answering:
                raise
            await _refuse(cap)(scope, receive, send)


def _refuse(cap: int) -> ASGIApp:
    error = BodyTooLargeError(f"more than {cap} bytes", limit_bytes=cap)
    # The rest of the body is not read, so the connection is of no more use.
    return problem(error, headers={"Connection": "close"})

"""A service that does what it should, unless it was told to do something else with the next request."""

import asyncio
from collections import deque
from enum import Enum, auto

from responder.demo.services.http_server import Handler, HttpRequest, HttpResponse
from responder.senders.http_requests import MOST_ANSWER_BYTES


class Fault(Enum):
    """What a service does with a request instead of answering it."""

    HANG = auto()
    DROP = auto()
    """Closes the connection."""
    REDIRECT = auto()
    OVERSIZED = auto()
    HTML = auto()
    """HTTP 200 with a page, as a captive portal answers."""
    BROKEN = auto()
    """HTTP 502."""
    TOO_MANY = auto()
    """HTTP 429 that asks to wait for 7 s."""


_RESPONSES = {
    Fault.REDIRECT: HttpResponse(status=302, headers={"location": "/elsewhere"}),
    Fault.OVERSIZED: HttpResponse(body=b'{"errcode": 0, "code": 0, "id": "' + b"x" * MOST_ANSWER_BYTES),
    Fault.HTML: HttpResponse(
        headers={"content-type": "text/html"}, body=b"<html>Welcome to our Wi-Fi</html>"
    ),
    Fault.BROKEN: HttpResponse(status=502, body=b"Bad Gateway"),
    Fault.TOO_MANY: HttpResponse(status=429, headers={"retry-after": "7"}),
}


class Unreliable:
    """A handler around another."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self.next: deque[Fault | HttpResponse] = deque()
        """What is done with the next requests, instead of what is right."""
        self.requests: list[HttpRequest] = []

    async def __call__(self, request: HttpRequest) -> HttpResponse | None:
        self.requests.append(request)
        if not self.next:
            return await self._handler(request)
        instead = self.next.popleft()
        if instead is Fault.HANG:
            # Until the server stops: no test waits for this.
            await asyncio.get_running_loop().create_future()
        if isinstance(instead, HttpResponse):
            return instead
        return _RESPONSES.get(instead)

"""One signed-in device: a session over HTTP and a live socket."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from ssl import SSLContext
from typing import Any
from uuid import UUID

import httpx
from pydantic import BaseModel
from websockets.asyncio.client import ClientConnection, connect

from responder.live.protocol.messages import (
    SERVER_MESSAGE,
    EventMessage,
    Hello,
    PositionMessage,
    ReceiptStored,
    Refused,
    Reminder,
    Resumed,
    Snapshot,
    Ticket,
)

ServerMessage = Snapshot | Resumed | EventMessage | Reminder | PositionMessage | ReceiptStored | Refused
DEVICE = "simulated"
_PATIENCE_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn:
    """A session, and the circle that it is about."""

    http: httpx.AsyncClient
    circle_id: UUID
    live_url: str


class LiveSocket:
    """A live socket after its hello."""

    def __init__(self, connection: ClientConnection, snapshot: Snapshot) -> None:
        self._connection = connection
        self.snapshot = snapshot

    async def send(self, message: BaseModel) -> None:
        await self._connection.send(message.model_dump_json())

    async def messages(self) -> AsyncIterator[ServerMessage]:
        """Yield what the gateway sends, until the socket ends."""
        async for text in self.texts():
            yield SERVER_MESSAGE.validate_json(text)

    async def texts(self) -> AsyncIterator[str | bytes]:
        """Yield raw frames, for callers that count more than they read."""
        async for text in self._connection:
            yield text


@asynccontextmanager
async def signed_in(
    api_url: str, *, username: str, password: str, circle_name: str
) -> AsyncIterator[SignedIn]:
    """Sign in as a device does, and out again at the end."""
    async with httpx.AsyncClient(base_url=api_url, timeout=20, trust_env=False, verify=_trusted()) as http:
        session = _good(await _sign_in(http, username=username, password=password))
        http.cookies.clear()
        http.headers["Authorization"] = f"Bearer {session['token']}"
        [circle_id] = [circle["id"] for circle in session["circles"] if circle["name"] == circle_name]
        config = _good(await http.get("/api/config"))
        try:
            yield SignedIn(http=http, circle_id=UUID(circle_id), live_url=config["live_url"])
        finally:
            await http.delete("/api/session")


@asynccontextmanager
async def live_socket(session: SignedIn) -> AsyncIterator[LiveSocket]:
    """Open a live socket: ticket, hello, snapshot."""
    ticket = _good(await session.http.post("/api/live-tickets"))["ticket"]
    async with connect(session.live_url, compression=None, max_size=None, proxy=None) as connection:
        await connection.send(Ticket(ticket=ticket).model_dump_json())
        await connection.send(Hello(circle_id=session.circle_id, device=DEVICE).model_dump_json())
        first = SERVER_MESSAGE.validate_json(await connection.recv())
        if not isinstance(first, Snapshot):
            message = f"the gateway answered the hello with {first.type}"
            raise TypeError(message)
        yield LiveSocket(connection, first)


async def _sign_in(http: httpx.AsyncClient, *, username: str, password: str) -> httpx.Response:
    """Sign in; a busy server says when to try again."""
    told = {"username": username, "password": password, "device": True}
    until_s = time.monotonic() + _PATIENCE_S
    while True:
        answer = await http.post("/api/session", json=told)
        if answer.status_code != httpx.codes.TOO_MANY_REQUESTS or time.monotonic() > until_s:
            return answer
        await asyncio.sleep(answer.json()["retry_after_s"])


@cache
def _trusted() -> SSLContext:
    # Read once: reading all certificates takes each client as long as a sign-in.
    return httpx.create_ssl_context(trust_env=False)


def _good(answer: httpx.Response) -> dict[str, Any]:
    if not answer.is_success:
        message = (
            f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:300]}"
        )
        raise RuntimeError(message)
    found: dict[str, Any] = answer.json()
    return found

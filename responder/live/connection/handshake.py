"""Who may open a socket at all: decided on the HTTP request, before anything is kept for the client."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from websockets.asyncio.server import ServerConnection
from websockets.http11 import Request, Response

from responder.live.connection.connection import LiveConnection, address_of
from responder.live.connection.proxies import Proxies
from responder.live.connection.unauthenticated import HandshakeLimiter

LIVE_PATH = "/live"

Probe = Callable[[ServerConnection], Awaitable[Response]]


class HandshakeCheck:
    """
    Answers the probes, and lets sockets in that come to the right path from an allowed origin.

    A browser always names the origin of the page that opens a socket, so a foreign page is refused here.
    A request without an origin is no browser; like a browser it must send a one-use ticket, which only
    a signed-in session can get. The session's cookie is not asked for: the ticket is bound to the session.
    """

    def __init__(
        self,
        *,
        allowed_origins: frozenset[str],
        probes: dict[str, Probe],
        handshakes: HandshakeLimiter,
        proxies: Proxies,
    ) -> None:
        self._allowed_origins = allowed_origins
        self._probes = probes
        self._handshakes = handshakes
        self._proxies = proxies

    async def __call__(self, connection: LiveConnection, request: Request) -> Response | None:
        """Answer the request, or return None to open a socket."""
        path = request.path.partition("?")[0]
        probe = self._probes.get(path)
        if probe is not None:
            # Monitoring asks often and does not authenticate.
            connection.slot.release()
            return await probe(connection)
        if path != LIVE_PATH:
            return connection.respond(HTTPStatus.NOT_FOUND, "not_found\n")
        origins = request.headers.get_all("Origin")
        if len(origins) > 1 or not self._allowed_origins.issuperset(origins):
            return connection.respond(HTTPStatus.FORBIDDEN, "origin_refused\n")
        if not self._is_counted(connection, request):
            refusal = connection.respond(HTTPStatus.SERVICE_UNAVAILABLE, "too_many_unauthenticated\n")
            refusal.headers["Retry-After"] = "1"
            return refusal
        return None

    def _is_counted(self, connection: LiveConnection, request: Request) -> bool:
        """Take a slot for a client behind a proxy: only the request names its address."""
        peer = address_of(connection)
        if not self._proxies.trusts(peer):
            return True
        address = self._proxies.client(peer, request.headers.get_all("X-Forwarded-For"))
        slot = self._handshakes.enter(address)
        if slot is None:
            return False
        connection.slot = slot
        return True

"""What machines ask the gateway over plain HTTP: is it alive, can it serve, and what are its figures."""

import json
from collections.abc import Callable
from http import HTTPStatus

from websockets.asyncio.server import ServerConnection
from websockets.http11 import Response

from responder.live.protocol.metrics import Metrics


class Probes:
    """Answers `/healthz`, `/readyz` and `/metrics`."""

    def __init__(self, metrics: Metrics, *, parts: Callable[[], dict[str, bool]]) -> None:
        self._metrics = metrics
        self._parts = parts

    async def health(self, connection: ServerConnection) -> Response:
        """Say that the process answers."""
        return connection.respond(HTTPStatus.OK, "ok\n")

    async def readiness(self, connection: ServerConnection) -> Response:
        """Say whether clients can be served, and if not, which part is missing."""
        parts = self._parts()
        ready = all(parts.values())
        status = HTTPStatus.OK if ready else HTTPStatus.SERVICE_UNAVAILABLE
        answer = connection.respond(status, json.dumps({"ready": ready, "parts": parts}) + "\n")
        _set_type(answer, "application/json")
        return answer

    async def figures(self, connection: ServerConnection) -> Response:
        answer = connection.respond(HTTPStatus.OK, self._metrics.text())
        _set_type(answer, "text/plain; version=0.0.4; charset=utf-8")
        return answer


def _set_type(response: Response, content_type: str) -> None:
    del response.headers["Content-Type"]
    response.headers["Content-Type"] = content_type
    response.headers["Cache-Control"] = "no-store"

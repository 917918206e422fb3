"""A gateway as a local operator may run it: JSON or a form, and a code in the answer."""

from urllib.parse import parse_qsl

from responder.demo.services.http_server import HttpRequest, HttpResponse
from responder.demo.services.inbox import Budget, ServiceInbox
from responder.domain.channels.contact import ContactChannel


class PlainGateway:
    """Takes `to` and `text` from body or query, and a token as `Authorization: Token …`."""

    def __init__(
        self, inbox: ServiceInbox, *, channel: ContactChannel, token: str | None, per_minute: int = 1000
    ) -> None:
        self._inbox = inbox
        self._channel = channel
        self._token = token
        self._budget = Budget(inbox, per_minute=per_minute)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        if self._token is not None and request.headers.get("authorization") != f"Token {self._token}":
            return _answer(401, "bad token")
        said = dict(request.query)
        if "json" in request.headers.get("content-type", ""):
            said |= request.json or {}
        else:
            said |= dict(parse_qsl(request.body.decode()))
        to, text = said.get("to"), said.get("text")
        if not isinstance(to, str) or not isinstance(text, str):
            return _answer(400, "to and text are missing")
        if not to.startswith("+86"):
            return _answer(404, f"no such number: {to}")
        if not self._budget.allows():
            return _answer(429, "too fast")
        return _answer(0, "ok", id=str(self._inbox.take(self._channel, to, text, said)))


def _answer(code: int, words: str, **more: str) -> HttpResponse:
    return HttpResponse.of_json({"result": {"code": code, "message": words, **more}})

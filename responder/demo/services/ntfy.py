"""ntfy: takes JSON at its root, as its server does."""

import re
from typing import Any, Final

from responder.demo.services.http_server import HttpRequest, HttpResponse, RequestRefusedError
from responder.demo.services.inbox import Budget, ServiceInbox
from responder.domain.channels.contact import ContactChannel

MESSAGE_BYTES: Final = 4096
"""`message-size-limit` of its server: from here on a message becomes an attachment."""
_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")


class NtfyService:
    """<https://docs.ntfy.sh/publish/#publish-as-json>, and the codes of `server/errors.go`."""

    def __init__(self, inbox: ServiceInbox, *, token: str | None = None, per_minute: int = 1000) -> None:
        self._inbox = inbox
        self._token = token
        self._budget = Budget(inbox, per_minute=per_minute)

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer a request."""
        if request.method != "POST" or request.path != "/":
            raise RequestRefusedError(_error(40401, "page not found"))
        if self._token is not None and request.headers.get("authorization") != f"Bearer {self._token}":
            raise RequestRefusedError(_error(40301, "forbidden"))
        said = request.json
        if not isinstance(said, dict):
            raise RequestRefusedError(_error(40017, "invalid request: request body must be message JSON"))
        if not _TOPIC.fullmatch(str(said.get("topic", ""))):
            raise RequestRefusedError(_error(40009, "invalid request: topic invalid"))
        if said.get("priority", 3) not in {1, 2, 3, 4, 5}:
            raise RequestRefusedError(_error(40007, "invalid priority parameter"))
        if not all(_is_action(action) for action in said.get("actions", [])):
            raise RequestRefusedError(_error(40018, "invalid request: actions invalid"))
        if not self._budget.allows():
            raise RequestRefusedError(_error(42901, "limit reached: too many requests"))
        return self._published(said)

    def _published(self, said: dict[str, Any]) -> HttpResponse:
        message, title = said.get("message") or "triggered", said.get("title", "")
        answer = {"id": f"n{len(self._inbox.messages):011d}", "event": "message", "topic": said["topic"]}
        if len(message.encode()) >= MESSAGE_BYTES:
            answer["attachment"] = {"name": "attachment.txt"}
            message = "You received a file: attachment.txt"
        self._inbox.take(ContactChannel.NTFY, said["topic"], f"{title}\n{message}", said)
        return HttpResponse.of_json({**answer, "message": message})


def _is_action(action: dict[str, Any]) -> bool:
    return action.get("action") == "view" and bool(action.get("label")) and bool(action.get("url"))


def _error(code: int, words: str) -> HttpResponse:
    status = code // 100
    return HttpResponse.of_json({"code": code, "http": status, "error": words}, status=status)

"""ntfy: publishes to a person's topic, on the public server or the circle's own."""

from collections.abc import Mapping
from typing import Any, Final

import httpx

from responder.domain.channels.fit import TextTooLongError, fit_below_title
from responder.domain.channels.limits import ServiceLimits
from responder.domain.channels.message import MessagePurpose, OutgoingMessage, Verdict, VerdictReason
from responder.domain.incidents.incident import Severity
from responder.senders.answers import accepted, json_object, verdict_of_code, verdict_of_status
from responder.senders.http_requests import HttpRequests

OPEN_LABEL: Final = "答复 · Answer"
PRIORITIES: Final = {Severity.RED: 5, Severity.ORANGE: 5, Severity.YELLOW: 4, Severity.BLUE: 3}
"""5 rings through "do not disturb" when the phone is set so, and goes on longer; 3 is one short sound."""
_USUAL: Final = 3
_TAGS: Final = {
    MessagePurpose.ALERT: "rotating_light",
    MessagePurpose.CORRECTION: "information_source",
    MessagePurpose.VERIFICATION: "key",
    MessagePurpose.SELF_TEST: "bell",
}
_REASONS: Final = {
    "400*": VerdictReason.REFUSED,
    "40009": VerdictReason.UNKNOWN_ADDRESS,
    "40010": VerdictReason.UNKNOWN_ADDRESS,
    "401*": VerdictReason.UNAUTHORIZED,
    "403*": VerdictReason.UNAUTHORIZED,
    "413*": VerdictReason.TOO_LONG,
    "429*": VerdictReason.TOO_FAST,
    "500*": VerdictReason.SERVICE_FAULT,
    "507*": VerdictReason.SERVICE_FAULT,
}


class Ntfy:
    """Publishes as JSON: <https://docs.ntfy.sh/publish/#publish-as-json>."""

    def __init__(self, requests: HttpRequests) -> None:
        self._requests = requests

    async def send(
        self, message: OutgoingMessage, service: Mapping[str, str], limits: ServiceLimits
    ) -> Verdict:
        """Publish one message; the head is its title, which ntfy does not count."""
        text = message.text
        if len(text.head.encode()) > limits.max_bytes:
            raise TextTooLongError
        body: dict[str, Any] = {
            "topic": message.address,
            "title": text.head,
            # Without a text of its own ntfy would show "triggered".
            "message": fit_below_title(text, limits.max_bytes) or text.head,
            "priority": _priority(message),
            "tags": [_TAGS[message.purpose], *(["exercise"] if message.exercise else [])],
        }
        if text.link is not None:
            body["click"] = text.link
            body["actions"] = [{"action": "view", "label": OPEN_LABEL, "url": text.link, "clear": True}]
        token = service.get("token")
        headers = {"authorization": f"Bearer {token}"} if token else {}
        url = service["server"].rstrip("/") + "/"
        answer = await self._requests.send(httpx.Request("POST", url, json=body, headers=headers))
        said = json_object(answer)
        if said is None:
            return verdict_of_status(answer)
        if said.get("event") == "message" and said.get("id") and answer.status == httpx.codes.OK:
            # A server with a lower limit of its own makes a file of what is longer; phones do not show it.
            if said.get("attachment"):
                return Verdict.refused(VerdictReason.TOO_LONG, "sent as an attachment")
            return accepted(said["id"])
        if "code" in said:
            code, words = said["code"], said.get("error")
            return verdict_of_code(answer, code, words, _REASONS, blocked_s=limits.blocked_s)
        return verdict_of_status(answer)


def _priority(message: OutgoingMessage) -> int:
    if message.purpose in {MessagePurpose.ALERT, MessagePurpose.CORRECTION}:
        return PRIORITIES[message.severity]
    return _USUAL

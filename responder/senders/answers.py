"""Reads verdicts out of the answers of services: from the body first, from the status only without one."""

import json
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, Final

from responder.domain.channels.message import Outcome, Verdict, VerdictReason
from responder.senders.http_requests import Answer

MOST_WAIT_S: Final = 3600.0
"""However long a service asks to wait."""
_SUCCESS: Final = range(200, 300)
_FAULTS: Final = range(500, 600)
_STATUSES: Final = {
    401: VerdictReason.UNAUTHORIZED,
    403: VerdictReason.UNAUTHORIZED,
    408: VerdictReason.SERVICE_FAULT,
    413: VerdictReason.TOO_LONG,
    425: VerdictReason.TOO_FAST,
    429: VerdictReason.TOO_FAST,
}


def accepted(service_message_id: object = None) -> Verdict:
    """Return the verdict for a message that a service took, under its own id when it has one."""
    known = service_message_id if isinstance(service_message_id, str | int) else None
    return Verdict(outcome=Outcome.ACCEPTED, service_message_id=str(known)[:200] if known else None)


def json_object(answer: Answer) -> Mapping[str, Any] | None:
    """Return the JSON object that is the body of an answer; None when it is none."""
    try:
        parsed = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def is_taken(answer: Answer) -> bool:
    """Tell whether the status does not speak against what the body says."""
    return answer.status in _SUCCESS


def is_success(answer: Answer, code: object) -> bool:
    """Tell whether a service says with the number 0 that it took the message."""
    return is_taken(answer) and type(code) is int and code == 0


def verdict_of_status(answer: Answer, detail: str = "") -> Verdict:
    """Return the verdict when the body says nothing: without that, not even 200 is a success."""
    words = f"HTTP {answer.status} {detail}".strip()
    if answer.status in _SUCCESS:
        return Verdict.refused(VerdictReason.ANSWER_UNREADABLE, words)
    if answer.status in _FAULTS:
        return Verdict.refused(VerdictReason.SERVICE_FAULT, words, retry_after_s=retry_after_s(answer))
    reason = _STATUSES.get(answer.status, VerdictReason.REFUSED)
    return Verdict.refused(reason, words, retry_after_s=retry_after_s(answer))


def verdict_of_code(
    answer: Answer, code: object, words: object, reasons: Mapping[str, VerdictReason], *, blocked_s: float
) -> Verdict:
    """
    Return the verdict for an error code in the body of an answer.

    `reasons` says what codes mean; one that ends in `*` stands for all that begin so. `blocked_s` is how long
    the service takes nothing more when messages came too fast.
    """
    named = str(code)
    longest = max((key for key in reasons if _means(key, named)), key=len, default=None)
    reason = VerdictReason.REFUSED if longest is None else reasons[longest]
    if longest is None and answer.status in _FAULTS:
        reason = VerdictReason.SERVICE_FAULT
    wait_s = retry_after_s(answer)
    if reason is VerdictReason.TOO_FAST and wait_s is None:
        wait_s = blocked_s
    return Verdict.refused(reason, f"{named} {words if isinstance(words, str) else ''}", retry_after_s=wait_s)


def retry_after_s(answer: Answer) -> float | None:
    """Return how long the answer asks to wait (RFC 9110, Retry-After), in seconds."""
    given = answer.headers.get("retry-after", "").strip()
    if given.isascii() and given.isdigit():
        return min(float(given), MOST_WAIT_S)
    date = answer.headers.get("date")
    try:
        # By the clock of the service, which need not be ours.
        wait = parsedate_to_datetime(given) - parsedate_to_datetime(date or "")
    except (TypeError, ValueError):
        return None
    return min(max(wait.total_seconds(), 0.0), MOST_WAIT_S)


def _means(key: str, code: str) -> bool:
    return code.startswith(key[:-1]) if key.endswith("*") else code == key

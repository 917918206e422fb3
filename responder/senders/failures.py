"""How a sender says that a message was not accepted, and what the coordinator reads of it."""

import re
from collections.abc import Iterable
from typing import Final, Self

from responder.domain.channels.message import Verdict, VerdictReason

MOST_CHARACTERS: Final = 200
SHORTEST_HIDDEN: Final = 4
"""Shorter values are no secrets, and would be found in every word."""
_LONG_NUMBER = re.compile(r"\+?\d{7,}")


class SendingError(Exception):
    """A message was not accepted; `verdict` says why. Never raised to callers of a sender."""

    def __init__(
        self, reason: VerdictReason, detail: str = "", *, retry_after_s: float | None = None
    ) -> None:
        super().__init__(reason)
        self.verdict = Verdict.refused(reason, detail, retry_after_s=retry_after_s)

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        """Return the error for a verdict that is none of acceptance."""
        return cls(
            verdict.reason or VerdictReason.REFUSED, verdict.detail, retry_after_s=verdict.retry_after_s
        )


def without_secrets(text: str, hidden: Iterable[str]) -> str:
    """Return a service's words, short and without the values that are hidden, telephone numbers and links."""
    shown = _on_one_line(text)
    for value in sorted(map(_on_one_line, hidden), key=len, reverse=True):
        if len(value) >= SHORTEST_HIDDEN:
            shown = shown.replace(value, "…")
    return _LONG_NUMBER.sub("…", shown)[:MOST_CHARACTERS]


def _on_one_line(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())

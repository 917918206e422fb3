"""What is sent to one person by one service, and what the service said of it."""

import unicodedata
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Self
from uuid import UUID

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message_words import WORDS
from responder.domain.ids import AlertId, CircleId, IncidentId
from responder.domain.incidents.alert import EXERCISE_PREFIX
from responder.domain.incidents.incident import Severity

EXERCISE_MARKS: Final = tuple(words["exercise"].strip() for words in WORDS.values())
"""With one of them the head of every exercise begins."""


class MessagePurpose(StrEnum):
    """Why a message is sent."""

    ALERT = "alert"
    CORRECTION = "correction"
    """An update, the all-clear or a false alarm: it goes out before everything that is planned."""
    VERIFICATION = "verification"
    SELF_TEST = "self_test"


class MessageAction(StrEnum):
    """What a person can do from a message itself."""

    ACCEPT = "accept"
    DECLINE = "decline"
    OPEN = "open"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionText:
    """A button of a message."""

    action: MessageAction
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageText:
    """
    Words for one person, in that person's language.

    Head, link and each line are one line without control characters and lone surrogates: they become headers
    of mails, and a line break in the name of a building shall not stop an alert. Empty lines are left out.
    """

    head: str
    """Mark of an exercise, kind and place: never cut."""
    lines: tuple[str, ...] = ()
    """The most important first; where a service takes less, whole lines are left out from the end."""
    link: str | None = None
    """Opens the answer page without signing in; never cut."""
    actions: tuple[ActionText, ...] = ()
    """Buttons, where a service has them; the first is the likeliest."""

    def __post_init__(self) -> None:
        lines = tuple(filter(None, map(_on_one_line, self.lines)))
        object.__setattr__(self, "head", _on_one_line(self.head))
        object.__setattr__(self, "lines", lines)
        object.__setattr__(self, "link", _on_one_line(self.link or "") or None)


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertReference:
    """The alert that a message is about: a browser opens its page at it."""

    alert_id: AlertId
    incident_id: IncidentId
    circle_id: CircleId


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """One message by one service, to one person or to a group: one request, one verdict."""

    id: UUID
    """The same each time that the message is tried, so that a service can tell a repetition."""
    channel: ContactChannel
    address: str
    """Of the person, as the service has it: a topic, a telephone number, a subscription in JSON."""
    text: MessageText
    purpose: MessagePurpose
    exercise: bool
    severity: Severity
    expires_at: datetime
    """Not sent later than this."""
    about: AlertReference | None = None
    """None when it is about no alert, such as a code or a test."""
    also_to: tuple[str, ...] = ()
    """Of a post to a group: the others whom it mentions. Its verdict is that of each."""

    def __post_init__(self) -> None:
        # Whatever made the text: no exercise leaves without its mark.
        if self.exercise and not self.text.head.startswith(EXERCISE_MARKS):
            marked = replace(self.text, head=EXERCISE_PREFIX + self.text.head)
            object.__setattr__(self, "text", marked)


def _on_one_line(text: str) -> str:
    # What is printable has none of them: nearly every text.
    shown = text if text.isprintable() else "".join(sign if _is_shown(sign) else " " for sign in text)
    return " ".join(shown.split())


def _is_shown(sign: str) -> bool:
    # Cc: control characters, Cs: lone surrogates, Zl and Zp: separators of lines and paragraphs.
    return unicodedata.category(sign) not in {"Cc", "Cs", "Zl", "Zp"}


class Outcome(StrEnum):
    """What became of one request to a service."""

    ACCEPTED = "accepted"
    RETRY = "retry"
    """Not taken now, and worth another request: too fast, timed out, a fault of the service."""
    REJECTED = "rejected"
    """Not taken, and not taken when asked again: a wrong signature, an unknown number."""


class VerdictReason(StrEnum):
    """Why a message was not accepted: stable codes, each with words on screen."""

    TIMED_OUT = "timed_out"
    """No complete answer in time; the message may have been taken all the same."""
    CONNECTION_LOST = "connection_lost"
    """It broke off before an answer; the message may have been taken all the same."""
    UNREACHABLE = "unreachable"
    """No such host, or no connection: nothing was sent."""
    TLS_FAILED = "tls_failed"
    """The certificate of the service is not trusted, or not its own."""
    TOO_FAST = "too_fast"
    """More messages than the service takes; `retry_after_s` says how long it blocks."""
    SERVICE_FAULT = "service_fault"
    """The service says that it has a fault."""
    ANSWER_UNREADABLE = "answer_unreadable"
    """An answer other than the service documents; the message may have been taken all the same."""
    ANSWER_TOO_LARGE = "answer_too_large"
    REDIRECTED = "redirected"
    """The service sends elsewhere, where nothing is sent."""
    HOST_NOT_ALLOWED = "host_not_allowed"
    """Not on the installation's list of outgoing hosts."""
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    """A private, loopback or link-local address that the installation does not name."""
    INSECURE = "insecure"
    """Without TLS to an address that is not private."""
    WRONG_SETTINGS = "wrong_settings"
    """The settings of the service are incomplete, or the service does not know what they name."""
    UNAUTHORIZED = "unauthorized"
    """Key, signature or password refused."""
    INVALID_ADDRESS = "invalid_address"
    """Not an address of this channel; nothing was sent."""
    UNKNOWN_ADDRESS = "unknown_address"
    """The service does not know this person."""
    GONE = "gone"
    """The subscription has ended: the address is of no more use."""
    TOO_LONG = "too_long"
    """Head and link alone are longer than the service takes, or the service says so."""
    CONTENT_REFUSED = "content_refused"
    """The service refuses the words: a missing keyword, a template that does not fit."""
    NO_CREDIT = "no_credit"
    """The account with the service has no money or quota left."""
    EXPIRED = "expired"
    """Not sent, because the message is no longer of use."""
    REFUSED = "refused"
    """Refused for another reason; `detail` has the service's own code."""


WORTH_ANOTHER_REQUEST: Final = frozenset(
    {
        VerdictReason.TIMED_OUT,
        VerdictReason.CONNECTION_LOST,
        VerdictReason.UNREACHABLE,
        VerdictReason.TLS_FAILED,
        VerdictReason.TOO_FAST,
        VerdictReason.SERVICE_FAULT,
        VerdictReason.ANSWER_UNREADABLE,
        VerdictReason.ANSWER_TOO_LARGE,
    }
)
"""Reasons after which the outcome is `RETRY`; after the others it is `REJECTED`."""
PERHAPS_TAKEN: Final = frozenset(
    {
        VerdictReason.TIMED_OUT,
        VerdictReason.CONNECTION_LOST,
        VerdictReason.ANSWER_UNREADABLE,
        VerdictReason.ANSWER_TOO_LARGE,
    }
)
"""Reasons after which the service may have the message: another request may tell the person twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a service said of one message, read from the body of its answer and not only from the status."""

    outcome: Outcome
    reason: VerdictReason | None = None
    """Why it was not accepted."""
    detail: str = ""
    """The service's own code and words, for the coordinator; without addresses and secrets."""
    service_message_id: str | None = None
    """By which the service reports later whether the message was delivered."""
    retry_after_s: float | None = None
    """How long the service asks to wait."""

    @classmethod
    def refused(cls, reason: VerdictReason, detail: str = "", *, retry_after_s: float | None = None) -> Self:
        """Return the verdict for a message that was not accepted."""
        outcome = Outcome.RETRY if reason in WORTH_ANOTHER_REQUEST else Outcome.REJECTED
        return cls(outcome=outcome, reason=reason, detail=detail, retry_after_s=retry_after_s)

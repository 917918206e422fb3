"""What is sent to one person by one service, and what the service said of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from responder.domain.channels.contact import ContactChannel
from responder.domain.incidents.incident import Severity


class MessagePurpose(StrEnum):
    """Why a message is sent."""

    ALERT = "alert"
    CORRECTION = "correction"
    """An update, the all-clear or a false alarm: it goes out before everything that is planned."""
    VERIFICATION = "verification"
    SELF_TEST = "self_test"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageText:
    """Words for one person, in that person's language."""

    head: str
    """Mark of an exercise, kind and place: never cut."""
    lines: tuple[str, ...] = ()
    """The most important first; where a service takes less, whole lines are left out from the end."""
    link: str | None = None
    """Opens the answer page without signing in; never cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """One message to one person by one service: one request, one verdict."""

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


class Outcome(StrEnum):
    """What became of one request to a service."""

    ACCEPTED = "accepted"
    RETRY = "retry"
    """Not taken now, and worth another request: too fast, timed out, a fault of the service."""
    REJECTED = "rejected"
    """Not taken, and not taken when asked again: a wrong signature, an unknown number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a service said of one message, read from the body of its answer and not only from the status."""

    outcome: Outcome
    reason: str = ""
    """A stable code when it was not accepted, such as `timed_out` or `too_fast`."""
    detail: str = ""
    """The service's own code and words, for the coordinator; without addresses and secrets."""
    service_message_id: str | None = None
    """By which the service reports later whether the message was delivered."""
    retry_after_s: float | None = None
    """How long the service asks to wait."""

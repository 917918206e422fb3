"""What became of one message: the proof that a person was told, or why not."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import MessagePurpose
from responder.domain.ids import AccountId, AlertId, ResponderId
from responder.domain.incidents.incident import Severity

GRACE_S: Final = 0.5
"""So long the first message of an alert waits, in which open pages are told and say so."""
ONLINE_CONFIRMS_S: Final = 10.0
"""A person whose page took the alert has so long to confirm before a message goes out."""
ALERT_LASTS: Final = timedelta(minutes=30)
CORRECTION_LASTS: Final = timedelta(hours=6)
CODE_LASTS: Final = timedelta(minutes=10)
TEST_LASTS: Final = timedelta(minutes=10)
MOST_ATTEMPTS: Final = 8
"""Of one message; a service that is away for longer is called failed, and the next channel is tried."""
FIRST_PAUSE_S: Final = 1.0
LONGEST_PAUSE_S: Final = 30.0
OUTCOME_UNKNOWN: Final = "outcome_unknown"
"""The process that sent it ended before the answer: it is repeated once, with the same id."""

_SEVERITIES: Final = tuple(Severity)


class MessageState(StrEnum):
    """How far a message has come."""

    QUEUED = "queued"
    SENT = "sent"
    """A request was made, and what became of it is not known yet."""
    ACCEPTED = "accepted"
    """The service took it; it has not said that it arrived."""
    DELIVERED = "delivered"
    OPENED = "opened"
    ANSWERED = "answered"
    FAILED = "failed"
    STOPPED = "stopped"
    """Not sent, and no longer needed: the person confirmed, the incident ended, or it was quiet hours."""


def priority_of(purpose: MessagePurpose, severity: Severity) -> int:
    """Return in which order waiting messages go, the smallest first: corrections, then alerts by severity."""
    if purpose is MessagePurpose.CORRECTION:
        return 0
    if purpose is MessagePurpose.ALERT:
        return 10 + _SEVERITIES.index(severity)
    return 20 if purpose is MessagePurpose.VERIFICATION else 30


def pause_s(attempts: int, *, asked_s: float | None) -> float:
    """Return how long to wait after so many attempts, in seconds; longer where the service asked for it."""
    own = min(FIRST_PAUSE_S * 2.0 ** max(attempts - 1, 0), LONGEST_PAUSE_S)
    return max(own, asked_s or 0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageProof:
    """One message as the console lists it."""

    id: UUID
    alert_id: AlertId | None
    recipient_id: ResponderId | None
    recipient_name: str
    account_id: AccountId | None
    service_id: UUID
    service_name: str
    channel: ContactChannel
    address: str
    """Masked; empty when the contact is gone."""
    purpose: MessagePurpose
    exercise: bool
    turn: int
    state: MessageState
    queued_at: datetime
    due_at: datetime
    sent_at: datetime | None
    accepted_at: datetime | None
    delivered_at: datetime | None
    opened_at: datetime | None
    answered_at: datetime | None
    failed_at: datetime | None
    answer: str | None
    reason: str
    detail: str
    service_message_id: str | None
    attempts: int

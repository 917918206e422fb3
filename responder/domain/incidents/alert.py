"""Alerts: one call to act, in the words and values of CAP 1.2."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from responder.domain.ids import AlertId, IncidentId


class MessageType(StrEnum):
    """CAP 1.2 `msgType`, the values that are used here."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


EXERCISE_PREFIX = "【演练】"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One call to act, about an incident."""

    id: AlertId
    incident_id: IncidentId
    message_type: MessageType
    exercise: bool
    headline: str
    """What a lock screen shows; begins with 【演练】 in an exercise."""
    sent_at: datetime
    references: tuple[AlertId, ...] = ()
    """Alerts that this one updates or cancels."""


def headline(what: str, label: str, *, exercise: bool, message_type: MessageType) -> str:
    """Return the line that a phone shows, in Chinese: exercise mark first, then what, then where."""
    prefix = EXERCISE_PREFIX if exercise else ""
    words = f"{what}：{label}" if label else what
    if message_type is MessageType.CANCEL:
        return f"{prefix}警情解除 · {words}"
    return f"{prefix}{words}"

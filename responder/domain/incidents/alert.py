"""Alerts: one call to act, in the words and values of CAP 1.2."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from responder.domain.ids import AlertId, IncidentId
from responder.domain.incidents.incident import IncidentKind


class MessageType(StrEnum):
    """CAP 1.2 `msgType`, the values that are used here."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


KIND_WORDS = {
    IncidentKind.FIRE: "火情",
    IncidentKind.SMOKE: "冒烟",
    IncidentKind.GAS: "燃气泄漏",
    IncidentKind.MEDICAL: "医疗急救",
    IncidentKind.TRAPPED: "人员被困",
    IncidentKind.FALL: "坠落",
    IncidentKind.FLOOD: "积水内涝",
    IncidentKind.CROWD: "人员聚集",
    IncidentKind.OTHER: "其他警情",
}

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


def headline(kind: IncidentKind, label: str, *, exercise: bool, message_type: MessageType) -> str:
    """Return the line that a phone shows, in Chinese: exercise mark first, then what, then where."""
    prefix = EXERCISE_PREFIX if exercise else ""
    words = f"{KIND_WORDS[kind]}：{label}" if label else KIND_WORDS[kind]
    if message_type is MessageType.CANCEL:
        return f"{prefix}警情解除 · {words}"
    return f"{prefix}{words}"

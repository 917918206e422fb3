"""Alerts: one call to act, in the words and values of CAP 1.2."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from responder.domain.ids import AlertId, IncidentId, PartnerId, PhotoId


class MessageType(StrEnum):
    """CAP 1.2 `msgType`, the values that are used here."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


class AlertCause(StrEnum):
    """Why an alert is sent."""

    RAISED = "raised"
    TEXT = "text"
    """Staff have something to say to all who were called."""
    LEVEL_RAISED = "level_raised"
    LEVEL_LOWERED = "level_lowered"
    MOVED = "moved"
    """The pin was moved; those who are no longer needed are released."""
    RESOLVED = "resolved"
    FALSE_ALARM = "false_alarm"
    MISTAKE = "mistake"
    MERGED = "merged"


CORRECTIONS = frozenset(AlertCause) - {AlertCause.RAISED}
"""Causes of what goes to exactly those who had the alert before, ahead of everything that is planned."""

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
    cause: AlertCause = AlertCause.RAISED
    text: str = ""
    """What a person wrote, with an update or an end."""
    partner_ids: tuple[PartnerId, ...] = ()
    """Whose people read `text`, of an inject of a drill; empty is all whom the incident concerns."""
    photo_id: PhotoId | None = None
    """A picture that goes with `text`, for the same people."""


CAUSE_WORDS = {
    AlertCause.RAISED: "",
    AlertCause.TEXT: "警情通报 · ",
    AlertCause.LEVEL_RAISED: "警情升级 · ",
    AlertCause.LEVEL_LOWERED: "警情降级 · ",
    AlertCause.MOVED: "地点更正 · ",
    AlertCause.RESOLVED: "警情解除 · ",
    AlertCause.FALSE_ALARM: "误报解除 · ",
    AlertCause.MISTAKE: "误发撤回 · ",
    AlertCause.MERGED: "警情合并 · ",
}


def headline(what: str, label: str, *, exercise: bool, cause: AlertCause = AlertCause.RAISED) -> str:
    """Return an alert in one line, in Chinese: exercise mark first, then why, what, and where."""
    prefix = EXERCISE_PREFIX if exercise else ""
    words = f"{what}：{label}" if label else what
    return f"{prefix}{CAUSE_WORDS[cause]}{words}"

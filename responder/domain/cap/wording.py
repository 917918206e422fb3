"""An alert of ours as a CAP 1.2 message: in Chinese and English, without names of people and notes."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from responder.domain.cap.message import (
    CapArea,
    CapCode,
    CapInfo,
    CapMessage,
    CapMessageType,
    CapReference,
    CapResponseType,
    CapScope,
    CapStatus,
)
from responder.domain.ids import AlertId, CircleId
from responder.domain.incidents.alert import CAUSE_WORDS, EXERCISE_PREFIX, Alert, AlertCause, MessageType
from responder.domain.incidents.cap_codes import CapCertainty, CapUrgency
from responder.domain.incidents.catalogue import AlertCatalogue, CapValues, cap_values
from responder.domain.incidents.incident import Incident, Severity
from responder.domain.map.circle import Circle

EXPIRES_AFTER: Final = timedelta(hours=24)
"""Only a person ends an incident; a copy of a message elsewhere must not stand for ever."""
KIND_CODE: Final = "responder:kind"
SEVERITY_CODE: Final = "responder:severity"
EXERCISE_PREFIX_EN: Final = "[EXERCISE] "
RESTRICTION: Final = "仅供响应圈成员使用 · For members of the response circle"
EXERCISE_NOTE: Final = (
    "【演练】应急响应圈演练，并非真实警情 · EXERCISE of a response circle, not a real incident"
)
INSTRUCTION: Final = {
    "zh-CN": "接到通知的人员按响应圈分工处置。有生命危险时拨打 119、120 或 110。",
    "en": "Those who were called respond as agreed in the circle. In danger of life call 119, 120 or 110.",
}
CAUSE_WORDS_EN: Final = {
    AlertCause.RAISED: "",
    AlertCause.TEXT: "Update · ",
    AlertCause.LEVEL_RAISED: "Level raised · ",
    AlertCause.LEVEL_LOWERED: "Level lowered · ",
    AlertCause.MOVED: "Place corrected · ",
    AlertCause.RESOLVED: "All clear · ",
    AlertCause.FALSE_ALARM: "False alarm · ",
    AlertCause.MISTAKE: "Sent by mistake · ",
    AlertCause.MERGED: "Merged with another incident · ",
}
_NEVER_WAS: Final = frozenset({AlertCause.FALSE_ALARM, AlertCause.MISTAKE})
SEVERITY_WORDS: Final = {
    Severity.RED: ("红色", "red"),
    Severity.ORANGE: ("橙色", "orange"),
    Severity.YELLOW: ("黄色", "yellow"),
    Severity.BLUE: ("蓝色", "blue"),
}


def identifier(alert_id: AlertId) -> str:
    return f"urn:uuid:{alert_id}"


def sender(circle_id: CircleId) -> str:
    return f"urn:uuid:{circle_id}"


def to_message(
    circle: Circle,
    catalogue: AlertCatalogue,
    incident: Incident,
    alert: Alert,
    *,
    earlier: tuple[Alert, ...],
    shapes: CapArea,
) -> CapMessage:
    """
    Return the alert as a message.

    `earlier` are the alerts of the incident that it may refer to; `shapes` is where it happens, its words are
    replaced.
    """
    sent = alert.sent_at.replace(microsecond=0)
    values = cap_values(catalogue, incident)
    words = tuple(_Words(circle, incident, alert, values, english) for english in (False, True))
    referred = tuple(
        CapReference(
            sender=sender(circle.id), identifier=identifier(each.id), sent=each.sent_at.replace(microsecond=0)
        )
        for each in earlier
        if each.id in alert.references
    )
    return CapMessage(
        identifier=identifier(alert.id),
        sender=sender(circle.id),
        sent=sent,
        status=CapStatus.EXERCISE if alert.exercise else CapStatus.ACTUAL,
        message_type=CapMessageType(alert.message_type.value),
        scope=CapScope.RESTRICTED,
        restriction=RESTRICTION,
        note=EXERCISE_NOTE if alert.exercise else "",
        references=referred,
        incidents=str(incident.id),
        infos=tuple(_info(each, shapes) for each in words),
    )


@dataclass(frozen=True, slots=True)
class _Words:
    circle: Circle
    incident: Incident
    alert: Alert
    values: CapValues
    english: bool

    def pick(self, zh: str, en: str) -> str:
        return en if self.english else zh

    @property
    def mark(self) -> str:
        return self.pick(EXERCISE_PREFIX, EXERCISE_PREFIX_EN) if self.alert.exercise else ""

    @property
    def kind(self) -> str:
        return self.pick(self.values.event_zh, self.values.event_en)

    @property
    def place(self) -> str:
        place = self.incident.place
        label = self.pick(place.label, place.label_en or place.label)
        return label or f"{place.lat:.5f}, {place.lon:.5f}"

    @property
    def sender_name(self) -> str:
        return self.pick(self.circle.name, self.circle.name_en or self.circle.name)

    @property
    def state(self) -> str:
        """Why it is sent, before what it is about; what a person wrote with it may name people."""
        return self.pick(CAUSE_WORDS[self.alert.cause], CAUSE_WORDS_EN[self.alert.cause])

    @property
    def headline(self) -> str:
        return f"{self.mark}{self.state}{self.pick(f'{self.kind}：', f'{self.kind}: ')}{self.place}"

    @property
    def description(self) -> str:
        zh, en = SEVERITY_WORDS[self.incident.severity]
        return self.mark + self.pick(
            f"{self.state}{self.kind}（{zh}）。地点：{self.place}。发出：{self.sender_name}。",
            f"{self.state}{self.kind} ({en}). Place: {self.place}. Issued by {self.sender_name}.",
        )


def _info(words: _Words, shapes: CapArea) -> CapInfo:
    incident, alert = words.incident, words.alert
    is_over = alert.message_type is MessageType.CANCEL
    values = words.values
    language = words.pick("zh-CN", "en")
    return CapInfo(
        language=language,
        categories=values.categories,
        event=f"{words.mark}{words.kind}",
        responses=(CapResponseType.ALL_CLEAR if is_over else CapResponseType.EXECUTE,),
        urgency=CapUrgency.PAST if is_over else values.urgency,
        severity=values.severity,
        certainty=CapCertainty.UNLIKELY if alert.cause in _NEVER_WAS else values.certainty,
        codes=(
            CapCode(name=KIND_CODE, value=incident.kind),
            CapCode(name=SEVERITY_CODE, value=incident.severity.value),
        ),
        expires=alert.sent_at.replace(microsecond=0) + EXPIRES_AFTER,
        sender_name=words.sender_name,
        headline=words.headline,
        description=words.description,
        instruction="" if is_over else INSTRUCTION[language],
        areas=(CapArea(description=words.place, polygons=shapes.polygons, circles=shapes.circles),),
    )

"""What a CAP message of others means in our kinds and severities: a suggestion, which a person confirms."""

from typing import Final

from responder.domain.cap.message import CapCategory, CapInfo, CapMessage, CapSeverity
from responder.domain.cap.wording import KIND_CODE, SEVERITY_CODE
from responder.domain.incidents.incident import IncidentKind, Severity

_EVENT_WORDS: Final = (
    (IncidentKind.GAS, ("gas leak", "gas explosion", "燃气", "煤气", "天然气")),
    (IncidentKind.SMOKE, ("smoke", "冒烟", "烟雾")),
    (IncidentKind.FIRE, ("fire", "火情", "火灾", "起火", "着火")),
    (IncidentKind.FLOOD, ("flood", "inundation", "内涝", "积水", "洪水")),
    (IncidentKind.MEDICAL, ("medical", "cardiac", "急救", "医疗")),
    (IncidentKind.TRAPPED, ("trapped", "被困")),
    (IncidentKind.CROWD, ("crowd", "聚集")),
)
"""Looked for in the event's name, in this order: the more special first."""
_BY_CATEGORY: Final = {
    CapCategory.FIRE: IncidentKind.FIRE,
    CapCategory.HEALTH: IncidentKind.MEDICAL,
    CapCategory.SECURITY: IncidentKind.CROWD,
}
_SEVERITIES: Final = {
    CapSeverity.EXTREME: Severity.RED,
    CapSeverity.SEVERE: Severity.ORANGE,
    CapSeverity.MODERATE: Severity.YELLOW,
    CapSeverity.MINOR: Severity.BLUE,
    CapSeverity.UNKNOWN: Severity.YELLOW,
}


def kind_of(info: CapInfo) -> IncidentKind:
    """Return the kind by our own code, else by the event's words, else by the category."""
    for code in info.codes:
        if code.name == KIND_CODE and code.value in set(IncidentKind):
            return IncidentKind(code.value)
    event = info.event.casefold()
    for kind, words in _EVENT_WORDS:
        if any(word in event for word in words):
            return kind
    for category in info.categories:
        if category in _BY_CATEGORY:
            return _BY_CATEGORY[category]
    return IncidentKind.OTHER


def severity_of(info: CapInfo) -> Severity:
    """Return the severity by our own code, else by CAP's."""
    for code in info.codes:
        if code.name == SEVERITY_CODE and code.value in set(Severity):
            return Severity(code.value)
    return _SEVERITIES[info.severity]


def main_info(message: CapMessage) -> CapInfo | None:
    """Return the block from which kind and severity are taken: Chinese, else English, else the first."""
    for wanted in ("zh", "en"):
        for info in message.infos:
            if info.language.lower().split("-")[0] == wanted:
                return info
    return message.infos[0] if message.infos else None

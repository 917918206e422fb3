"""What a CAP message of others means in our kinds and severities: a suggestion, which a person confirms."""

from collections.abc import Iterator
from typing import Final

from responder.domain.cap.message import CapInfo, CapMessage
from responder.domain.cap.wording import KIND_CODE, SEVERITY_CODE
from responder.domain.incidents.cap_codes import CapCategory, CapSeverity
from responder.domain.incidents.catalogue import AlertCatalogue
from responder.domain.incidents.incident import Severity

_EVENT_WORDS: Final = (
    ("gas", ("gas leak", "gas explosion", "燃气", "煤气", "天然气")),
    ("smoke", ("smoke", "冒烟", "烟雾")),
    ("fire", ("fire", "火情", "火灾", "起火", "着火")),
    ("flood", ("flood", "inundation", "内涝", "积水", "洪水")),
    ("medical", ("medical", "cardiac", "急救", "医疗")),
    ("trapped", ("trapped", "被困")),
    ("crowd", ("crowd", "聚集")),
)
"""Looked for in the event's name, in this order: the more special first."""
_BY_CATEGORY: Final = {
    CapCategory.FIRE: "fire",
    CapCategory.HEALTH: "medical",
    CapCategory.SECURITY: "crowd",
}
_SEVERITIES: Final = {
    CapSeverity.EXTREME: Severity.RED,
    CapSeverity.SEVERE: Severity.ORANGE,
    CapSeverity.MODERATE: Severity.YELLOW,
    CapSeverity.MINOR: Severity.BLUE,
    CapSeverity.UNKNOWN: Severity.YELLOW,
}


def kind_of(info: CapInfo, catalogue: AlertCatalogue) -> str:
    """Return the code of an offered kind: by our own code, else the event's words, else the category."""
    offered = {kind.code for kind in catalogue.kinds if kind.is_offered}
    return next((code for code in _guesses(info) if code in offered), "other")


def _guesses(info: CapInfo) -> Iterator[str]:
    yield from (code.value for code in info.codes if code.name == KIND_CODE)
    event = info.event.casefold()
    yield from (kind for kind, words in _EVENT_WORDS if any(word in event for word in words))
    yield from (_BY_CATEGORY[category] for category in info.categories if category in _BY_CATEGORY)


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

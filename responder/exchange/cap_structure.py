"""The structure of CAP 1.2: which elements, in which order, how often, and what stands in them."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from responder.domain.cap.faults import Fault, fault
from responder.domain.cap.lexical import (
    LexicalError,
    read_circle,
    read_polygon,
    read_references,
    read_time,
)
from responder.domain.cap.message import (
    CapMessageType,
    CapResponseType,
    CapScope,
    CapStatus,
)
from responder.domain.incidents.cap_codes import CapCategory, CapCertainty, CapSeverity, CapUrgency
from responder.exchange.guarded_xml import XmlElement

CAP: Final = "urn:oasis:names:tc:emergency:cap:1.2"
SIGNATURES: Final = "http://www.w3.org/2000/09/xmldsig#"
_SCHEMA_INSTANCE: Final = "http://www.w3.org/2001/XMLSchema-instance "
_XML: Final = "http://www.w3.org/XML/1998/namespace "
_XML_SPACE: Final = " \t\r\n"
_LANGUAGE = re.compile(r"([a-zA-Z]{1,8}(-[a-zA-Z0-9]{1,8})*)?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d+", re.ASCII)
_DECIMAL = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)", re.ASCII)

MANY: Final = 1_000_000
Check = Callable[[str], str | None]
"""Takes the text of an element and returns the code of a fault, if any."""


@dataclass(frozen=True, slots=True)
class _Part:
    """An element within another."""

    name: str
    least: int = 0
    most: int = 1
    check: Check | None = None
    parts: tuple["_Part", ...] = ()


def _one_of(values: Iterable[str]) -> Check:
    known = {str(value) for value in values}
    return lambda text: None if text in known else "value_unknown"


def _read_by(read: Callable[[str], object]) -> Check:
    def code(text: str) -> str | None:
        try:
            read(text)
        except LexicalError as error:
            return error.code
        return None

    return code


_time = _read_by(read_time)


def _filled(text: str) -> str | None:
    return None if text.strip() else "value_empty"


def _matching(pattern: re.Pattern[str], code: str) -> Check:
    return lambda text: None if pattern.fullmatch(text.strip(_XML_SPACE)) else code


_CODE = (_Part("valueName", 1), _Part("value", 1))
_AREA = (
    _Part("areaDesc", 1),
    _Part("polygon", 0, MANY, _read_by(read_polygon)),
    _Part("circle", 0, MANY, _read_by(read_circle)),
    _Part("geocode", 0, MANY, parts=_CODE),
    _Part("altitude", check=_matching(_DECIMAL, "number_form")),
    _Part("ceiling", check=_matching(_DECIMAL, "number_form")),
)
_RESOURCE = (
    _Part("resourceDesc", 1),
    _Part("mimeType", 1),
    _Part("size", check=_matching(_INTEGER, "number_form")),
    _Part("uri"),
    _Part("derefUri"),
    _Part("digest"),
)
_INFO = (
    # Empty is the default, en-US.
    _Part("language", check=_matching(_LANGUAGE, "language_form")),
    _Part("category", 1, MANY, _one_of(CapCategory)),
    _Part("event", 1, check=_filled),
    _Part("responseType", 0, MANY, _one_of(CapResponseType)),
    _Part("urgency", 1, check=_one_of(CapUrgency)),
    _Part("severity", 1, check=_one_of(CapSeverity)),
    _Part("certainty", 1, check=_one_of(CapCertainty)),
    _Part("audience"),
    _Part("eventCode", 0, MANY, parts=_CODE),
    _Part("effective", check=_time),
    _Part("onset", check=_time),
    _Part("expires", check=_time),
    _Part("senderName"),
    _Part("headline"),
    _Part("description"),
    _Part("instruction"),
    _Part("web"),
    _Part("contact"),
    _Part("parameter", 0, MANY, parts=_CODE),
    _Part("resource", 0, MANY, parts=_RESOURCE),
    _Part("area", 0, MANY, parts=_AREA),
)
_ALERT = (
    _Part("identifier", 1, check=_filled),
    _Part("sender", 1, check=_filled),
    _Part("sent", 1, check=_time),
    _Part("status", 1, check=_one_of(CapStatus)),
    _Part("msgType", 1, check=_one_of(CapMessageType)),
    _Part("source"),
    _Part("scope", 1, check=_one_of(CapScope)),
    _Part("restriction"),
    _Part("addresses"),
    _Part("code", 0, MANY),
    _Part("note"),
    _Part("references", check=_read_by(read_references)),
    _Part("incidents"),
    _Part("info", 0, MANY, parts=_INFO),
)


def structural_faults(alert: XmlElement) -> list[Fault]:
    """
    Return where an `alert` differs from the structure that the schema of CAP 1.2 describes.

    Times, shapes and references are read too: to the schema most of them are any text.
    """
    faults: list[Fault] = []
    _check(alert, _ALERT, "", faults)
    return faults


def is_signature(element: XmlElement) -> bool:
    return element.namespace == SIGNATURES


def _check(element: XmlElement, parts: tuple[_Part, ...], where: str, faults: list[Fault]) -> None:
    if element.text.strip(_XML_SPACE):
        faults.append(fault("text_stray", where, element.text))
    _check_attributes(element, where, faults)
    by_name = {part.name: (place, part) for place, part in enumerate(parts)}
    counts: dict[str, int] = {}
    latest = 0
    for child in element.children:
        if is_signature(child) and not where:
            latest = len(parts)
            continue
        there = _path(where, child.name)
        if child.namespace != CAP or child.name not in by_name:
            faults.append(fault("element_unknown", there))
            continue
        place, part = by_name[child.name]
        counts[child.name] = counts.get(child.name, 0) + 1
        if part.most > 1:
            there = f"{there}[{counts[child.name]}]"
        if counts[child.name] > part.most:
            faults.append(fault("element_repeated", there))
        elif place < latest:
            faults.append(fault("element_order", there))
        latest = max(latest, place)
        _check_part(child, part, there, faults)
    faults.extend(
        fault("element_missing", _path(where, part.name))
        for part in parts
        if counts.get(part.name, 0) < part.least
    )


def _check_part(element: XmlElement, part: _Part, where: str, faults: list[Fault]) -> None:
    if part.parts:
        _check(element, part.parts, where, faults)
        return
    _check_attributes(element, where, faults)
    if element.children:
        faults.append(fault("element_unknown", _path(where, element.children[0].name)))
    code = part.check(element.text) if part.check is not None else None
    if code is not None:
        faults.append(fault(code, where, element.text))


def _check_attributes(element: XmlElement, where: str, faults: list[Fault]) -> None:
    # A hint where the schema lies says nothing about the message.
    faults.extend(
        fault("attribute_unknown", where, name.removeprefix(_XML))
        for name in element.attributes
        if not name.startswith(_SCHEMA_INSTANCE)
    )


def _path(where: str, name: str) -> str:
    return f"{where}/{name}" if where else name

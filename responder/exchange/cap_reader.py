"""CAP 1.2 from bytes: one document, or those in a feed, each with all that is wrong with it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from geo.lonlat import LonLat
from responder.domain.cap.faults import Fault, fault
from responder.domain.cap.lexical import read_circle, read_polygon, read_references, read_time
from responder.domain.cap.message import (
    CapArea,
    CapCode,
    CapInfo,
    CapMessage,
    CapMessageType,
    CapResponseType,
    CapScope,
    CapStatus,
)
from responder.domain.cap.read_message import ReadMessage
from responder.domain.cap.rules import check
from responder.domain.incidents.cap_codes import CapCategory, CapCertainty, CapSeverity, CapUrgency
from responder.exchange.cap_structure import CAP, is_signature, structural_faults
from responder.exchange.guarded_xml import RefusedXmlError, XmlElement, parse_xml

MOST_MESSAGES: Final = 100
_OTHER_VERSIONS: Final = "urn:oasis:names:tc:emergency:cap:"
_OLDEST: Final = "http://www.incident.com/cap/1.0"
_ENTRIES: Final = frozenset({"entry", "item"})


def read_cap(
    data: bytes, *, now: datetime | None = None, near: LonLat | None = None
) -> tuple[ReadMessage, ...]:
    """
    Read a document or a feed; what cannot be read is returned with its faults.

    Rules between elements are looked at once the elements themselves are sound. With `now` and `near`, the
    middle of a circle, messages are also checked against time and place.
    """
    try:
        root = parse_xml(data)
    except RefusedXmlError as error:
        return (_refused(fault(error.code, value=error.detail)),)
    found = list(_found(root, title=""))
    if len(found) > MOST_MESSAGES:
        return (_refused(fault("too_many_messages", value=str(len(found)))),)
    if not found:
        return (_refused(fault("no_message", value=root.name)),)
    return tuple(
        _message(element, now=now, near=near) if isinstance(element, XmlElement) else element
        for element in found
    )


def _refused(one: Fault, title: str = "") -> ReadMessage:
    return ReadMessage(message=None, faults=(one,), title=title)


def _found(element: XmlElement, *, title: str) -> Iterator[XmlElement | ReadMessage]:
    """Return the messages in an element, and what stands for one without being one."""
    if element.name == "alert":
        if element.namespace == CAP:
            yield element
        elif element.namespace.startswith(_OTHER_VERSIONS) or element.namespace in {_OLDEST, ""}:
            yield _refused(fault("other_version", value=element.namespace), element.text_of("identifier"))
        return
    is_entry = element.name in _ENTRIES
    if is_entry:
        title = element.text_of("title")
    inner = [each for child in element.children for each in _found(child, title=title)]
    if is_entry and not inner:
        yield _refused(fault("only_linked"), title)
    yield from inner


def _message(element: XmlElement, *, now: datetime | None, near: LonLat | None) -> ReadMessage:
    faults = structural_faults(element)
    if any(is_signature(child) for child in element.children):
        faults.append(fault("signature_unchecked"))
    title = element.text_of("identifier").strip()
    if any(each.is_error for each in faults):
        return ReadMessage(message=None, faults=tuple(faults), title=title)
    message = _to_message(element)
    faults += check(message, now=now, near=near)
    is_sound = not any(each.is_error for each in faults)
    return ReadMessage(message=message if is_sound else None, faults=tuple(faults), title=title)


def _to_message(element: XmlElement) -> CapMessage:
    return CapMessage(
        identifier=element.text_of("identifier"),
        sender=element.text_of("sender"),
        sent=read_time(element.text_of("sent")),
        status=CapStatus(element.text_of("status")),
        message_type=CapMessageType(element.text_of("msgType")),
        scope=CapScope(element.text_of("scope")),
        restriction=element.text_of("restriction"),
        addresses=element.text_of("addresses"),
        note=element.text_of("note"),
        references=read_references(element.text_of("references")),
        incidents=element.text_of("incidents"),
        infos=tuple(_to_info(child) for child in element.children_of("info")),
    )


def _to_info(element: XmlElement) -> CapInfo:
    return CapInfo(
        language=element.text_of("language").strip() or "en-US",
        categories=tuple(CapCategory(each.text) for each in element.children_of("category")),
        event=element.text_of("event"),
        responses=tuple(CapResponseType(each.text) for each in element.children_of("responseType")),
        urgency=CapUrgency(element.text_of("urgency")),
        severity=CapSeverity(element.text_of("severity")),
        certainty=CapCertainty(element.text_of("certainty")),
        codes=_codes(element, "eventCode"),
        effective=_moment(element, "effective"),
        onset=_moment(element, "onset"),
        expires=_moment(element, "expires"),
        sender_name=element.text_of("senderName"),
        headline=element.text_of("headline"),
        description=element.text_of("description"),
        instruction=element.text_of("instruction"),
        web=element.text_of("web"),
        areas=tuple(_to_area(child) for child in element.children_of("area")),
    )


def _to_area(element: XmlElement) -> CapArea:
    return CapArea(
        description=element.text_of("areaDesc"),
        polygons=tuple(read_polygon(each.text) for each in element.children_of("polygon")),
        circles=tuple(read_circle(each.text) for each in element.children_of("circle")),
        geocodes=_codes(element, "geocode"),
    )


def _codes(element: XmlElement, name: str) -> tuple[CapCode, ...]:
    return tuple(
        CapCode(name=child.text_of("valueName"), value=child.text_of("value"))
        for child in element.children_of(name)
    )


def _moment(element: XmlElement, name: str) -> datetime | None:
    found = element.child(name)
    return None if found is None else read_time(found.text)

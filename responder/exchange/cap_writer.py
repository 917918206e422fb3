"""CAP 1.2 and its Atom feed as bytes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree import ElementTree as ET

from responder.domain.cap.lexical import write_circle, write_polygon, write_references, write_time
from responder.domain.cap.message import CapArea, CapInfo, CapMessage
from responder.exchange.cap_structure import CAP
from responder.exchange.guarded_xml import NOT_XML

ATOM: Final = "http://www.w3.org/2005/Atom"
GEORSS: Final = "http://www.georss.org/georss"
CAP_MEDIA_TYPE: Final = "application/cap+xml"
ATOM_MEDIA_TYPE: Final = "application/atom+xml"

for _prefix, _namespace in (("cap", CAP), ("atom", ATOM), ("georss", GEORSS)):
    ET.register_namespace(_prefix, _namespace)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedEntry:
    """One message in a feed, and where its document is."""

    message: CapMessage
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CapFeed:
    """What a feed says of itself, with its entries."""

    id: str
    title: str
    author: str
    href: str
    updated: datetime
    entries: Sequence[FeedEntry]
    next_href: str | None = None
    """The page with older messages."""


def write_cap(message: CapMessage) -> bytes:
    """Return the message as a document."""
    return _written(_alert(message))


def write_feed(feed: CapFeed) -> bytes:
    """Return an Atom feed whose entries hold the whole messages, with a polygon that map programs read."""
    root = ET.Element(f"{{{ATOM}}}feed")
    _atom(root, "id", feed.id)
    _atom(root, "title", feed.title)
    _atom(root, "updated", _atom_time(feed.updated))
    _atom(_atom(root, "author"), "name", feed.author)
    _link(root, "self", feed.href, ATOM_MEDIA_TYPE)
    if feed.next_href is not None:
        _link(root, "next", feed.next_href, ATOM_MEDIA_TYPE)
    for entry in feed.entries:
        _entry(root, entry)
    return _written(root)


def _entry(root: ET.Element, entry: FeedEntry) -> None:
    message = entry.message
    element = _atom(root, "entry")
    _atom(element, "id", message.identifier)
    info = message.infos[0] if message.infos else None
    _atom(element, "title", info.headline if info else message.identifier)
    _atom(element, "updated", _atom_time(message.sent))
    _atom(element, "published", _atom_time(message.sent))
    if info:
        _atom(element, "summary", info.description)
    for term in (message.status.value, message.message_type.value):
        _atom(element, "category").set("term", term)
    _link(element, "alternate", entry.href, CAP_MEDIA_TYPE)
    rings = [ring for area in (info.areas if info else ()) for ring in area.polygons]
    if rings:
        # One shape for each entry is what readers expect.
        ring = max(rings, key=len)
        text = " ".join(write_polygon(ring).replace(",", " ").split())
        ET.SubElement(element, f"{{{GEORSS}}}polygon").text = text
    content = _atom(element, "content")
    content.set("type", CAP_MEDIA_TYPE)
    content.append(_alert(message))


def _alert(message: CapMessage) -> ET.Element:
    root = ET.Element(f"{{{CAP}}}alert")
    _cap(root, "identifier", message.identifier)
    _cap(root, "sender", message.sender)
    _cap(root, "sent", write_time(message.sent))
    _cap(root, "status", message.status.value)
    _cap(root, "msgType", message.message_type.value)
    _cap(root, "scope", message.scope.value)
    _cap_if(root, "restriction", message.restriction)
    _cap_if(root, "addresses", message.addresses)
    _cap_if(root, "note", message.note)
    _cap_if(root, "references", write_references(message.references))
    _cap_if(root, "incidents", message.incidents)
    for info in message.infos:
        _info(_cap(root, "info"), info)
    return root


def _info(element: ET.Element, info: CapInfo) -> None:
    _cap(element, "language", info.language)
    for category in info.categories:
        _cap(element, "category", category.value)
    _cap(element, "event", info.event)
    for response in info.responses:
        _cap(element, "responseType", response.value)
    _cap(element, "urgency", info.urgency.value)
    _cap(element, "severity", info.severity.value)
    _cap(element, "certainty", info.certainty.value)
    for code in info.codes:
        _code(_cap(element, "eventCode"), code.name, code.value)
    for name, moment in (("effective", info.effective), ("onset", info.onset), ("expires", info.expires)):
        if moment is not None:
            _cap(element, name, write_time(moment))
    _cap_if(element, "senderName", info.sender_name)
    _cap_if(element, "headline", info.headline)
    _cap_if(element, "description", info.description)
    _cap_if(element, "instruction", info.instruction)
    _cap_if(element, "web", info.web)
    for area in info.areas:
        _area(_cap(element, "area"), area)


def _area(element: ET.Element, area: CapArea) -> None:
    _cap(element, "areaDesc", area.description)
    for ring in area.polygons:
        _cap(element, "polygon", write_polygon(ring))
    for circle in area.circles:
        _cap(element, "circle", write_circle(circle))
    for code in area.geocodes:
        _code(_cap(element, "geocode"), code.name, code.value)


def _code(element: ET.Element, name: str, value: str) -> None:
    _cap(element, "valueName", name)
    _cap(element, "value", value)


def _cap(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    return _sub(parent, f"{{{CAP}}}{name}", text)


def _cap_if(parent: ET.Element, name: str, text: str) -> None:
    if text:
        _cap(parent, name, text)


def _atom(parent: ET.Element, name: str, text: str | None = None) -> ET.Element:
    return _sub(parent, f"{{{ATOM}}}{name}", text)


def _link(parent: ET.Element, rel: str, href: str, media_type: str) -> None:
    link = _atom(parent, "link")
    link.set("rel", rel)
    link.set("type", media_type)
    link.set("href", href)


def _sub(parent: ET.Element, name: str, text: str | None) -> ET.Element:
    element = ET.SubElement(parent, name)
    if text is not None:
        element.text = NOT_XML.sub(" ", text)
    return element


def _atom_time(moment: datetime) -> str:
    """Return a time as RFC 3339 has it for Atom, where Z is the usual form."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _written(root: ET.Element) -> bytes:
    ET.indent(root)
    body: str = ET.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'.encode()

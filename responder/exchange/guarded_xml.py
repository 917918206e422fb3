"""XML of others: no document type and so no entities, no network, capped in size and depth."""

import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat

MOST_BYTES: Final = 1024 * 1024
MOST_DEPTH: Final = 32
MOST_ELEMENTS: Final = 20_000
MOST_ATTRIBUTES: Final = 64
_DECLARED = re.compile(rb"^<\?xml[^>]{0,100}\bencoding\s*=\s*[\"'](gb2312|gbk|gb18030)[\"']", re.IGNORECASE)
"""Encodings that are common in China and that expat does not know."""
NOT_XML: Final = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document can hold, and the carriage return, which readers turn into a line feed."""


class RefusedXmlError(ValueError):
    """The text is not read; `code` is that of a CAP fault, `detail` says where."""

    def __init__(self, *, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(slots=True)
class XmlElement:
    """An element with what is in it."""

    namespace: str
    name: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    """By name, with the namespace before it when there is one."""
    children: list["XmlElement"] = field(default_factory=list)
    text: str = ""
    """All text directly in the element."""

    def child(self, name: str) -> "XmlElement | None":
        """Return the first child of that name in the element's own namespace."""
        return next(iter(self.children_of(name)), None)

    def children_of(self, name: str) -> list["XmlElement"]:
        """Return the children of that name in the element's own namespace."""
        return [each for each in self.children if each.name == name and each.namespace == self.namespace]

    def text_of(self, name: str) -> str:
        found = self.child(name)
        return "" if found is None else found.text


def parse_xml(data: bytes) -> XmlElement:
    """
    Parse XML into elements.

    Raises
    ------
    RefusedXmlError
        It is not well-formed, declares a document type, or is too large, too deep or too long.
    """
    if len(data) > MOST_BYTES:
        raise RefusedXmlError(code="file_too_large")
    if not data.strip():
        raise RefusedXmlError(code="empty_file")
    reader = _Reader()
    try:
        return reader.read(data)
    except expat.ExpatError as error:
        raise RefusedXmlError(
            code="not_xml", detail=f"{error.lineno}: {expat.ErrorString(error.code)}"
        ) from None
    except (ValueError, LookupError) as error:
        if isinstance(error, RefusedXmlError):
            raise
        # An encoding that Python does not have, or bytes that are not in it.
        raise RefusedXmlError(code="not_xml", detail=type(error).__name__) from None


def guarded_parser(encoding: str | None = None) -> expat.XMLParserType:
    """
    Return a parser of XML with namespaces that refuses a document type.

    It raises RefusedXmlError before any entity can be declared.
    """
    parser = expat.ParserCreate(encoding, namespace_separator=" ")

    def refuse(*_: object) -> None:
        raise RefusedXmlError(code="doctype_refused", detail=str(parser.CurrentLineNumber))

    parser.StartDoctypeDeclHandler = refuse
    return parser


class _Reader:
    def __init__(self) -> None:
        self._root: XmlElement | None = None
        self._open: list[XmlElement] = []
        self._texts: list[list[str]] = []
        self._count = 0
        self._parser: expat.XMLParserType

    def read(self, data: bytes) -> XmlElement:
        data = data.lstrip(b" \t\r\n")
        encoding = None
        if _DECLARED.match(data):
            data, encoding = data.decode("gb18030").encode(), "utf-8"
        parser = self._parser = guarded_parser(encoding)
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.Parse(data, True)  # noqa: FBT003 - expat takes it by position
        if self._root is None:
            raise RefusedXmlError(code="not_xml")
        return self._root

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._count += 1
        if self._count > MOST_ELEMENTS or len(attributes) > MOST_ATTRIBUTES:
            raise RefusedXmlError(code="too_many_elements")
        if len(self._open) >= MOST_DEPTH:
            raise RefusedXmlError(code="nested_too_deep", detail=str(self._parser.CurrentLineNumber))
        namespace, _, local = name.rpartition(" ")
        element = XmlElement(namespace, local, self._parser.CurrentLineNumber, attributes)
        if self._open:
            self._open[-1].children.append(element)
        else:
            self._root = element
        self._open.append(element)
        self._texts.append([])

    def _end(self, _name: str) -> None:
        self._open.pop().text = "".join(self._texts.pop())

    def _text(self, text: str) -> None:
        self._texts[-1].append(text)

"""OpenStreetMap XML, as the API, editors and Overpass write it."""

import bz2
import gzip
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final
from xml.parsers import expat

from geo.errors import ChangeFileError, CutDownloadError, UnreadableFileError
from geo.osm.objects import KINDS, LatLon, RelationMember, Thing

Take = Callable[[Thing], None]
CHUNK_BYTES: Final = 1 << 20
MOST_REMARK: Final = 300
MOST_LAT: Final = 90
MOST_LON: Final = 180
DELETED: Final = {"action": "delete", "visible": "false"}
"""Attributes of what an editor has deleted, and what is no longer on the map."""


def read_xml(path: Path, take: Take) -> None:
    """
    Hand every node, way and relation of a file to `take`, in its order.

    Raises
    ------
    ChangeFileError
        It holds changes, not a map.
    CutDownloadError
        The server that made it says that it did not come to an end.
    UnreadableFileError
        It is damaged, cut short or not OpenStreetMap data.
    """
    try:
        with _opened(path) as file:
            _Reader(path.name, take).read(file)
    except expat.ExpatError as error:
        message = (
            f"{path.name} is damaged or cut short at line {error.lineno}: {expat.ErrorString(error.code)}"
        )
        raise UnreadableFileError(message) from error
    except (OSError, EOFError, zlib.error) as error:
        message = f"{path.name} is damaged or cut short: it cannot be unpacked to its end"
        raise UnreadableFileError(message) from error


def _opened(path: Path) -> BinaryIO | gzip.GzipFile | bz2.BZ2File:
    with path.open("rb") as file:
        head = file.read(3)
    if head.startswith(b"\x1f\x8b"):
        return gzip.open(path)
    if head.startswith(b"BZh"):
        return bz2.open(path)
    return path.open("rb")


class _Reader:
    def __init__(self, name: str, take: Take) -> None:
        self._name = name
        self._take = take
        self._depth = 0
        self._thing: Thing | None = None
        self._remark: list[str] | None = None
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.EntityDeclHandler = self._entity

    def read(self, file: BinaryIO | gzip.GzipFile | bz2.BZ2File) -> None:
        while chunk := file.read(CHUNK_BYTES):
            self._parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by position
        self._parser.Parse(b"", True)  # noqa: FBT003 - see above

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1:
            self._open(name)
        elif name in KINDS and self._depth == 2:  # noqa: PLR2004 - below the root
            self._thing = self._begun(name, attributes)
        elif self._thing is not None:
            self._inside(self._thing, name, attributes)
        elif name == "remark":
            self._remark = []

    def _open(self, root: str) -> None:
        if root == "osmChange":
            message = f"{self._name} holds changes to a map (.osc), not a map: download the area itself"
            raise ChangeFileError(message)
        if root != "osm":
            what = "a web page" if root.lower() == "html" else f"XML that begins with <{root[:40]}>"
            message = f"{self._name} is {what}, not OpenStreetMap data"
            raise UnreadableFileError(message)

    def _begun(self, kind: str, attributes: dict[str, str]) -> Thing:
        version = attributes.get("version", "")
        return Thing(
            kind,
            self._number(attributes, "id"),
            version=int(version) if version.isdecimal() else 0,
            deleted=any(attributes.get(key) == value for key, value in DELETED.items()),
            location=_location(attributes),
        )

    def _inside(self, thing: Thing, name: str, attributes: dict[str, str]) -> None:
        if name == "tag":
            thing.tags[attributes.get("k", "")] = attributes.get("v", "")
        elif name == "nd" and thing.members:
            thing.members[-1].points.append(_location(attributes))
        elif name == "nd":
            thing.refs.append((self._number(attributes, "ref"), _location(attributes)))
        elif name == "member":
            member = RelationMember(
                attributes.get("type", ""), self._number(attributes, "ref"), attributes.get("role", "")
            )
            if (place := _location(attributes)) is not None:
                member.points.append(place)
            thing.members.append(member)

    def _end(self, name: str) -> None:
        self._depth -= 1
        if self._depth == 1 and self._thing is not None:
            self._take(self._thing)
            self._thing = None
        elif name == "remark" and self._remark is not None:
            said = "".join(self._remark).strip()[:MOST_REMARK]
            message = f"{self._name} is not whole; the server that made it says: {said}"
            raise CutDownloadError(message)

    def _text(self, text: str) -> None:
        if self._remark is not None:
            self._remark.append(text)

    def _entity(self, *_: object) -> None:
        message = f"{self._name} declares entities of its own, which OpenStreetMap data never does"
        raise UnreadableFileError(message)

    def _number(self, attributes: dict[str, str], key: str) -> int:
        try:
            return int(attributes[key])
        except (KeyError, ValueError) as error:
            line = self._parser.CurrentLineNumber
            message = f"{self._name} is damaged: line {line} has no whole number as its {key}"
            raise UnreadableFileError(message) from error


def _location(attributes: dict[str, str]) -> LatLon | None:
    try:
        lat, lon = float(attributes["lat"]), float(attributes["lon"])
    except (KeyError, ValueError):
        return None
    return (lat, lon) if abs(lat) <= MOST_LAT and abs(lon) <= MOST_LON else None

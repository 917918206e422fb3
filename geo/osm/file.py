"""Opening OpenStreetMap files: the format is told by what is in them, not by their names."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import osmium
import osmium.filter
import osmium.io
import osmium.osm

from geo.errors import ChangeFileError, UnreadableFileError
from geo.osm.objects import NODE, RELATION, WAY, RelationMember, Thing
from geo.osm.order import Collected, InOrder
from geo.osm.xml_reader import Take, read_xml

HEAD_BYTES: Final = 512
SORTED: Final = "Type_then_ID"
_PLACES: Final[Mapping[type, int]] = {osmium.osm.Way: 1, osmium.osm.Relation: 2}
_KINDS: Final = {"n": NODE, "w": WAY, "r": RELATION}


@contextmanager
def osm_file(path: Path) -> Iterator[osmium.io.File]:
    """
    Open `.osm` or `.osm.pbf`, plain or compressed, for a reader of pyosmium.

    Files that editors have saved, answers of Overpass and others that are in no order are put in order
    first; what is marked as deleted is left out. See `geo.osm.objects` for ids below zero.

    Raises
    ------
    UnreadableFileError
        The file cannot be opened, is damaged or cut short, or is not OpenStreetMap data.
    ChangeFileError
        It holds changes or the history of a map.
    CutDownloadError
        Its server says that it is not whole.
    """
    kind = _kind_of(path)
    try:
        if kind == "pbf":
            ready = _pbf_is_in_order(path)
        else:
            order = InOrder()
            read_xml(path, order.look_at)
            ready = order.as_it_should_be
        if ready:
            yield osmium.io.File(str(path), kind)
            return
        collected = Collected(path.name)
        if kind == "pbf":
            _read_pbf(path, collected.take)
        else:
            read_xml(path, collected.take)
        with TemporaryDirectory(prefix="responder-osm-") as folder:
            ordered = Path(folder) / "ordered.osm.pbf"
            collected.write(ordered)
            yield osmium.io.File(str(ordered), "pbf")
    except UnreadableFileError:
        raise
    except (RuntimeError, OSError, ValueError, osmium.InvalidLocationError) as error:
        # What the library says is for programmers.
        message = f"{path.name} is damaged or cut short, so that it cannot be read as OpenStreetMap data"
        raise UnreadableFileError(message) from error


def _kind_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        message = f"{path.name} cannot be opened: {error.strerror}"
        raise UnreadableFileError(message) from error
    if b"OSMHeader" in head[4:32]:
        return "pbf"
    if head.startswith(b"\x1f\x8b"):
        return "osm.gz"
    if head.startswith(b"BZh"):
        return "osm.bz2"
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        return "osm"
    message = f"{path.name} is neither OpenStreetMap XML nor PBF{_instead(head)}"
    raise UnreadableFileError(message)


def _instead(head: bytes) -> str:
    if not head:
        return ": it is empty"
    if head.startswith(b"PK"):
        return ": it is a zip archive, which has to be unpacked first"
    if head.lstrip().startswith((b"{", b"[")):
        return ": it is JSON; ask Overpass for [out:xml], or import GeoJSON as features"
    return ""


def _pbf_is_in_order(path: Path) -> bool:
    header = osmium.io.Reader(str(path)).header()
    if header.has_multiple_object_versions:
        message = f"{path.name} holds the history of a map: download the map as it is now"
        raise ChangeFileError(message)
    return header.get("sorting") == SORTED or _looks_in_order(path)


def _looks_in_order(path: Path) -> bool:
    """Look at what has tags, because looking at each point of a city takes longer than reading it."""
    first = next(iter(osmium.FileProcessor(str(path))), None)
    if first is not None and not isinstance(first, osmium.osm.Node):
        return False
    last = 0
    for read in osmium.FileProcessor(str(path)).with_filter(osmium.filter.EmptyTagFilter()):
        place = _PLACES.get(type(read), 0)
        if place < last or read.id < 0 or not getattr(read, "visible", True):
            return False
        if isinstance(read, osmium.osm.Way) and any(node.ref < 0 for node in read.nodes):
            return False
        last = place
    return True


def _read_pbf(path: Path, take: Take) -> None:
    """Hand what matters of every thing to `take`; see `read_xml`."""
    for read in osmium.FileProcessor(osmium.io.File(str(path), "pbf")):
        take(_thing(read))


def _thing(read: Any) -> Thing:  # noqa: ANN401 - pyosmium names no base of the three
    tags = dict(read.tags)
    if isinstance(read, osmium.osm.Node):
        location = (read.location.lat, read.location.lon) if read.location.valid() else None
        return Thing(NODE, read.id, read.version, deleted=not read.visible, location=location, tags=tags)
    if isinstance(read, osmium.osm.Way):
        refs = [(node.ref, (node.lat, node.lon) if node.location.valid() else None) for node in read.nodes]
        return Thing(WAY, read.id, read.version, deleted=not read.visible, tags=tags, refs=refs)
    if isinstance(read, osmium.osm.Relation):
        members = [RelationMember(_KINDS[member.type], member.ref, member.role) for member in read.members]
        return Thing(RELATION, read.id, read.version, deleted=not read.visible, tags=tags, members=members)
    message = f"a PBF file holds {type(read).__name__}"
    raise ValueError(message)

"""Opening OpenStreetMap files: the format is told by what is in them, not by their names."""

from pathlib import Path
from typing import Final

import osmium.io

from geo.errors import UnreadableFileError

HEAD_BYTES: Final = 512


def osm_file(path: Path) -> osmium.io.File:
    """
    Open `.osm` or `.osm.pbf`, plain or compressed, for a reader of pyosmium.

    Raises
    ------
    UnreadableFileError
        The file cannot be opened, or does not begin as OpenStreetMap data does.
    """
    try:
        with path.open("rb") as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        message = f"{path.name} cannot be opened: {error.strerror}"
        raise UnreadableFileError(message) from error
    if b"OSMHeader" in head[4:32]:
        return osmium.io.File(str(path), "pbf")
    if head.startswith(b"\x1f\x8b"):
        return osmium.io.File(str(path), "osm.gz")
    if head.startswith(b"BZh"):
        return osmium.io.File(str(path), "osm.bz2")
    if head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<?xml", b"<osm")):
        return osmium.io.File(str(path), "osm")
    message = f"{path.name} is neither OpenStreetMap XML nor PBF"
    raise UnreadableFileError(message)

"""Zip archives from outside: looked at before anything is unpacked."""

import struct
from collections.abc import Sequence
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from geo.errors import LayerNeededError, UnreadableFileError

MOST_ENTRIES: Final = 100
MOST_UNPACKED_BYTES: Final = 256 * 2**20
HIGHEST_RATIO: Final = 100
"""Above this an archive is built to burst, not to carry data; small ones may be as dense as they like."""
SMALL_BYTES: Final = 2**20
NEEDED: Final = (".shp", ".dbf")
WELCOME: Final = (*NEEDED, ".shx", ".prj", ".cpg")
WHOLE_FILES: Final = (".gpkg", ".geojson", ".json", ".geojsonl", ".geojsons")
SHP_HEADER_BYTES: Final = 100
ENCRYPTED: Final = 0x1


def unpack_layer(path: Path, folder: Path, *, layer: str | None, usual_layer: str = "") -> Path:
    """
    Unpack one layer of an archive: a shapefile, or the one GeoPackage or GeoJSON file in it.

    Parameters
    ----------
    path
        Zip archive.
    folder
        Empty; the parts are written there under names of our own, so no name in the archive becomes a path.
    layer
        Name of the shapefile without its ending, where there are several.
    usual_layer
        The one that is meant when none is named and there are several.

    Returns
    -------
    file
        The `.shp`, `.gpkg` or `.geojson` in `folder`.

    Raises
    ------
    LayerNeededError
        There are several shapefiles, and none of them is named.
    UnreadableFileError
        Not a zip archive, damaged, encrypted, too large by any count, or holding no features.
    """
    try:
        with ZipFile(path) as archive:
            require_bounded(archive.infolist(), packed_bytes=path.stat().st_size)
            real = [m for m in archive.infolist() if not m.is_dir() and not _is_resource_fork(m)]
            parts = _parts(real, layer=layer, usual_layer=usual_layer)
            for suffix, member in parts.items():
                # `read` stops at the declared size, which has been counted, and checks the checksum.
                (folder / f"layer{suffix}").write_bytes(archive.read(member))
    except (BadZipFile, LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        if isinstance(error, UnreadableFileError):
            raise
        message = f"the archive is damaged: {error}"[:200]
        raise UnreadableFileError(message) from error
    file = folder / f"layer{next(iter(parts))}"
    if file.suffix == ".shp" and ".shx" not in parts:
        file.with_suffix(".shx").write_bytes(shapefile_index(file.read_bytes()))
    return file


def shapefile_index(shapes: bytes) -> bytes:
    """
    Make the index of a shapefile, which some lose on the way: where each record begins, in 16-bit words.

    Raises
    ------
    UnreadableFileError
        The records do not follow each other as they should.
    """
    entries, at = [], SHP_HEADER_BYTES
    while at + 8 <= len(shapes):
        [words] = struct.unpack_from(">i", shapes, at + 4)
        if words < 2 or at + 8 + words * 2 > len(shapes):  # noqa: PLR2004 - a shape type at least
            break
        entries.append(struct.pack(">ii", at // 2, words))
        at += 8 + words * 2
    if not entries or at != len(shapes):
        message = "the shapefile lacks its .shx, and its shapes are damaged"
        raise UnreadableFileError(message)
    index_words = (SHP_HEADER_BYTES + 8 * len(entries)) // 2
    return shapes[:24] + struct.pack(">i", index_words) + shapes[28:SHP_HEADER_BYTES] + b"".join(entries)


def require_bounded(
    members: Sequence[ZipInfo], *, packed_bytes: int, most_unpacked_bytes: int = MOST_UNPACKED_BYTES
) -> None:
    """
    Refuse an archive by what its directory says, before anything is unpacked.

    Raises
    ------
    UnreadableFileError
        Too many entries, too large or too dense, or encrypted.
    """
    unpacked_bytes = sum(member.file_size for member in members)
    problem = None
    if len(members) > MOST_ENTRIES:
        problem = f"has {len(members)} entries, more than {MOST_ENTRIES}"
    elif unpacked_bytes > most_unpacked_bytes:
        problem = f"would unpack to {unpacked_bytes} bytes, more than {most_unpacked_bytes}"
    elif unpacked_bytes > max(SMALL_BYTES, packed_bytes * HIGHEST_RATIO):
        problem = f"would unpack to more than {HIGHEST_RATIO} times its size"
    elif any(member.flag_bits & ENCRYPTED for member in members):
        problem = "is encrypted"
    if problem:
        message = f"the archive {problem}"
        raise UnreadableFileError(message)


def _parts(members: list[ZipInfo], *, layer: str | None, usual_layer: str) -> dict[str, ZipInfo]:
    shapes = sorted(
        (PurePosixPath(m.filename) for m in members if m.filename.lower().endswith(".shp")), key=str
    )
    if not shapes:
        return _whole_file(members)
    stem = _chosen(shapes, layer=layer, usual_layer=usual_layer).with_suffix("")
    mine = [m for m in members if PurePosixPath(m.filename).with_suffix("") == stem]
    parts = {PurePosixPath(m.filename).suffix.lower(): m for m in mine}
    missing = [suffix for suffix in NEEDED if suffix not in parts]
    if missing:
        message = f"the shapefile lacks its {', '.join(missing)}"
        raise UnreadableFileError(message)
    return {suffix: parts[suffix] for suffix in WELCOME if suffix in parts}


def _whole_file(members: list[ZipInfo]) -> dict[str, ZipInfo]:
    whole = [m for m in members if m.filename.lower().endswith(WHOLE_FILES)]
    if len(whole) != 1:
        names = ", ".join(sorted(m.filename for m in members))[:200]
        message = f"the archive holds 0 shapefiles and {len(whole)} files with features: {names}"
        raise UnreadableFileError(message)
    is_geopackage = whole[0].filename.lower().endswith(".gpkg")
    return {".gpkg" if is_geopackage else ".geojson": whole[0]}


def _chosen(shapes: list[PurePosixPath], *, layer: str | None, usual_layer: str) -> PurePosixPath:
    # Two folders may hold a shapefile of the same name: then the folder is part of the layer's name.
    stems = [shape.stem for shape in shapes]
    names = [shape.stem if stems.count(shape.stem) == 1 else str(shape.with_suffix("")) for shape in shapes]
    return shapes[names.index(chosen_layer(names, layer=layer, usual_layer=usual_layer))]


def chosen_layer(names: Sequence[str], *, layer: str | None, usual_layer: str) -> str:
    """
    Choose one layer: the one that is named, the only one, or the one named as what is looked for.

    Raises
    ------
    LayerNeededError
        None of these.

    Examples
    --------
    >>> chosen_layer(["Buildings", "facilities"], layer=None, usual_layer="buildings")
    'Buildings'
    """
    if layer is None and len(names) == 1:
        return names[0]
    sought = usual_layer if layer is None else layer
    exact = [name for name in names if name == sought]
    alike = exact or [name for name in names if name.casefold() == sought.casefold()]
    if len(alike) != 1:
        raise LayerNeededError(tuple(names))
    return alike[0]


def _is_resource_fork(member: ZipInfo) -> bool:
    return member.filename.startswith("__MACOSX/") or PurePosixPath(member.filename).name.startswith("._")

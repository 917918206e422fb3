"""Zip archives from outside: looked at before anything is unpacked."""

from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import BadZipFile, LargeZipFile, ZipFile, ZipInfo

from geo.errors import UnreadableFileError

MOST_ENTRIES: Final = 100
MOST_UNPACKED_BYTES: Final = 256 * 2**20
HIGHEST_RATIO: Final = 100
"""Above this an archive is built to burst, not to carry data; small ones may be as dense as they like."""
SMALL_BYTES: Final = 2**20
NEEDED: Final = (".shp", ".shx", ".dbf")
WELCOME: Final = (*NEEDED, ".prj", ".cpg")
ENCRYPTED: Final = 0x1


def unpack_shapefile(path: Path, folder: Path) -> Path:
    """
    Unpack the one shapefile of an archive.

    Parameters
    ----------
    path
        Zip archive.
    folder
        Empty; the parts are written there under names of our own, so no name in the archive becomes a path.

    Returns
    -------
    shapefile
        Path of the `.shp` in `folder`.

    Raises
    ------
    UnreadableFileError
        Not a zip archive, damaged, encrypted, too large by any count, or not holding exactly one shapefile.
    """
    try:
        with ZipFile(path) as archive:
            _require_bounded(archive.infolist(), packed_bytes=path.stat().st_size)
            for suffix, member in _parts(archive.infolist()).items():
                # `read` stops at the declared size, which has been counted, and checks the checksum.
                (folder / f"layer{suffix}").write_bytes(archive.read(member))
    except (BadZipFile, LargeZipFile, NotImplementedError, EOFError, OSError, ValueError) as error:
        if isinstance(error, UnreadableFileError):
            raise
        message = f"the archive is damaged: {error}"[:200]
        raise UnreadableFileError(message) from error
    return folder / "layer.shp"


def _require_bounded(members: list[ZipInfo], *, packed_bytes: int) -> None:
    unpacked_bytes = sum(member.file_size for member in members)
    problem = None
    if len(members) > MOST_ENTRIES:
        problem = f"has {len(members)} entries, more than {MOST_ENTRIES}"
    elif unpacked_bytes > MOST_UNPACKED_BYTES:
        problem = f"would unpack to {unpacked_bytes} bytes, more than {MOST_UNPACKED_BYTES}"
    elif unpacked_bytes > max(SMALL_BYTES, packed_bytes * HIGHEST_RATIO):
        problem = f"would unpack to more than {HIGHEST_RATIO} times its size"
    elif any(member.flag_bits & ENCRYPTED for member in members):
        problem = "is encrypted"
    if problem:
        message = f"the archive {problem}"
        raise UnreadableFileError(message)


def _parts(members: list[ZipInfo]) -> dict[str, ZipInfo]:
    real = [m for m in members if not m.is_dir() and not _is_resource_fork(m)]
    shapes = [PurePosixPath(m.filename) for m in real if m.filename.lower().endswith(".shp")]
    if len(shapes) != 1:
        message = f"the archive holds {len(shapes)} shapefiles, not one"
        raise UnreadableFileError(message)
    stem = shapes[0].with_suffix("")
    mine = [m for m in real if PurePosixPath(m.filename).with_suffix("") == stem]
    parts = {PurePosixPath(m.filename).suffix.lower(): m for m in mine}
    missing = [suffix for suffix in NEEDED if suffix not in parts]
    if missing:
        message = f"the shapefile lacks its {', '.join(missing)}"
        raise UnreadableFileError(message)
    return {suffix: member for suffix, member in parts.items() if suffix in WELCOME}


def _is_resource_fork(member: ZipInfo) -> bool:
    return member.filename.startswith("__MACOSX/") or PurePosixPath(member.filename).name.startswith("._")

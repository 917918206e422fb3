"""
Text of shapefiles: which encoding it is in, and what is left of letters that the field's width has cut.

A table says its encoding in a `.cpg` file or in a byte of its head, or not at all; then GDAL takes Latin-1
and garbles Chinese. Fields are as wide as so many bytes, so a long name often ends inside a character.
"""

import codecs
import re
from collections.abc import Collection
from typing import Final, NamedTuple

from geo.errors import UnreadableFileError
from geo.formats.source_table import ReadNote

CUT_MARK: Final = "…"
"""Stands for what the width of a field has cut off."""
BYTES: Final = "ISO-8859-1"
"""Read as this, each byte is one character, so that the bytes can be had back."""
LONGEST_CHARACTER_BYTES: Final = 4
CODE_PAGES: Final = {
    "936": "GB18030",
    "950": "Big5",
    "65001": "UTF-8",
    "1252": "cp1252",
    "28591": "ISO-8859-1",
    "88591": "ISO-8859-1",
    "54936": "GB18030",
}
LANGUAGE_BYTES: Final = {0x4D: "GB18030", 0x7A: "GB18030", 0x4F: "Big5", 0x78: "Big5", 0x03: "cp1252"}
"""At 29 of the table's head; 0 and 0x57 (whatever the writer's computer used) say nothing."""
TAKEN: Final = frozenset(
    {"utf-8", "big5", "cp950", "iso8859-1", "iso8859-2", "iso8859-15", "cp1250", "cp1251", "cp1252"}
)
"""Others that Python knows are no encodings of text, or grow what they decode."""
CHINESE_NAMES: Final = frozenset({"gbk", "gb2312", "gb18030"})
LANGUAGE_BYTE_AT: Final = 29


class DbfEncoding(NamedTuple):
    """What the text is in, and what its owner should know of that."""

    name: str
    notes: tuple[ReadNote, ...]


def dbf_encoding(texts: Collection[str], *, cpg: bytes | None, head: bytes) -> DbfEncoding:
    """
    Tell the encoding of a table's text.

    Parameters
    ----------
    texts
        Names of fields and cells, read as `BYTES`.
    cpg
        What the file of that ending says, if there is one.
    head
        The first bytes of the table.

    Returns
    -------
    encoding
        The one that the file names when the text is that; else UTF-8 or GB18030, whichever fits, with a
        note; Latin-1 only when nothing fits, with a note that letters may be wrong.

    Raises
    ------
    UnreadableFileError
        The text fits no encoding known here.
    """
    raw = [text.encode(BYTES) for text in texts if not text.isascii()]
    said = _said(cpg, head)
    if not raw:
        return DbfEncoding(said or "UTF-8", ())
    # Text that happens to be UTF-8 is UTF-8, while every text whatever could be Latin-1.
    guesses = ["UTF-8", "GB18030"] if said is None else ["UTF-8", said, "GB18030"]
    if said is not None and said not in ("cp1252", "ISO-8859-1"):
        guesses.insert(0, said)
    for name in guesses:
        if all(_fits(each, name) for each in raw):
            note = ReadNote(code="encoding_guessed", detail=name)
            return DbfEncoding(name, () if name == said or (name == "UTF-8" and said is None) else (note,))
    return DbfEncoding(BYTES, (ReadNote(code="encoding_unknown", detail=BYTES),))


def decoded(text: str, encoding: str) -> tuple[str, bool]:
    """
    Return the text of a cell that was read as `BYTES`, and whether its last character was cut.

    Examples
    --------
    >>> decoded("脑科".encode()[:5].decode(BYTES), "UTF-8")
    ('脑…', True)
    """
    raw = text.encode(BYTES)
    try:
        whole = codecs.getincrementaldecoder(encoding)().decode(raw)
    except UnicodeDecodeError as error:
        message = f"text is not {encoding}: {error.reason}"
        raise UnreadableFileError(message) from error
    is_cut = _pending(raw, encoding) > 0
    return (whole + CUT_MARK if is_cut else whole), is_cut


def _pending(raw: bytes, encoding: str) -> int:
    """Count the bytes at the end that only begin a character."""
    for count in range(min(LONGEST_CHARACTER_BYTES, len(raw) + 1)):
        try:
            raw[: len(raw) - count].decode(encoding)
        except UnicodeDecodeError:
            continue
        return count
    return 0


def _fits(raw: bytes, encoding: str) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(raw)
    except UnicodeDecodeError:
        return False
    return True


def _said(cpg: bytes | None, head: bytes) -> str | None:
    if cpg is not None:
        name = _codec(cpg.decode("ascii", "ignore").strip("\ufeff \t\r\n\0"))
        if name is not None:
            return name
    return LANGUAGE_BYTES.get(head[LANGUAGE_BYTE_AT]) if len(head) > LANGUAGE_BYTE_AT else None


def _codec(written: str) -> str | None:
    number = re.search(r"\d{3,5}$", re.sub(r"[\s-]", "", written))
    if number and number[0] in CODE_PAGES:
        return CODE_PAGES[number[0]]
    try:
        name = codecs.lookup(written).name
    except (LookupError, ValueError):
        return None
    if name in CHINESE_NAMES:
        return "GB18030"
    return {"utf-8": "UTF-8", "iso8859-1": BYTES}.get(name, name) if name in TAKEN else None

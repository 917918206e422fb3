"""
Characters of texts in cells that are written by their number, as _x0041_ (ECMA-376 part 1, 22.9.2.19).

openpyxl writes such a text as it is, so that other programs read another one, and takes away `x005F_`
wherever it stands.
"""

import re
from typing import Any, Final

from openpyxl.cell.text import Text
from openpyxl.reader.excel import ExcelReader
from openpyxl.xml.constants import SHARED_STRINGS, SHEET_MAIN_NS
from openpyxl.xml.functions import iterparse

_NUMBERED: Final = re.compile("_x([0-9A-Fa-f]{4})_")
_WOULD_BE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_STRING: Final = f"{{{SHEET_MAIN_NS}}}si"


def escape_text(text: str) -> str:
    """
    Return a text as it is written into a cell.

    Examples
    --------
    >>> escape_text("tank_x0041_1")
    'tank_x005F_x0041_1'
    """
    return _WOULD_BE.sub("_x005F_", text)


def unescape_text(text: str) -> str:
    """
    Return what a text in a cell says; half of a character, which cannot be kept, stays a number.

    Examples
    --------
    >>> unescape_text("tank_x005F_x0041_1"), unescape_text("tank_x0041_1")
    ('tank_x0041_1', 'tankA1')
    """
    return _NUMBERED.sub(_character, text)


def _character(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return found[0] if "\ud800" <= character <= "\udfff" else character


# openpyxl has no types.
class PlainReader(ExcelReader):  # type: ignore[misc]
    """Reads workbooks with shared texts as they are written."""

    def read_strings(self) -> None:
        part: Any = self.package.find(SHARED_STRINGS)
        if part is None:
            return
        with self.archive.open(part.PartName[1:]) as source:
            for _, node in iterparse(source):
                if node.tag == _STRING:
                    self.shared_strings.append(Text.from_tree(node).content)
                    node.clear()

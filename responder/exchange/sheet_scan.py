"""
The parts of a workbook, looked at before openpyxl reads them.

It builds a cell for every position of a merged range and an object for every element, so a file of a few
kilobytes could fill the memory. Elements are counted here first, and a document type is refused.
"""

import re
from dataclasses import dataclass, field
from typing import Final
from xml.parsers import expat
from zipfile import ZipFile, ZipInfo

from responder.exchange.guarded_xml import RefusedXmlError, guarded_parser

MOST_ELEMENTS: Final = 100_000
"""In all parts together. 200 injects take some 8,000."""
MOST_COLUMNS: Final = 100
MOST_MERGED: Final = 2000
LAST_ROW: Final = 1_048_576
"""Of a sheet in Excel."""
_PIECE_BYTES: Final = 64 * 1024
_CELL: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_YES: Final = frozenset({"1", "true"})


@dataclass(frozen=True, slots=True)
class CellRange:
    """Cells from one corner to the other, both in it, counted from 1."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int

    def holds(self, row: int, column: int) -> bool:
        in_rows = self.first_row <= row <= self.last_row
        return in_rows and self.first_column <= column <= self.last_column


@dataclass(slots=True)
class ScannedSheet:
    """What a part says of its cells beside their values."""

    hidden_rows: set[int] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)
    """Row and column of cells with a formula."""
    merged: list[CellRange] = field(default_factory=list)
    last_row: int = 0
    """Of those with a value or formula."""
    last_column: int = 0


def scan_parts(archive: ZipFile, *, most_elements: int = MOST_ELEMENTS) -> dict[str, ScannedSheet]:
    """
    Look at every part of a workbook; sizes have been checked before.

    Returns
    -------
    sheets
        By the name of the part; parts that are no sheet have no rows.

    Raises
    ------
    RefusedXmlError
        A part has a document type, all parts together have too many elements, or a row is beyond the last.
    """
    scanner = _Scanner(most_elements)
    return {member.filename: scanner.scan(archive, member) for member in archive.infolist()}


def column_number(letters: str) -> int:
    """
    Return the number of a column, from 1.

    Examples
    --------
    >>> column_number("A"), column_number("Z"), column_number("AA")
    (1, 26, 27)
    """
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - ord("A") + 1
    return number


class _Scanner:
    def __init__(self, most_elements: int) -> None:
        self._most_elements = most_elements
        self._elements = 0
        self._sheet = ScannedSheet()
        self._row = self._column = 0

    def scan(self, archive: ZipFile, member: ZipInfo) -> ScannedSheet:
        self._sheet = ScannedSheet()
        self._row = self._column = 0
        parser = guarded_parser()
        parser.StartElementHandler = self._start
        with archive.open(member) as part:
            try:
                while piece := part.read(_PIECE_BYTES):
                    parser.Parse(piece, False)  # noqa: FBT003 - expat takes it by position
            except expat.ExpatError:
                # A picture, or damaged: each reader stops at the same byte.
                pass
        return self._sheet

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        if self._elements > self._most_elements:
            raise RefusedXmlError(code="too_many_elements")
        match name.rpartition(" ")[2]:
            case "row":
                self._start_row(attributes)
            case "c":
                self._column += 1
                if found := _CELL.fullmatch(attributes.get("r", "")):
                    self._column, self._row = column_number(found[1]), int(found[2])
            case "f":
                self._sheet.formulas.add((self._row, self._column))
                self._count_cell()
            case "v" | "is":
                self._count_cell()
            case "mergeCell":
                self._merge(attributes.get("ref", ""))

    def _start_row(self, attributes: dict[str, str]) -> None:
        given = attributes.get("r", "")
        self._row = int(given) if given.isascii() and given.isdigit() and len(given) < 8 else self._row + 1  # noqa: PLR2004
        self._column = 0
        if attributes.get("hidden") in _YES:
            self._sheet.hidden_rows.add(self._row)

    def _count_cell(self) -> None:
        if self._row > LAST_ROW:
            raise RefusedXmlError(code="too_many_elements")
        self._sheet.last_row = max(self._sheet.last_row, self._row)
        self._sheet.last_column = max(self._sheet.last_column, self._column)

    def _merge(self, reference: str) -> None:
        first, _, last = reference.partition(":")
        start, end = _CELL.fullmatch(first), _CELL.fullmatch(last or first)
        if len(self._sheet.merged) >= MOST_MERGED:
            raise RefusedXmlError(code="too_many_elements")
        if start and end:
            corners = (int(start[2]), column_number(start[1]), int(end[2]), column_number(end[1]))
            self._sheet.merged.append(CellRange(*corners))

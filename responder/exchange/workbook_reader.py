"""Workbooks of Excel (.xlsx) as plain cells: guarded, bounded, and with what a value alone does not tell."""

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final
from zipfile import ZipFile, is_zipfile

from openpyxl.utils.datetime import to_excel

from geo.errors import UnreadableFileError
from geo.formats.archive import require_bounded
from responder.exchange.guarded_xml import RefusedXmlError
from responder.exchange.sheet_faults import CellRefusedError
from responder.exchange.sheet_scan import MOST_COLUMNS, MOST_ELEMENTS, CellRange, ScannedSheet, scan_parts
from responder.exchange.sheet_text import PlainReader, unescape_text

MOST_FILE_BYTES: Final = 4 * 2**20
MOST_UNPACKED_BYTES: Final = 16 * 2**20
_OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")
"""How a compound file begins: an old .xls, or an .xlsx behind a password."""
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_HOURS_AND_MINUTES: Final = re.compile(r"(\[\$[^]]*\])*\[?h{1,2}\]?:mm?(;@)?", re.IGNORECASE)


class CellKind(StrEnum):
    """What stands in a cell."""

    TEXT = "text"
    NUMBER = "number"
    TIME = "time"
    """A time of day, a duration or a date: `number` is in days, as Excel counts."""
    FLAG = "flag"
    ERROR = "error"
    """Such as #REF!"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCell:
    """A cell with a value."""

    kind: CellKind
    text: str
    """As it would be written; of a time what openpyxl made of it."""
    number: float = 0.0
    is_hours_and_minutes: bool = False
    """A time that is shown as `12:30`, without seconds."""
    is_formula: bool = False
    """The value is what was computed last."""


NO_VALUE: Final = SheetCell(kind=CellKind.ERROR, text="", is_formula=True)
"""A formula whose value was never computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet; rows and columns are counted from 1, and cells without a value are left out."""

    title: str
    rows: Mapping[int, Mapping[int, SheetCell]]
    """In the order of the sheet."""
    hidden_rows: frozenset[int]
    merged: tuple[CellRange, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFile:
    """What is in a workbook."""

    sheets: tuple[Sheet, ...]
    """Without hidden ones."""
    hidden: tuple[str, ...]
    """Names of hidden sheets, which are not read."""


def read_workbook(path: Path, *, most_elements: int = MOST_ELEMENTS) -> SheetFile:
    """
    Read the visible sheets of a workbook.

    Sizes are looked at before anything is unpacked, elements counted before anything is built of them.
    Macros, links to other workbooks, pictures and charts are not read.

    Raises
    ------
    CellRefusedError
        Not an .xlsx, damaged, behind a password, or too large.
    """
    _require_archive(path)
    try:
        with ZipFile(path) as archive:
            require_bounded(
                archive.infolist(),
                packed_bytes=path.stat().st_size,
                most_unpacked_bytes=MOST_UNPACKED_BYTES,
            )
            scanned = scan_parts(archive, most_elements=most_elements)
        with path.open("rb") as file, warnings.catch_warnings():
            # Of what openpyxl leaves out, such as styles and checks of input.
            warnings.simplefilter("ignore")
            return _read(file, scanned)
    except CellRefusedError:
        raise
    except UnreadableFileError as error:
        raise CellRefusedError(code="archive_refused", value=str(error)) from None
    except RefusedXmlError as error:
        raise CellRefusedError(code=error.code, value=error.detail) from None
    except Exception as error:
        # A damaged file makes openpyxl raise whatever it runs into; all of it means the same.
        raise CellRefusedError(code="workbook_damaged", value=type(error).__name__) from error


def _require_archive(path: Path) -> None:
    if path.stat().st_size > MOST_FILE_BYTES:
        raise CellRefusedError(code="file_too_large")
    if is_zipfile(path):
        return
    data = path.read_bytes()
    if not data:
        raise CellRefusedError(code="empty_file")
    if data.startswith(_OLE):
        raise CellRefusedError(code="file_encrypted" if _ENCRYPTED in data else "file_is_xls")
    raise CellRefusedError(code="file_not_xlsx")


def _read(file: Any, scanned: Mapping[str, ScannedSheet]) -> SheetFile:  # noqa: ANN401 - a file of bytes
    reader = PlainReader(file, read_only=True, data_only=True, keep_links=False)
    try:
        reader.read()
    except (KeyError, OSError) as error:
        # A zip archive of something else: no list of content types, or no workbook in it.
        raise CellRefusedError(code="file_not_xlsx", value=type(error).__name__) from None
    # openpyxl does not tell a sheet's part: it takes them in this order, without those that are missing.
    parts = [
        rel.target
        for _, rel in reader.parser.find_sheets()
        if rel.target in reader.valid_files and "chartsheet" not in rel.Type
    ]
    worksheets = list(zip(reader.wb.worksheets, parts, strict=True))
    return SheetFile(
        sheets=tuple(
            _sheet(sheet, scanned[part]) for sheet, part in worksheets if sheet.sheet_state == "visible"
        ),
        hidden=tuple(str(sheet.title) for sheet, _ in worksheets if sheet.sheet_state != "visible"),
    )


def _sheet(sheet: Any, scanned: ScannedSheet) -> Sheet:  # noqa: ANN401 - openpyxl has no types
    if scanned.last_column > MOST_COLUMNS:
        raise CellRefusedError(code="too_many_columns", value=str(sheet.title))
    rows: dict[int, dict[int, SheetCell]] = {}
    if scanned.last_row:
        found = sheet.iter_rows(max_row=scanned.last_row, max_col=scanned.last_column)
        previous = None
        for number, row in enumerate(found, 1):
            # For rows that a sheet leaves out openpyxl gives the same tuple again; there may be a million.
            if row is not previous and (
                cells := dict(_cells(row, number, sheet.parent.epoch, scanned.formulas))
            ):
                rows[number] = cells
            previous = row
    return Sheet(
        title=str(sheet.title),
        rows=rows,
        hidden_rows=frozenset(scanned.hidden_rows),
        merged=tuple(scanned.merged),
    )


def _cells(
    row: tuple[Any, ...], number: int, epoch: datetime, formulas: set[tuple[int, int]]
) -> Iterator[tuple[int, SheetCell]]:
    for column, cell in enumerate(row, 1):
        is_formula = (number, column) in formulas
        if cell.value is None or (isinstance(cell.value, str) and not cell.value.strip()):
            if is_formula:
                yield column, NO_VALUE
        else:
            yield column, _cell(cell, epoch, is_formula=is_formula)


def _cell(cell: Any, epoch: datetime, *, is_formula: bool) -> SheetCell:  # noqa: ANN401 - openpyxl has no types
    value, kind, number, short = cell.value, CellKind.TEXT, 0.0, False
    if cell.data_type == "e":
        kind = CellKind.ERROR
    elif isinstance(value, bool):
        kind = CellKind.FLAG
    elif isinstance(value, int | float):
        kind, number = CellKind.NUMBER, _number(value)
        value = int(number) if number.is_integer() else number
    elif isinstance(value, date | time | timedelta):
        kind, number = CellKind.TIME, float(to_excel(value, epoch))
        short = bool(_HOURS_AND_MINUTES.fullmatch(cell.number_format))
    return SheetCell(
        kind=kind,
        text=unescape_text(value) if isinstance(value, str) else str(value),
        number=number,
        is_hours_and_minutes=short,
        is_formula=is_formula,
    )


def _number(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")

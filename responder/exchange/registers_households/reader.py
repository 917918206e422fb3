"""Households of a workbook, row by row, with all that is wrong."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, Final

from responder.exchange.registers_households.columns import (
    NEEDED,
    HouseholdColumn,
    help_kind,
    household_column,
    spoken_language,
    yes_or_no,
)
from responder.exchange.registers_households.faults import MOST_ROWS, HouseholdFault, household_fault
from responder.exchange.sheet_faults import CellRefusedError
from responder.exchange.workbook_reader import NO_VALUE, CellKind, Sheet, SheetCell, SheetFile, read_workbook
from responder.services.registers.households.import_sheet import HouseholdRowNote, SheetHousehold

HEADING_WITHIN: Final = 20
HELP_TITLES: Final = ("填写说明", "Columns")
"""Of the sheet that explains columns, which is not read."""
MOST_ELEMENTS: Final = 500_000
"""5,000 households of 16 columns, each cell with its value and its text, take some 400,000."""
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,6}")
_DAY: Final = re.compile(r"([0-9]{4})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})日?( 00:00:00)?")
_BETWEEN: Final = re.compile(r"[、,，;；/\n|]+")
_MISSING: Final = {
    HouseholdColumn.BUILDING: "building_missing",
    HouseholdColumn.DOOR: "door_missing",
    HouseholdColumn.PEOPLE: "people_missing",
}
_EMPTY: Final[Mapping[HouseholdColumn, Any]] = {
    HouseholdColumn.FLOOR: None,
    HouseholdColumn.LANGUAGE: None,
    HouseholdColumn.HELP: (),
    HouseholdColumn.HELP_PEOPLE: 0,
    HouseholdColumn.TENANT: False,
    HouseholdColumn.TENANCY_UNTIL: None,
    HouseholdColumn.CONSENT: None,
    HouseholdColumn.CONFIRMED: None,
}
"""What an empty cell says; of any other column an empty text."""
_ABOUT_PLACES: Final = frozenset({HouseholdColumn.BUILDING, HouseholdColumn.DOOR, HouseholdColumn.FLOOR})
"""Of these a wrong value is shown again; of people it is not."""


@dataclass(slots=True, kw_only=True)
class ReadHouseholds:
    """What a workbook says."""

    rows: list[SheetHousehold] = field(default_factory=list)
    faults: list[HouseholdFault] = field(default_factory=list)
    is_readable: bool = True
    """False when the file could not be read at all."""

    def with_notes(self, notes: Iterable[HouseholdRowNote]) -> list[HouseholdFault]:
        """Return all that is wrong, with what the register says of rows, by row."""
        told = [household_fault(each.code, row=each.row, column=_column(each.field)) for each in notes]
        return sorted((*self.faults, *told), key=lambda each: each.row or 0)


def read_households(path: Path) -> ReadHouseholds:
    """Read the households of a workbook; it is never refused, but has faults."""
    try:
        sheet, heading, columns, faults = _find(read_workbook(path, most_elements=MOST_ELEMENTS))
    except CellRefusedError as error:
        # The value may be of a person where a file is damaged; its code says enough.
        return ReadHouseholds(faults=[household_fault(error.code)], is_readable=False)
    read = ReadHouseholds(faults=faults)
    if any(each.is_error for each in faults):
        return read
    known = frozenset(columns.values())
    for number, cells in sheet.rows.items():
        if number <= heading or not known & cells.keys():
            continue
        if number in sheet.hidden_rows:
            read.faults.append(household_fault("row_hidden", row=number))
        _read_row(read, number, {column: cells.get(at) for column, at in columns.items()})
    if not read.rows and not any(each.is_error for each in read.faults):
        read.faults.append(household_fault("no_rows"))
    return read


def _column(name: str) -> HouseholdColumn | None:
    return HouseholdColumn(name) if name in set(HouseholdColumn) else None


def _find(file: SheetFile) -> tuple[Sheet, int, dict[HouseholdColumn, int], list[HouseholdFault]]:
    found = [(sheet, *_heading(sheet)) for sheet in file.sheets if sheet.title not in HELP_TITLES]
    chosen = max(found, key=lambda each: len(each[2]), default=None)
    if chosen is None or len(chosen[2]) < len(NEEDED) - 1:
        raise CellRefusedError(code="no_heading")
    sheet, heading, columns = chosen
    if len(sheet.rows) > MOST_ROWS + HEADING_WITHIN:
        raise CellRefusedError(code="too_many_rows")
    faults = [household_fault("sheet_hidden", value=title) for title in file.hidden]
    faults += [
        household_fault("sheet_not_read", value=each.title)
        for each in file.sheets
        if each is not sheet and each.rows and each.title not in HELP_TITLES
    ]
    faults += _of_headings(sheet, heading)
    faults += [household_fault("column_missing", column=each) for each in NEEDED if each not in columns]
    faults += [
        household_fault("cell_merged", row=each.first_row) for each in sheet.merged if each.last_row > heading
    ]
    return sheet, heading, columns, faults


def _heading(sheet: Sheet) -> tuple[int, dict[HouseholdColumn, int]]:
    """Return the row of headings, the one that names most columns, and where each column is."""
    best: tuple[int, dict[HouseholdColumn, int]] = (0, {})
    for number, cells in islice(sheet.rows.items(), HEADING_WITHIN):
        columns: dict[HouseholdColumn, int] = {}
        for at, cell in cells.items():
            if (column := household_column(cell.text)) is not None:
                columns.setdefault(column, at)
        if len(columns) > len(best[1]):
            best = (number, columns)
    return best


def _of_headings(sheet: Sheet, heading: int) -> list[HouseholdFault]:
    faults, seen = [], set()
    for cell in sheet.rows[heading].values():
        column = household_column(cell.text)
        if column is None:
            faults.append(household_fault("column_unknown", row=heading, value=cell.text))
        elif column in seen:
            faults.append(household_fault("column_repeated", row=heading, column=column, value=cell.text))
        else:
            seen.add(column)
    return faults


def _read_row(read: ReadHouseholds, number: int, cells: Mapping[HouseholdColumn, SheetCell | None]) -> None:
    values: dict[str, Any] = {}
    is_sound = True
    for column, cell in cells.items():
        try:
            values[column.value] = _value(read, number, column, cell)
        except CellRefusedError as error:
            is_sound = False
            shown = cell.text if cell is not None and column in _ABOUT_PLACES else ""
            read.faults.append(household_fault(error.code, row=number, column=column, value=shown))
    if is_sound:
        building = values.pop(HouseholdColumn.BUILDING.value)
        read.rows.append(SheetHousehold(row=number, building=building, values=values))


def _value(read: ReadHouseholds, row: int, column: HouseholdColumn, cell: SheetCell | None) -> Any:  # noqa: ANN401 - by column
    if cell is None:
        if column in _MISSING:
            raise CellRefusedError(code=_MISSING[column])
        return _EMPTY.get(column, "")
    if cell is NO_VALUE:
        raise CellRefusedError(code="formula_without_value")
    if cell.kind is CellKind.ERROR:
        raise CellRefusedError(code="cell_error")
    if cell.is_formula:
        read.faults.append(household_fault("formula_value", row=row, column=column))
    return _READ.get(column, _text)(cell)


def _text(cell: SheetCell) -> str:
    return " ".join(cell.text.split())


def _number(code: str) -> Callable[[SheetCell], int]:
    def number(cell: SheetCell) -> int:
        if cell.kind is CellKind.NUMBER and cell.number.is_integer() and abs(cell.number) < 1e6:  # noqa: PLR2004
            return int(cell.number)
        text = unicodedata.normalize("NFKC", cell.text).strip()
        if cell.kind is not CellKind.TEXT or not _WHOLE.fullmatch(text):
            raise CellRefusedError(code=code)
        return int(text)

    return number


def _day(code: str) -> Callable[[SheetCell], date]:
    def day(cell: SheetCell) -> date:
        found = _DAY.fullmatch(unicodedata.normalize("NFKC", cell.text).strip())
        if found is None or cell.kind not in {CellKind.TEXT, CellKind.TIME}:
            raise CellRefusedError(code=code)
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError:
            raise CellRefusedError(code=code) from None

    return day


def _help(cell: SheetCell) -> tuple[Any, ...]:
    words = [word.strip() for word in _BETWEEN.split(cell.text) if word.strip()]
    # What says that none is needed.
    if len(words) == 1 and yes_or_no(words[0]) is False:
        return ()
    kinds = [help_kind(word) for word in words]
    if None in kinds:
        raise CellRefusedError(code="help_kinds_unknown")
    return tuple(kinds)


def _language(cell: SheetCell) -> Any:  # noqa: ANN401 - a language
    found = spoken_language(cell.text)
    if found is None:
        raise CellRefusedError(code="language_unknown")
    return found


def _tenant(cell: SheetCell) -> bool:
    found = yes_or_no("是" if cell.text == "True" else "否" if cell.text == "False" else cell.text)
    if found is None:
        raise CellRefusedError(code="is_tenant_unreadable")
    return found


_READ: Final[Mapping[HouseholdColumn, Callable[[SheetCell], Any]]] = {
    HouseholdColumn.FLOOR: _number("floor_unreadable"),
    HouseholdColumn.PEOPLE: _number("people_unreadable"),
    HouseholdColumn.HELP_PEOPLE: _number("help_people_unreadable"),
    HouseholdColumn.LANGUAGE: _language,
    HouseholdColumn.HELP: _help,
    HouseholdColumn.TENANT: _tenant,
    HouseholdColumn.TENANCY_UNTIL: _day("tenancy_until_unreadable"),
    HouseholdColumn.CONSENT: _day("consent_given_on_unreadable"),
    HouseholdColumn.CONFIRMED: _day("confirmed_on_unreadable"),
}

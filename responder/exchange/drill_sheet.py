"""Which sheet of a workbook holds the injects, where its columns are, and what stands in them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Final

from responder.exchange.drill_columns import NEEDED, Column, column_of
from responder.exchange.sheet_faults import CellRefusedError, SheetFault, sheet_fault
from responder.exchange.sheet_scan import CellRange
from responder.exchange.workbook_reader import Sheet, SheetCell, SheetFile
from responder.services.drills.check_plan import MOST_INJECTS

HEADING_WITHIN: Final = 20
"""Rows with something in them, of which one has to be the headings."""
HELP_TITLES: Final = ("说明", "Columns")
"""Of the sheet that explains columns, which is not read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InjectSheet:
    """The sheet with the injects."""

    columns: Mapping[Column, int]
    rows: Mapping[int, Mapping[Column, SheetCell]]
    """By number in the sheet, without blank ones; values of merged cells stand in each row."""
    faults: tuple[SheetFault, ...]

    @property
    def refused(self) -> frozenset[int]:
        """Rows that cannot be told apart from their cells."""
        return frozenset(each.row for each in self.faults if each.is_error and each.row is not None)


def find_inject_sheet(file: SheetFile) -> InjectSheet:
    """
    Find the sheet whose headings name most columns, and its rows.

    Raises
    ------
    CellRefusedError
        No sheet has headings, or there are too many injects.
    """
    headings = [(sheet, _heading(sheet)) for sheet in file.sheets if sheet.title not in HELP_TITLES]
    sheet, heading = max(headings, key=lambda found: len(found[1][1]), default=(None, (0, {})))
    row, columns = heading
    if sheet is None or len(columns) < 2:  # noqa: PLR2004 - one word may be a heading by chance
        raise CellRefusedError(code="no_heading")
    data = {number: cells for number, cells in sheet.rows.items() if number > row}
    known = frozenset(columns.values())
    numbers = [number for number, cells in data.items() if known & cells.keys()]
    if len(numbers) > MOST_INJECTS:
        raise CellRefusedError(code="too_many_injects")
    merged = tuple(each for each in sheet.merged if each.last_row > row)
    faults = [
        *_of_file(file, sheet, row),
        *(sheet_fault("column_missing", column=column) for column in NEEDED if column not in columns),
        *_absent(columns),
        *([] if numbers else [sheet_fault("no_injects")]),
    ]
    rows = {}
    for number in numbers:
        cells = {column: data[number][at] for column, at in columns.items() if at in data[number]}
        faults += _merge_into(cells, sheet, merged, columns=columns, row=number, heading=row)
        if number in sheet.hidden_rows:
            faults.append(sheet_fault("row_hidden", row=number))
        rows[number] = cells
    return InjectSheet(columns=columns, rows=rows, faults=tuple(faults))


def _heading(sheet: Sheet) -> tuple[int, dict[Column, int]]:
    """Return the row of headings, the one that names most columns, and where each column is."""
    best: tuple[int, dict[Column, int]] = (0, {})
    for number, cells in islice(sheet.rows.items(), HEADING_WITHIN):
        columns: dict[Column, int] = {}
        for at, cell in cells.items():
            if (column := column_of(cell.text)) is not None:
                columns.setdefault(column, at)
        if len(columns) > len(best[1]):
            best = (number, columns)
    return best


def _of_file(file: SheetFile, chosen: Sheet, heading: int) -> Iterator[SheetFault]:
    yield from (sheet_fault("sheet_hidden", value=title) for title in file.hidden)
    for sheet in file.sheets:
        if sheet is not chosen and sheet.rows and sheet.title not in HELP_TITLES:
            yield sheet_fault("sheet_not_read", value=sheet.title)
    seen: set[Column] = set()
    for cell in chosen.rows[heading].values():
        column = column_of(cell.text)
        if column is None:
            yield sheet_fault("column_unknown", row=heading, value=cell.text)
        elif column in seen:
            yield sheet_fault("column_repeated", row=heading, column=column, value=cell.text)
        else:
            seen.add(column)


def _absent(columns: Mapping[Column, int]) -> Iterator[SheetFault]:
    for column in Column:
        if column not in columns and column not in NEEDED:
            yield sheet_fault("column_absent", column=column)


def _merge_into(
    cells: dict[Column, SheetCell],
    sheet: Sheet,
    merged: tuple[CellRange, ...],
    *,
    columns: Mapping[Column, int],
    row: int,
    heading: int,
) -> Iterator[SheetFault]:
    """Put values of merged cells into a row of theirs, and tell where that is not clear."""
    for each in merged:
        if not each.first_row <= row <= each.last_row or each.first_row <= heading:
            continue
        value = sheet.rows.get(each.first_row, {}).get(each.first_column)
        held = [column for column, at in columns.items() if each.holds(row, at)]
        if value is None or not held:
            continue
        if each.first_column != each.last_column:
            yield sheet_fault("cell_merged_across", row=row, column=held[0], value=value.text)
        else:
            cells[held[0]] = value
            yield sheet_fault("cell_merged", row=row, column=held[0], value=value.text)

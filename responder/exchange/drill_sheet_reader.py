"""Injects of a plan from a workbook, row by row, with all that is wrong."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from responder.domain.drills.plan import EXPIRES_AFTER_S, DrillPlan, Inject, InjectKind
from responder.exchange.drill_columns import Column, kind_of
from responder.exchange.drill_names import PlanNames
from responder.exchange.drill_sheet import find_inject_sheet
from responder.exchange.drill_time import read_time
from responder.exchange.sheet_faults import CellRefusedError, SheetFault, sheet_fault
from responder.exchange.workbook_reader import NO_VALUE, CellKind, SheetCell, read_workbook

DEGREE_DIGITS: Final = 7
"""Of a coordinate in a sheet: a centimetre."""
_DECIMAL: Final = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,20})?")
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,9}")
_WITH_PLACE: Final = frozenset({InjectKind.HAZARD, InjectKind.CASUALTY})
_DEFAULTS: Final[Mapping[Column, Any]] = {
    Column.NUMBER: 0,
    Column.TIME: 0.0,
    Column.KIND: InjectKind.MESSAGE,
    Column.TEXT: "",
    Column.EXPECTED: "",
    Column.PARTNERS: (),
    Column.OBJECTIVE: None,
    Column.WAITS: None,
    Column.EXPIRES: EXPIRES_AFTER_S,
    Column.LON: None,
    Column.LAT: None,
    Column.UNIT: None,
}
_BLANK: Final = {
    Column.NUMBER: "number_missing",
    Column.TIME: "time_missing",
    Column.KIND: "kind_missing",
}
"""What is wrong with an empty cell. An empty text is refused by the rules of plans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadInjects:
    """What a workbook says of a plan's injects."""

    injects: tuple[Inject, ...]
    """By number. With errors they are not to be kept: what could not be read is a default."""
    rows: Mapping[int, int]
    """By number of the inject, the row in which it stands."""
    faults: tuple[SheetFault, ...]


def read_injects(path: Path, plan: DrillPlan, names: PlanNames) -> ReadInjects:
    """
    Read the injects that a workbook has for a plan; it is never refused, but has faults.

    An inject that the plan has by the same number keeps what the sheet has no column for, and the stretch
    that it closes. Rules of plans, such as that of the latest time, are not looked at.
    """
    try:
        sheet = find_inject_sheet(read_workbook(path))
    except CellRefusedError as error:
        return ReadInjects(injects=(), rows={}, faults=(sheet_fault(error.code, value=error.value),))
    reader = _Reader(plan, names)
    for row, cells in sheet.rows.items():
        if row not in sheet.refused:
            reader.add(row, cells, sheet.columns)
    return ReadInjects(
        injects=tuple(inject for _, inject in sorted(reader.injects.items())),
        rows=reader.rows,
        faults=(*sheet.faults, *reader.faults),
    )


class _Reader:
    def __init__(self, plan: DrillPlan, names: PlanNames) -> None:
        self._plan = plan
        self._read: Mapping[Column, Callable[[SheetCell], Any]] = {
            Column.NUMBER: _number,
            Column.TIME: read_time,
            Column.KIND: _kind,
            Column.TEXT: _text,
            Column.EXPECTED: _text,
            Column.PARTNERS: lambda cell: names.read_partners(_text(cell)),
            Column.OBJECTIVE: lambda cell: names.objectives.find(_text(cell)),
            Column.WAITS: lambda cell: names.read_wait(_text(cell)),
            Column.EXPIRES: read_time,
            Column.LON: lambda cell: _degrees(cell, "lon_unreadable"),
            Column.LAT: lambda cell: _degrees(cell, "lat_unreadable"),
            Column.UNIT: lambda cell: names.units.find(_text(cell)),
        }
        self.injects: dict[int, Inject] = {}
        self.rows: dict[int, int] = {}
        self.faults: list[SheetFault] = []

    def add(self, row: int, cells: Mapping[Column, SheetCell], columns: Mapping[Column, int]) -> None:
        """Read a row."""
        if Column.NUMBER not in columns:
            return
        faults_before = len(self.faults)
        values = {column: self._value(column, cells.get(column), row) for column in columns}
        number = values[Column.NUMBER]
        if any(each.column is Column.NUMBER and each.is_error for each in self.faults[faults_before:]):
            return
        if number in self.injects:
            self.faults.append(
                sheet_fault("number_repeated", row=row, column=Column.NUMBER, value=str(number))
            )
            return
        self.injects[number] = _inject(self._plan.inject(number), values)
        self.rows[number] = row

    def _value(self, column: Column, cell: SheetCell | None, row: int) -> Any:  # noqa: ANN401 - by column
        default = _DEFAULTS[column]
        if cell is None:
            if column in _BLANK:
                self.faults.append(sheet_fault(_BLANK[column], row=row, column=column))
            return default
        code = _warning_of(column, cell)
        if code is not None:
            self.faults.append(sheet_fault(code, row=row, column=column, value=cell.text))
        try:
            return self._read[column](_sound(cell))
        except CellRefusedError as error:
            value = error.value or cell.text
            self.faults.append(sheet_fault(error.code, row=row, column=column, value=value))
            return default


def _warning_of(column: Column, cell: SheetCell) -> str | None:
    if cell.kind is CellKind.TIME and cell.is_hours_and_minutes and column in {Column.TIME, Column.EXPIRES}:
        return "time_as_minutes"
    return "formula_value" if cell.is_formula and cell is not NO_VALUE else None


def _sound(cell: SheetCell) -> SheetCell:
    if cell is NO_VALUE:
        raise CellRefusedError(code="formula_without_value")
    if cell.kind is CellKind.ERROR:
        raise CellRefusedError(code="cell_error")
    return cell


def _inject(before: Inject | None, values: Mapping[Column, Any]) -> Inject:
    """Return the inject of a row; `before` is the plan's inject of its number."""
    kept = {column: getattr(before, column.value) if before else _DEFAULTS[column] for column in Column}
    fields = {column.value: values.get(column, kept[column]) for column in Column}
    kind = fields["kind"]
    if kind not in _WITH_PLACE:
        # What has no column is kept only where it still belongs.
        fields |= {each.value: values.get(each) for each in (Column.LON, Column.LAT)}
    if kind is not InjectKind.UNIT_OUT:
        fields["unit_id"] = values.get(Column.UNIT)
    for name in ("lon", "lat"):
        exact = getattr(before, name, None)
        if exact is not None and fields[name] == round(exact, DEGREE_DIGITS):
            fields[name] = exact
    if before is None:
        return Inject(**fields)
    if kind is InjectKind.CLOSURE:
        fields |= {"closure": before.closure, "wider_than_m": before.wider_than_m}
    return Inject(**fields, photo_id=before.photo_id)


def _number(cell: SheetCell) -> int:
    if cell.kind is CellKind.NUMBER and cell.number.is_integer():
        return int(cell.number)
    text = unicodedata.normalize("NFKC", cell.text).strip()
    if cell.kind is not CellKind.TEXT or not _WHOLE.fullmatch(text):
        raise CellRefusedError(code="number_unreadable")
    return int(text)


def _kind(cell: SheetCell) -> InjectKind:
    kind = kind_of(_text(cell))
    if kind is None:
        raise CellRefusedError(code="kind_unknown")
    return kind


def _text(cell: SheetCell) -> str:
    if cell.kind is CellKind.TIME:
        raise CellRefusedError(code="text_is_date")
    return cell.text.replace("\r\n", "\n").replace("\r", "\n")


def _degrees(cell: SheetCell, code: str) -> float:
    if cell.kind is CellKind.NUMBER:
        return cell.number
    text = unicodedata.normalize("NFKC", cell.text).strip().removesuffix("°")
    if cell.kind is not CellKind.TEXT or not _DECIMAL.fullmatch(text):
        raise CellRefusedError(code=code)
    return float(text)

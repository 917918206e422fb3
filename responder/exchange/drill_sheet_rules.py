"""What the rules of plans say of injects from a sheet, told by row and column."""

from collections.abc import Iterable
from dataclasses import replace

from responder.exchange.drill_columns import Column
from responder.exchange.drill_sheet_reader import ReadInjects
from responder.exchange.sheet_faults import SHEET_FAULTS, SheetFault, sheet_fault
from responder.services.drills.exchange import CheckedInjects


def with_rules(read: ReadInjects, checked: CheckedInjects) -> ReadInjects:
    """Return what was read together with the faults that the rules find, by row."""
    broken = {(each.row, each.column) for each in read.faults if each.is_error}
    refused = (_refusal(read, field) for field in checked.refused)
    # What could not be read is a default here, or not there at all, and was told before.
    found = [
        each
        for each in refused
        if ((each.row, each.column) not in broken if each.row is not None else not broken)
    ]
    if not any(each.is_error for each in (*read.faults, *found)):
        found += _lacking(read, checked)
    faults = sorted((*read.faults, *found), key=lambda each: each.row or 0)
    return replace(read, faults=tuple(faults))


def _refusal(read: ReadInjects, field: str) -> SheetFault:
    first, *rest = field.split(".")
    if first == "injects":
        index, name = rest[0], rest[1]
        return _of_inject(read, int(index), name, f"{name}_refused")
    return sheet_fault("objectives_refused" if first == "objectives" else "plan_refused", value=field)


def _lacking(read: ReadInjects, checked: CheckedInjects) -> Iterable[SheetFault]:
    for problem in checked.problems:
        first, *rest = problem.field.split(".")
        if first == "injects" and problem.code in SHEET_FAULTS:
            yield _of_inject(read, int(rest[0]), rest[1], problem.code)


def _of_inject(read: ReadInjects, index: int, name: str, code: str) -> SheetFault:
    column = Column(name) if name in set(Column) else Column.KIND
    return sheet_fault(code, row=read.rows[read.injects[index].number], column=column)

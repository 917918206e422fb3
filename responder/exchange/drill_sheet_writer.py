"""Injects of a plan as a workbook that can be imported again."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from responder.domain.channels.message_words import Language
from responder.domain.drills.plan import DrillPlan, Inject
from responder.exchange.drill_columns import COLUMN_WORDS, KIND_WORDS, NEEDED, Column
from responder.exchange.drill_names import PlanNames
from responder.exchange.drill_sheet import HELP_TITLES
from responder.exchange.drill_sheet_reader import DEGREE_DIGITS
from responder.exchange.drill_time import write_time
from responder.exchange.guarded_xml import NOT_XML
from responder.exchange.sheet_text import escape_text
from responder.services.drills.check_plan import MOST_INJECTS

_WIDTHS: Final[Mapping[Column, int]] = {
    Column.NUMBER: 8,
    Column.TIME: 11,
    Column.KIND: 12,
    Column.TEXT: 48,
    Column.EXPECTED: 40,
    Column.PARTNERS: 28,
    Column.OBJECTIVE: 28,
    Column.WAITS: 24,
    Column.EXPIRES: 11,
    Column.LON: 13,
    Column.LAT: 13,
    Column.UNIT: 18,
}
_NUMBERS: Final = frozenset({Column.NUMBER, Column.LON, Column.LAT})
_TITLES: Final = {Language.ZH: "情景注入", Language.EN: "Injects"}
_HELP: Final = dict(zip((Language.ZH, Language.EN), HELP_TITLES, strict=True))
_HELP_HEADINGS: Final = {
    Language.ZH: ("列", "必填", "说明"),
    Language.EN: ("Column", "Needed", "What it is"),
}
_YES: Final = {Language.ZH: "是", Language.EN: "yes"}
_MORE: Final = {
    Language.ZH: (
        "导入会整体替换方案的情景注入：表格里没有的序号会被删除。先预览，再导入。",
        "表格里没有的列保持不变；封路的范围在地图上画，按序号保留。",
        "图片不在表格里：在方案里添加，导入时按序号保留。",
        "中英文表头都能识别。演练方案须保密，请勿转发给参演人员。",
    ),
    Language.EN: (
        "An import replaces the whole list: an inject whose number is not in the sheet goes. Preview first.",
        "What the sheet has no column for stays. Which stretch is closed is drawn on the map, and kept.",
        "Pictures are not in the sheet: add them in the plan. An import keeps them by number.",
        "Headings may be Chinese or English. Plans are not for participants: do not pass this on to them.",
    ),
}
_FIRST_ROW: Final = 2
_TEXT_FORMAT: Final = "@"
_HEAD_FILL: Final = PatternFill("solid", fgColor="E9DDF7")
_WRAPPED: Final = Alignment(wrap_text=True, vertical="top")


def write_injects(plan: DrillPlan, names: PlanNames, *, language: Language) -> bytes:
    """Return a workbook with a row for each inject, and a sheet that explains the columns."""
    book = Workbook()
    sheet = book.active
    sheet.title = _TITLES[language]
    for at, column in enumerate(Column, 1):
        _put(sheet, 1, at, COLUMN_WORDS[column][language].heading)
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = _WIDTHS[column]
        for row in range(_FIRST_ROW, MOST_INJECTS + _FIRST_ROW):
            # Also in rows that are empty yet: Excel makes times and dates of what is typed otherwise.
            cell = sheet.cell(row, at)
            cell.alignment = _WRAPPED
            if column not in _NUMBERS:
                cell.number_format = _TEXT_FORMAT
    _stress(sheet)
    for row, inject in enumerate(plan.injects, _FIRST_ROW):
        for at, value in enumerate(_row(inject, names, language).values(), 1):
            _put(sheet, row, at, value)
    _offer_kinds(sheet, language)
    _explain(book, language)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _row(inject: Inject, names: PlanNames, language: Language) -> Mapping[Column, str | float | None]:
    waits, objective, unit = inject.waits_for, inject.objective, inject.unit_id
    first = 0 if language is Language.ZH else 1
    cells: dict[Column, str | float | None] = {
        Column.NUMBER: inject.number,
        Column.TIME: write_time(inject.after_s),
        Column.KIND: KIND_WORDS[inject.kind][language],
        Column.TEXT: inject.text,
        Column.EXPECTED: inject.expected,
        Column.PARTNERS: names.write_partners(inject.partner_ids, language),
        Column.OBJECTIVE: None if objective is None else names.objectives.label(objective),
        Column.WAITS: None if waits is None else names.write_wait(waits, language),
        Column.EXPIRES: write_time(inject.expires_after_s),
        Column.LON: None if inject.lon is None else round(inject.lon, DEGREE_DIGITS),
        Column.LAT: None if inject.lat is None else round(inject.lat, DEGREE_DIGITS),
        Column.UNIT: None if unit is None else names.units.label(unit, first=first),
    }
    return {column: cells[column] for column in Column}


def _put(sheet: Any, row: int, column: int, value: str | float | None) -> None:  # noqa: ANN401 - untyped
    cell = sheet.cell(row, column)
    if isinstance(value, str):
        cell.value = escape_text(NOT_XML.sub("", value.replace("\r\n", "\n").replace("\r", "\n")))
        # A text that begins with = is no formula; with + - @ it is none either in a CSV file made of this.
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@"))
    else:
        cell.value = value


def _stress(sheet: Any) -> None:  # noqa: ANN401 - see above
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = _HEAD_FILL
        cell.alignment = _WRAPPED
    sheet.freeze_panes = "A2"


def _offer_kinds(sheet: Any, language: Language) -> None:  # noqa: ANN401 - see above
    words = ",".join(each[language] for each in KIND_WORDS.values())
    offered = DataValidation(type="list", formula1=f'"{words}"', allow_blank=True)
    letter = get_column_letter(list(Column).index(Column.KIND) + 1)
    offered.add(f"{letter}{_FIRST_ROW}:{letter}{MOST_INJECTS + _FIRST_ROW - 1}")
    sheet.add_data_validation(offered)


def _explain(book: Any, language: Language) -> None:  # noqa: ANN401 - see above
    sheet = book.create_sheet(_HELP[language])
    rows = [
        _HELP_HEADINGS[language],
        *(
            (words[language].heading, _YES[language] if column in NEEDED else "", words[language].hint)
            for column, words in COLUMN_WORDS.items()
        ),
        *(("", "", line) for line in _MORE[language]),
    ]
    for row, texts in enumerate(rows, 1):
        for at, text in enumerate(texts, 1):
            _put(sheet, row, at, text)
            sheet.cell(row, at).alignment = _WRAPPED
    for letter, width in zip("ABC", (16, 9, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    _stress(sheet)

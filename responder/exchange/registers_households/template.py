"""An empty workbook to fill in with households, and a sheet that explains its columns."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from responder.domain.channels.message_words import Language
from responder.domain.registers.household import PURPOSES, Purpose
from responder.exchange.registers_households.columns import (
    COLUMN_WORDS,
    LANGUAGE_WORDS,
    NEEDED,
    NO_WORDS,
    YES_WORDS,
    HouseholdColumn,
)
from responder.exchange.registers_households.reader import HELP_TITLES
from responder.exchange.sheet_text import escape_text

ROWS: Final = 500
"""That are made ready; more may be added."""
_TITLES: Final = {Language.ZH: "住户", Language.EN: "Households"}
_HELP: Final = dict(zip((Language.ZH, Language.EN), HELP_TITLES, strict=True))
_HEADINGS: Final = {Language.ZH: ("列", "必填", "说明"), Language.EN: ("Column", "Needed", "What it is")}
_MORE: Final = {
    Language.ZH: (
        "先预览，再导入。导入只新增和更改，不删除。表格里没有的列保持不变。",
        "填写前向住户读出用途：{purpose}",
        "本文件含个人信息：导入后请删除，不要转发。",
    ),
    Language.EN: (
        "Preview first, then import. It adds and changes, and removes nothing. Without a column all stays.",
        "Read the purpose out before you ask: {purpose}",
        "A filled-in file holds personal data. Delete it after the import, and do not pass it on.",
    ),
}
_NUMBERS: Final = frozenset({HouseholdColumn.FLOOR, HouseholdColumn.PEOPLE, HouseholdColumn.HELP_PEOPLE})
_FILL: Final = PatternFill("solid", fgColor="E3ECF7")
_WRAPPED: Final = Alignment(wrap_text=True, vertical="top")


def write_template(buildings: Sequence[str], *, language: Language, purpose: Purpose) -> bytes:
    """Return a workbook with headings, and the names of buildings to choose from."""
    book = Workbook()
    sheet = book.active
    sheet.title = _TITLES[language]
    for at, column in enumerate(HouseholdColumn, 1):
        sheet.cell(1, at).value = COLUMN_WORDS[column][language].heading
        sheet.column_dimensions[get_column_letter(at)].width = 18
        if column not in _NUMBERS:
            for row in range(2, ROWS + 2):
                # Excel makes numbers of doors and telephones, and times of what looks like one, otherwise.
                sheet.cell(row, at).number_format = "@"
    _stress(sheet)
    languages = [words[language] for words in LANGUAGE_WORDS.values()]
    _offer(sheet, HouseholdColumn.LANGUAGE, languages)
    _offer(sheet, HouseholdColumn.TENANT, [YES_WORDS[language], NO_WORDS[language]])
    _explain(book, buildings, language, purpose)
    file = BytesIO()
    book.save(file)
    return file.getvalue()


def _offer(sheet: Any, column: HouseholdColumn, words: Sequence[str]) -> None:  # noqa: ANN401 - untyped
    offered = DataValidation(type="list", formula1=f'"{",".join(words)}"', allow_blank=True)
    letter = get_column_letter(list(HouseholdColumn).index(column) + 1)
    offered.add(f"{letter}2:{letter}{ROWS + 1}")
    sheet.add_data_validation(offered)


def _explain(book: Any, buildings: Sequence[str], language: Language, purpose: Purpose) -> None:  # noqa: ANN401 - untyped
    sheet = book.create_sheet(_HELP[language])
    said = PURPOSES[purpose][0 if language is Language.ZH else 1]
    rows = [
        _HEADINGS[language],
        *(
            (words[language].heading, YES_WORDS[language] if column in NEEDED else "", words[language].hint)
            for column, words in COLUMN_WORDS.items()
        ),
        *(("", "", line.format(purpose=said)) for line in _MORE[language]),
        *((COLUMN_WORDS[HouseholdColumn.BUILDING][language].heading, "", name) for name in buildings),
    ]
    for row, texts in enumerate(rows, 1):
        for at, text in enumerate(texts, 1):
            cell = sheet.cell(row, at)
            cell.value = escape_text(text)
            cell.data_type = "s"
            cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
            cell.alignment = _WRAPPED
    for letter, width in zip("ABC", (20, 9, 90), strict=True):
        sheet.column_dimensions[letter].width = width
    _stress(sheet)


def _stress(sheet: Any) -> None:  # noqa: ANN401 - untyped
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.fill = _FILL
        cell.alignment = _WRAPPED
    sheet.freeze_panes = "A2"

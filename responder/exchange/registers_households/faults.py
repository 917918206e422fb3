"""What can be wrong with a sheet of households: codes and plain sentences."""

from dataclasses import dataclass
from typing import Final

from responder.domain.cap.faults import SHOWN_LENGTH, FaultLevel, FaultWords
from responder.domain.channels.message_words import Language
from responder.exchange.registers_households.columns import COLUMN_WORDS, NEEDED, HouseholdColumn
from responder.exchange.sheet_faults import SHEET_FAULTS

MOST_ROWS: Final = 5000


def _error(zh: str, en: str) -> FaultWords:
    return FaultWords(FaultLevel.ERROR, zh, en)


def _warning(zh: str, en: str) -> FaultWords:
    return FaultWords(FaultLevel.WARNING, zh, en)


def _needed(language: Language) -> str:
    between = "、" if language is Language.ZH else ", "
    return between.join(COLUMN_WORDS[column][language].heading for column in NEEDED)


_OF_FILES: Final = (
    *("empty_file", "file_too_large", "file_not_xlsx", "file_is_xls", "file_encrypted", "archive_refused"),
    *("workbook_damaged", "doctype_refused", "too_many_columns", "column_missing", "column_repeated"),
    *("column_unknown", "sheet_not_read", "sheet_hidden", "row_hidden", "formula_value"),
    *("formula_without_value", "cell_error"),
)
"""What is said of any workbook."""

HOUSEHOLD_FAULTS: Final = {
    **{code: SHEET_FAULTS[code] for code in _OF_FILES},
    "too_many_elements": _error(
        "表格太大；一次最多 5000 户，请分楼栋导入。",
        "The workbook is too large; at most 5,000 households are read. Import building by building.",
    ),
    "too_many_rows": _error(
        "超过 5000 户，请分楼栋导入。", "There are more than 5,000 households; import by building."
    ),
    "no_heading": _error(
        f"前 20 行里没有找到表头；需要：{_needed(Language.ZH)}。",
        f"There is no row of headings among the first 20; needed are: {_needed(Language.EN)}.",
    ),
    "no_rows": _error("表头下面没有住户。", "There are no households below the headings."),
    "cell_merged": _error(
        "合并的单元格，看不出属于哪一户；请取消合并。",
        "Merged cells: it is not clear to which household the value belongs. Take them apart.",
    ),
    "building_missing": _error("没有写楼栋。", "The building is missing."),
    "building_unknown": _error("没有这栋楼。", "The circle has no such building."),
    "building_unclear": _error("有几栋楼叫这个名称。", "Several buildings have this name."),
    "door_missing": _error("没有写门牌。", "The door is missing."),
    "door_repeated": _error("这个门牌在表格里出现了两次。", "This door is in the sheet twice."),
    "door_refused": _error("门牌至多 40 字。", "A door has at most 40 characters."),
    "floor_unreadable": _error("楼层不是整数。", "The floor is not a whole number."),
    "floor_refused": _error("楼层要在 -10 到 300 之间。", "The floor has to be from -10 to 300."),
    "people_missing": _error("没有写人数。", "The number of people is missing."),
    "people_unreadable": _error("人数不是整数。", "The number of people is not a whole number."),
    "people_refused": _error("人数要在 0 到 200 之间。", "The number of people has to be from 0 to 200."),
    "language_unknown": _error("不认识的语言。", "This language is not known."),
    "contact_name_refused": _error("联系人至多 60 字。", "A contact has at most 60 characters."),
    "contact_phone_refused": _error("联系电话不对。", "This is no telephone number."),
    "help_kinds_unknown": _error(
        "不认识的帮助种类；只写需要什么帮助，不写病情。",
        "This kind of help is not known. Say what help is needed, not why.",
    ),
    "help_people_unreadable": _error("需要帮助的人数不是整数。", "How many need help is not a whole number."),
    "help_people_refused": _error("需要帮助的人数不能多于人数。", "More people need help than live there."),
    "help_note_refused": _error("备注至多 60 字。", "A note has at most 60 characters."),
    "is_tenant_unreadable": _error("租户请写是或否。", "Write yes or no for a tenant."),
    "landlord_name_refused": _error("房东至多 60 字。", "A landlord has at most 60 characters."),
    "landlord_phone_refused": _error("房东电话不对。", "This is no telephone number."),
    "tenancy_until_unreadable": _error("租期不是日期。", "This is no day."),
    "tenancy_until_refused": _error("租期的年份不对。", "This is in no year that can be."),
    "consent_given_on_unreadable": _error("同意日期不是日期。", "This is no day."),
    "consent_given_on_refused": _error(
        "同意日期不能在今天以后。", "Consent cannot be given on a day to come."
    ),
    "confirmed_on_unreadable": _error("核对日期不是日期。", "This is no day."),
    "confirmed_on_refused": _error("核对日期不能在今天以后。", "It cannot be confirmed on a day to come."),
    "details_not_kept": _warning(
        "没有有效的同意：只保留门牌、楼层和人数，其余不保存。",
        "There is no consent that holds: only door, floor and number of people are kept, nothing else.",
    ),
    "register_full": _error(
        "名册已满：每栋楼最多 3000 户，每个响应圈最多 60000 户。",
        "The register is full: at most 3,000 households a building and 60,000 a circle.",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdFault:
    """What is wrong with a file, or should be known of it."""

    code: str
    row: int | None = None
    """Of the sheet, from 1; None when it is about the file."""
    column: HouseholdColumn | None = None
    value: str = ""
    """What stands there, cut; never of a person."""

    @property
    def words(self) -> FaultWords:
        return HOUSEHOLD_FAULTS[self.code]

    @property
    def is_error(self) -> bool:
        """Tell whether nothing can be imported because of it."""
        return self.words.level is FaultLevel.ERROR


def household_fault(
    code: str, *, row: int | None = None, column: HouseholdColumn | None = None, value: str = ""
) -> HouseholdFault:
    """Return a fault with as much of the value as is shown."""
    shown = "".join(letter if letter.isprintable() else " " for letter in value[:SHOWN_LENGTH])
    return HouseholdFault(code=code, row=row, column=column, value=shown)

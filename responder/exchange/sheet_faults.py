"""What can be wrong with a sheet of injects: codes and plain sentences."""

from dataclasses import dataclass
from typing import Final

from responder.domain.cap.faults import SHOWN_LENGTH, FaultLevel, FaultWords
from responder.domain.channels.message_words import Language
from responder.exchange.drill_columns import COLUMN_WORDS, NEEDED, Column


def _error(zh: str, en: str) -> FaultWords:
    return FaultWords(FaultLevel.ERROR, zh, en)


def _warning(zh: str, en: str) -> FaultWords:
    return FaultWords(FaultLevel.WARNING, zh, en)


def _needed(language: Language) -> str:
    between = "、" if language is Language.ZH else ", "
    return between.join(COLUMN_WORDS[column][language].heading for column in NEEDED)


SHEET_FAULTS: Final = {
    # The file.
    "empty_file": _error("文件是空的。", "The file is empty."),
    "file_too_large": _error("文件超过 4 MiB。", "The file is larger than 4 MiB."),
    "file_not_xlsx": _error(
        "不是 Excel 工作簿（.xlsx）；请用 Excel 或 WPS 另存为 .xlsx。",
        "This is no Excel workbook (.xlsx). Save it as .xlsx in Excel or another program.",
    ),
    "file_is_xls": _error(
        "是旧版 .xls 文件；请另存为 .xlsx。", "This is an old .xls file. Save it as .xlsx."
    ),
    "file_encrypted": _error(
        "文件有打开密码；请去掉密码再上传。", "The file is behind a password. Take the password off first."
    ),
    "archive_refused": _error(
        "文件解压后过大或过密，未读取。", "The file would unpack to too much, and is not read."
    ),
    "workbook_damaged": _error("文件已损坏，无法读取。", "The file is damaged and cannot be read."),
    "doctype_refused": _error(
        "文件内的 XML 带有 DOCTYPE 声明；Excel 不需要它，为安全起见不读取。",
        "XML in the file has a DOCTYPE declaration. Excel needs none, and it is refused for safety.",
    ),
    "too_many_elements": _error(
        "表格太大；一次最多 200 条注入。", "The workbook is too large; at most 200 injects are read."
    ),
    "too_many_columns": _error("列太多，最多 100 列。", "There are more than 100 columns."),
    # The sheet.
    "no_heading": _error(
        f"前 20 行里没有找到表头；需要：{_needed(Language.ZH)}。",
        f"There is no row of headings among the first 20; needed are: {_needed(Language.EN)}.",
    ),
    "column_missing": _error("缺少这一列。", "This column is missing."),
    "column_repeated": _error("这一列出现了两次。", "This column is there twice."),
    "column_absent": _warning(
        "没有这一列；原有注入的这一项保持不变。", "There is no such column; injects keep what they have."
    ),
    "column_unknown": _warning("不认识这一列，未读取。", "This column is not known, and not read."),
    "sheet_not_read": _warning("这张工作表未读取。", "This sheet is not read."),
    "sheet_hidden": _warning("隐藏的工作表未读取。", "This sheet is hidden, and not read."),
    "no_injects": _error("表头下面没有注入。", "There are no injects below the headings."),
    "too_many_injects": _error("超过 200 条注入。", "There are more than 200 injects."),
    # A row or a cell.
    "row_hidden": _warning("这一行是隐藏的，照样读取。", "This row is hidden, and read like the others."),
    "cell_merged": _warning(
        "合并的单元格：每一行都按这个值读取。", "Merged cells: each of their rows has this value."
    ),
    "cell_merged_across": _error(
        "跨列合并的单元格，看不出属于哪一列；请取消合并。",
        "These cells are merged across columns, and it is not clear whose the value is. Take them apart.",
    ),
    "formula_value": _warning(
        "公式：读取的是上次计算的结果。", "A formula: what was computed last has been read."
    ),
    "formula_without_value": _error(
        "公式还没有计算结果；请在 Excel 中打开并保存，或改写为数值。",
        "This formula was never computed. Open and save the file in Excel, or write the value.",
    ),
    "cell_error": _error("单元格里是错误值。", "The cell holds an error."),
    "number_missing": _error("没有序号。", "The number is missing."),
    "number_unreadable": _error("序号不是整数。", "The number is not a whole number."),
    "number_repeated": _error("序号重复。", "The number is there already."),
    "time_missing": _error("没有时间。", "The time is missing."),
    "time_unreadable": _error(
        "看不懂的时间；请写成 12:30、1:02:30 或秒数。",
        "This time cannot be read. Write 12:30, 1:02:30 or seconds.",
    ),
    "time_is_date": _error(
        "是日期，不是演练开始后的时间；请写成 12:30 这样的文本。",
        "This is a date, not a time since the start. Write it as text such as 12:30.",
    ),
    "time_as_minutes": _warning(
        "Excel 时间按显示读作 分:秒。", "A time of Excel, read as it is shown: minutes and seconds."
    ),
    "text_is_date": _error(
        "Excel 把它变成了日期；请改为文本。", "Excel has made a date of it. Make the cell text."
    ),
    "kind_missing": _error("没有类型。", "The kind is missing."),
    "kind_unknown": _error("不认识的类型。", "This kind is not known."),
    "partner_unknown": _error("没有这个联动单位。", "The circle has no such partner."),
    "partner_unclear": _error("有几个联动单位叫这个名称。", "Several partners have this name."),
    "objective_unknown": _error("方案里没有这个目标。", "The plan has no such objective."),
    "objective_unclear": _error(
        "有几个目标是这句话，请写代号。", "Several objectives say this. Write the key."
    ),
    "wait_unreadable": _error(
        "看不懂的等待条件；请写“有人到场”、“目标 …”或“注入 3”。",
        "This cannot be waited for. Write “on scene”, “objective …” or “inject 3”.",
    ),
    "unit_unknown": _error("没有这支联动力量。", "The circle has no such unit."),
    "unit_unclear": _error("有几支联动力量叫这个名称。", "Several units have this name."),
    "lon_unreadable": _error("经度不是数字。", "The longitude is not a number."),
    "lat_unreadable": _error("纬度不是数字。", "The latitude is not a number."),
    # The rules of plans, by the field that breaks them.
    "number_refused": _error("序号要在 1 到 9999 之间。", "The number has to be from 1 to 9999."),
    "after_s_refused": _error(
        "时间不能为负，不能超过 12 小时，也不能晚于演练结束。",
        "The time may not be negative, above 12 hours or after the end of the drill.",
    ),
    "text_refused": _error(
        "内容要有 1 到 500 字，不含无法保存的字符。",
        "The content needs 1 to 500 characters, all of which can be stored.",
    ),
    "expected_refused": _error(
        "预期行动至多 500 字，不含无法保存的字符。",
        "The expected action has at most 500 characters, all of which can be stored.",
    ),
    "partner_ids_refused": _error(
        "这个联动单位不参加本次演练。", "This partner does not take part in the drill."
    ),
    "objective_refused": _error("方案里没有这个目标。", "The plan has no such objective."),
    "waits_for_refused": _error(
        "等待的目标或注入不存在，或者几条注入互相等待。",
        "What it waits for is not there, or injects wait for each other.",
    ),
    "expires_after_s_refused": _error(
        "过期要在 10 秒到 2 小时之间。", "It has to expire after 10 seconds to 2 hours."
    ),
    "lon_refused": _error(
        "经度、纬度要成对，在 ±180、±90 度以内；只有险情和伤员有位置。",
        "Longitude and latitude belong together, within ±180 and ±90 degrees. "
        "Only a hazard or a casualty has a place.",
    ),
    "lat_refused": _error(
        "经度、纬度要成对，在 ±90 度以内。", "Latitude belongs to a longitude, within ±90 degrees."
    ),
    "unit_id_refused": _error(
        "只有类型为“力量退出”的注入写联动力量。", "Only an inject of the kind “unit out” has a unit."
    ),
    "closure_refused": _error("封路的范围不对。", "The stretch that is closed is not right."),
    "objectives_refused": _error(
        "方案的目标引用了表格里没有的注入。",
        "An objective of the plan refers to an inject that is not in the sheet.",
    ),
    "plan_refused": _error("方案本身有误，请先改正方案。", "The plan itself is wrong. Put it right first."),
    # What the inject still lacks; it is saved.
    "closure_missing": _warning("请在地图上画出封闭的路段。", "Draw on the map which stretch is closed."),
    "point_missing": _warning("还没有位置。", "It has no place yet."),
    "unit_missing": _warning("还没有写哪支力量退出。", "Which unit goes out of service is not said yet."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetFault:
    """What is wrong with a file, or should be known of it."""

    code: str
    row: int | None = None
    """Of the sheet, from 1; None when it is about the file."""
    column: Column | None = None
    value: str = ""
    """What stands there, cut, or the name of what is meant."""

    @property
    def words(self) -> FaultWords:
        return SHEET_FAULTS[self.code]

    @property
    def is_error(self) -> bool:
        """Tell whether nothing can be imported because of it."""
        return self.words.level is FaultLevel.ERROR


class CellRefusedError(ValueError):
    """A file or cell that cannot be read; `code` is one of `SHEET_FAULTS`."""

    def __init__(self, *, code: str, value: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.value = value


def sheet_fault(
    code: str, *, row: int | None = None, column: Column | None = None, value: str = ""
) -> SheetFault:
    """Return a fault with as much of the value as is shown."""
    shown = "".join(letter if letter.isprintable() else " " for letter in value[:SHOWN_LENGTH])
    return SheetFault(code=code, row=row, column=column, value=shown)

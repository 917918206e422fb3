"""The columns of a sheet of injects: what they are called in Chinese and English, and the words in them."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, NamedTuple

from responder.domain.channels.message_words import Language
from responder.domain.drills.plan import InjectKind, WaitKind


class Column(StrEnum):
    """A column, named as the field that it becomes."""

    NUMBER = "number"
    TIME = "after_s"
    KIND = "kind"
    TEXT = "text"
    EXPECTED = "expected"
    PARTNERS = "partner_ids"
    OBJECTIVE = "objective"
    WAITS = "waits_for"
    EXPIRES = "expires_after_s"
    LON = "lon"
    LAT = "lat"
    UNIT = "unit_id"


class ColumnWords(NamedTuple):
    """How a column is written, and what a planner should know of it, in one language."""

    heading: str
    hint: str


NEEDED: Final = (Column.NUMBER, Column.TIME, Column.KIND, Column.TEXT)
"""Without these there is no inject. What another column would say stays as it is in the plan."""

COLUMN_WORDS: Final[Mapping[Column, Mapping[Language, ColumnWords]]] = {
    Column.NUMBER: {
        Language.ZH: ColumnWords("序号", "1 到 9999 的整数，不重复。导入时按序号认出原有的注入。"),
        Language.EN: ColumnWords(
            "Number", "A whole number from 1 to 9999, once only. By it an inject of the plan is known again."
        ),
    },
    Column.TIME: {
        Language.ZH: ColumnWords(
            "时间 T+",
            "演练开始后（有等待条件时为条件满足后）的时间：12:30 是 12 分 30 秒，"
            "1:02:30 是 1 小时 2 分 30 秒，90 是 90 秒。本列已设为文本；"
            "若改为 Excel 时间格式，显示 12:30 的仍按 12 分 30 秒读取。",
        ),
        Language.EN: ColumnWords(
            "Time T+",
            "Since the start of the drill, or since what it waits for: 12:30 is 12 min 30 s, "
            "1:02:30 is 1 h 2 min 30 s, 90 is 90 s. The column is text; a time of Excel that is "
            "shown as 12:30 is 12 min 30 s as well.",
        ),
    },
    Column.KIND: {
        Language.ZH: ColumnWords("类型", "下拉选择：消息、电话、险情、封路、力量退出、伤员。"),
        Language.EN: ColumnWords(
            "Kind", "Choose one: message, telephone, hazard, closure, unit out, casualty."
        ),
    },
    Column.TEXT: {
        Language.ZH: ColumnWords("内容", "告诉参演人员的话，或来电人说的话，至多 500 字。"),
        Language.EN: ColumnWords(
            "Content", "What participants are told, or what the caller says; at most 500 characters."
        ),
    },
    Column.EXPECTED: {
        Language.ZH: ColumnWords("预期行动", "希望参演人员怎么做，至多 500 字；可留空。"),
        Language.EN: ColumnWords(
            "Expected action", "What participants should do; at most 500 characters, may be empty."
        ),
    },
    Column.PARTNERS: {
        Language.ZH: ColumnWords("发给", "联动单位名称，用顿号、逗号或分号隔开；留空为全体参演单位。"),
        Language.EN: ColumnWords(
            "For", "Names of partners with commas or semicolons between; empty is all who take part."
        ),
    },
    Column.OBJECTIVE: {
        Language.ZH: ColumnWords("演练目标", "本条检验的目标：目标的代号或原文；可留空。"),
        Language.EN: ColumnWords("Objective", "Which one it tries: its key or its text; may be empty."),
    },
    Column.WAITS: {
        Language.ZH: ColumnWords(
            "等待", "满足后才开始计时：“有人到场”、“目标 代号或原文”、“注入 3”；可留空。"
        ),
        Language.EN: ColumnWords(
            "Waits for",
            "Its time begins to run then: “on scene”, “objective” with its key or text, "
            "“inject 3”; may be empty.",
        ),
    },
    Column.EXPIRES: {
        Language.ZH: ColumnWords(
            "过期", "到时未能发出、再过这么久就不再自动发出；写法同时间；留空为 10 分钟。"
        ),
        Language.EN: ColumnWords(
            "Expires after",
            "So long after it was due it is still given by itself; written as the time, empty is 10 minutes.",
        ),
    },
    Column.LON: {
        Language.ZH: ColumnWords("经度", "险情和伤员的位置，WGS 84，度。"),
        Language.EN: ColumnWords("Longitude", "Of a hazard or casualty, in degrees, WGS 84."),
    },
    Column.LAT: {
        Language.ZH: ColumnWords("纬度", "险情和伤员的位置，WGS 84，度。"),
        Language.EN: ColumnWords("Latitude", "Of a hazard or casualty, in degrees, WGS 84."),
    },
    Column.UNIT: {
        Language.ZH: ColumnWords("力量", "退出的联动力量名称。"),
        Language.EN: ColumnWords("Unit", "Name of the unit that is out of service."),
    },
}

_ALSO: Final[Mapping[Column, tuple[str, ...]]] = {
    Column.NUMBER: ("编号", "注入序号", "no", "no.", "#", "id"),
    Column.TIME: ("时间", "t+", "触发时间", "注入时间", "时刻", "time", "at", "t+mm:ss"),
    Column.KIND: ("种类", "注入类型", "type"),
    Column.TEXT: ("注入内容", "情景", "情景内容", "message", "text", "inject"),
    Column.EXPECTED: ("预期动作", "期望行动", "预期响应", "expected", "expected response"),
    Column.PARTNERS: ("对象", "接收单位", "接收方", "to", "for whom", "partners", "recipients"),
    Column.OBJECTIVE: ("目标", "对应目标", "objectives"),
    Column.WAITS: ("等待条件", "触发条件", "条件", "waits", "condition"),
    Column.EXPIRES: ("过期时间", "失效", "有效时间", "expires", "expiry"),
    Column.LON: ("东经", "lon", "lng"),
    Column.LAT: ("北纬", "lat"),
    Column.UNIT: ("单元", "车辆", "联动力量", "unit out"),
}

KIND_WORDS: Final[Mapping[InjectKind, Mapping[Language, str]]] = {
    InjectKind.MESSAGE: {Language.ZH: "消息", Language.EN: "message"},
    InjectKind.TELEPHONE: {Language.ZH: "电话", Language.EN: "telephone"},
    InjectKind.HAZARD: {Language.ZH: "险情", Language.EN: "hazard"},
    InjectKind.CLOSURE: {Language.ZH: "封路", Language.EN: "closure"},
    InjectKind.UNIT_OUT: {Language.ZH: "力量退出", Language.EN: "unit out"},
    InjectKind.CASUALTY: {Language.ZH: "伤员", Language.EN: "casualty"},
}

WAIT_WORDS: Final[Mapping[WaitKind, Mapping[Language, str]]] = {
    WaitKind.ON_SCENE: {Language.ZH: "有人到场", Language.EN: "on scene"},
    WaitKind.OBJECTIVE: {Language.ZH: "目标", Language.EN: "objective"},
    WaitKind.INJECT: {Language.ZH: "注入", Language.EN: "inject"},
}

_BRACKETS: Final = re.compile(r"\([^)]*\)|\[[^]]*\]|【[^】]*】")


def plain(word: str) -> str:
    """
    Return a word as it is compared: without spaces, capitals and full-width forms.

    Examples
    --------
    >>> plain(" Ｔ＋ Time"), plain("unit_out")
    ('t+time', 'unitout')
    """
    folded = unicodedata.normalize("NFKC", word).casefold()
    return "".join(letter for letter in folded if not letter.isspace() and letter not in "_*:")


def column_of(heading: str) -> Column | None:
    """Return the column that a heading names, in either language; hints in brackets do not matter."""
    folded = unicodedata.normalize("NFKC", heading)
    return _HEADINGS.get(plain(heading)) or _HEADINGS.get(plain(_BRACKETS.sub("", folded)))


def kind_of(word: str) -> InjectKind | None:
    """Return the kind that a word names, in either language."""
    return _KINDS.get(plain(word))


_HEADINGS: Final = {
    plain(name): column
    for column, words in COLUMN_WORDS.items()
    for name in (*(each.heading for each in words.values()), column.value, *_ALSO[column])
}
_KINDS: Final = {
    plain(name): kind for kind, words in KIND_WORDS.items() for name in (*words.values(), kind.value)
}

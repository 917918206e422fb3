"""The columns of a sheet of households: their names in Chinese and English, and the words in them."""

import re
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from responder.domain.channels.message_words import Language
from responder.domain.registers.household import HelpKind, SpokenLanguage
from responder.exchange.drill_columns import ColumnWords, plain


class HouseholdColumn(StrEnum):
    """A column, named as the field that it becomes."""

    BUILDING = "building"
    DOOR = "door"
    FLOOR = "floor"
    PEOPLE = "people"
    LANGUAGE = "language"
    CONTACT = "contact_name"
    PHONE = "contact_phone"
    HELP = "help_kinds"
    HELP_PEOPLE = "help_people"
    NOTE = "help_note"
    TENANT = "is_tenant"
    LANDLORD = "landlord_name"
    LANDLORD_PHONE = "landlord_phone"
    TENANCY_UNTIL = "tenancy_until"
    CONSENT = "consent_given_on"
    CONFIRMED = "confirmed_on"


NEEDED: Final = (HouseholdColumn.BUILDING, HouseholdColumn.DOOR, HouseholdColumn.PEOPLE)
"""Without these there is no household. What another column would say stays as it is in the register."""

_C: Final = HouseholdColumn
_ZH: Final = Language.ZH
_EN: Final = Language.EN

COLUMN_WORDS: Final[Mapping[HouseholdColumn, Mapping[Language, ColumnWords]]] = {
    _C.BUILDING: {
        _ZH: ColumnWords("楼栋", "系统中楼栋的名称。"),
        _EN: ColumnWords("Building", "Its name in the circle, in Chinese or English."),
    },
    _C.DOOR: {
        _ZH: ColumnWords("门牌", "门上写的，如 2单元301；同一楼栋内不重复。按楼栋和门牌认出原有住户。"),
        _EN: ColumnWords(
            "Door",
            "As it stands at the door, once only in a building. By building and door it is known again.",
        ),
    },
    _C.FLOOR: {
        _ZH: ColumnWords("楼层", "整数，地下为负数。"),
        _EN: ColumnWords("Floor", "A whole number, below ground negative."),
    },
    _C.PEOPLE: {
        _ZH: ColumnWords("人数", "住在里面的人数；空置写 0。"),
        _EN: ColumnWords("People", "How many live there; 0 when no one does."),
    },
    _C.LANGUAGE: {
        _ZH: ColumnWords("语言", "听得懂的语言：普通话、长沙话、粤语、英语、手语、其他。需要同意。"),
        _EN: ColumnWords(
            "Language", "Which they understand: Mandarin, Xiang, Cantonese, English, sign language, other."
        ),
    },
    _C.CONTACT: {
        _ZH: ColumnWords("联系人", "需要同意。"),
        _EN: ColumnWords("Contact", "Needs consent, as all that follows."),
    },
    _C.PHONE: {_ZH: ColumnWords("联系电话", "需要同意。"), _EN: ColumnWords("Telephone", "Of the contact.")},
    _C.HELP: {
        _ZH: ColumnWords(
            "需要的帮助",
            "搬抬、轮椅、听力、视力、供氧或用电设备、引导、幼儿；用顿号隔开。只写需要什么帮助，不写病情。",
        ),
        _EN: ColumnWords(
            "Help needed",
            "Carrying, wheelchair, hearing, sight, power, guidance, small child, with commas between. "
            "What help, never a diagnosis.",
        ),
    },
    _C.HELP_PEOPLE: {
        _ZH: ColumnWords("需要帮助的人数", "整数。"),
        _EN: ColumnWords("People needing help", "A whole number."),
    },
    _C.NOTE: {
        _ZH: ColumnWords("备注", "至多 60 字，如钥匙放在哪里；不写病情。"),
        _EN: ColumnWords("Note", "At most 60 characters, such as where a key hangs; no diagnosis."),
    },
    _C.TENANT: {_ZH: ColumnWords("租户", "是或否。"), _EN: ColumnWords("Tenant", "Yes or no.")},
    _C.LANDLORD: {_ZH: ColumnWords("房东", "出租人姓名。"), _EN: ColumnWords("Landlord", "Name.")},
    _C.LANDLORD_PHONE: {
        _ZH: ColumnWords("房东电话", "出租人电话。"),
        _EN: ColumnWords("Landlord's telephone", "Of the landlord."),
    },
    _C.TENANCY_UNTIL: {
        _ZH: ColumnWords("租期至", "日期，如 2026-12-31。"),
        _EN: ColumnWords("Tenancy until", "A day, such as 2026-12-31."),
    },
    _C.CONSENT: {
        _ZH: ColumnWords(
            "同意日期",
            "本户同意登记的日期。没有日期的，只保留门牌、楼层和人数。撤回同意在系统中办理，不能通过表格恢复。",
        ),
        _EN: ColumnWords(
            "Consent on",
            "The day on which the household agreed. Without one only door, floor and count are kept. "
            "Consent is withdrawn in the register; a sheet does not bring it back.",
        ),
    },
    _C.CONFIRMED: {
        _ZH: ColumnWords("核对日期", "最近一次核对的日期；可留空。"),
        _EN: ColumnWords("Confirmed on", "The day on which all of it was last asked for; may be empty."),
    },
}

_ALSO: Final[Mapping[HouseholdColumn, tuple[str, ...]]] = {
    _C.BUILDING: ("楼", "楼号", "楼栋名称", "栋", "幢", "building name"),
    _C.DOOR: (
        "门牌号",
        "房号",
        "房间号",
        "室号",
        "户号",
        "室",
        "door number",
        "flat",
        "unit",
        "apartment",
        "room",
    ),
    _C.FLOOR: ("层", "所在楼层", "storey", "level"),
    _C.PEOPLE: (
        "居住人数",
        "家庭人数",
        "人口",
        "人口数",
        "常住人数",
        "number of people",
        "persons",
        "residents",
    ),
    _C.LANGUAGE: ("语种", "使用语言", "spoken language"),
    _C.CONTACT: ("户主", "姓名", "联系人姓名", "name", "contact name", "contact person"),
    _C.PHONE: (
        "电话",
        "手机",
        "手机号",
        "手机号码",
        "联系方式",
        "联系人电话",
        "phone",
        "contact phone",
        "mobile",
    ),
    _C.HELP: ("帮助", "需要帮助", "特殊需求", "行动不便", "help", "needs", "kind of help"),
    _C.HELP_PEOPLE: ("帮助人数", "需帮助人数", "people who need help"),
    _C.NOTE: ("说明", "备注说明", "remark", "remarks"),
    _C.TENANT: ("是否租户", "是否出租", "出租", "租住", "rented", "is tenant"),
    _C.LANDLORD: ("房东姓名", "出租人", "landlord name", "owner"),
    _C.LANDLORD_PHONE: ("房东联系电话", "出租人电话", "landlord phone", "landlord telephone", "owner phone"),
    _C.TENANCY_UNTIL: ("租期", "租约到期", "到期日", "valid until", "lease until"),
    _C.CONSENT: ("同意", "同意时间", "授权日期", "consent", "consent date", "consent given"),
    _C.CONFIRMED: ("核对", "核实日期", "确认日期", "confirmed", "checked on"),
}

HELP_WORDS: Final[Mapping[HelpKind, Mapping[Language, str]]] = {
    HelpKind.CARRYING: {_ZH: "搬抬", _EN: "carrying"},
    HelpKind.WHEELCHAIR: {_ZH: "轮椅", _EN: "wheelchair"},
    HelpKind.HEARING: {_ZH: "听力", _EN: "hearing"},
    HelpKind.SIGHT: {_ZH: "视力", _EN: "sight"},
    HelpKind.POWER: {_ZH: "供氧或用电设备", _EN: "power"},
    HelpKind.GUIDANCE: {_ZH: "引导", _EN: "guidance"},
    HelpKind.SMALL_CHILD: {_ZH: "幼儿", _EN: "small child"},
}
_HELP_ALSO: Final[Mapping[HelpKind, tuple[str, ...]]] = {
    HelpKind.CARRYING: ("需要抬", "抬运", "背抬", "卧床", "to be carried", "stretcher"),
    HelpKind.WHEELCHAIR: ("使用轮椅", "坐轮椅"),
    HelpKind.HEARING: ("听不见", "听力障碍", "聋", "deaf"),
    HelpKind.SIGHT: ("看不见", "视力障碍", "盲", "blind"),
    HelpKind.POWER: ("供氧", "吸氧", "制氧机", "用电设备", "呼吸机", "oxygen", "device"),
    HelpKind.GUIDANCE: ("需要引导", "陪同", "to be led"),
    HelpKind.SMALL_CHILD: ("婴幼儿", "婴儿", "小孩", "child", "infant", "baby"),
}

LANGUAGE_WORDS: Final[Mapping[SpokenLanguage, Mapping[Language, str]]] = {
    SpokenLanguage.MANDARIN: {_ZH: "普通话", _EN: "Mandarin"},
    SpokenLanguage.XIANG: {_ZH: "长沙话", _EN: "Xiang"},
    SpokenLanguage.CANTONESE: {_ZH: "粤语", _EN: "Cantonese"},
    SpokenLanguage.ENGLISH: {_ZH: "英语", _EN: "English"},
    SpokenLanguage.CHINESE_SIGN: {_ZH: "手语", _EN: "sign language"},
    SpokenLanguage.OTHER: {_ZH: "其他", _EN: "other"},
}
_LANGUAGE_ALSO: Final[Mapping[SpokenLanguage, tuple[str, ...]]] = {
    SpokenLanguage.MANDARIN: ("国语", "汉语", "中文", "chinese", "putonghua"),
    SpokenLanguage.XIANG: ("湘语", "湖南话", "本地话", "hunanese"),
    SpokenLanguage.CANTONESE: ("广东话", "白话"),
    SpokenLanguage.ENGLISH: ("英文",),
    SpokenLanguage.CHINESE_SIGN: ("中国手语", "chinese sign language"),
    SpokenLanguage.OTHER: ("其它", "方言"),
}

YES_WORDS: Final[Mapping[Language, str]] = {_ZH: "是", _EN: "yes"}
NO_WORDS: Final[Mapping[Language, str]] = {_ZH: "否", _EN: "no"}
_YES: Final = frozenset({"是", "有", "yes", "y", "true", "1", "租", "租户", "出租", "√", "✓"})
_NO: Final = frozenset({"否", "无", "不是", "no", "n", "false", "0", "自住", "×"})

_BRACKETS: Final = re.compile(r"\([^)]*\)|\[[^]]*\]|【[^】]*】")


def household_column(heading: str) -> HouseholdColumn | None:
    """Return the column that a heading names, in either language; hints in brackets do not matter."""
    normal = unicodedata.normalize("NFKC", heading)
    return _HEADINGS.get(plain(heading)) or _HEADINGS.get(plain(_BRACKETS.sub("", normal)))


def help_kind(word: str) -> HelpKind | None:
    """Return the kind of help that a word names, in either language."""
    return _HELP.get(plain(word))


def spoken_language(word: str) -> SpokenLanguage | None:
    """Return the language that a word names, in either language."""
    return _LANGUAGES.get(plain(word))


def yes_or_no(word: str) -> bool | None:
    """Return what a word says; None when it says neither."""
    said = plain(word)
    return True if said in _YES else False if said in _NO else None


_HEADINGS: Final = {
    plain(name): column
    for column, words in COLUMN_WORDS.items()
    for name in (*(each.heading for each in words.values()), column.value, *_ALSO[column])
}
_HELP: Final = {
    plain(name): kind
    for kind, words in HELP_WORDS.items()
    for name in (*words.values(), kind.value, *_HELP_ALSO[kind])
}
_LANGUAGES: Final = {
    plain(name): each
    for each, words in LANGUAGE_WORDS.items()
    for name in (*words.values(), each.value, *_LANGUAGE_ALSO[each])
}

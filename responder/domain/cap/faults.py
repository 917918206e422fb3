"""What can be wrong with a CAP message beyond the schema's reach and within it: codes and plain sentences."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, NamedTuple

SHOWN_LENGTH: Final = 80
"""Characters of a wrong value that are shown."""


class FaultLevel(StrEnum):
    """How bad a fault is."""

    ERROR = "error"
    """The message is not taken: it may mean something else than it says."""
    WARNING = "warning"
    """The message is taken; a person should know."""


class FaultWords(NamedTuple):
    """A fault's level, and one sentence in each language."""

    level: FaultLevel
    zh: str
    en: str


def _error(zh: str, en: str) -> FaultWords:
    return FaultWords(FaultLevel.ERROR, zh, en)


def _warning(zh: str, en: str) -> FaultWords:
    return FaultWords(FaultLevel.WARNING, zh, en)


FAULTS: Final = {
    # The file.
    "empty_file": _error("文件是空的。", "The file is empty."),
    "not_xml": _error("不是完整的 XML 文件。", "This is not well-formed XML."),
    "doctype_refused": _error(
        "文件带有 DOCTYPE 声明；CAP 不需要它，为安全起见不读取。",
        "The file has a DOCTYPE declaration. CAP needs none, and it is refused for safety.",
    ),
    "file_too_large": _error("文件超过 1 MiB。", "The file is larger than 1 MiB."),
    "nested_too_deep": _error("元素嵌套过深。", "Elements are nested too deeply."),
    "too_many_elements": _error("元素太多。", "There are too many elements."),
    "too_many_messages": _error("一次最多 100 条消息。", "There are more than 100 messages at once."),
    "no_message": _error("文件里没有 CAP 消息。", "There is no CAP message in the file."),
    "only_linked": _error(
        "此条目只有链接，没有 CAP 原文；请下载链接的文件再提交。",
        "This entry only links to its CAP document. Download that document and send it.",
    ),
    "other_version": _error(
        "不是 CAP 1.2（命名空间不同）。", "This is not CAP 1.2: the namespace is another."
    ),
    # The structure, as the schema has it.
    "element_missing": _error("缺少必需的元素。", "A required element is missing."),
    "element_unknown": _error("CAP 1.2 没有这个元素。", "CAP 1.2 has no such element."),
    "element_repeated": _error("这个元素只能出现一次。", "This element may occur only once."),
    "element_order": _error("元素的顺序不对。", "The elements are not in the order of the standard."),
    "attribute_unknown": _warning("CAP 元素没有属性。", "CAP elements have no attributes."),
    "text_stray": _error("元素之间有多余的文字。", "There is text between the elements."),
    "value_unknown": _error("不是标准规定的值。", "This is not one of the values of the standard."),
    "value_empty": _error("必需的元素没有内容。", "A required element is empty."),
    "number_form": _error("不是数字。", "This is not a number."),
    "language_form": _error("不是语言代码，例如 zh-CN。", "This is not a language code, such as zh-CN."),
    # Times.
    "time_zulu": _error(
        "时间以 Z 结尾；CAP 要求写成数字时差，UTC 写 -00:00。",
        "The time ends in Z. CAP wants a numeric offset; UTC is -00:00.",
    ),
    "time_fraction": _error(
        "时间带有小数秒，CAP 不允许。", "The time has fractions of a second, which CAP does not allow."
    ),
    "time_offset": _error(
        "时间的时差要写成 +08:00 的形式。", "The offset of a time is written with a colon, such as +08:00."
    ),
    "time_form": _error(
        "时间要写成 2026-01-31T21:40:00+08:00 的形式。",
        "A time is written as 2026-01-31T21:40:00+08:00.",
    ),
    "expires_before_sent": _error(
        "失效时间（expires）不晚于发送时间（sent）。", "The message expires before it was sent."
    ),
    "onset_after_expires": _warning(
        "起始时间（onset）晚于失效时间（expires）。", "The onset is later than the expiry."
    ),
    "expires_missing": _warning(
        "没有失效时间（expires）。", "There is no expiry; nothing says how long it holds."
    ),
    "expired": _warning("消息已过期。", "The message has expired."),
    "sent_in_future": _warning("发送时间在将来。", "The message was sent in the future."),
    # Identity and references.
    "identifier_characters": _error(
        "编号（identifier）不得含空格、逗号、< 或 &。",
        "An identifier has no spaces, commas, < or &.",
    ),
    "sender_characters": _error(
        "发送方（sender）不得含空格、逗号、< 或 &。", "A sender has no spaces, commas, < or &."
    ),
    "identifier_long": _error(
        "编号或发送方超过 256 个字符。", "An identifier or sender is longer than 256 characters."
    ),
    "references_missing": _error(
        "更新、取消、确认或出错的消息必须写明所指的消息（references）。",
        "An Update, Cancel, Ack or Error must name the messages it refers to.",
    ),
    "references_form": _error(
        "references 要写成“发送方,编号,发送时间”，以空格分开。",
        "References are written as sender,identifier,sent and separated by spaces.",
    ),
    "references_itself": _error("消息引用了自己。", "The message refers to itself."),
    "references_later": _warning(
        "引用的消息比本消息更晚。", "A message that is referred to was sent later than this one."
    ),
    # What is said.
    "info_missing": _error(
        "警报或更新没有内容（info）。", "An Alert or Update has no info block, so it says nothing."
    ),
    "headline_missing": _warning("没有标题（headline）。", "There is no headline."),
    "restriction_missing": _error(
        "范围是 Restricted，但没有写限制（restriction）。",
        "The scope is Restricted and nothing says to whom it is restricted.",
    ),
    "addresses_missing": _error(
        "范围是 Private，但没有收件方（addresses）。", "The scope is Private and there are no addresses."
    ),
    "exercise_unnamed": _warning(
        "演练消息没有在 note 里说明是哪次演练。", "The note does not say which exercise this belongs to."
    ),
    "not_operational": _warning(
        "状态是测试、系统或草稿，不得据此行动。",
        "The status is Test, System or Draft: no one may act on it.",
    ),
    "signature_unchecked": _warning(
        "带有数字签名，未核对。", "There is a digital signature; it was not checked."
    ),
    # What becomes of it as a proposal.
    "status_refused": _error(
        "状态是测试、系统或草稿，不作为警情。",
        "The status is Test, System or Draft, so it is no incident.",
    ),
    "type_refused": _error(
        "确认（Ack）和出错（Error）消息不是警情。", "An Ack or Error message is no incident."
    ),
    "own_message": _error("这是本响应圈自己发出的警报。", "This is an alert that this circle issued itself."),
    "right_missing": _error(
        "您的角色不能处理这条消息（真实警情与演练的权限不同）。",
        "Your role may not handle this message: real incidents and exercises need different rights.",
    ),
    "identifier_reused": _warning(
        "编号与之前收到的消息相同，但发送时间不同；保留先收到的。",
        "The identifier is that of an earlier message with another time. The earlier one is kept.",
    ),
    "sender_differs": _warning(
        "所指的消息来自另一个发送方，没有自动处理。",
        "It refers to a message of another sender, which was left as it is.",
    ),
    # Where.
    "area_missing": _warning(
        "没有写明区域（area）；发起警报前要在地图上选地点。",
        "There is no area. A place has to be chosen before an alert is raised.",
    ),
    "area_without_shape": _warning(
        "区域只有文字或代码，没有多边形或圆；发起警报前要在地图上选地点。",
        "The area has no polygon or circle. A place has to be chosen before an alert is raised.",
    ),
    "area_elsewhere": _warning("区域离本响应圈很远。", "The area is far from this circle."),
    "polygon_words": _error(
        "多边形不是“纬度,经度”的列表，例如 28.15,112.98。",
        "The polygon is not a list of latitude,longitude pairs such as 28.15,112.98.",
    ),
    "polygon_short": _error(
        "多边形少于 4 个点（首尾相同）。",
        "A polygon needs at least four points; the last is the first again.",
    ),
    "polygon_open": _error(
        "多边形没有闭合：最后一点须与第一点相同。",
        "The polygon is open: its last point must be its first again.",
    ),
    "polygon_large": _error("多边形超过 2000 个点。", "The polygon has more than 2,000 points."),
    "circle_words": _error(
        "圆不是“纬度,经度 半径”，例如 28.15,112.98 0.5。",
        "The circle is not latitude,longitude and a radius, such as 28.15,112.98 0.5.",
    ),
    "circle_metres": _warning(
        "圆的半径大得可疑：单位是公里，不是米。",
        "The radius of the circle is suspiciously large: it is in kilometres, not in metres.",
    ),
    "circle_too_large": _error(
        "圆比地球还大：半径的单位是公里，不是米。",
        "The circle is larger than the Earth: its radius is in kilometres, not in metres.",
    ),
    "lonlat_order": _error(
        "坐标像是经度在前；CAP 要求纬度在前。",
        "The coordinates seem to have longitude first. CAP has latitude first.",
    ),
    "coordinates_range": _error(
        "坐标超出范围：纬度 ±90，经度 ±180。",
        "A coordinate is out of range: latitude is ±90, longitude ±180.",
    ),
}
"""By code. A code is stable; the sentences may change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """One thing that is wrong, and where."""

    code: str
    where: str = ""
    """Path of the element, such as `info[1]/area[1]/polygon`; empty for the whole message."""
    value: str = ""
    """What stands there, cut short."""

    def __post_init__(self) -> None:
        """Refuse a code without words."""
        FAULTS[self.code]

    @property
    def level(self) -> FaultLevel:
        return FAULTS[self.code].level

    @property
    def is_error(self) -> bool:
        return self.level is FaultLevel.ERROR


@dataclass(frozen=True, slots=True, kw_only=True)
class FaultCard:
    """A fault as it is told: with its level and one sentence in each language."""

    code: str
    level: FaultLevel
    where: str
    value: str
    zh: str
    en: str

    @classmethod
    def of(cls, one: Fault) -> "FaultCard":
        words = FAULTS[one.code]
        return cls(
            code=one.code, level=words.level, where=one.where, value=one.value, zh=words.zh, en=words.en
        )


def fault(code: str, where: str = "", value: str = "") -> Fault:
    """Return a fault with its value cut to what is shown."""
    short = " ".join(value.split())
    if len(short) > SHOWN_LENGTH:
        short = short[:SHOWN_LENGTH] + "…"
    return Fault(code=code, where=where, value=short)

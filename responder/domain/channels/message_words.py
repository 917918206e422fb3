"""Words of messages to people's phones, in both languages; the page's locales have them under `message.`."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Language(StrEnum):
    """A language of messages."""

    ZH = "zh-CN"
    EN = "en"


DEFAULT_LANGUAGE: Final = Language.ZH

WORDS: Final[Mapping[Language, Mapping[str, str]]] = {
    Language.ZH: {
        "exercise": "【演练】",
        "head_raised": "{kind}：{place}",
        "head_text": "通报 {kind}：{place}",
        "head_level_raised": "升为{severity} {kind}：{place}",
        "head_level_lowered": "降为{severity} {kind}：{place}",
        "head_moved": "地点更正 {kind}：{place}",
        "head_resolved": "解除 {kind}：{place}",
        "head_false_alarm": "误报 {kind}：{place}",
        "head_mistake": "误发 {kind}：{place}",
        "head_merged": "合并 {kind}：{place}",
        "minutes": "约{n}分钟可到",
        "released": "您不用再去",
        "resolved": "已处置，不用再去",
        "false_alarm": "确认误报，不用再去",
        "mistake": "刚才误发，不用再去",
        "merged": "与附近警情是同一件",
        "severity": "{severity}警报",
        "red": "红色",
        "orange": "橙色",
        "yellow": "黄色",
        "blue": "蓝色",
        "raised_at": "{time} 报警",
        "not_a_real_one": "这是演练，请勿拨打 119、120、110",
        "accept": "接警，我去",
        "decline": "不能去",
        "open": "查看",
    },
    Language.EN: {
        "exercise": "[EXERCISE] ",
        "head_raised": "{kind}: {place}",
        "head_text": "Update, {kind}: {place}",
        "head_level_raised": "Raised to {severity}, {kind}: {place}",
        "head_level_lowered": "Lowered to {severity}, {kind}: {place}",
        "head_moved": "Place corrected, {kind}: {place}",
        "head_resolved": "Over, {kind}: {place}",
        "head_false_alarm": "False alarm, {kind}: {place}",
        "head_mistake": "Sent by mistake, {kind}: {place}",
        "head_merged": "Merged, {kind}: {place}",
        "minutes": "You: about {n} min",
        "released": "You need not come",
        "resolved": "Dealt with, do not come",
        "false_alarm": "False alarm, do not come",
        "mistake": "By mistake, do not come",
        "merged": "Same as one nearby",
        "severity": "{severity} alert",
        "red": "Red",
        "orange": "Orange",
        "yellow": "Yellow",
        "blue": "Blue",
        "raised_at": "raised {time}",
        "not_a_real_one": "This is an exercise: do not dial 119, 120 or 110",
        "accept": "I am coming",
        "decline": "Cannot come",
        "open": "Open",
    },
}

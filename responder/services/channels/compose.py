"""The words of a message, from what is known when it is sent."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import MessagePurpose, MessageText
from responder.domain.channels.message_text import message_text
from responder.domain.channels.message_words import Language
from responder.domain.incidents.catalogue import AlertCatalogue
from responder.ports.messages import ClaimedMessage

REPLY_BY_DIGIT: Final[Mapping[Language, str]] = {
    Language.ZH: "回复 1 到场，2 不能到",
    Language.EN: "Reply 1: coming, 2: cannot",
}


def compose(
    message: ClaimedMessage, catalogue: AlertCatalogue | None, *, link: str | None, code: str | None
) -> MessageText:
    """
    Return the words of a message, in the person's language; an alert's are those of the page's notification.

    `catalogue` is the circle's, for messages about an alert; `code` is in the words of a verification.
    """
    if message.purpose is MessagePurpose.VERIFICATION:
        return _verification(message, code)
    if message.detail is None or message.alert is None or catalogue is None:
        return _test(message, link)
    text = message_text(
        catalogue, message.detail, message.alert, message.call, language=message.language, link=link
    )
    if message.purpose is MessagePurpose.ALERT and message.channel is ContactChannel.SMS:
        return replace(text, lines=(*text.lines[:1], REPLY_BY_DIGIT[message.language], *text.lines[1:]))
    return text


def _verification(message: ClaimedMessage, code: str | None) -> MessageText:
    # In both languages, whichever is chosen: it may reach a stranger.
    if message.language is Language.EN:
        return MessageText(
            head=f"{message.circle_name_en or message.circle_name}: code {code}",
            lines=("valid for 10 minutes", "not you? ignore it · 不是您本人操作请忽略"),
        )
    return MessageText(
        head=f"{message.circle_name}：验证码 {code}",
        lines=(f"code {code}, valid for 10 minutes", "不是您本人操作请忽略 · not you? ignore it"),
    )


def _test(message: ClaimedMessage, link: str | None) -> MessageText:
    if message.language is Language.EN:
        return MessageText(
            head=f"{message.circle_name_en or message.circle_name}: channel test, do not set out",
            lines=(*(["Open the link and press “It came”"] if link else []), "通道测试，无需出动"),
            link=link,
        )
    return MessageText(
        head=f"{message.circle_name}：通道测试，无需出动",
        lines=(*(["点开链接，再点“收到了”"] if link else []), "channel test, nothing to do"),
        link=link,
    )

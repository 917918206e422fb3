"""The words of a message, from what is known when it is sent."""

from dataclasses import replace
from typing import Final

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import MessagePurpose, MessageText
from responder.domain.channels.message_text import message_text
from responder.domain.channels.message_words import Language
from responder.domain.incidents.catalogue import AlertCatalogue
from responder.ports.messages import ClaimedMessage

REPLY_BY_DIGIT: Final = "回复 1 到场，2 不能到"


def compose(
    message: ClaimedMessage, catalogue: AlertCatalogue | None, *, link: str | None, code: str | None
) -> MessageText:
    """
    Return the words of a message, in Chinese; those of an alert are what the page's own notification says.

    `catalogue` is the circle's, for messages about an alert; `code` is in the words of a verification.
    """
    if message.purpose is MessagePurpose.VERIFICATION:
        return MessageText(
            head=f"{message.circle_name}：验证码 {code}",
            lines=(f"code {code}, valid for 10 minutes", "不是您本人操作请忽略 · not you? ignore it"),
        )
    if message.detail is None or message.alert is None or catalogue is None:
        return MessageText(
            head=f"{message.circle_name}：通道测试，无需出动",
            lines=("channel test, nothing to do",),
        )
    text = message_text(
        catalogue, message.detail, message.alert, message.call, language=Language.ZH, link=link
    )
    if message.purpose is MessagePurpose.ALERT and message.channel is ContactChannel.SMS:
        return replace(text, lines=(*text.lines[:1], REPLY_BY_DIGIT, *text.lines[1:]))
    return text

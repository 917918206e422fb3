"""The words of a message, from what is known when it is sent."""

from math import ceil

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import MessagePurpose, MessageText
from responder.domain.incidents.alert import EXERCISE_PREFIX
from responder.ports.messages import ClaimedMessage

REPLY_BY_DIGIT = "回复 1 到场，2 无法到场 · reply 1: coming, 2: cannot come"


def compose(message: ClaimedMessage, *, link: str | None, code: str | None) -> MessageText:
    """Return the words of a message; those of an exercise begin with its mark, whatever else they are."""
    if message.purpose is MessagePurpose.VERIFICATION:
        return MessageText(
            head=f"{message.circle_name}：验证码 {code}",
            lines=(f"code {code}, valid for 10 minutes", "不是您本人操作请忽略 · not you? ignore it"),
        )
    if message.purpose is MessagePurpose.SELF_TEST:
        return MessageText(
            head=f"{message.circle_name}：通道测试，无需出动",
            lines=("channel test, nothing to do",),
        )
    assert message.detail is not None  # noqa: S101 - of an alert or a correction
    assert message.alert is not None  # noqa: S101 - as above
    head = message.alert.headline
    if message.exercise and not head.startswith(EXERCISE_PREFIX):
        head = EXERCISE_PREFIX + head
    if message.purpose is MessagePurpose.CORRECTION:
        return MessageText(head=head, lines=(message.circle_name,))
    lines = []
    response_s = _response_s(message)
    if response_s is not None:
        minutes = ceil(response_s / 60)
        lines.append(f"约 {minutes} 分钟可到 · about {minutes} min away")
    if message.channel is ContactChannel.SMS:
        lines.append(REPLY_BY_DIGIT)
    lines.append(message.circle_name)
    return MessageText(head=head, lines=tuple(lines), link=link)


def _response_s(message: ClaimedMessage) -> float | None:
    if message.call is None or message.detail is None:
        return None
    members = message.detail.response_circle.members
    return next((each.response_s for each in members if each.unit_id == message.call.unit_id), None)

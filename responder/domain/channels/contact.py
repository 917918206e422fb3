"""By what a person can be reached beside the open page."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from responder.domain.ids import AccountId, CircleId


class ContactChannel(StrEnum):
    """A kind of service that carries a message to a person."""

    NTFY = "ntfy"
    WEB_PUSH = "web_push"
    WECOM_ROBOT = "wecom_robot"
    WECOM_APP = "wecom_app"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"


GROUP_CHANNELS = frozenset({ContactChannel.WECOM_ROBOT, ContactChannel.DINGTALK, ContactChannel.FEISHU})
"""Robots that post to a group: all of its members read what is sent for one of them."""

LOCAL_ZONE: Final = ZoneInfo("Asia/Shanghai")
"""Quiet hours and the weekly self-test go by this zone."""
MINUTES_OF_A_DAY: Final = 24 * 60
MOST_CODE_FAILURES: Final = 5
"""After so many wrong codes a new one has to be sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """By what one person can be reached at one service. It counts once it is verified."""

    id: UUID
    circle_id: CircleId
    account_id: AccountId
    service_id: UUID
    address: str
    turn: int
    """The person's own order: the smallest is tried first."""
    added_at: datetime
    verified_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonalQuietHours:
    """A person's quiet hours in local time; over midnight where `until` is before `begin`."""

    begin: time
    until: time

    def holds(self, at: datetime) -> bool:
        """
        Tell whether it is quiet then.

        >>> from datetime import UTC
        >>> night = PersonalQuietHours(begin=time(22), until=time(7))
        >>> [night.holds(datetime(2026, 1, 1, hour, tzinfo=UTC)) for hour in (19, 4)]
        [True, False]
        """
        now = at.astimezone(LOCAL_ZONE).time()
        if self.begin < self.until:
            return self.begin <= now < self.until
        return now >= self.begin or now < self.until


def masked(channel: ContactChannel, address: str) -> str:
    """
    Return an address as others than its owner see it.

    >>> masked(ContactChannel.SMS, "+8613800001234"), masked(ContactChannel.EMAIL, "wen@example.org")
    ('138****1234', 'w***@example.org')
    """
    if channel is ContactChannel.WEB_PUSH:
        return "***"
    if channel is ContactChannel.EMAIL:
        name, _, host = address.partition("@")
        return f"{name[:1]}***@{host}"
    number = address.removeprefix("+86")
    if number.lstrip("+").isdecimal() and len(number) >= 8:  # noqa: PLR2004 - else it would be all shown
        return f"{number[:3]}****{number[-4:]}"
    return f"{address[:2]}***" if address else ""

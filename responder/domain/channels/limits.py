"""What each kind of service takes: bytes in a message, and messages in a minute."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from responder.domain.channels.contact import ContactChannel as Channel


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceLimits:
    """Limits of one account with a service."""

    max_bytes: int
    """Longest text in bytes of UTF-8."""
    per_minute: int | None = None
    """Messages of one account in any 60 s; none is known when absent."""
    blocked_s: float = 60.0
    """How long the service takes nothing more after it said that messages come too fast."""


LIMITS: Final[Mapping[Channel, ServiceLimits]] = {
    # The public server lets 60 requests pass at once and one each 5 s after; own servers set their own.
    Channel.NTFY: ServiceLimits(max_bytes=4095, blocked_s=5),
    # RFC 8030 section 7.2: 4,096 bytes encrypted; RFC 8188 takes 103 of them.
    Channel.WEB_PUSH: ServiceLimits(max_bytes=3993),
    Channel.WECOM_ROBOT: ServiceLimits(max_bytes=2048, per_minute=20),
    Channel.WECOM_APP: ServiceLimits(max_bytes=2048),
    # 20,000 bytes for the whole body. DingTalk blocks a robot for 10 minutes after the 21st message.
    Channel.DINGTALK: ServiceLimits(max_bytes=18_000, per_minute=20, blocked_s=600),
    # 100 in a minute are documented, but 5 in a second: 20 as for the others keep clear of both.
    Channel.FEISHU: ServiceLimits(max_bytes=18_000, per_minute=20, blocked_s=2),
    # Three parts of a long message: 201 Chinese characters.
    Channel.SMS: ServiceLimits(max_bytes=600),
    # About a minute when read aloud.
    Channel.VOICE: ServiceLimits(max_bytes=600),
    Channel.EMAIL: ServiceLimits(max_bytes=100_000),
}


def limits_of(channel: Channel, service: Mapping[str, str]) -> ServiceLimits:
    """Return the limits of an account: those of its kind, or what its checked settings say instead."""
    limits = LIMITS[channel]
    if max_bytes := service.get("max_bytes"):
        limits = replace(limits, max_bytes=int(max_bytes))
    if per_minute := service.get("per_minute"):
        limits = replace(limits, per_minute=int(per_minute))
    return limits

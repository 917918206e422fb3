"""Senders with services that run on this machine, by a clock that stands still."""

import ssl
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import MessagePurpose, MessageText, OutgoingMessage, Verdict
from responder.domain.incidents.incident import Severity
from responder.ports.channels import Sender
from responder.senders.registry import open_senders
from tests.services_of_others import Account, ServicesOfOthers, services_of_others

LINK = "https://circle.example/a/Zk3xQ9"
ACCOUNTS = (
    "ntfy",
    "web_push",
    "wecom_robot",
    "wecom_app",
    "dingtalk",
    "feishu",
    "sms-aliyun",
    "sms-tencent",
    "sms-generic",
    "voice-aliyun",
    "voice-tencent",
    "voice-generic",
    "email",
)


TLS = ssl.create_default_context()
"""Made once: to read all authorities takes longer than a test."""


class MovedClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 30, 3, 14, 15, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time

    def move(self, **by: float) -> None:
        self.time += timedelta(**by)


class Desk:
    """Sends by accounts with running services."""

    def __init__(
        self, services: ServicesOfOthers, senders: Mapping[ContactChannel, Sender], clock: MovedClock
    ) -> None:
        self.services = services
        self.senders = senders
        self.clock = clock

    def account(self, name: str) -> Account:
        return self.services.accounts[name]

    async def send(
        self, name: str, *, settings: Mapping[str, str] | None = None, **changes: object
    ) -> Verdict:
        account = self.account(name)
        message = self.message(name, **changes)
        sender = self.senders[account.channel]
        return await sender.send(message, service={**account.settings, **(settings or {})})

    def message(self, name: str, **changes: object) -> OutgoingMessage:
        account = self.account(name)
        given = {
            "id": uuid4(),
            "channel": account.channel,
            "address": account.address,
            "text": MessageText(head="火情 · 七栋二单元", lines=("3 楼厨房起火", "步行 4 分钟"), link=LINK),
            "purpose": MessagePurpose.ALERT,
            "exercise": False,
            "severity": Severity.RED,
            "expires_at": self.clock.now() + timedelta(minutes=30),
        }
        return OutgoingMessage(**{**given, **changes})  # type: ignore[arg-type]

    @property
    def texts(self) -> list[str]:
        return [message.text for message in self.services.inbox.messages]


@pytest.fixture
def clock() -> MovedClock:
    return MovedClock()


@pytest.fixture
async def desk(clock: MovedClock) -> AsyncIterator[Desk]:
    async with (
        services_of_others(clock.now) as services,
        open_senders(services.allowed, clock=clock, tls=TLS) as senders,
    ):
        yield Desk(services, senders, clock)


@pytest.fixture
def message_id() -> UUID:
    return UUID("0198c2b4-6f0e-7c1a-9d43-5e1f6a7b8c9d")

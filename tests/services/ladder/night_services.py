"""People of the circle with channels at services that run here, and a process that sends in each second."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

from responder.demo.services.http_server import HttpResponse
from responder.domain.channels.contact import Contact
from responder.domain.channels.message import MessagePurpose
from responder.domain.channels.service import ChannelService
from responder.domain.ids import AccountId
from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.snapshot import IncidentDetail
from responder.ports import Transaction
from responder.senders.registry import open_senders
from responder.services.channels.message_worker import MessageWorker
from responder.services.channels.proof import incident_messages
from responder.services.ladder.next_channel import by_next_channel
from tests.senders.conftest import TLS
from tests.services.ladder.conftest import Channels, Night
from tests.services_of_others import Fault, ServicesOfOthers, services_of_others

LIMIT_S = 5.0
"""A request is given up after so long; the only time that passes by another clock than the test's."""
PEOPLE: Mapping[str, tuple[str, ...]] = {
    "hospital.wen": ("wecom_app", "voice-generic"),
    "police.tang": ("ntfy", "sms-aliyun", "email"),
    "police.jiang": ("dingtalk", "email"),
    "community.zhou": ("web_push", "sms-tencent"),
    "property.he": ("feishu", "voice-aliyun"),
    "property.xiao": ("wecom_robot", "sms-generic"),
    "ministation.qin": ("wecom_robot", "voice-tencent"),
}
"""The channels of each in their own order; the others of the circle have none."""
OUTSIDE_PUBLIC = "sms-tencent"
"""Which therefore never gets an exercise."""
OWN_ADDRESS = frozenset({"wecom_app", "web_push"})
"""Accounts that know one person only."""


@dataclass
class QueuedMessages(Channels):
    """The queue of messages as it is, unless it cannot be written."""

    async def __call__(
        self,
        transaction: Transaction,
        detail: IncidentDetail,
        deliveries: Sequence[Delivery],
        *,
        now: datetime,
    ) -> None:
        await super().__call__(transaction, detail, deliveries, now=now)
        await by_next_channel(transaction, detail, deliveries, now=now)


@dataclass
class NightServices:
    """All services with the people who are reached by them, and what became of each message."""

    night: Night
    services: ServicesOfOthers
    worker: MessageWorker
    names: dict[UUID, str] = field(default_factory=dict)
    """Of the circle's accounts with services."""
    people: dict[AccountId, str] = field(default_factory=dict)

    async def set_up(self) -> None:
        """Enter services and contacts as coordinators and people do, and send from now on."""
        world = self.night.world
        now = world.clock.now()
        entered: dict[str, UUID] = {}
        async with world.database.begin() as transaction:
            for name in dict.fromkeys(name for names in PEOPLE.values() for name in names):
                account = self.services.accounts[name]
                service = ChannelService(
                    id=uuid4(),
                    circle_id=world.circle.id,
                    channel=account.channel,
                    name=name,
                    settings=account.settings,
                    outside_public=name == OUTSIDE_PUBLIC,
                    changed_at=now,
                )
                await transaction.channels.add_service(service)
                entered[name] = service.id
        self.names = {service_id: name for name, service_id in entered.items()}
        for number, (username, names) in enumerate(PEOPLE.items()):
            account_id = (await world.viewer(username)).account_id
            self.people[account_id] = username.partition(".")[2]
            async with world.database.begin() as transaction:
                for turn, name in enumerate(names):
                    await transaction.contacts.add_contact(
                        Contact(
                            id=uuid4(),
                            circle_id=world.circle.id,
                            account_id=account_id,
                            service_id=entered[name],
                            address=self._address(name, number),
                            turn=turn,
                            added_at=now,
                            verified_at=now,
                        )
                    )
        self.night.channels = QueuedMessages()
        self.night.send = self.send

    async def send(self) -> None:
        """Send all that is due in this second."""
        while True:
            await self.worker.step()
            if not self.worker._sending:  # noqa: SLF001 - nothing was due
                return
            await self.worker.finish()

    def answers(self, name: str, instead: Fault | HttpResponse) -> None:
        """Let the service answer the next request so, whatever it is."""
        http = self.services.accounts[name].http
        assert http is not None
        http.next.append(instead)

    async def proofs(self, detail: IncidentDetail, purpose: MessagePurpose) -> list[str]:
        """
        Return what the console shows of an incident: person, channel, state, reason.

        Then the seconds since the alert in which it was first sent and in which the service took or refused
        it, and how many requests it took when that was not one.
        """
        staff = await self.night.world.viewer("community")
        messages = await incident_messages(
            self.night.world.database, viewer=staff, incident_id=detail.incident.id
        )
        raised_at = detail.incident.raised_at

        def second(at: datetime | None) -> str:
            return "" if at is None else f"{(at - raised_at).total_seconds():.0f}"

        shown = []
        for each in messages:
            if each.purpose is purpose and each.account_id is not None:
                words = (
                    self.people[each.account_id],
                    self.names[each.service_id],
                    each.state.value,
                    each.reason,
                    second(each.sent_at),
                    second(each.accepted_at or each.failed_at) if each.sent_at else "",
                    "" if each.attempts <= 1 else f"×{each.attempts}",
                )
                shown.append(" ".join(filter(None, words)))
        return sorted(shown)

    def _address(self, name: str, number: int) -> str:
        account = self.services.accounts[name]
        if name in OWN_ADDRESS:
            return account.address
        if name == "feishu":
            return f"ou_{number}"
        if name == "ntfy":
            return f"topic-{number}"
        if name == "email":
            return f"person{number}@example.org"
        return f"+861380013800{number}"


@asynccontextmanager
async def night_services(night: Night) -> AsyncIterator[NightServices]:
    """Run the services by the clock of the night, and send to them in each second of it."""
    clock = night.world.clock
    async with (
        services_of_others(clock.now) as services,
        open_senders(services.allowed, clock=clock, tls=TLS, limit_s=LIMIT_S) as senders,
    ):
        worker = MessageWorker(night.world.database, senders, clock=clock, page_url="https://circle.example/")
        sending = NightServices(night, services, worker)
        await sending.set_up()
        yield sending

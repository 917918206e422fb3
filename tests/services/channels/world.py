"""Services and contacts for people of the demo circle, and a service that does what it is told."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import text

from responder.domain.channels.contact import Contact, ContactChannel
from responder.domain.channels.message import Outcome, OutgoingMessage, Verdict
from responder.domain.channels.proof import MessageProof
from responder.domain.channels.service import ChannelService
from responder.domain.ids import AccountId, IncidentId
from responder.services.channels.message_worker import MessageWorker
from responder.services.channels.proof import incident_messages
from responder.services.security_context import as_system
from tests.services.conftest import World

ACCEPTED = Verdict(outcome=Outcome.ACCEPTED)
PAGE = "http://page.example/"
Answer = Callable[[OutgoingMessage], Verdict | Awaitable[Verdict]]


@dataclass
class FakeService:
    """Keeps what it is sent, and answers as it is told."""

    answer: Answer = lambda _: ACCEPTED
    sent: list[OutgoingMessage] = field(default_factory=list)
    heard: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, message: OutgoingMessage, *, service: Mapping[str, str]) -> Verdict:  # noqa: ARG002 - as a Sender
        self.sent.append(message)
        self.heard.set()
        verdict = self.answer(message)
        return verdict if isinstance(verdict, Verdict) else await verdict


@dataclass
class Post:
    """The demo circle with services for all channels and one that does what it is told."""

    world: World
    fake: FakeService = field(default_factory=FakeService)

    def worker(self, fake: FakeService | None = None, **more: Any) -> MessageWorker:  # noqa: ANN401 - a worker's
        senders = dict.fromkeys(ContactChannel, fake or self.fake)
        return MessageWorker(self.world.database, senders, clock=self.world.clock, page_url=PAGE, **more)

    async def service(
        self,
        channel: ContactChannel = ContactChannel.SMS,
        **more: Any,  # noqa: ANN401 - a service's
    ) -> ChannelService:
        service = ChannelService(
            id=uuid4(),
            circle_id=self.world.circle.id,
            channel=channel,
            name=str(uuid4()),
            changed_at=self.world.clock.now(),
            **more,
        )
        async with self.world.database.begin() as transaction:
            await transaction.channels.add_service(service)
        return service

    async def account_id(self, username: str) -> AccountId:
        return (await self.world.viewer(username)).account_id

    async def contact(
        self,
        username: str,
        service: ChannelService,
        *,
        turn: int = 0,
        address: str = "+8613800001234",
        verified: bool = True,
    ) -> Contact:
        contact = Contact(
            id=uuid4(),
            circle_id=self.world.circle.id,
            account_id=await self.account_id(username),
            service_id=service.id,
            address=address,
            turn=turn,
            added_at=self.world.clock.now(),
            verified_at=self.world.clock.now() if verified else None,
        )
        async with self.world.database.begin() as transaction:
            await transaction.contacts.add_contact(contact)
        return contact

    async def called(self) -> list[str]:
        """Return the user names of people whom an alert at the alley calls, each once."""
        found = await self.rows(
            "SELECT DISTINCT username FROM responder JOIN account ON account.id = account_id"
            " JOIN unit ON unit.circle_id = responder.circle_id AND unit.id = unit_id"
            " WHERE on_duty AND left_at IS NULL AND username LIKE 'hospital%' ORDER BY username"
        )
        return [row[0] for row in found]

    async def proofs(self, incident_id: IncidentId) -> tuple[MessageProof, ...]:
        viewer = await self.world.viewer("community")
        return await incident_messages(self.world.database, viewer=viewer, incident_id=incident_id)

    async def round(self, worker: MessageWorker | None = None) -> None:
        """Send what is due now, all of it, and store what became of it."""
        worker = worker or self.worker()
        while True:
            before = len(self.fake.sent)
            await worker.step()
            await worker.finish()
            if len(self.fake.sent) == before:
                return

    async def rows(self, statement: str, **values: object) -> Sequence[Any]:
        with as_system():
            async with self.world.database.begin() as transaction:
                connection = transaction._connection  # type: ignore[attr-defined]  # noqa: SLF001 - below the ports
                found = await connection.execute(text(statement), values)
                return found.all() if found.returns_rows else ()

    async def states(self, incident_id: UUID) -> list[str]:
        return [proof.state.value for proof in await self.proofs(IncidentId(incident_id))]

"""What services ask of the store about channels: a circle's services, contacts, and the queue of messages."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from responder.domain.channels.contact import Contact, ContactChannel, PersonalQuietHours
from responder.domain.channels.message import MessagePurpose
from responder.domain.channels.message_words import Language
from responder.domain.channels.proof import MessageProof, MessageState
from responder.domain.channels.service import ChannelService
from responder.domain.ids import AccountId, AlertId, CircleId, IncidentId, ResponderId
from responder.domain.incidents.alert import Alert
from responder.domain.incidents.delivery import Delivery
from responder.domain.incidents.incident import Severity
from responder.domain.incidents.snapshot import IncidentDetail


class DueService(NamedTuple):
    """A service for which messages are due."""

    circle_id: CircleId
    service_id: UUID
    per_minute: int | None
    corrections: int
    others: int
    is_group: bool
    """Of a group one request goes out for all who are told by it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimedMessage:
    """A message that this process sends now, with what its words are made of."""

    id: UUID
    circle_id: CircleId
    circle_name: str
    circle_name_en: str
    service_id: UUID
    attempt: int
    unknown_outcomes: int
    purpose: MessagePurpose
    exercise: bool
    severity: Severity
    expires_at: datetime
    channel: ContactChannel
    language: Language
    """The person's."""
    contact_id: UUID | None
    address: str | None
    """None when the contact is gone or not verified, or the service is off."""
    outside_public: bool
    settings: Mapping[str, str] = field(repr=False)
    detail: IncidentDetail | None
    """The incident with its alerts and who can respond, without deliveries."""
    link_key: UUID = field(repr=False)
    """What the link is derived from; the same until what became of the message is known."""
    alert: Alert | None
    call: Delivery | None
    """Of the incident's first alert to this person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredVerdict:
    """What becomes of a message after a request."""

    circle_id: CircleId
    id: UUID
    service_id: UUID
    attempt: int
    state: MessageState
    at: datetime
    due_at: datetime
    unknown_outcomes: int
    reason: str
    detail: str = ""
    service_message_id: str | None = None
    blocks_service: bool = False
    """True when the service takes nothing more until `due_at`."""


class AnswerableMessage(NamedTuple):
    """A message of an open alert that its person has not answered yet."""

    id: UUID
    circle_id: CircleId
    account_id: AccountId
    alert_id: AlertId
    incident_id: IncidentId
    channel: ContactChannel


class TestMessage(NamedTuple):
    """A test alarm whose arrival its person has not confirmed yet."""

    id: UUID
    circle_id: CircleId


class ChannelTest(NamedTuple):
    """The last self-test of a service."""

    service_id: UUID
    at: datetime
    accepted: int
    failed: int
    waiting: int
    reasons: tuple[str, ...]


class PersonChannels(NamedTuple):
    """By how many channels a person who may be called can be reached."""

    account_id: AccountId
    name: str
    verified: int
    unverified: int


class Channels(Protocol):
    """A circle's services, and how long it waits before a person's next channel."""

    async def services(self, circle_id: CircleId) -> tuple[ChannelService, ...]:
        """Return the circle's services, by name."""
        ...

    async def service(
        self, circle_id: CircleId, service_id: UUID, *, to_change: bool = False
    ) -> ChannelService:
        """Return the service, or raise NotFoundError; `to_change` locks it until the transaction ends."""
        ...

    async def by_reply_hash(self, reply_hash: str) -> ChannelService | None:
        """Return the service that may report with this token, of whatever circle."""
        ...

    async def add_service(self, service: ChannelService) -> None:
        """Add a service, or raise NameTakenError."""
        ...

    async def put_service(self, service: ChannelService) -> None:
        """Keep what the service is from now on, or raise NameTakenError."""
        ...

    async def remove_service(self, circle_id: CircleId, service_id: UUID, *, at: datetime) -> None:
        """Remove the service with its settings; the row stays for the proof of earlier alerts."""
        ...

    async def next_channel_after_s(self, circle_id: CircleId) -> int:
        """Return how long to wait for a receipt before the next channel, in seconds."""
        ...

    async def put_next_channel_after_s(self, circle_id: CircleId, seconds: int) -> None:
        """Keep how long to wait."""
        ...


class Contacts(Protocol):
    """By what the people of a circle can be reached."""

    async def remove_all_at(self, circle_id: CircleId, service_id: UUID) -> int:
        """Remove all contacts at a service; return how many there were."""
        ...

    async def contacts(self, circle_id: CircleId, account_id: AccountId) -> tuple[Contact, ...]:
        """Return by what the account can be reached, in its own order."""
        ...

    async def contact(
        self, circle_id: CircleId, account_id: AccountId, contact_id: UUID, *, to_change: bool = False
    ) -> Contact:
        """Return a contact of the account, or raise NotFoundError."""
        ...

    async def contact_at(self, circle_id: CircleId, service_id: UUID, address: str) -> Contact | None:
        """Return the verified contact at this address, if one person alone has it."""
        ...

    async def add_contact(self, contact: Contact) -> None:
        """Add a contact, or raise NameTakenError when the account has one at the service."""
        ...

    async def remove_contact(self, circle_id: CircleId, contact_id: UUID) -> None:
        """Remove a contact; messages that wait for it are not sent."""
        ...

    async def remove_person(self, circle_id: CircleId, account_id: AccountId) -> None:
        """Remove all contacts and the quiet hours of an account that leaves the circle."""
        ...

    async def put_order(self, circle_id: CircleId, contact_ids: Sequence[UUID]) -> None:
        """Keep in which order a person's contacts are tried."""
        ...

    async def use_code(self, circle_id: CircleId, contact_id: UUID, *, code_hash: str, now: datetime) -> bool:
        """Verify the contact by a code that was sent and is not too old; otherwise count a failure."""
        ...

    async def forget_codes(self, circle_id: CircleId, contact_id: UUID) -> None:
        """Let no code that was sent to the contact be used any more, nor failures count."""
        ...

    async def quiet_hours(self, circle_id: CircleId, account_id: AccountId) -> PersonalQuietHours | None:
        """Return when the person is not to be disturbed."""
        ...

    async def put_quiet_hours(
        self, circle_id: CircleId, account_id: AccountId, quiet: PersonalQuietHours | None
    ) -> None:
        """Keep when the person is not to be disturbed; None is never."""
        ...

    async def people(self, circle_id: CircleId) -> tuple[PersonChannels, ...]:
        """Return who may be called, by name, each with how many contacts they have."""
        ...

    async def contacts_to_test(self, circle_id: CircleId) -> tuple[Contact, ...]:
        """Return the coordinators' verified contacts, one a service."""
        ...


class MessageQueue(Protocol):
    """The queue of messages as those who send see it."""

    async def insist(
        self,
        circle_id: CircleId,
        alert_id: AlertId,
        recipient_ids: Collection[ResponderId],
        *,
        now: datetime,
    ) -> int:
        """
        Send the next channel of these people now, also where a device has the alert; return of how many.

        A person who has none left is told no more.
        """
        ...

    async def take_back(self, *, now: datetime) -> None:
        """Take back what a process that died had taken."""
        ...

    async def due(self, *, now: datetime) -> tuple[DueService, ...]:
        """Return the services for which messages are due."""
        ...

    async def next_due_at(self, *, now: datetime) -> datetime | None:
        """Return when the next message is due after now."""
        ...

    async def claim(
        self, service: DueService, *, corrections: int, others: int, now: datetime, lease_until: datetime
    ) -> tuple[UUID, ...]:
        """
        Take at most so many of the service's due messages for this process, within its budget.

        What need not be sent any more is stopped, and what can wait for a person's page is put off.
        """
        ...

    async def claimed(self, message_ids: Collection[UUID]) -> tuple[ClaimedMessage, ...]:
        """Return the messages with what their words are made of, in the order in which they are to go."""
        ...

    async def add_links(self, links: Collection[tuple[CircleId, UUID, str]]) -> None:
        """Keep by the hash of which tokens messages can be answered: circle, message, hash."""
        ...

    async def add_codes(self, codes: Collection[tuple[CircleId, UUID, str]], *, expires_at: datetime) -> None:
        """Keep the hash of the code that a contact is sent: circle, contact, hash."""
        ...

    async def put_verdicts(self, verdicts: Sequence[StoredVerdict]) -> None:
        """Keep what became of requests, and bring forward the next channel where one failed for good."""
        ...


class Messages(Protocol):
    """Messages as people see them: the proof of what became of each."""

    async def add(
        self, contact: Contact, *, purpose: MessagePurpose, now: datetime, expires_at: datetime
    ) -> UUID:
        """Queue a message that is about no alert, and wake those who send; return its id."""
        ...

    async def count_since(
        self, circle_id: CircleId, account_id: AccountId, *, purpose: MessagePurpose, since: datetime
    ) -> int:
        """Tell how many such messages were queued for the account."""
        ...

    async def latest_by_contact(self, circle_id: CircleId, account_id: AccountId) -> dict[UUID, MessageProof]:
        """Return the last code or test that each contact of the account was sent."""
        ...

    async def of_incident(self, circle_id: CircleId, incident_id: IncidentId) -> tuple[MessageProof, ...]:
        """Return all messages of an incident's alerts, by recipient, alert and turn."""
        ...

    async def last_tests(self, circle_id: CircleId) -> tuple[ChannelTest, ...]:
        """Return the last self-test of each service that had one."""
        ...

    async def by_link(self, token_hash: str) -> AnswerableMessage | None:
        """Return the message of a link that can still be used, locked until the transaction ends."""
        ...

    async def test_by_link(self, token_hash: str) -> TestMessage | None:
        """Return the test alarm of a link that can still be used, locked until the transaction ends."""
        ...

    async def newest_of_contact(self, circle_id: CircleId, contact_id: UUID) -> AnswerableMessage | None:
        """Return the message of the newest open alert that the contact was sent and has not answered."""
        ...

    async def put_opened(self, circle_id: CircleId, message_id: UUID, *, at: datetime) -> None:
        """Keep that the person opened the message."""
        ...

    async def put_answered(self, circle_id: CircleId, message_id: UUID, *, answer: str, at: datetime) -> None:
        """Keep that and what the person answered."""
        ...

    async def put_report(
        self,
        circle_id: CircleId,
        service_id: UUID,
        service_message_id: str,
        *,
        delivered: bool,
        detail: str,
        at: datetime,
    ) -> bool:
        """Keep what the service reported later; tell whether the message is known."""
        ...

    async def delete_old(self, *, before: datetime) -> int:
        """Remove codes and tests older than that, and links of incidents that ended; tell how many."""
        ...

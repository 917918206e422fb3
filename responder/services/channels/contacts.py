"""By what one can be reached: each person's own channels, their order, and quiet hours."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID, uuid4

from responder.domain.audit import PERSON, AuditAction, Subject, audit_entry
from responder.domain.channels.check_address import check_address
from responder.domain.channels.contact import (
    Contact,
    PersonalQuietHours,
)
from responder.domain.channels.message import MessagePurpose
from responder.domain.channels.message_words import Language
from responder.domain.channels.proof import CODE_LASTS, TEST_LASTS, MessageProof
from responder.domain.channels.service import ChannelService
from responder.domain.errors import CodeRefusedError, InvalidValueError, NotFoundError, TooManyAttemptsError
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment

MOST_CONTACTS: Final = 12
CODES_PER_HOUR: Final = 10
"""To one account: a code costs the circle money, and may go to a stranger's telephone."""
TESTS_PER_HOUR: Final = 20
_HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnContact:
    """A contact as its owner sees it."""

    contact: Contact
    service: ChannelService
    last: MessageProof | None
    """What became of the last code or test."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnChannels:
    """By what one can be reached, and when one is not to be disturbed."""

    contacts: tuple[OwnContact, ...]
    quiet: PersonalQuietHours | None
    language: Language
    """In which messages go out to the person, in every circle."""


def hash_code(contact_id: UUID, code: str) -> str:
    """Return what is stored in place of a code."""
    return hashlib.sha256(f"{contact_id} {code}".encode()).hexdigest()


async def own_channels(database: Database, *, viewer: Viewer) -> OwnChannels:
    """Return the viewer's own contacts in their order."""
    viewer.must(Action.ANSWER_ALERT)
    async with database.snapshot() as transaction:
        contacts = await transaction.contacts.contacts(viewer.circle_id, viewer.account_id)
        services = {each.id: each for each in await transaction.channels.services(viewer.circle_id)}
        last = await transaction.messages.latest_by_contact(viewer.circle_id, viewer.account_id)
        quiet = await transaction.contacts.quiet_hours(viewer.circle_id, viewer.account_id)
        language = await transaction.accounts.language(viewer.account_id)
    return OwnChannels(
        contacts=tuple(
            OwnContact(contact=each, service=services[each.service_id], last=last.get(each.id))
            for each in contacts
        ),
        quiet=quiet,
        language=language,
    )


async def add_contact(
    database: Database, *, viewer: Viewer, service_id: UUID, address: str, clock: Clock
) -> Contact:
    """
    Add by what the viewer can be reached, and send a code there. It counts once the code is given back.

    Raises
    ------
    NotFoundError
        The circle has no such service.
    NameTakenError
        The viewer has a contact at the service.
    InvalidValueError
        The address is none of such a channel, the service is off, or there are too many.
    TooManyAttemptsError
        Too many codes in the last hour.
    """
    viewer.must(Action.ANSWER_ALERT)
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        service = await transaction.channels.service(viewer.circle_id, service_id)
        if not service.enabled:
            message = "the service is off"
            raise InvalidValueError(message, field="service_id")
        own = await transaction.contacts.contacts(viewer.circle_id, viewer.account_id)
        if len(own) >= MOST_CONTACTS:
            message = f"more than {MOST_CONTACTS} contacts"
            raise InvalidValueError(message, field="service_id")
        contact = Contact(
            id=uuid4(),
            circle_id=viewer.circle_id,
            account_id=viewer.account_id,
            service_id=service_id,
            address=check_address(service.channel, address),
            turn=max((each.turn for each in own), default=-1) + 1,
            added_at=now,
        )
        await transaction.contacts.add_contact(contact)
        await _send(transaction, contact, MessagePurpose.VERIFICATION, clock=clock)
        await _record(transaction, viewer, AuditAction.CONTACT_ADDED, service, clock=clock)
    return contact


async def send_code(database: Database, *, viewer: Viewer, contact_id: UUID, clock: Clock) -> None:
    """
    Send another code to a contact of the viewer.

    Raises
    ------
    NotFoundError
        The viewer has no such contact.
    TooManyAttemptsError
        Too many codes in the last hour.
    """
    viewer.must(Action.ANSWER_ALERT)
    async with database.begin() as transaction:
        contact = await transaction.contacts.contact(
            viewer.circle_id, viewer.account_id, contact_id, to_change=True
        )
        await transaction.contacts.forget_codes(viewer.circle_id, contact_id)
        await _send(transaction, contact, MessagePurpose.VERIFICATION, clock=clock)


async def verify_contact(
    database: Database, *, viewer: Viewer, contact_id: UUID, code: str, clock: Clock
) -> None:
    """
    Let a contact count by the code that was sent there.

    Raises
    ------
    NotFoundError
        The viewer has no such contact.
    CodeRefusedError
        The code is wrong or too old, or there were too many wrong ones.
    """
    viewer.must(Action.ANSWER_ALERT)
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        contact = await transaction.contacts.contact(viewer.circle_id, viewer.account_id, contact_id)
        fits = await transaction.contacts.use_code(
            viewer.circle_id, contact_id, code_hash=hash_code(contact_id, code), now=now
        )
        if fits:
            service = await transaction.channels.service(viewer.circle_id, contact.service_id)
            await _record(transaction, viewer, AuditAction.CONTACT_VERIFIED, service, clock=clock)
    # After the commit: the failure has been counted.
    if not fits:
        raise CodeRefusedError


async def remove_contact(database: Database, *, viewer: Viewer, contact_id: UUID, clock: Clock) -> None:
    """
    Remove a contact of the viewer; nothing that waits for it is sent.

    Raises
    ------
    NotFoundError
        The viewer has no such contact.
    """
    viewer.must(Action.ANSWER_ALERT)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        contact = await transaction.contacts.contact(viewer.circle_id, viewer.account_id, contact_id)
        service = await transaction.channels.service(viewer.circle_id, contact.service_id)
        await transaction.contacts.remove_contact(viewer.circle_id, contact_id)
        await _record(transaction, viewer, AuditAction.CONTACT_REMOVED, service, clock=clock)


async def order_contacts(database: Database, *, viewer: Viewer, contact_ids: Sequence[UUID]) -> None:
    """
    Set in which order the viewer's contacts are tried.

    Raises
    ------
    InvalidValueError
        They are not all contacts of the viewer, each once.
    """
    viewer.must(Action.ANSWER_ALERT)
    async with database.begin() as transaction:
        own = await transaction.contacts.contacts(viewer.circle_id, viewer.account_id)
        if sorted(contact_ids) != sorted(each.id for each in own):
            message = "not all of one's own contacts, each once"
            raise InvalidValueError(message, field="contact_ids")
        await transaction.contacts.put_order(viewer.circle_id, contact_ids)


async def set_quiet_hours(database: Database, *, viewer: Viewer, quiet: PersonalQuietHours | None) -> None:
    """Set when the viewer is not to be disturbed by less than red; None is never."""
    viewer.must(Action.ANSWER_ALERT)
    async with database.begin() as transaction:
        await transaction.contacts.put_quiet_hours(viewer.circle_id, viewer.account_id, quiet)


async def set_language(database: Database, *, viewer: Viewer, language: Language) -> None:
    """Set in which language messages go out to the viewer, in every circle."""
    viewer.must(Action.ANSWER_ALERT)
    async with database.begin() as transaction:
        await transaction.accounts.put_language(viewer.account_id, language)


async def send_test(database: Database, *, viewer: Viewer, contact_id: UUID, clock: Clock) -> UUID:
    """
    Send a test to a verified contact of the viewer, and return the message's id.

    Raises
    ------
    NotFoundError
        The viewer has no such contact, or has not verified it.
    TooManyAttemptsError
        Too many tests in the last hour.
    """
    viewer.must(Action.ANSWER_ALERT)
    async with database.begin() as transaction:
        contact = await transaction.contacts.contact(
            viewer.circle_id, viewer.account_id, contact_id, to_change=True
        )
        if contact.verified_at is None:
            raise NotFoundError
        return await _send(transaction, contact, MessagePurpose.SELF_TEST, clock=clock)


async def _send(transaction: Transaction, contact: Contact, purpose: MessagePurpose, *, clock: Clock) -> UUID:
    now = moment(clock)
    sent = await transaction.messages.count_since(
        contact.circle_id, contact.account_id, purpose=purpose, since=now - _HOUR
    )
    verifies = purpose is MessagePurpose.VERIFICATION
    if sent >= (CODES_PER_HOUR if verifies else TESTS_PER_HOUR):
        raise TooManyAttemptsError(retry_after_s=_HOUR.total_seconds())
    expires_at = now + (CODE_LASTS if verifies else TEST_LASTS)
    return await transaction.messages.add(contact, purpose=purpose, now=now, expires_at=expires_at)


async def _record(
    transaction: Transaction, viewer: Viewer, action: AuditAction, service: ChannelService, *, clock: Clock
) -> None:
    act = audit_entry(
        viewer,
        action,
        subject=Subject(kind=PERSON, id=viewer.account_id),
        detail={"channel": service.channel.value, "service_id": str(service.id)},
    )
    await transaction.audit.append(viewer.circle_id, act, at=moment(clock))

"""Who was told by which channel, and whether the channels work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from responder.domain.audit import AuditAction, AuditEntry, audit_entry
from responder.domain.channels.contact import LOCAL_ZONE
from responder.domain.channels.message import MessagePurpose
from responder.domain.channels.proof import TEST_LASTS, MessageProof
from responder.domain.channels.service import ChannelService
from responder.domain.errors import TooManyAttemptsError
from responder.domain.ids import CircleId, IncidentId
from responder.domain.people.access import OPERATOR, Action, Viewer
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.ports.messages import ChannelTest, PersonChannels
from responder.services.incidents.queries import visible_incident

TASK: Final = "channel_self_test"
WEEKLY: Final = timedelta(days=6, hours=20)
"""A little less than a week, so that it stays at the same hour."""
PAUSE: Final = timedelta(minutes=1)
"""Between two tests by hand."""
TEST_HOURS: Final = range(10, 17)
"""By the circle's clock: a test wakes no one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTest:
    """A service with its last self-test; None when no coordinator has a contact there."""

    service: ChannelService
    test: ChannelTest | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelReport:
    """Whether channels work, and who cannot be reached by any."""

    services: tuple[ServiceTest, ...]
    people: tuple[PersonChannels, ...]


async def incident_messages(
    database: Database, *, viewer: Viewer, incident_id: IncidentId
) -> tuple[MessageProof, ...]:
    """
    Return what became of each message about an incident: to everyone, for those who see all incidents.

    A dispatcher gets those to people of the own partner, everyone else their own.

    Raises
    ------
    NotFoundError
        There is no such incident, or it does not concern the viewer.
    """
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        detail = await visible_incident(transaction, viewer, incident_id)
        proofs = await transaction.messages.of_incident(viewer.circle_id, incident_id)
    if viewer.may(Action.SEE_ALL_INCIDENTS) or viewer.account_id == detail.incident.raised_by:
        return proofs
    shown = {
        delivery.recipient_id
        for delivery in detail.deliveries
        if delivery.recipient_id in viewer.responder_ids
        or (viewer.may(Action.END_INCIDENT) and delivery.partner_id == viewer.partner_id)
    }
    return tuple(proof for proof in proofs if proof.recipient_id in shown)


async def channel_report(database: Database, *, viewer: Viewer) -> ChannelReport:
    """Return the last self-test of each service, and by how many channels each person can be reached."""
    viewer.must(Action.MANAGE_CHANNELS)
    async with database.snapshot() as transaction:
        services = await transaction.channels.services(viewer.circle_id)
        tests = {test.service_id: test for test in await transaction.messages.last_tests(viewer.circle_id)}
        people = await transaction.contacts.people(viewer.circle_id)
    return ChannelReport(
        services=tuple(ServiceTest(service=each, test=tests.get(each.id)) for each in services),
        people=people,
    )


async def self_test_now(database: Database, *, viewer: Viewer, clock: Clock) -> int:
    """
    Test each service with a coordinator's contact, and return how many tests were queued.

    Raises
    ------
    TooManyAttemptsError
        The circle's services were tested by hand less than a minute ago: telephones ring, and it costs money.
    """
    viewer.must(Action.MANAGE_CHANNELS)
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        by_hand = f"{TASK} {viewer.circle_id}"
        if not await transaction.scheduled_tasks.claim(by_hand, now=now, every=PAUSE):
            raise TooManyAttemptsError(retry_after_s=PAUSE.total_seconds())
        queued = await _test(transaction, viewer.circle_id, now=now)
        act = audit_entry(viewer, AuditAction.CHANNELS_TESTED, detail={"tests": queued})
        await transaction.audit.append(viewer.circle_id, act, at=now)
    return queued


async def self_test_when_due(database: Database, *, clock: Clock) -> int | None:
    """Test the services of all circles once a week, at a waking hour; None when it is not due."""
    now = moment(clock)
    if now.astimezone(LOCAL_ZONE).hour not in TEST_HOURS:
        return None
    async with database.begin() as transaction:
        if not await transaction.scheduled_tasks.claim(TASK, now=now, every=WEEKLY):
            return None
        queued = 0
        for circle in await transaction.circles.everything():
            await transaction.circles.lock(circle.id)
            tests = await _test(transaction, circle.id, now=now)
            if tests:
                act = AuditEntry(action=AuditAction.CHANNELS_TESTED, actor=OPERATOR, detail={"tests": tests})
                await transaction.audit.append(circle.id, act, at=now)
            queued += tests
    return queued


async def _test(transaction: Transaction, circle_id: CircleId, *, now: datetime) -> int:
    contacts = await transaction.contacts.contacts_to_test(circle_id)
    for contact in contacts:
        await transaction.messages.add(
            contact, purpose=MessagePurpose.SELF_TEST, now=now, expires_at=now + TEST_LASTS
        )
    return len(contacts)

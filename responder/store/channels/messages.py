"""Messages as people see them: added for a code or a test, listed as proof, opened, answered, reported on."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, delete, func, insert, or_, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.channels.contact import Contact, ContactChannel, masked
from responder.domain.channels.message import MessagePurpose
from responder.domain.channels.proof import MessageProof, MessageState, priority_of
from responder.domain.ids import AccountId, AlertId, CircleId, IncidentId, ResponderId
from responder.domain.incidents.incident import Severity
from responder.ports.messages import AnswerableMessage, ChannelTest, TestMessage
from responder.store.channels.answer_statements import NEWEST, OF_LINK
from responder.store.channels.channel_tables import CHANNEL_SERVICE, CONTACT
from responder.store.channels.message_tables import ANSWER_LINK, MESSAGE
from responder.store.incidents.incident_table import INCIDENT
from responder.store.incidents.queue_messages import MESSAGE_CHANNEL
from responder.store.metadata import AnyRow
from responder.store.people.responder_table import RESPONDER

_WAKE = text(f"SELECT pg_notify('{MESSAGE_CHANNEL}', CAST(CAST(:circle_id AS uuid) AS text))")
_LAST_TESTS = text("""
    SELECT service_id, max(queued_at) AS at,
           count(*) FILTER (WHERE state IN ('accepted', 'delivered', 'opened', 'answered')) AS accepted,
           count(*) FILTER (WHERE state = 'failed') AS failed,
           count(*) FILTER (WHERE state IN ('queued', 'sent')) AS waiting,
           array_agg(DISTINCT reason) FILTER (WHERE state = 'failed') AS reasons
    FROM (
        SELECT message.*, max(queued_at) OVER (PARTITION BY service_id) AS last_at
        FROM outgoing_message AS message
        WHERE message.circle_id = :circle_id AND purpose = 'self_test'
    ) AS test
    WHERE queued_at = last_at GROUP BY service_id
""")


class PostgresMessages:
    """Messages as people see them."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(
        self, contact: Contact, *, purpose: MessagePurpose, now: datetime, expires_at: datetime
    ) -> UUID:
        message_id = uuid4()
        await self._connection.execute(
            insert(MESSAGE).values(
                circle_id=contact.circle_id,
                id=message_id,
                service_id=contact.service_id,
                contact_id=contact.id,
                account_id=contact.account_id,
                purpose=purpose.value,
                exercise=False,
                severity=Severity.BLUE.value,
                priority=priority_of(purpose, Severity.BLUE),
                turn=0,
                state=MessageState.QUEUED.value,
                queued_at=now,
                due_at=now,
                expires_at=expires_at,
                attempts=0,
                unknown_outcomes=0,
                reason="",
                detail="",
            )
        )
        await self._connection.execute(_WAKE, {"circle_id": contact.circle_id})
        return message_id

    async def count_since(
        self, circle_id: CircleId, account_id: AccountId, *, purpose: MessagePurpose, since: datetime
    ) -> int:
        found = await self._connection.execute(
            select(func.count()).where(
                MESSAGE.c.circle_id == circle_id,
                MESSAGE.c.account_id == account_id,
                MESSAGE.c.purpose == purpose.value,
                MESSAGE.c.queued_at > since,
            )
        )
        return int(found.scalar_one())

    async def latest_by_contact(self, circle_id: CircleId, account_id: AccountId) -> dict[UUID, MessageProof]:
        found = await self._connection.execute(
            _proofs()
            .ext(distinct_on(MESSAGE.c.contact_id))
            .where(
                MESSAGE.c.circle_id == circle_id,
                MESSAGE.c.account_id == account_id,
                MESSAGE.c.contact_id.is_not(None),
                MESSAGE.c.alert_id.is_(None),
            )
            .order_by(MESSAGE.c.contact_id, MESSAGE.c.queued_at.desc())
        )
        return {row.contact_id: _to_proof(row) for row in found}

    async def of_incident(self, circle_id: CircleId, incident_id: IncidentId) -> tuple[MessageProof, ...]:
        found = await self._connection.execute(
            _proofs()
            .where(MESSAGE.c.circle_id == circle_id, MESSAGE.c.incident_id == incident_id)
            .order_by(
                RESPONDER.c.name, MESSAGE.c.recipient_id, MESSAGE.c.queued_at, MESSAGE.c.turn, MESSAGE.c.id
            )
        )
        return tuple(_to_proof(row) for row in found)

    async def last_tests(self, circle_id: CircleId) -> tuple[ChannelTest, ...]:
        found = await self._connection.execute(_LAST_TESTS, {"circle_id": circle_id})
        return tuple(
            ChannelTest(
                service_id=row.service_id,
                at=row.at,
                accepted=row.accepted,
                failed=row.failed,
                waiting=row.waiting,
                reasons=tuple(row.reasons or ()),
            )
            for row in found
        )

    async def by_link(self, token_hash: str) -> AnswerableMessage | None:
        links = await self._connection.execute(
            select(ANSWER_LINK.c.circle_id, ANSWER_LINK.c.message_id).where(
                ANSWER_LINK.c.token_hash == token_hash
            )
        )
        link = links.first()
        if link is None:
            return None
        return await self._answerable(OF_LINK, CircleId(link.circle_id), link.message_id)

    async def test_by_link(self, token_hash: str) -> TestMessage | None:
        found = await self._connection.execute(
            select(MESSAGE.c.id, MESSAGE.c.circle_id)
            .join(
                ANSWER_LINK,
                (ANSWER_LINK.c.circle_id == MESSAGE.c.circle_id) & (ANSWER_LINK.c.message_id == MESSAGE.c.id),
            )
            .where(
                ANSWER_LINK.c.token_hash == token_hash,
                MESSAGE.c.purpose == MessagePurpose.SELF_TEST.value,
                MESSAGE.c.answered_at.is_(None),
            )
            .with_for_update(of=MESSAGE)
        )
        row = found.one_or_none()
        return None if row is None else TestMessage(id=row.id, circle_id=CircleId(row.circle_id))

    async def newest_of_contact(self, circle_id: CircleId, contact_id: UUID) -> AnswerableMessage | None:
        return await self._answerable(NEWEST, circle_id, contact_id)

    async def _answerable(self, statement: Any, circle_id: CircleId, value: UUID) -> AnswerableMessage | None:  # noqa: ANN401 - a statement
        found = await self._connection.execute(statement, {"circle_id": circle_id, "value": value})
        row = found.one_or_none()
        if row is None:
            return None
        return AnswerableMessage(
            id=row.id,
            circle_id=circle_id,
            account_id=AccountId(row.account_id),
            alert_id=AlertId(row.alert_id),
            incident_id=IncidentId(row.incident_id),
            channel=ContactChannel(row.channel),
        )

    async def put_opened(self, circle_id: CircleId, message_id: UUID, *, at: datetime) -> None:
        await self._connection.execute(
            update(MESSAGE)
            .where(MESSAGE.c.circle_id == circle_id, MESSAGE.c.id == message_id)
            .values(
                opened_at=func.coalesce(MESSAGE.c.opened_at, at),
                state=MessageState.OPENED.value,
                leased_until=None,
            )
        )

    async def put_answered(self, circle_id: CircleId, message_id: UUID, *, answer: str, at: datetime) -> None:
        await self._connection.execute(
            update(MESSAGE)
            .where(MESSAGE.c.circle_id == circle_id, MESSAGE.c.id == message_id)
            .values(
                opened_at=func.coalesce(MESSAGE.c.opened_at, at),
                answered_at=at,
                answer=answer,
                state=MessageState.ANSWERED.value,
                leased_until=None,
            )
        )

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
        where = (
            MESSAGE.c.circle_id == circle_id,
            MESSAGE.c.service_id == service_id,
            MESSAGE.c.service_message_id == service_message_id,
        )
        known = await self._connection.execute(select(MESSAGE.c.id).where(*where))
        if known.first() is None:
            return False
        # What a person did says more than what the service heard of the device.
        not_further = or_(MESSAGE.c.state.in_(["sent", "accepted", "failed"]))
        values: dict[str, object] = (
            {"state": MessageState.DELIVERED.value, "delivered_at": at, "failed_at": None, "reason": ""}
            if delivered
            else {"state": MessageState.FAILED.value, "failed_at": at, "reason": "not_delivered"}
        )
        await self._connection.execute(
            update(MESSAGE).where(*where, not_further).values(**values, detail=detail, leased_until=None)
        )
        return True

    async def delete_old(self, *, before: datetime) -> int:
        gone = await self._connection.execute(
            delete(MESSAGE).where(MESSAGE.c.alert_id.is_(None), MESSAGE.c.queued_at < before)
        )
        ended = (
            select(MESSAGE.c.id)
            .join(
                INCIDENT,
                (INCIDENT.c.circle_id == MESSAGE.c.circle_id) & (INCIDENT.c.id == MESSAGE.c.incident_id),
            )
            .where(INCIDENT.c.ended_at < before)
        )
        links = await self._connection.execute(delete(ANSWER_LINK).where(ANSWER_LINK.c.message_id.in_(ended)))
        return gone.rowcount + links.rowcount


def _proofs() -> Select[Any]:
    return (
        select(
            MESSAGE,
            CHANNEL_SERVICE.c.name.label("service_name"),
            CHANNEL_SERVICE.c.channel,
            CONTACT.c.address,
            RESPONDER.c.name.label("recipient_name"),
        )
        .join(
            CHANNEL_SERVICE,
            (CHANNEL_SERVICE.c.circle_id == MESSAGE.c.circle_id)
            & (CHANNEL_SERVICE.c.id == MESSAGE.c.service_id),
        )
        .outerjoin(
            CONTACT, (CONTACT.c.circle_id == MESSAGE.c.circle_id) & (CONTACT.c.id == MESSAGE.c.contact_id)
        )
        .outerjoin(
            RESPONDER,
            (RESPONDER.c.circle_id == MESSAGE.c.circle_id) & (RESPONDER.c.id == MESSAGE.c.recipient_id),
        )
    )


def _to_proof(row: AnyRow) -> MessageProof:
    channel = ContactChannel(row.channel)
    return MessageProof(
        id=row.id,
        alert_id=None if row.alert_id is None else AlertId(row.alert_id),
        recipient_id=None if row.recipient_id is None else ResponderId(row.recipient_id),
        recipient_name=row.recipient_name or "",
        account_id=None if row.account_id is None else AccountId(row.account_id),
        service_id=row.service_id,
        service_name=row.service_name,
        channel=channel,
        address="" if row.address is None else masked(channel, row.address),
        purpose=MessagePurpose(row.purpose),
        exercise=row.exercise,
        turn=row.turn,
        state=MessageState(row.state),
        queued_at=row.queued_at,
        due_at=row.due_at,
        sent_at=row.sent_at,
        accepted_at=row.accepted_at,
        delivered_at=row.delivered_at,
        opened_at=row.opened_at,
        answered_at=row.answered_at,
        failed_at=row.failed_at,
        answer=row.answer,
        reason=row.reason,
        detail=row.detail,
        service_message_id=row.service_message_id,
        attempts=row.attempts,
    )

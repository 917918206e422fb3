"""The queue of messages as those who send see it: what is due, taken for a while, and what became of it."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import TextClause
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.channels.contact import GROUP_CHANNELS, ContactChannel
from responder.domain.channels.limits import limits_of
from responder.domain.channels.proof import ONLINE_CONFIRMS_S, MessageState
from responder.domain.ids import AlertId, CircleId, ResponderId
from responder.ports.messages import ClaimedMessage, DueService, StoredVerdict
from responder.store.channels.claimed import load_claimed
from responder.store.channels.queue_statements import (
    ADD_CODE,
    ADD_LINKS,
    BLOCK,
    CLAIM,
    CLAIM_OF_GROUP,
    DUE,
    INSIST,
    NEXT_CHANNEL,
    NEXT_DUE,
    OPEN_BUDGET,
    PUT,
    READ_BUDGET,
    TAKE_BACK,
    USE_BUDGET,
    WAKE,
)
from responder.store.incidents.queue_messages import MESSAGE_CHANNEL
from responder.store.metadata import AnyRow

MINUTE: Final = timedelta(seconds=61)
"""A second more than a minute: the service counts by its own clock."""
RESERVED: Final = 4
"""One request in so many is kept for corrections, where a service takes few."""


class PostgresMessageQueue:
    """The queue of messages."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def take_back(self, *, now: datetime) -> None:
        failed = (await self._connection.execute(TAKE_BACK, {"now": now})).all()
        await self._next_channel(failed, now=now)

    async def due(self, *, now: datetime) -> tuple[DueService, ...]:
        return tuple(
            DueService(
                circle_id=CircleId(row.circle_id),
                service_id=row.service_id,
                per_minute=limits_of(ContactChannel(row.channel), row.settings).per_minute,
                corrections=row.corrections,
                others=row.others,
                is_group=ContactChannel(row.channel) in GROUP_CHANNELS,
            )
            for row in await self._connection.execute(DUE, {"now": now})
        )

    async def next_due_at(self, *, now: datetime) -> datetime | None:
        found: datetime | None = (await self._connection.execute(NEXT_DUE, {"now": now})).scalar_one()
        return found

    async def claim(
        self, service: DueService, *, corrections: int, others: int, now: datetime, lease_until: datetime
    ) -> tuple[UUID, ...]:
        key = {"circle_id": service.circle_id, "service_id": service.service_id}
        requested_at: list[datetime] = []
        if service.per_minute is not None:
            await self._connection.execute(OPEN_BUDGET, key)
            budget = (await self._connection.execute(READ_BUDGET, key)).scalar_one()
            requested_at = [at for at in budget if at > now - MINUTE]
            left = service.per_minute - len(requested_at)
            corrections = min(corrections, left)
        statements = CLAIM_OF_GROUP if service.is_group else CLAIM
        claimed, requests = await self._claim(
            statements.corrections, key, corrections, now=now, lease_until=lease_until
        )
        if service.per_minute is not None:
            others = min(others, left - requests - service.per_minute // RESERVED)
        more, others = await self._claim(statements.others, key, others, now=now, lease_until=lease_until)
        if service.per_minute is not None and requests + others:
            requested_at += [now] * (requests + others)
            await self._connection.execute(USE_BUDGET, {**key, "requested_at": requested_at})
        return (*claimed, *more)

    async def insist(
        self,
        circle_id: CircleId,
        alert_id: AlertId,
        recipient_ids: Collection[ResponderId],
        *,
        now: datetime,
    ) -> int:
        values = {
            "circle_id": circle_id,
            "alert_id": alert_id,
            "recipient_ids": list(recipient_ids),
            "now": now,
        }
        done = await self._connection.execute(INSIST, values)
        if done.rowcount:
            await self._connection.execute(WAKE, {"channel": MESSAGE_CHANNEL, "circle_id": circle_id})
        return int(done.rowcount)

    async def _claim(
        self, statement: TextClause, key: dict[str, UUID], most: int, *, now: datetime, lease_until: datetime
    ) -> tuple[list[UUID], int]:
        """Claim messages of at most so many requests, and return them with the number of these."""
        values = {
            **key,
            "now": now,
            "lease_until": lease_until,
            "online_s": ONLINE_CONFIRMS_S,
        }
        claimed: list[UUID] = []
        requests: set[UUID] = set()
        while len(requests) < most:
            limit = most - len(requests)
            rows = (await self._connection.execute(statement, {**values, "most": limit})).all()
            sent = [row for row in rows if row.state == MessageState.SENT.value]
            claimed += [row.id for row in sent]
            requests |= {row.request for row in sent}
            if len({row.request for row in rows}) < limit:
                break
        return claimed, len(requests)

    async def claimed(self, message_ids: Collection[UUID]) -> tuple[ClaimedMessage, ...]:
        return await load_claimed(self._connection, message_ids)

    async def add_links(self, links: Collection[tuple[CircleId, UUID, str]]) -> None:
        if not links:
            return
        circle_ids, message_ids, hashes = zip(*links, strict=True)
        await self._connection.execute(
            ADD_LINKS,
            {"circle_ids": list(circle_ids), "message_ids": list(message_ids), "hashes": list(hashes)},
        )

    async def add_codes(self, codes: Collection[tuple[CircleId, UUID, str]], *, expires_at: datetime) -> None:
        for circle_id, contact_id, code_hash in codes:
            await self._connection.execute(
                ADD_CODE,
                {
                    "circle_id": circle_id,
                    "contact_id": contact_id,
                    "code_hash": code_hash,
                    "expires_at": expires_at,
                },
            )

    async def put_verdicts(self, verdicts: Sequence[StoredVerdict]) -> None:
        if not verdicts:
            return
        body = to_json(list(verdicts)).decode()
        failed = (await self._connection.execute(PUT, {"verdicts": body})).all()
        await self._next_channel(failed, now=max(verdict.at for verdict in verdicts))
        for blocked in filter(attrgetter("blocks_service"), verdicts):
            key = {"circle_id": blocked.circle_id, "service_id": blocked.service_id}
            await self._connection.execute(OPEN_BUDGET, key)
            await self._connection.execute(BLOCK, {**key, "until": blocked.due_at})

    async def _next_channel(self, failed: Sequence[AnyRow], *, now: datetime) -> None:
        if not failed:
            return
        circle_ids, alert_ids, account_ids = zip(*failed, strict=True)
        await self._connection.execute(
            NEXT_CHANNEL,
            {
                "now": now,
                "circle_ids": list(circle_ids),
                "alert_ids": list(alert_ids),
                "account_ids": list(account_ids),
            },
        )

"""
Send what is in the queue.

Any number of processes may do so at once; none waits for a service in a transaction.
"""

import asyncio
import logging
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from responder.domain.channels.contact import GROUP_CHANNELS, ContactChannel
from responder.domain.channels.message import (
    PERHAPS_TAKEN,
    AlertReference,
    MessagePurpose,
    Outcome,
    OutgoingMessage,
    Verdict,
    VerdictReason,
)
from responder.domain.channels.proof import (
    CODE_LASTS,
    MOST_ATTEMPTS,
    MessageState,
    pause_s,
)
from responder.domain.ids import CircleId
from responder.ports import Clock, Database, DatabaseAwayError, Transaction
from responder.ports.channels import Sender
from responder.ports.clock import moment
from responder.ports.messages import ClaimedMessage, DueService, StoredVerdict
from responder.security.sign_in import hash_token
from responder.services.channels.compose import compose
from responder.services.channels.contacts import hash_code
from responder.services.incidents.catalogue import catalogue_of
from responder.services.security_context import as_system

END_WITHIN_S: Final = 2.0
"""How long what is being sent may take to end, when the worker is stopped."""
POLL_S: Final = 0.5
"""A wake-up that is lost costs no more."""
SEND_S: Final = 15.0
"""A request is given up after so long; what became of it is not known."""
LEASE_S: Final = 25.0
"""A process that dies holds a message for so long."""
REQUESTS_AT_ONCE: Final = 64
REQUESTS_TO_ONE_SERVICE: Final = 32
RESERVED_FOR_CORRECTIONS: Final = 8
"""Requests to one service beside the others: a correction does not wait for what a slow service holds up."""
LINK_BYTES: Final = 18
CODE_DIGITS: Final = 6
DETAIL_LENGTH: Final = 500

_log = logging.getLogger(__name__)


class MessageWorker:
    """
    Sends due messages, and stores what became of each.

    A message is taken for some seconds in a short transaction, sent, and its verdict stored in another. If
    the process dies in between, another takes it back when that time has passed. Whether the service had
    taken it is not known then, so it is sent once more, with the same id.
    """

    def __init__(
        self,
        database: Database,
        senders: Mapping[ContactChannel, Sender],
        *,
        clock: Clock,
        page_url: str,
        send_s: float = SEND_S,
    ) -> None:
        self._database = database
        self._senders = senders
        self._clock = clock
        self._page_url = page_url
        self._send_s = send_s
        self._woken = asyncio.Event()
        self._sending: dict[asyncio.Task[None], tuple[UUID, bool]] = {}
        self._verdicts: list[StoredVerdict] = []
        self._storing: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Look at the queue now."""
        self._woken.set()

    async def run(self, wakeups: Callable[[], AsyncIterator[UUID]] | None = None) -> None:
        """Send until cancelled; `wakeups` tell when something was queued."""
        listening = None if wakeups is None else asyncio.create_task(self._listen(wakeups))
        try:
            while True:
                wait_s = POLL_S
                try:
                    wait_s = await self.step()
                except DatabaseAwayError:
                    pass
                except Exception:  # noqa: BLE001 - whatever it was, the next round tries again
                    _log.exception("messages could not be taken from the queue")
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait_s):
                        await self._woken.wait()
                self._woken.clear()
        finally:
            ending = {*self._sending, *filter(None, [listening])}
            for task in ending:
                task.cancel()
            # What they and the storing have of the database is given back before it is closed.
            if ending or self._storing is not None:
                await asyncio.wait({*ending, *filter(None, [self._storing])}, timeout=END_WITHIN_S)

    async def step(self) -> float:
        """Begin to send what is due and return how long to wait for the next round, in seconds."""
        now = moment(self._clock)
        with as_system():
            async with self._database.begin() as transaction:
                queue = transaction.message_queue
                await queue.take_back(now=now)
                claimed: list[UUID] = []
                for service in await queue.due(now=now):
                    corrections, others = self._free(service, len(claimed))
                    claimed += await queue.claim(
                        service,
                        corrections=corrections,
                        others=others,
                        now=now,
                        lease_until=now + timedelta(seconds=LEASE_S),
                    )
                messages = await queue.claimed(claimed)
                prepared = await self._prepare(transaction, messages)
                next_at = await queue.next_due_at(now=now)
        for message, outgoing in prepared:
            task = asyncio.create_task(self._send(message, outgoing))
            self._sending[task] = (message.service_id, message.purpose is MessagePurpose.CORRECTION)
            task.add_done_callback(self._sent)
        return POLL_S if next_at is None else min(POLL_S, max((next_at - now).total_seconds(), 0.01))

    async def finish(self) -> None:
        """Wait for all requests that were begun, and for what became of them to be stored."""
        while self._sending or self._storing is not None:
            await asyncio.gather(*self._sending, *filter(None, [self._storing]))

    async def _listen(self, wakeups: Callable[[], AsyncIterator[UUID]]) -> None:
        async for _ in wakeups():
            self.wake()

    def _free(self, service: DueService, begun: int) -> tuple[int, int]:
        """Return how many corrections and other messages may be sent to a service now."""
        busy = Counter(self._sending.values())
        all_free = REQUESTS_AT_ONCE - len(self._sending) - begun
        others = min(service.others, all_free, REQUESTS_TO_ONE_SERVICE - busy[service.service_id, False])
        corrections = min(
            service.corrections,
            REQUESTS_TO_ONE_SERVICE + RESERVED_FOR_CORRECTIONS - busy[service.service_id, True],
        )
        return corrections, others

    async def _prepare(
        self, transaction: Transaction, messages: tuple[ClaimedMessage, ...]
    ) -> list[tuple[ClaimedMessage, OutgoingMessage | None]]:
        """Make the words of messages, with the links and codes in them; only their hashes are stored."""
        links: list[tuple[CircleId, UUID, str]] = []
        codes: list[tuple[CircleId, UUID, str]] = []
        prepared: list[tuple[ClaimedMessage, OutgoingMessage | None]] = []
        catalogues = {
            circle_id: await catalogue_of(transaction, circle_id)
            for circle_id in {each.circle_id for each in messages if each.detail is not None}
        }
        for message in messages:
            if message.address is None or (message.exercise and message.outside_public):
                prepared.append((message, None))
                continue
            link = code = None
            if message.purpose is MessagePurpose.ALERT and message.channel in GROUP_CHANNELS:
                # All of the group read it: who opens it says by signing in who it is.
                link = self._page_url
            elif message.purpose is MessagePurpose.ALERT:
                token = secrets.token_urlsafe(LINK_BYTES)
                links.append((message.circle_id, message.id, hash_token(token)))
                link = f"{self._page_url}api/answers/{token}"
            elif message.purpose is MessagePurpose.VERIFICATION and message.contact_id is not None:
                code = f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}}"
                codes.append((message.circle_id, message.contact_id, hash_code(message.contact_id, code)))
            outgoing = OutgoingMessage(
                id=message.id,
                channel=message.channel,
                address=message.address,
                text=compose(message, catalogues.get(message.circle_id), link=link, code=code),
                purpose=message.purpose,
                exercise=message.exercise,
                severity=message.severity,
                expires_at=message.expires_at,
                about=_about(message),
            )
            prepared.append((message, outgoing))
        await transaction.message_queue.add_links(links)
        await transaction.message_queue.add_codes(codes, expires_at=moment(self._clock) + CODE_LASTS)
        return prepared

    async def _send(self, message: ClaimedMessage, outgoing: OutgoingMessage | None) -> None:
        if outgoing is None:
            refused = message.exercise and message.outside_public
            stored = self._failed(message, "exercise_refused" if refused else "no_contact")
        elif (sender := self._senders.get(message.channel)) is None:
            stored = self._failed(message, "no_sender")
        else:
            stored = self._stored(message, await self._verdict(sender, message, outgoing))
        self._verdicts.append(stored)
        if self._storing is None:
            self._storing = asyncio.create_task(self._store())

    async def _verdict(self, sender: Sender, message: ClaimedMessage, outgoing: OutgoingMessage) -> Verdict:
        try:
            async with asyncio.timeout(self._send_s):
                return await sender.send(outgoing, service=message.settings)
        except TimeoutError:
            return Verdict.refused(VerdictReason.TIMED_OUT)
        except Exception as error:  # noqa: BLE001 - a fault of one sender must not stop the others
            # Its words may hold the address, so they are not logged.
            _log.error("a message could not be sent by %s: %s", message.channel.value, type(error).__name__)
            return Verdict.refused(VerdictReason.CONNECTION_LOST)

    def _stored(self, message: ClaimedMessage, verdict: Verdict) -> StoredVerdict:
        now = moment(self._clock)
        if verdict.outcome is Outcome.ACCEPTED:
            return replace(
                self._failed(message, ""),
                state=MessageState.ACCEPTED,
                detail=_kept(verdict.detail),
                service_message_id=verdict.service_message_id,
            )
        unknown = message.unknown_outcomes + (verdict.reason in PERHAPS_TAKEN)
        due_at = now + timedelta(seconds=pause_s(message.attempt, asked_s=verdict.retry_after_s))
        again = (
            verdict.outcome is Outcome.RETRY
            and message.attempt < MOST_ATTEMPTS
            and unknown <= 1
            and due_at < message.expires_at
        )
        return replace(
            self._failed(message, verdict.reason or VerdictReason.REFUSED),
            state=MessageState.QUEUED if again else MessageState.FAILED,
            due_at=due_at,
            unknown_outcomes=unknown,
            detail=_kept(verdict.detail),
            blocks_service=verdict.reason is VerdictReason.TOO_FAST,
        )

    def _failed(self, message: ClaimedMessage, reason: str) -> StoredVerdict:
        now = moment(self._clock)
        return StoredVerdict(
            circle_id=message.circle_id,
            id=message.id,
            service_id=message.service_id,
            attempt=message.attempt,
            state=MessageState.FAILED,
            at=now,
            due_at=now,
            unknown_outcomes=message.unknown_outcomes,
            reason=reason,
        )

    async def _store(self) -> None:
        """Store what became of requests, all that came back meanwhile at once."""
        try:
            while self._verdicts:
                batch, self._verdicts = self._verdicts, []
                try:
                    with as_system():
                        async with self._database.begin() as transaction:
                            await transaction.message_queue.put_verdicts(batch)
                except DatabaseAwayError:
                    # Known here and nowhere else: kept until the database is back, or this process ends.
                    self._verdicts = batch + self._verdicts
                    await asyncio.sleep(POLL_S)
        except Exception:  # noqa: BLE001 - the lease passes, and the message is taken back
            _log.exception("what became of messages could not be stored")
        finally:
            self._storing = None
        self.wake()

    def _sent(self, task: "asyncio.Task[None]") -> None:
        self._sending.pop(task, None)
        if not task.cancelled() and task.exception() is not None:
            _log.error("a message was lost on the way", exc_info=task.exception())
        self.wake()


def _kept(detail: str) -> str:
    return detail[:DETAIL_LENGTH].replace("\x00", "")


def _about(message: ClaimedMessage) -> AlertReference | None:
    if message.detail is None or message.alert is None:
        return None
    return AlertReference(
        alert_id=message.alert.id,
        incident_id=message.detail.incident.id,
        circle_id=message.circle_id,
    )

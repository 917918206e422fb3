"""
Send what is in the queue.

Any number of processes may do so at once; none waits for a service in a transaction.
"""

import asyncio
import logging
import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Final
from uuid import UUID

from responder.domain.channels.contact import ContactChannel
from responder.domain.channels.message import (
    PERHAPS_TAKEN,
    MessagePurpose,
    Outcome,
    OutgoingMessage,
    Verdict,
    VerdictReason,
)
from responder.domain.channels.proof import (
    MOST_ATTEMPTS,
    MessageState,
    pause_s,
)
from responder.ports import Clock, Database, DatabaseAwayError
from responder.ports.channels import Sender
from responder.ports.clock import moment
from responder.ports.messages import ClaimedMessage, DueService, StoredVerdict
from responder.services.channels.prepare_requests import PreparedRequest, prepare_requests
from responder.services.security_context import as_system

END_WITHIN_S: Final = 2.0
"""How long what is being sent may take to end, when the worker is stopped."""
POLL_S: Final = 0.5
"""How soon the queue is looked at again while something is due, or where nothing tells of more."""
REST_S: Final = 2.0
"""A wake-up that is lost costs no more."""
SEND_S: Final = 15.0
"""A request is given up after so long; what became of it is not known."""
LEASE_S: Final = 25.0
"""A process that dies holds a message for so long."""
REQUESTS_AT_ONCE: Final = 160
REQUESTS_TO_ONE_SERVICE: Final = 64
FEW: Final = 4
RESERVED_FOR_FEW: Final = 32
"""Requests to services with no more than a few: those that hang do not hold up all others."""
RESERVED_FOR_CORRECTIONS: Final = 8
"""Requests to one service beside the others: a correction does not wait for what a slow service holds up."""
GATHER_S: Final = 0.02
"""What became of requests is gathered for so long, and stored by one statement."""
DETAIL_LENGTH: Final = 500
_UNFIT: Final = re.compile("[\x00\ud800-\udfff]")

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
        self._rest_s = POLL_S
        self._sending: dict[asyncio.Task[None], tuple[UUID, bool]] = {}
        self._more_at: dict[UUID, int] = {}
        """Services for which more is due, and at how many requests on the way it is taken: a look at the
        queue costs as much as some requests."""
        self._verdicts: list[StoredVerdict] = []
        self._storing: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """Look at the queue now."""
        self._woken.set()

    async def run(self, wakeups: Callable[[], AsyncIterator[UUID]] | None = None) -> None:
        """Send until cancelled; `wakeups` tell when something was queued."""
        listening = None
        if wakeups is not None:
            listening = asyncio.create_task(self._listen(wakeups))
            self._rest_s = REST_S
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
                more: set[UUID] = set()
                due = await queue.due(now=now)
                for service in due:
                    corrections, others = self._free(service, len(claimed))
                    if (corrections, others) != (service.corrections, service.others):
                        more.add(service.service_id)
                    claimed += await queue.claim(
                        service,
                        corrections=corrections,
                        others=others,
                        now=now,
                        lease_until=now + timedelta(seconds=LEASE_S),
                    )
                messages = await queue.claimed(claimed)
                requests = await prepare_requests(transaction, messages, page_url=self._page_url, now=now)
                next_at = await queue.next_due_at(now=now)
        for request in requests:
            task = asyncio.create_task(self._send(request))
            first = request.messages[0]
            self._sending[task] = (first.service_id, first.purpose is MessagePurpose.CORRECTION)
            task.add_done_callback(self._sent)
        self._more_at = {service_id: self._busy(service_id) // 2 for service_id in more}
        longest_s = POLL_S if due else self._rest_s
        return longest_s if next_at is None else min(longest_s, max((next_at - now).total_seconds(), 0.01))

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
        own = busy[service.service_id, False]
        free = max(all_free - RESERVED_FOR_FEW, min(all_free, FEW - own), 0)
        others = min(service.others, free, REQUESTS_TO_ONE_SERVICE - own)
        corrections = min(
            service.corrections,
            REQUESTS_TO_ONE_SERVICE + RESERVED_FOR_CORRECTIONS - busy[service.service_id, True],
        )
        return corrections, others

    def _busy(self, service_id: UUID) -> int:
        return sum(busy_id == service_id for busy_id, _ in self._sending.values())

    async def _send(self, request: PreparedRequest) -> None:
        message = request.messages[0]
        if request.outgoing is None:
            refused = message.exercise and message.outside_public
            stored = [self._failed(message, "exercise_refused" if refused else "no_contact")]
        elif (sender := self._senders.get(message.channel)) is None:
            stored = [self._failed(each, "no_sender") for each in request.messages]
        else:
            verdict = await self._verdict(sender, message, request.outgoing)
            stored = [self._stored(each, verdict) for each in request.messages]
        self._verdicts += stored
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
                service_message_id=verdict.service_message_id and _kept(verdict.service_message_id),
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
                await asyncio.sleep(GATHER_S)
                batch, self._verdicts = self._verdicts, []
                try:
                    with as_system():
                        async with self._database.begin() as transaction:
                            await transaction.message_queue.put_verdicts(batch)
                    if any(verdict.state is not MessageState.ACCEPTED for verdict in batch):
                        # Another request, or another channel, may be due.
                        self.wake()
                except DatabaseAwayError:
                    # Known here and nowhere else: kept until the database is back, or this process ends.
                    self._verdicts = batch + self._verdicts
                    await asyncio.sleep(POLL_S)
        except Exception:  # noqa: BLE001 - the lease passes, and the message is taken back
            _log.exception("what became of messages could not be stored")
        finally:
            self._storing = None

    def _sent(self, task: "asyncio.Task[None]") -> None:
        service_id, _ = self._sending.pop(task)
        if not task.cancelled() and task.exception() is not None:
            _log.error("a message was lost on the way", exc_info=task.exception())
        if self._more_at and self._busy(service_id) <= self._more_at.get(service_id, REQUESTS_AT_ONCE):
            self.wake()


def _kept(words: str) -> str:
    """Return a service's words without what cannot be stored: those of others are stored with them."""
    return _UNFIT.sub("", words[:DETAIL_LENGTH])

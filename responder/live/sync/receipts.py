"""Receipts on their way into the database, and the answers to the devices that sent them."""

import asyncio
import logging
from collections.abc import Sequence
from typing import NamedTuple

from responder.domain.errors import ResponderError
from responder.domain.ids import AlertId, CircleId, UnitId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.live.circle.fan_out import send_all
from responder.live.circle.hub import Hub
from responder.live.circle.session import ClientSession
from responder.live.protocol.messages import Receipt, ReceiptStored, Refused
from responder.live.protocol.metrics import Metrics
from responder.live.protocol.wire import encode
from responder.live.sync.relay import Published
from responder.live.sync.write_batcher import WriteBatcher
from responder.ports import Clock, Database
from responder.services.incidents import acknowledge
from responder.services.incidents.receipt_batch import DeviceReceipt
from responder.services.security_context import as_system

BATCH = 500
LINGER_S = 0.004
"""How long a first receipt waits for others; an alert's receipts come all at once."""

STORED_WITHIN_S = 0.2
"""How long others wait at most for receipts to be stored."""

_log = logging.getLogger(__name__)


class _Waiting(NamedTuple):
    session: ClientSession
    receipt: Receipt


class ReceiptWriter:
    """Stores receipts in batches and answers each device."""

    def __init__(
        self, database: Database, hub: Hub, *, on_published: Published, clock: Clock, metrics: Metrics
    ) -> None:
        self._database = database
        self._hub = hub
        self._on_published = on_published
        self._clock = clock
        self._metrics = metrics
        self.batcher = WriteBatcher[_Waiting](
            self._store, on_rejected=self._give_back, batch=BATCH, gather_s=LINGER_S
        )

    def receive(self, session: ClientSession, receipt: Receipt) -> None:
        """Take in a receipt. Never waits."""
        self.batcher.put(session.viewer.circle_id, _Waiting(session, receipt))

    async def stored(self, circle_id: CircleId) -> None:
        """Wait until those of a circle that came in are stored, but not for long."""
        await self.batcher.flushed(circle_id, within_s=STORED_WITHIN_S)

    async def _store(self, circle_id: CircleId, batch: Sequence[_Waiting]) -> None:
        with as_system(circle_id):
            stored = await acknowledge.store_receipts(
                self._database,
                circle_id=circle_id,
                receipts=[_as_service_receipt(waiting) for waiting in batch],
                clock=self._clock,
            )
        answers: dict[ClientSession, bytes] = {}
        for waiting, outcome in zip(batch, stored.outcomes, strict=True):
            answers[waiting.session] = answers.get(waiting.session, b"") + self._answer(waiting, outcome)
        channel = self._hub.find(circle_id)
        if channel is None:
            send_all(answers)
            return
        now = asyncio.get_running_loop().time()
        for addressed, reached in channel.publish_stored(stored.after, stored.events, answers, now=now):
            self._on_published(addressed, reached)

    def _answer(self, waiting: _Waiting, outcome: Delivery | ResponderError) -> bytes:
        waiting.session.unanswered -= 1
        action_id = waiting.receipt.action_id
        if isinstance(outcome, ResponderError):
            self._metrics.count("responder_live_receipts_total", f'outcome="{outcome.code}"')
            return encode(Refused(code=outcome.code, action_id=action_id))
        self._metrics.count("responder_live_receipts_total", 'outcome="stored"')
        if waiting.receipt.state == DeliveryState.DELIVERED.value:
            queued_at = outcome.times[DeliveryState.QUEUED.value]
            self._metrics.receipt_s.observe((self._clock.now() - queued_at).total_seconds())
        return encode(ReceiptStored(action_id=action_id, alert_id=outcome.alert_id, state=outcome.state))

    def _give_back(self, waiting: _Waiting) -> None:
        waiting.session.unanswered -= 1
        refusal = Refused(code="not_stored", action_id=waiting.receipt.action_id)
        waiting.session.outbox.send(encode(refusal))


def _as_service_receipt(waiting: _Waiting) -> DeviceReceipt:
    return DeviceReceipt(
        viewer=waiting.session.viewer,
        action_id=waiting.receipt.action_id,
        alert_id=AlertId(waiting.receipt.alert_id),
        state=DeliveryState(waiting.receipt.state),
        device_at=waiting.receipt.at,
        device=waiting.session.device,
        unit_id=None if waiting.receipt.unit_id is None else UnitId(waiting.receipt.unit_id),
    )

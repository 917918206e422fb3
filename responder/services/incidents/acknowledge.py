"""Acknowledge: store what a recipient's device or hand says about an alert, and move the delivery on."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from responder.domain.errors import ResponderError
from responder.domain.ids import AlertId, CircleId, UnitId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import RecordedEvent
from responder.domain.people.access import Viewer
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.ports.map import LogHead
from responder.services.incidents.receipt_batch import DeviceReceipt, ReceiptBatch


async def acknowledge(
    database: Database,
    *,
    viewer: Viewer,
    alert_id: AlertId,
    state: DeliveryState,
    action_id: UUID,
    device_at: datetime,
    device: str,
    unit_id: UnitId | None = None,
    clock: Clock,
) -> Delivery:
    """
    Move the viewer's delivery of the alert on to `state` and return it; it never goes back.

    The same `action_id` counts once. A person who was called in several units comes with one of them:
    `unit_id`, or the one that the delivery names.

    Raises
    ------
    NotFoundError
        There is no such alert, or it does not concern the viewer.
    NotARecipientError
        The alert concerns the viewer but was not sent to them.
    IncidentEndedError
        The incident has ended; no one sets out for it any more.
    InvalidValueError
        `state` is not one that a device may report, or the person was not called in the unit, or does not
        come at all.
    """
    receipt = DeviceReceipt(
        viewer=viewer,
        action_id=action_id,
        alert_id=alert_id,
        state=state,
        device_at=device_at,
        device=device,
        unit_id=unit_id,
    )
    [outcome] = await acknowledge_all(database, circle_id=viewer.circle_id, receipts=[receipt], clock=clock)
    if isinstance(outcome, ResponderError):
        raise outcome
    return outcome


async def acknowledge_all(
    database: Database, *, circle_id: CircleId, receipts: Sequence[DeviceReceipt], clock: Clock
) -> list[Delivery | ResponderError]:
    """Store receipts of one circle in one transaction; return where each stands, or why it was refused."""
    stored = await store_receipts(database, circle_id=circle_id, receipts=receipts, clock=clock)
    return stored.outcomes


class StoredReceipts(NamedTuple):
    """What came of receipts that were stored together."""

    outcomes: list[Delivery | ResponderError]
    """Of each where it stands, or why it was refused."""
    after: LogHead
    """Where the log stood before."""
    events: tuple[RecordedEvent, ...]
    """What was recorded, right after that."""


async def store_receipts(
    database: Database, *, circle_id: CircleId, receipts: Sequence[DeviceReceipt], clock: Clock
) -> StoredReceipts:
    """Store receipts of one circle in one transaction, as `acknowledge_all` does, and return all of it."""
    async with database.begin() as transaction:
        after = await transaction.circles.lock(circle_id)
        outcomes = await _acknowledge(transaction, circle_id, receipts, now=moment(clock))
    return StoredReceipts(outcomes, after, tuple(transaction.recorded))


async def acknowledge_within(
    transaction: Transaction, *, circle_id: CircleId, receipts: Sequence[DeviceReceipt], now: datetime
) -> list[Delivery | ResponderError]:
    """Do what `acknowledge_all` does, in a transaction that has begun."""
    await transaction.circles.lock(circle_id)
    return await _acknowledge(transaction, circle_id, receipts, now=now)


async def _acknowledge(
    transaction: Transaction, circle_id: CircleId, receipts: Sequence[DeviceReceipt], *, now: datetime
) -> list[Delivery | ResponderError]:
    batch = ReceiptBatch(transaction, circle_id, now)
    outcomes = await batch.hear(receipts)
    others = [receipt for number, receipt in enumerate(receipts) if number not in outcomes]
    if others:
        await batch.prepare(others)
    for number, receipt in enumerate(receipts):
        if number not in outcomes:
            outcomes[number] = await batch.apply(receipt)
    await batch.put()
    return [outcomes[number] for number in range(len(receipts))]

"""Receipts of one circle that are stored together: those that only say that an alert was heard at once."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from responder.domain.errors import (
    IncidentEndedError,
    InvalidValueError,
    NotARecipientError,
    NotFoundError,
    ResponderError,
)
from responder.domain.ids import AccountId, AlertId, CircleId, IncidentId, ResponderId, UnitId
from responder.domain.incidents.delivery import COMING, RECEIPTS, Delivery, DeliveryState
from responder.domain.incidents.incident import Incident
from responder.domain.people.access import Action, Viewer
from responder.ports import Transaction
from responder.ports.clock import to_milliseconds
from responder.ports.incidents import HeardReceipt, ReceiptRow
from responder.services.incidents.queries import audience_of
from responder.services.incidents.record_deliveries import record_moved
from responder.services.validation.text import checked_text

DEVICE_LENGTH = 64
_HEARD = frozenset({DeliveryState.DELIVERED, DeliveryState.SEEN})


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceReceipt:
    """One thing that one device reports."""

    viewer: Viewer
    action_id: UUID
    alert_id: AlertId
    state: DeliveryState
    device_at: datetime
    device: str
    unit_id: UnitId | None = None
    """The unit that the person goes with, of those that they were called in; None keeps the present one."""
    channel: str | None = None
    """By which the person answered; None is the page."""


class ReceiptBatch:
    """Stores those that only say that the alert was heard at once; applies others one after the other."""

    def __init__(self, transaction: Transaction, circle_id: CircleId, now: datetime) -> None:
        self._transaction = transaction
        self._circle_id = circle_id
        self._now = now
        self._deliveries: dict[tuple[AlertId, ResponderId], Delivery] = {}
        self._incidents: dict[AlertId, Incident] = {}
        """Of each alert that is answered: a thousand receipts name one."""
        self._changed: dict[IncidentId, dict[tuple[AlertId, ResponderId], Delivery]] = defaultdict(dict)
        self._calls: dict[AlertId, AlertId] = {}
        """The call behind each alert that is answered: an answer to an update is one to the call."""
        self._known: set[tuple[AccountId, UUID]] = set()
        self._rows: list[ReceiptRow] = []
        self._heard: dict[IncidentId, dict[tuple[AlertId, ResponderId], Delivery]] = defaultdict(dict)
        """What `hear` has changed and stored."""

    async def hear(self, receipts: Sequence[DeviceReceipt]) -> dict[int, Delivery | ResponderError]:
        """Store what an alert's thousand devices report by themselves; return outcomes by number."""
        rounds: list[dict[int, DeviceReceipt]] = []
        """In each a person has one receipt: what one of their devices said is there for the next."""
        turns: Counter[ResponderId] = Counter()
        devices: dict[str, bool] = {}
        for number, receipt in enumerate(receipts):
            people = receipt.viewer.responder_ids
            if people and _only_heard(receipt) and _may_be_stored(receipt.device, devices):
                turn = max(turns[person] for person in people)
                for person in people:
                    turns[person] = turn + 1
                if turn == len(rounds):
                    rounds.append({})
                rounds[turn][number] = receipt
        outcomes: dict[int, Delivery | ResponderError] = {}
        for plain in rounds:
            heard = await self._transaction.receipts.hear(
                self._circle_id,
                [
                    HeardReceipt(self._row(each, each.device), tuple(each.viewer.responder_ids))
                    for each in plain.values()
                ],
                at=self._now,
            )
            for number, found in zip(plain, heard, strict=True):
                if found is not None:
                    outcomes[number] = found.delivery
                    if found.moved:
                        key = (found.delivery.alert_id, found.delivery.recipient_id)
                        self._heard[found.incident_id][key] = found.delivery
        return outcomes

    async def prepare(self, receipts: Sequence[DeviceReceipt]) -> None:
        action_ids = {receipt.action_id for receipt in receipts}
        self._known = set(await self._transaction.receipts.known(self._circle_id, action_ids))
        answered = {receipt.alert_id for receipt in receipts if receipt.state not in _HEARD}
        if answered:
            self._calls = await self._transaction.alerts.calls(self._circle_id, answered)
        found = await self._transaction.deliveries.of_recipients(
            self._circle_id,
            alert_ids={*(receipt.alert_id for receipt in receipts), *self._calls.values()},
            recipient_ids={person for receipt in receipts for person in receipt.viewer.responder_ids},
        )
        self._deliveries = {(delivery.alert_id, delivery.recipient_id): delivery for delivery in found}
        self._incidents = await self._transaction.incidents.of_alerts(
            self._circle_id, {delivery.alert_id for delivery in found}
        )

    async def apply(self, receipt: DeviceReceipt) -> Delivery | ResponderError:
        try:
            return await self._apply(receipt)
        except ResponderError as refusal:
            return refusal

    async def _apply(self, receipt: DeviceReceipt) -> Delivery:
        receipt.viewer.must(Action.ANSWER_ALERT)
        if receipt.state not in RECEIPTS:
            message = f"a device may not report {receipt.state.value}"
            raise InvalidValueError(message, field="state")
        device = checked_text(receipt.device, field="device", longest=DEVICE_LENGTH)
        own = self._own(receipt)
        if not own:
            await self._refuse_stranger(receipt)
        key = own[0]
        _must_go_with(receipt, self._deliveries[key])
        action = (receipt.viewer.account_id, receipt.action_id)
        if action in self._known:
            return self._deliveries[key]
        incident = self._incidents[receipt.alert_id]
        if not incident.is_open and receipt.state not in _HEARD:
            raise IncidentEndedError
        self._known.add(action)
        self._rows.append(self._row(receipt, device))
        before = self._deliveries[key]
        moved = before.advance(receipt.state, at=self._now)
        if receipt.unit_id is not None and moved.state is receipt.state:
            # What comes late changes the unit as little as the state.
            moved = replace(moved, unit_id=receipt.unit_id)
        if moved != before:
            self._deliveries[key] = self._changed[incident.id][key] = moved
        return moved

    def _row(self, receipt: DeviceReceipt, device: str) -> ReceiptRow:
        return ReceiptRow(
            action_id=receipt.action_id,
            alert_id=receipt.alert_id,
            account_id=receipt.viewer.account_id,
            state=receipt.state,
            device=device,
            device_at=to_milliseconds(receipt.device_at),
            at=self._now,
            unit_id=receipt.unit_id,
            channel=receipt.channel,
        )

    def _own(self, receipt: DeviceReceipt) -> list[tuple[AlertId, ResponderId]]:
        """Return the viewer's deliveries that the receipt may be about, that of the call before others."""
        alert_ids = [receipt.alert_id]
        if receipt.state not in _HEARD:
            alert_ids.insert(0, self._calls.get(receipt.alert_id, receipt.alert_id))
        return [
            key
            for alert_id in alert_ids
            for person in sorted(receipt.viewer.responder_ids)
            if (key := (alert_id, person)) in self._deliveries
        ]

    async def _refuse_stranger(self, receipt: DeviceReceipt) -> None:
        alert = await self._transaction.alerts.get(self._circle_id, receipt.alert_id)
        detail = await self._transaction.incidents.detail(self._circle_id, alert.incident_id)
        if audience_of(detail).includes(receipt.viewer):
            raise NotARecipientError
        raise NotFoundError

    async def put(self) -> None:
        """Store what was applied, and record all that changed: one event for each incident."""
        await self._transaction.receipts.add(self._circle_id, self._rows)
        changed = [delivery for moved in self._changed.values() for delivery in moved.values()]
        await self._transaction.deliveries.put(self._circle_id, changed)
        for incident_id in dict.fromkeys((*self._heard, *self._changed)):
            moved = {**self._heard[incident_id], **self._changed[incident_id]}
            await record_moved(
                self._transaction, self._circle_id, incident_id, deliveries=moved.values(), at=self._now
            )


def _only_heard(receipt: DeviceReceipt) -> bool:
    return (
        receipt.state in _HEARD
        and receipt.unit_id is None
        and receipt.channel is None
        and receipt.viewer.may(Action.ANSWER_ALERT)
    )


def _may_be_stored(device: str, known: dict[str, bool]) -> bool:
    """Tell whether a device's name is stored as it is; nearly all of a batch have the same few."""
    if device not in known:
        try:
            known[device] = checked_text(device, field="device", longest=DEVICE_LENGTH) == device
        except InvalidValueError:
            known[device] = False
    return known[device]


def _must_go_with(receipt: DeviceReceipt, delivery: Delivery) -> None:
    if receipt.unit_id is None:
        return
    if receipt.state not in COMING:
        message = f"a person who reports {receipt.state.value} goes with no unit"
        raise InvalidValueError(message, field="unit_id")
    if receipt.unit_id not in delivery.unit_ids:
        message = "the person was not called in this unit"
        raise InvalidValueError(message, field="unit_id")

"""A responder who hears an alert, answers it by hand, and goes there."""

import asyncio
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID, uuid4

from responder.demo.simulated.client import LiveSocket, ServerMessage
from responder.domain.ids import AlertId, UnitId
from responder.domain.incidents.delivery import RANK, DeliveryState
from responder.domain.incidents.event import (
    AlertExtended,
    AlertRaised,
    AlertUpdated,
    IncidentEnded,
    IncidentMoved,
)
from responder.domain.incidents.snapshot import IncidentDetail
from responder.live.protocol.messages import (
    EventMessage,
    Receipt,
    ReceiptState,
    ReceiptStored,
    Refused,
    Reminder,
    ReportPosition,
)

Point = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Manner:
    """How long a person takes, in seconds; a demonstration does not last fifteen minutes."""

    notices_s: float
    decides_s: float
    leaves_s: float
    positions: int
    """How many positions are reported on the way."""
    between_positions_s: float


def manner(chance: random.Random) -> Manner:
    """Choose how a simulated person behaves."""
    return Manner(
        notices_s=chance.uniform(0.3, 1.2),
        decides_s=chance.uniform(0.3, 1.5),
        leaves_s=chance.uniform(0.2, 0.8),
        positions=4,
        between_positions_s=1.0,
    )


class SimulatedPartner:
    """Plays one account at its socket."""

    def __init__(self, socket: LiveSocket, *, manner: Manner) -> None:
        self._socket = socket
        self._manner = manner
        self._viewer = socket.snapshot.viewer
        self._heard: set[UUID] = set()
        self._stored: dict[UUID, asyncio.Future[None]] = {}
        self.refusals: list[str] = []
        """What the gateway would not take."""

    async def play(self) -> None:
        async with asyncio.TaskGroup() as acts:
            async for message in self._socket.messages():
                self._hear(message, acts)

    def _hear(self, message: ServerMessage, acts: asyncio.TaskGroup) -> None:
        match message:
            case Reminder(detail=detail) if not detail.incident.is_open:
                # Over by now: this person shall know of it, and no longer set out.
                for alert_id in self._unconfirmed(detail):
                    acts.create_task(self._report(alert_id, "delivered"))
            case (
                EventMessage(
                    event=AlertRaised(detail=detail)
                    | AlertExtended(detail=detail)
                    | IncidentMoved(detail=detail)
                )
                | Reminder(detail=detail)
            ):
                for alert_id in self._unconfirmed(detail) - {detail.alerts[0].id}:
                    acts.create_task(self._report(alert_id, "delivered"))
                if self._is_called(detail) and detail.alerts[0].id not in self._heard:
                    self._heard.add(detail.alerts[0].id)
                    acts.create_task(self._respond(detail))
            case EventMessage(
                event=IncidentEnded(alert=alert, deliveries=deliveries)
                | AlertUpdated(alert=alert, deliveries=deliveries)
            ):
                if any(delivery.recipient_id in self._viewer.responder_ids for delivery in deliveries):
                    acts.create_task(self._report(alert.id, "delivered"))
            case ReceiptStored(action_id=action_id):
                self._settle(action_id)
            case Refused(code=code, action_id=action_id):
                self.refusals.append(code)
                self._settle(action_id)

    def _is_called(self, detail: IncidentDetail) -> bool:
        return any(delivery.recipient_id in self._viewer.responder_ids for delivery in detail.deliveries)

    def _unconfirmed(self, detail: IncidentDetail) -> set[AlertId]:
        return {
            delivery.alert_id
            for delivery in detail.deliveries
            if delivery.recipient_id in self._viewer.responder_ids
            and RANK[delivery.state] < RANK[DeliveryState.DELIVERED]
        }

    async def _respond(self, detail: IncidentDetail) -> None:
        alert_id = detail.alerts[0].id
        await self._report(alert_id, "delivered")
        await asyncio.sleep(self._manner.notices_s)
        await self._report(alert_id, "seen")
        await asyncio.sleep(self._manner.decides_s)
        await self._report(alert_id, "accepted")
        await asyncio.sleep(self._manner.leaves_s)
        await self._report(alert_id, "en_route")
        # A person in several of the units goes with one of them.
        own = {
            delivery.unit_id
            for delivery in detail.deliveries
            if delivery.recipient_id in self._viewer.responder_ids and delivery.alert_id == alert_id
        }
        for member in detail.response_circle.members:
            if member.unit_id in own:
                way = [point for leg in member.legs for point in leg.coordinates]
                await self._travel(member.unit_id, way)
        await self._report(alert_id, "on_scene")

    async def _travel(self, unit_id: UnitId, way: list[Point]) -> None:
        for lon, lat in along(way, self._manner.positions):
            now = datetime.now(UTC)
            await self._socket.send(ReportPosition(unit_id=unit_id, lon=lon, lat=lat, accuracy_m=8.0, at=now))
            await asyncio.sleep(self._manner.between_positions_s)

    async def _report(self, alert_id: UUID, state: ReceiptState) -> None:
        """Send a receipt and wait until it is in the database."""
        action_id = uuid4()
        stored = self._stored[action_id] = asyncio.get_running_loop().create_future()
        now = datetime.now(UTC)
        await self._socket.send(Receipt(action_id=action_id, alert_id=alert_id, state=state, at=now))
        await stored
        del self._stored[action_id]

    def _settle(self, action_id: UUID | None) -> None:
        waiting = self._stored.get(action_id) if action_id is not None else None
        if waiting is not None and not waiting.done():
            waiting.set_result(None)


def along(way: list[Point], count: int) -> Iterator[Point]:
    """Choose `count` of the points of a way, the last one last."""
    if not way:
        return
    for number in range(1, count + 1):
        yield way[round((len(way) - 1) * number / count)]

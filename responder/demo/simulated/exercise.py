"""An exercise from the first call to the all-clear, watched by the staff who raised it."""

import asyncio
import time
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID, uuid4

from pydantic import TypeAdapter

from responder.demo.simulated.client import LiveSocket, SignedIn
from responder.domain.errors import SimilarIncidentError
from responder.domain.incidents.delivery import RANK, Delivery, DeliveryState
from responder.domain.incidents.event import AlertExtended, AlertRaised, DeliveriesUpdated, IncidentEnded
from responder.domain.incidents.snapshot import IncidentDetail
from responder.live.protocol.messages import EventMessage, PositionMessage, ServerMessage

_DETAIL = TypeAdapter(IncidentDetail)
_HEARD_FIRST = (DeliveryState.DELIVERED, DeliveryState.SEEN, DeliveryState.ACCEPTED, DeliveryState.EN_ROUTE)
END_LIMIT_S = 5.0
ALL_CLEAR_LIMIT_S = 30.0
"""Long enough for a reminder to those who missed the alert."""
WATCHED = (*_HEARD_FIRST, DeliveryState.ON_SCENE)


@dataclass(slots=True, kw_only=True)
class Log:
    """What the staff saw, in seconds since the call was sent."""

    detail: IncidentDetail
    committed_s: float
    """When the server had answered that the alert is stored."""
    seen_s: float | None = None
    """When the alert was on the staff's own live map."""
    ended_s: float | None = None
    uncleared: dict[UUID, str] | None = None
    """Who has not confirmed the all-clear, by recipient; None before there is one."""
    cleared_s: float | None = None
    """When all had confirmed it."""
    states_s: dict[UUID, dict[DeliveryState, float]] = field(default_factory=dict)
    """By recipient: when each state was first seen by the staff."""
    positions: int = 0

    def missing(self) -> list[str]:
        """Say who did not get how far."""
        return [
            f"{delivery.recipient_name}: {state.value}"
            for delivery in self.detail.deliveries
            for state in WATCHED
            if state not in self.states_s.get(delivery.recipient_id, {})
        ]

    def times_s(self, state: DeliveryState) -> list[float]:
        """When the recipients reached a state, the first first."""
        return sorted(states[state] for states in self.states_s.values() if state in states)


async def hold_exercise(
    staff: SignedIn, socket: LiveSocket, *, incident: dict[str, object], limit_s: float, linger_s: float = 0.0
) -> Log:
    """
    Raise the exercise, watch until all who are called are on scene or time is up, and end it.

    The incident ends `linger_s` later, to leave time to look around.
    """
    began_s = time.monotonic()
    path = f"/api/circles/{staff.circle_id}/incidents"
    headers = {"Idempotency-Key": str(uuid4())}
    answer = await staff.http.post(path, json=incident, headers=headers)
    if answer.status_code == HTTPStatus.CONFLICT and answer.json().get("code") == SimilarIncidentError.code:
        # One held a moment ago is not this one.
        others = [each["incident_id"] for each in answer.json()["candidates"]]
        answer = await staff.http.post(path, json={**incident, "not_same_as": others}, headers=headers)
    if not answer.is_success:
        message = f"the exercise was refused: {answer.status_code} {answer.text[:300]}"
        raise RuntimeError(message)
    log = Log(detail=_DETAIL.validate_json(answer.content), committed_s=time.monotonic() - began_s)
    watch = _Watch(log, began_s=began_s)
    watching = asyncio.create_task(watch.watch(socket))
    try:
        await _within(limit_s, watch.everybody_there)
        await asyncio.sleep(linger_s)
        await staff.http.post(f"{path}/{log.detail.incident.id}/end", json={"reason": "resolved"})
        await _within(END_LIMIT_S, watch.ended)
        await _within(ALL_CLEAR_LIMIT_S, watch.cleared)
    finally:
        watching.cancel()
    return log


class _Watch:
    """Writes down what comes by the staff's socket."""

    def __init__(self, log: Log, *, began_s: float) -> None:
        self._log = log
        self._began_s = began_s
        self.everybody_there = asyncio.Event()
        self.ended = asyncio.Event()
        self.cleared = asyncio.Event()
        self._all_clear: UUID | None = None

    async def watch(self, socket: LiveSocket) -> None:
        async for message in socket.messages():
            now_s = time.monotonic() - self._began_s
            self._note(message, now_s)
            first_alert = self._log.detail.alerts[0].id
            for delivery in _moved(message):
                if delivery.alert_id == first_alert:
                    _note(self._log, delivery, now_s)
                elif delivery.alert_id == self._all_clear:
                    self._note_all_clear((delivery,), now_s)
            if not self._log.missing():
                self.everybody_there.set()

    def _note(self, message: ServerMessage, now_s: float) -> None:
        incident_id = self._log.detail.incident.id
        match message:
            case EventMessage(event=AlertRaised(detail=detail) | AlertExtended(detail=detail)) if (
                detail.incident.id == incident_id
            ):
                self._log.seen_s = self._log.seen_s or now_s
            case EventMessage(event=IncidentEnded() as end) if end.incident.id == incident_id:
                self._log.ended_s = now_s
                self._all_clear = end.alert.id
                self._log.uncleared = {each.recipient_id: each.recipient_name for each in end.deliveries}
                self._note_all_clear(end.deliveries, now_s)
                self.ended.set()
            case PositionMessage():
                self._log.positions += 1

    def _note_all_clear(self, deliveries: tuple[Delivery, ...], now_s: float) -> None:
        if self._log.uncleared is None:
            return
        for delivery in deliveries:
            if RANK[delivery.state] >= RANK[DeliveryState.DELIVERED]:
                self._log.uncleared.pop(delivery.recipient_id, None)
        if not self._log.uncleared and self._log.cleared_s is None:
            self._log.cleared_s = now_s
            self.cleared.set()


async def _within(limit_s: float, event: asyncio.Event) -> None:
    """Wait for the event; when it does not come, the log shows what is missing."""
    with suppress(TimeoutError):
        await asyncio.wait_for(event.wait(), limit_s)


def _moved(message: ServerMessage) -> tuple[Delivery, ...]:
    match message:
        case EventMessage(event=DeliveriesUpdated(deliveries=deliveries)):
            return deliveries
    return ()


def _note(log: Log, delivery: Delivery, now_s: float) -> None:
    states = log.states_s.setdefault(delivery.recipient_id, {})
    for state in WATCHED:
        if RANK[state] <= RANK[delivery.state] and state.value in delivery.times:
            states.setdefault(state, now_s)

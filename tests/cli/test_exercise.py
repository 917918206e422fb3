"""The exercise is over when everyone has confirmed that it is over, or after a bounded time."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import httpx
import pytest
from pydantic import TypeAdapter

from responder.demo.simulated import exercise
from responder.demo.simulated.client import ServerMessage, SignedIn
from responder.demo.simulated.exercise import Log, hold_exercise
from responder.domain.ids import AlertId, ResponderId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import DeliveriesUpdated, Event, IncidentEnded
from responder.domain.incidents.incident import EndReason
from responder.domain.incidents.snapshot import IncidentDetail
from responder.live.protocol.messages import EventMessage
from tests.cli.test_partner import CIRCLE, NOW, detail_with

DETAIL = TypeAdapter(IncidentDetail)


class Watched:
    """The staff's socket: what is said to it, it yields."""

    def __init__(self) -> None:
        self._said: asyncio.Queue[ServerMessage] = asyncio.Queue()

    def say(self, event: Event) -> None:
        self._said.put_nowait(EventMessage.model_construct(event=event))

    async def messages(self) -> AsyncIterator[ServerMessage]:
        while True:
            yield await self._said.get()


async def held(confirmed: int, *, after_s: float) -> Log:
    """Hold an exercise whose all-clear goes to two, of whom so many confirm it, so long after its end."""
    detail = detail_with(DeliveryState.ON_SCENE)
    all_clear = replace(detail.alerts[0], id=AlertId(uuid4()))
    called = [
        replace(
            detail.deliveries[0],
            alert_id=all_clear.id,
            recipient_id=ResponderId(uuid4()),
            recipient_name=name,
            state=DeliveryState.QUEUED,
        )
        for name in ("甲", "乙")
    ]
    socket = Watched()

    def confirm(first: Delivery, *others: Delivery) -> None:
        socket.say(DeliveriesUpdated(incident_id=detail.incident.id, deliveries=(first,)))
        socket.say(DeliveriesUpdated(incident_id=detail.incident.id, deliveries=others))

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/end"):
            incident = detail.incident.end(EndReason.RESOLVED, at=NOW, by_name="")
            socket.say(IncidentEnded(incident=incident, alert=all_clear, deliveries=tuple(called)))
            receipts = [each.advance(DeliveryState.DELIVERED, at=NOW) for each in called[:confirmed]]
            asyncio.get_running_loop().call_later(after_s, confirm, *receipts)
        return httpx.Response(200, content=DETAIL.dump_json(detail))

    async with httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://here") as http:
        staff = SignedIn(http=http, circle_id=CIRCLE, live_url="")
        return await hold_exercise(staff, socket, incident={}, limit_s=0)  # type: ignore[arg-type]


async def test_the_all_clear_is_waited_for_as_well() -> None:
    log = await held(confirmed=2, after_s=0.3)
    assert log.uncleared == {}
    assert log.ended_s is not None
    assert log.cleared_s is not None
    assert log.cleared_s >= log.ended_s


async def test_a_person_who_does_not_confirm_the_all_clear_is_named_after_a_while(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(exercise, "ALL_CLEAR_LIMIT_S", 1.0)
    log = await held(confirmed=1, after_s=0)
    assert log.cleared_s is None
    assert list((log.uncleared or {}).values()) == ["乙"]

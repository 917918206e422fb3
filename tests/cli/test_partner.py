"""A simulated partner answers like a person: sets out to what is open, and only hears of what is over."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest
from pydantic import BaseModel

from responder.demo.simulated.client import ServerMessage
from responder.demo.simulated.partner import Manner, SimulatedPartner
from responder.domain.ids import AccountId, AlertId, CircleId, IncidentId, PartnerId, ResponderId, UnitId
from responder.domain.incidents.alert import Alert, MessageType
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.incident import EndReason, Incident, Severity
from responder.domain.incidents.response_circle import Member, ResponseCircle, RouteLeg
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.place import Place
from responder.domain.people.access import Role, Viewer
from responder.domain.people.partner import PartnerKind
from responder.live.protocol.messages import Receipt, ReceiptStored, Reminder, ReportPosition

NOW = datetime(2025, 11, 3, 6, 0, tzinfo=UTC)
AT_ONCE = Manner(notices_s=0, decides_s=0, leaves_s=0, positions=0, between_positions_s=0)
OTHER_UNIT = UnitId(uuid4())
CIRCLE, PERSON, UNIT, PARTNER = (
    CircleId(uuid4()), ResponderId(uuid4()), UnitId(uuid4()), PartnerId(uuid4()),
)  # fmt: skip


class Line:
    """A live socket that says one thing, and stores every receipt."""

    def __init__(self, first: ServerMessage) -> None:
        viewer = Viewer(
            account_id=AccountId(uuid4()),
            name="",
            circle_id=CIRCLE,
            role=Role.RESPONDER,
            responder_ids=frozenset({PERSON}),
            unit_ids=frozenset({UNIT, OTHER_UNIT}),
        )
        self.snapshot = SimpleNamespace(viewer=viewer)
        self.receipts: list[tuple[AlertId, str]] = []
        self.positions: list[UnitId] = []
        self._said: asyncio.Queue[ServerMessage] = asyncio.Queue()
        self._said.put_nowait(first)

    async def send(self, message: BaseModel) -> None:
        if isinstance(message, ReportPosition):
            self.positions.append(UnitId(message.unit_id))
            return
        assert isinstance(message, Receipt)
        self.receipts.append((message.alert_id, message.state))
        stored = ReceiptStored.model_construct(action_id=message.action_id)
        self._said.put_nowait(stored)

    async def messages(self) -> AsyncIterator[ServerMessage]:
        while True:
            yield await self._said.get()


def detail_with(*states: DeliveryState) -> IncidentDetail:
    """Return an open incident with as many alerts to the person, so far confirmed as told."""
    incident = Incident(
        id=IncidentId(uuid4()),
        circle_id=CIRCLE,
        exercise=True,
        kind="smoke",
        severity=Severity.ORANGE,
        place=Place(label="7", lon=112.985, lat=28.158),
        note="",
        raised_at=NOW,
        raised_by=AccountId(uuid4()),
        raised_by_name="",
    )
    alerts = tuple(
        Alert(
            id=AlertId(uuid4()),
            incident_id=incident.id,
            message_type=MessageType.ALERT,
            exercise=True,
            headline="",
            sent_at=NOW,
        )
        for _ in states
    )
    deliveries = tuple(
        Delivery(
            alert_id=alert.id,
            recipient_id=PERSON,
            recipient_name="",
            unit_id=UNIT,
            partner_id=PARTNER,
            state=state,
            times={},
        )
        for alert, state in zip(alerts, states, strict=True)
    )
    no_units = ResponseCircle(limit_s=900, computed_at=NOW, members=(), non_members=())
    return IncidentDetail(incident=incident, alerts=alerts, response_circle=no_units, deliveries=deliveries)


def member_of(unit_id: UnitId) -> Member:
    leg = RouteLeg(
        mode="walk",
        distance_m=1,
        duration_s=1,
        street_names=(),
        coordinates=((112.985, 28.158), (112.986, 28.158)),
    )
    return Member(
        unit_id=unit_id,
        unit_name="",
        unit_name_en="",
        partner_id=PARTNER,
        partner_name="",
        partner_kind=PartnerKind.HOSPITAL,
        profile="foot",
        turnout_s=0,
        travel_s=1,
        response_s=1,
        why_zh="",
        why_en="",
        legs=(leg,),
        stop=None,
        avoided=(),
        default_share=0,
        position_age_s=None,
    )


async def played(detail: IncidentDetail) -> list[tuple[AlertId, str]]:
    line = Line(Reminder(detail=detail))
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(SimulatedPartner(line, manner=AT_ONCE).play(), 0.2)  # type: ignore[arg-type]
    return line.receipts


async def test_a_reminder_of_an_open_incident_is_answered_to_the_end() -> None:
    detail = detail_with(DeliveryState.SENT)
    [alert] = detail.alerts
    states = ("delivered", "seen", "accepted", "en_route", "on_scene")
    assert await played(detail) == [(alert.id, state) for state in states]


async def test_a_person_in_two_units_goes_with_one_of_them() -> None:
    detail = detail_with(DeliveryState.SENT)
    [call] = detail.deliveries
    members = tuple(member_of(unit) for unit in (OTHER_UNIT, UNIT))
    circle = replace(detail.response_circle, members=members)
    call = replace(call, unit_ids=(UNIT, OTHER_UNIT))
    line = Line(Reminder(detail=replace(detail, response_circle=circle, deliveries=(call,))))
    manner = replace(AT_ONCE, positions=2)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(SimulatedPartner(line, manner=manner).play(), 0.2)  # type: ignore[arg-type]
    assert line.positions == [UNIT, UNIT]


async def test_a_reminder_of_what_is_over_is_only_confirmed() -> None:
    open_detail = detail_with(DeliveryState.DELIVERED, DeliveryState.SENT)
    ended = open_detail.incident.end(EndReason.FALSE_ALARM, at=NOW, by_name="")
    _, end = open_detail.alerts
    assert await played(replace(open_detail, incident=ended)) == [(end.id, "delivered")]

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest

from responder.domain.alert import MessageType
from responder.domain.delivery import DeliveryState
from responder.domain.errors import (
    IdempotencyConflictError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
)
from responder.domain.ids import BuildingId
from responder.domain.incident import IncidentKind, Severity
from responder.services.raise_alert import NewIncident, raise_alert
from tests.services.conftest import World


async def test_the_people_of_units_in_time_are_called_and_nobody_else(world: World) -> None:
    picture = await world.raise_at()
    in_time = {member.unit_id for member in picture.response_circle.members}
    assert in_time
    assert {delivery.unit_id for delivery in picture.deliveries} <= in_time
    async with world.database.begin() as transaction:
        people = await transaction.responders.of_units(world.circle.id, in_time)
        everybody = await transaction.units.of_circle(world.circle.id)
    assert {d.recipient_id for d in picture.deliveries} == {person.id for person in people}
    assert {d.state for d in picture.deliveries} == {DeliveryState.QUEUED}
    off_duty = {unit.id for unit in everybody if not unit.on_duty}
    assert off_duty
    assert not off_duty & in_time
    assert {n.unit_id for n in picture.response_circle.non_members if n.reason == "off_duty"} == off_duty
    soonest = picture.response_circle.members
    assert [m.response_s for m in soonest] == sorted(m.response_s for m in soonest)
    assert all(m.response_s == m.turnout_s + m.travel_s <= 900 and m.why_zh and m.why_en for m in soonest)
    [alert] = picture.alerts
    assert alert.message_type is MessageType.ALERT
    assert alert.headline == "冒烟：脑科巷7栋"

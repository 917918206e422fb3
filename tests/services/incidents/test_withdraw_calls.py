"""A person who leaves the unit while an incident is open no longer counts, and staff see it at once."""

from functools import reduce
from uuid import uuid4

import pytest

from responder.domain.errors import NotAllowedError, NotFoundError
from responder.domain.ids import ResponderId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.fold import apply
from responder.domain.incidents.incident import EndReason
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.people.access import Role
from responder.ports.audit import AuditQuery
from responder.services.circles.snapshot import show_circle
from responder.services.directing.end_incident import end_incident
from responder.services.incidents.acknowledge import acknowledge
from responder.services.people.change_person import PersonChange, change_person
from responder.services.people.remove_person import remove_person
from tests.services.conftest import World
from tests.services.log import events_after, log_head

WHO = "hospital.wen"
UNANSWERED = (DeliveryState.QUEUED, DeliveryState.SEEN)
COMING = (DeliveryState.ACCEPTED, DeliveryState.EN_ROUTE, DeliveryState.ON_SCENE)


async def answer(world: World, detail: IncidentDetail, state: DeliveryState) -> None:
    if state is DeliveryState.QUEUED:
        return
    await acknowledge(
        world.database,
        viewer=await world.viewer(WHO),
        alert_id=detail.alerts[0].id,
        state=state,
        action_id=uuid4(),
        device_at=world.clock.now(),
        device="phone",
        clock=world.clock,
    )


async def leave(world: World, how: str) -> None:
    viewer, account_id = await world.viewer("community"), (await world.viewer(WHO)).account_id
    if how == "removed":
        await remove_person(world.database, viewer=viewer, account_id=account_id, clock=world.clock)
        return
    change = {
        "unit": PersonChange(fields=frozenset({"unit_ids"})),
        "role": PersonChange(fields=frozenset({"role"}), role=Role.PLANNER),
        "partner": PersonChange(fields=frozenset({"partner_id"})),
    }[how]
    await change_person(
        world.database, viewer=viewer, account_id=account_id, change=change, clock=world.clock
    )


async def of(world: World, detail: IncidentDetail, person: ResponderId) -> Delivery:
    async with world.database.begin() as transaction:
        now = await transaction.incidents.detail(world.circle.id, detail.incident.id)
    return next(each for each in now.deliveries if each.recipient_id == person)


@pytest.mark.parametrize("how", ["removed", "unit", "role", "partner"])
@pytest.mark.parametrize("state", [*UNANSWERED, *COMING])
async def test_a_person_who_leaves_the_unit_is_withdrawn_and_open_pages_hear_of_it(
    world: World, how: str, state: DeliveryState
) -> None:
    staff = await world.viewer("community")
    [person] = (await world.viewer(WHO)).responder_ids
    detail = await world.raise_at()
    await answer(world, detail, state)
    before = await show_circle(world.database, viewer=staff, clock=world.clock)
    world.clock.move(seconds=7)

    await leave(world, how)

    gone = await of(world, detail, person)
    assert (gone.state, gone.times["withdrawn"]) == (DeliveryState.WITHDRAWN, world.clock.now())
    assert state.value in gone.times, "what they had said is kept"
    events = await events_after(
        world.database, viewer=staff, epoch=before.epoch, seq=before.seq, event_id=before.event_id
    )
    assert events is not None
    assert [each.event.kind for each in events] == ["deliveries_updated"]
    after = await show_circle(world.database, viewer=staff, clock=world.clock)
    assert reduce(apply, events, before) == after
    async with world.database.begin() as transaction:
        newest, *_ = await transaction.audit.search(world.circle.id, AuditQuery())
    assert newest.subject_name is not None
    assert newest.detail["withdrawn"] == 1
    with pytest.raises(NotFoundError if how in {"removed", "unit", "partner"} else NotAllowedError):
        await answer(world, detail, DeliveryState.EN_ROUTE)


async def test_others_what_was_declined_and_what_is_over_stay_as_they_are(world: World) -> None:
    [person] = (await world.viewer(WHO)).responder_ids
    declined, over = await world.raise_at(), await world.raise_at("脑科巷2栋")
    await answer(world, declined, DeliveryState.DECLINED)
    await answer(world, over, DeliveryState.ACCEPTED)
    await end_incident(
        world.database,
        viewer=await world.viewer("community"),
        incident_id=over.incident.id,
        reason=EndReason.RESOLVED,
        clock=world.clock,
    )
    head = (await log_head(world.database, circle_id=world.circle.id)).seq
    await leave(world, "removed")
    assert (await of(world, declined, person)).state is DeliveryState.DECLINED
    assert (await of(world, over, person)).state is DeliveryState.ACCEPTED
    assert (await log_head(world.database, circle_id=world.circle.id)).seq == head, "nothing to tell"

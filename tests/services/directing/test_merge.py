"""Two alerts that may be of one incident: asked about when raised nearby, and merged."""

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import delete

from responder.domain.errors import (
    IncidentEndedError,
    InvalidValueError,
    NotFoundError,
    SimilarIncidentError,
)
from responder.domain.ids import IncidentId, PartnerId
from responder.domain.incidents.alert import AlertCause
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.event import AlertExtended, IncidentEnded
from responder.domain.incidents.incident import EndReason
from responder.domain.incidents.snapshot import IncidentDetail
from responder.services.incidents.raise_alert import NewIncident, raise_alert
from responder.store.incidents.delivery import DELIVERY
from responder.store.transaction import PostgresTransaction
from tests.services.conftest import World
from tests.services.directing.acts import answered, merged, recipients, shown, undone
from tests.services.log import addressed_events


async def test_one_raised_nearby_a_moment_ago_is_asked_about_and_never_dropped(world: World) -> None:
    first = await world.raise_at()
    world.clock.move(minutes=2, seconds=59)
    place = first.incident.place
    viewer = await world.viewer("community")
    # 0.0008° of latitude are 89 m; it is another kind, and may still be the same.
    new = NewIncident(kind="fire", exercise=False, lon=place.lon, lat=place.lat + 0.0008)

    async def attempt(new: NewIncident, key: str = "k") -> IncidentDetail:
        return await raise_alert(
            world.database, world.roads, viewer=viewer, new=new, idempotency_key=key, clock=world.clock
        )

    with pytest.raises(SimilarIncidentError) as asked:
        await attempt(new)
    [candidate] = asked.value.detail["candidates"]  # type: ignore[misc]
    assert candidate["incident_id"] == str(first.incident.id)
    assert (candidate["kind"], candidate["label"]) == ("smoke", "脑科巷7栋")
    assert candidate["distance_m"] == pytest.approx(89, abs=1)
    assert len(await addressed_events(world.database, circle_id=world.circle.id, seq=0)) == 1

    # The same key goes on with it, once.
    told_apart = replace(new, not_same_as=(first.incident.id,))
    second = await attempt(told_apart)
    assert second.incident.id != first.incident.id
    assert await attempt(told_apart) == second
    # The first was told apart, the second was not.
    with pytest.raises(SimilarIncidentError) as asked:
        await attempt(told_apart, key="other")
    assert [each["incident_id"] for each in asked.value.detail["candidates"]] == [str(second.incident.id)]  # type: ignore[attr-defined]


@pytest.mark.parametrize("why", ["far", "late", "ended", "exercise", "hidden"])
async def test_what_cannot_be_the_same_is_not_asked_about(world: World, why: str) -> None:
    first = await world.raise_at(exercise=why == "exercise")
    place = first.incident.place
    if why == "late":
        world.clock.move(minutes=3, seconds=1)
    if why == "ended":
        await undone(world, first)
    viewer = await world.viewer("community")
    if why == "hidden":
        # Of a partner that was not called, and so is not told of it.
        hospital = await world.viewer("hospital")
        viewer = replace(hospital, partner_id=PartnerId(uuid4()), responder_ids=frozenset())
    new = NewIncident(
        kind="smoke", exercise=False, lon=place.lon, lat=place.lat + (0.00092 if why == "far" else 0)
    )
    second = await raise_alert(
        world.database, world.roads, viewer=viewer, new=new, idempotency_key="k", clock=world.clock
    )
    assert second.incident.id != first.incident.id


async def test_merging_ends_one_and_its_answers_count_in_the_other(world: World) -> None:
    first = await world.raise_at()
    second = await world.raise_at(by="hospital")
    accepted = await answered(world, second.alerts[0].id, DeliveryState.ACCEPTED, by="hospital.wen")
    ended = await merged(world, second, first)

    assert (ended.incident.end_reason, ended.incident.merged_into) == (EndReason.MERGED, first.incident.id)
    assert ended.alerts[-1].cause is AlertCause.MERGED
    assert recipients(ended, 1) == recipients(ended, 0)
    after = await shown(world, first)
    assert after.incident.is_open
    [own] = [each for each in after.deliveries if each.recipient_id == accepted.recipient_id]
    assert (own.alert_id, own.state) == (first.alerts[0].id, DeliveryState.ACCEPTED)
    kinds = [
        type(each.recorded.event)
        for each in await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    ]
    assert [kind for kind in kinds if kind in {AlertExtended, IncidentEnded}] == [
        AlertExtended,
        IncidentEnded,
    ]


async def test_who_was_called_only_to_the_merged_one_is_called_to_the_other(world: World) -> None:
    first = await world.raise_at()
    second = await world.raise_at()
    gone = second.deliveries[0].recipient_id
    async with world.database.begin() as transaction:
        # As if the unit had not been in reach of the first.
        assert isinstance(transaction, PostgresTransaction)
        await transaction._connection.execute(  # noqa: SLF001 - nothing of ours removes one
            delete(DELIVERY).where(DELIVERY.c.alert_id == first.alerts[0].id, DELIVERY.c.recipient_id == gone)
        )
    await merged(world, second, first)
    after = await shown(world, first)
    [own] = [each for each in after.deliveries if each.recipient_id == gone]
    assert (own.alert_id, own.state) == (first.alerts[0].id, DeliveryState.QUEUED)
    assert recipients(after, 0) == recipients(second, 0)


async def test_what_is_not_the_same_is_not_merged(world: World) -> None:
    first = await world.raise_at()
    practised = await world.raise_at(exercise=True)
    for other in (first, practised):
        with pytest.raises(InvalidValueError):
            await merged(world, first, other)
    nowhere = replace(first, incident=replace(first.incident, id=IncidentId(uuid4())))
    with pytest.raises(NotFoundError):
        await merged(world, first, nowhere)
    second = await world.raise_at()
    await undone(world, second)
    for pair in ((first, second), (second, first)):
        with pytest.raises(IncidentEndedError):
            await merged(world, *pair)
    assert (await shown(world, first)).incident.is_open

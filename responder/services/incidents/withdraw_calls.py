"""Withdraw the calls of a person who leaves units, so that no one counts on an answer that cannot come."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from responder.domain.ids import AccountId, CircleId, ResponderId, UnitId
from responder.domain.incidents.delivery import NOT_COUNTED_ON, Delivery, DeliveryState
from responder.domain.incidents.event import AlertExtended
from responder.domain.incidents.snapshot import IncidentDetail
from responder.ports import Transaction
from responder.services.incidents.record_deliveries import put_and_record


async def withdraw_calls(
    transaction: Transaction,
    circle_id: CircleId,
    account_id: AccountId,
    *,
    but: Collection[UnitId],
    now: datetime,
) -> int:
    """
    Withdraw the account's calls to open incidents but those in these units, and return how many there were.

    To be called before they leave the units, with the circle's lock held: from then on they can neither be
    told nor answer. The delivery keeps when they accepted; receipts are what devices said, so there is none.
    A person who was called in one of the units that they stay in goes on being called, with that one.

    Raises
    ------
    NotFoundError
        The account does not belong to the circle.
    """
    person = await transaction.memberships.viewer(account_id, circle_id)
    if not person.responder_ids:
        return 0
    places = await transaction.responders.known(circle_id, person.responder_ids)
    stays = {place.unit_id: place.id for place in places.values() if place.unit_id in but}
    withdrawn = 0
    for detail in await transaction.incidents.open_details(circle_id):
        own = [delivery for delivery in detail.deliveries if delivery.recipient_id in places]
        moved = [
            delivery.advance(DeliveryState.WITHDRAWN, at=now)
            for delivery in own
            if stays.keys().isdisjoint(delivery.unit_ids) and delivery.state not in NOT_COUNTED_ON
        ]
        if moved:
            await put_and_record(transaction, circle_id, detail.incident.id, deliveries=moved, at=now)
            withdrawn += len(moved)
        kept = [delivery for delivery in own if not stays.keys().isdisjoint(delivery.unit_ids)]
        await _go_on(transaction, circle_id, detail, kept, stays=stays, now=now)
    return withdrawn


async def _go_on(
    transaction: Transaction,
    circle_id: CircleId,
    detail: IncidentDetail,
    deliveries: Collection[Delivery],
    *,
    stays: Mapping[UnitId, ResponderId],
    now: datetime,
) -> None:
    """Let a person who leaves some of the units that they were called in be called in the others."""
    incident_id = detail.incident.id
    changed = [each for delivery in deliveries if (each := _only_in(delivery, stays)) != delivery]
    if not changed:
        return
    await transaction.deliveries.put(circle_id, changed)
    for delivery in changed:
        if delivery.recipient_id not in stays.values():
            # By the recipient of the unit that they leave they could not be told any more.
            to = stays[delivery.unit_id]
            await transaction.deliveries.move(circle_id, incident_id, delivery.recipient_id, to=to)
    whole = await transaction.incidents.detail(circle_id, incident_id)
    await transaction.record(circle_id, AlertExtended(detail=whole), at=now, incident_id=incident_id)


def _only_in(delivery: Delivery, stays: Mapping[UnitId, ResponderId]) -> Delivery:
    unit_ids = tuple(unit_id for unit_id in delivery.unit_ids if unit_id in stays)
    unit_id = delivery.unit_id if delivery.unit_id in unit_ids else unit_ids[0]
    return replace(delivery, unit_id=unit_id, unit_ids=unit_ids)

"""Withdraw somebody's calls when they leave units, so that nobody counts on an answer that cannot come."""

from collections.abc import Collection
from datetime import datetime

from responder.domain.delivery import DeliveryState
from responder.domain.ids import AccountId, CircleId, UnitId
from responder.services.acknowledge import put_and_record
from responder.services.ports import Transaction

_NOT_COUNTED_ON = frozenset({DeliveryState.DECLINED, DeliveryState.WITHDRAWN, DeliveryState.RELEASED})


async def withdraw_calls(
    transaction: Transaction,
    circle_id: CircleId,
    account_id: AccountId,
    *,
    but: Collection[UnitId],
    now: datetime,
) -> int:
    """
    Withdraw the account's calls to open incidents in all units but these, and return how many there were.

    To be called before they leave the units, with the circle's lock held: from then on they can neither be
    told nor answer. The delivery keeps when they accepted; receipts are what devices said, so there is none.

    Raises
    ------
    NotFoundError
        The account does not belong to the circle.
    """
    person = await transaction.memberships.viewer(account_id, circle_id)
    if not person.responder_ids:
        return 0
    withdrawn = 0
    for picture in await transaction.incidents.open_pictures(circle_id):
        moved = [
            delivery.advance(DeliveryState.WITHDRAWN, at=now)
            for delivery in picture.deliveries
            if delivery.recipient_id in person.responder_ids
            and delivery.unit_id not in but
            and delivery.state not in _NOT_COUNTED_ON
        ]
        if moved:
            await put_and_record(transaction, circle_id, picture.incident.id, deliveries=moved, at=now)
            withdrawn += len(moved)
    return withdrawn

"""Give an inject: what it changes in the drill, and whom it is told."""

from datetime import datetime

from responder.domain.drills.injects import give
from responder.domain.drills.plan import Inject, InjectKind
from responder.domain.drills.run import DrillRun
from responder.domain.ids import PhotoId, ResponderId
from responder.domain.incidents.alert import AlertCause
from responder.domain.incidents.event import AlertUpdated
from responder.ports import Transaction
from responder.services.directing.tell_recipients import tell_recipients
from responder.services.drills.running.keep_run import RunInHand


async def give_inject(
    transaction: Transaction, in_hand: RunInHand, inject: Inject, *, by_name: str | None, now: datetime
) -> DrillRun:
    """
    Return the run with the inject given, and send its text to those of its partners who were called.

    A telephone call is for the staff at the console: they make it, and no message is sent.
    """
    clock_s = in_hand.run.clock_s(now)
    run = give(in_hand.drill.plan, in_hand.run, inject.number, clock_s=clock_s, now=now, by_name=by_name)
    if inject.kind is not InjectKind.TELEPHONE:
        await tell(transaction, in_hand, inject, text=inject.text, photo_id=inject.photo_id, now=now)
    return run


async def tell(
    transaction: Transaction,
    in_hand: RunInHand,
    inject: Inject,
    *,
    text: str,
    photo_id: PhotoId | None = None,
    now: datetime,
) -> None:
    """Send a text about an inject to those of its partners who were called by the exercise."""
    detail = in_hand.detail
    if detail is None or not detail.incident.is_open:
        return
    others = _not_addressed(in_hand, inject)
    if others >= {delivery.recipient_id for delivery in detail.deliveries}:
        return
    incident = detail.incident
    alert, deliveries = await tell_recipients(
        transaction,
        detail,
        incident,
        cause=AlertCause.TEXT,
        text=text,
        now=now,
        but=others,
        partner_ids=inject.partner_ids,
        photo_id=photo_id,
    )
    event = AlertUpdated(incident=incident, alert=alert, deliveries=deliveries)
    await transaction.record(incident.circle_id, event, at=now, incident_id=incident.id)


def _not_addressed(in_hand: RunInHand, inject: Inject) -> frozenset[ResponderId]:
    if in_hand.detail is None or not inject.partner_ids:
        return frozenset()
    return frozenset(
        delivery.recipient_id
        for delivery in in_hand.detail.deliveries
        if delivery.partner_id not in inject.partner_ids
    )

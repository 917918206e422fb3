"""Extend an open incident's alert to people who were not called, or who had left and are back."""

from collections.abc import Iterable
from datetime import datetime

from responder.domain.ids import AccountId, CircleId
from responder.domain.incidents.event import AlertExtended
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.unit import Responder
from responder.ports import Transaction
from responder.services.incidents.call_people import Extension, extend
from responder.services.incidents.record_deliveries import put_and_record
from responder.services.incidents.waves import people_to_call


async def call_joined(
    transaction: Transaction, circle_id: CircleId, account_id: AccountId, *, now: datetime
) -> int:
    """
    Call the account to the open incidents that count on one of its units, and return to how many.

    Call it after the account has joined units, with the circle's lock held: an alert raised at the same time
    either finds the account in its unit, or is open here. Routes are not searched again, since the response
    circle already names the units that can be there in time.
    """
    called = 0
    for detail in await transaction.incidents.open_details(circle_id):
        people = [
            person
            for person in await people_to_call(transaction, detail, detail.response_circle)
            if person.account_id == account_id
        ]
        if people:
            extension = await extension_for(
                transaction, detail, people, found=detail.response_circle, now=now
            )
            await put_extension(transaction, detail, extension, now=now)
            called += extension.calls
    return called


async def extension_for(
    transaction: Transaction,
    detail: IncidentDetail,
    people: Iterable[Responder],
    *,
    found: ResponseCircle,
    now: datetime,
) -> Extension:
    """Return what calling `people`, who are in units that can be there in time, changes."""
    recipients = await transaction.responders.known(
        detail.incident.circle_id, {delivery.recipient_id for delivery in detail.deliveries}
    )
    return extend(
        people,
        detail.deliveries,
        recipients=recipients,
        alert_id=detail.alerts[0].id,
        members=found.members,
        now=now,
    )


async def put_extension(
    transaction: Transaction, detail: IncidentDetail, extension: Extension, *, now: datetime
) -> IncidentDetail:
    """Keep and record what the deliveries of an open incident become; return it, with new calls if any."""
    circle_id, incident_id = detail.incident.circle_id, detail.incident.id
    if not extension.calls:
        if extension.changed:
            await put_and_record(transaction, circle_id, incident_id, deliveries=extension.changed, at=now)
        return detail
    await keep_extension(transaction, detail, extension)
    whole = await transaction.incidents.detail(circle_id, incident_id)
    await transaction.record(circle_id, AlertExtended(detail=whole), at=now, incident_id=incident_id)
    return whole


async def keep_extension(transaction: Transaction, detail: IncidentDetail, extension: Extension) -> None:
    """Keep what the deliveries of an open incident become, without an event."""
    circle_id, incident_id = detail.incident.circle_id, detail.incident.id
    await transaction.deliveries.add(circle_id, incident_id, extension.new)
    for before, again in extension.again.items():
        if before != again.recipient_id:
            await transaction.deliveries.move(circle_id, incident_id, before, to=again.recipient_id)
    await transaction.deliveries.put(circle_id, (*extension.again.values(), *extension.changed))

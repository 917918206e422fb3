"""Call everyone in time at once: what red means, also for an incident that becomes so."""

from datetime import datetime

from responder.domain.incidents.event import LadderUpdated
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.profile import StepKind, UnitReach
from responder.ports import Transaction
from responder.services.incidents.extend_alert import extension_for, put_extension


async def call_everyone_in_time(
    transaction: Transaction, detail: IncidentDetail, *, now: datetime
) -> IncidentDetail:
    """
    Take the planned waves of those in time now, calling all of them, and return the incident then.

    With the circle's lock held. Without a ladder everyone in time is called already.
    """
    if detail.ladder is None:
        return detail
    circle_id, incident_id = detail.incident.circle_id, detail.incident.id
    waves = [
        step
        for step in detail.ladder.steps
        if step.is_planned and step.rung.kind is StepKind.CALL and step.rung.reach == (UnitReach.IN_TIME,)
    ]
    members = detail.response_circle.members
    people = await transaction.responders.of_units(circle_id, [member.unit_id for member in members])
    extension = await extension_for(transaction, detail, people, found=detail.response_circle, now=now)
    # All are called by the first of them; those behind it find no one.
    taken = [
        step.taken(at=now, called=extension.calls if number == 0 else 0) for number, step in enumerate(waves)
    ]
    await transaction.ladders.put_steps(circle_id, incident_id, taken)
    if extension.calls:
        return await put_extension(transaction, detail, extension, now=now)
    if taken:
        event = LadderUpdated(incident_id=incident_id, ladder=detail.ladder.with_steps(taken))
        await transaction.record(circle_id, event, at=now, incident_id=incident_id)
    return await transaction.incidents.detail(circle_id, incident_id)

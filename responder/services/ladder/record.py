"""Keep and record what became of steps of a ladder."""

from dataclasses import replace
from datetime import datetime

from responder.domain.incidents.event import LadderUpdated
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import LadderStep
from responder.ports import Transaction
from responder.services.incidents.call_people import Extension
from responder.services.incidents.extend_alert import put_extension

NO_ONE = Extension(new=(), changed=(), again={})


async def put_step(
    transaction: Transaction,
    detail: IncidentDetail,
    step: LadderStep,
    extension: Extension = NO_ONE,
    *,
    now: datetime,
) -> IncidentDetail:
    """Keep what became of a step, with those whom it calls, and record it; return the incident then."""
    circle_id, incident_id = detail.incident.circle_id, detail.incident.id
    await transaction.ladders.put_steps(circle_id, incident_id, [step])
    if extension.calls:
        return await put_extension(transaction, detail, extension, now=now)
    return await record_ladder(transaction, detail, [step], now=now)


async def record_ladder(
    transaction: Transaction, detail: IncidentDetail, changed: list[LadderStep], *, now: datetime
) -> IncidentDetail:
    """Record that steps, which are kept already, changed; return the incident then."""
    if detail.ladder is None:
        return detail
    ladder = detail.ladder.with_steps(changed)
    incident_id = detail.incident.id
    event = LadderUpdated(incident_id=incident_id, ladder=ladder)
    await transaction.record(detail.incident.circle_id, event, at=now, incident_id=incident_id)
    return replace(detail, ladder=ladder)

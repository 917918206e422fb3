"""Keep and record what became of steps of a ladder."""

from dataclasses import replace
from datetime import datetime

from responder.domain.ids import CircleId, IncidentId
from responder.domain.incidents.event import Event, LadderUpdated
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import LadderStep
from responder.ports import Transaction
from responder.services.incidents.call_people import Extension
from responder.services.incidents.extend_alert import put_extension

NO_ONE = Extension(new=(), changed=(), again={})


class StepBatch:
    """
    What became of steps of one circle, written together by `write` at the end of their transaction.

    A step that calls people is written at once, after those before it.
    """

    def __init__(self, transaction: Transaction, circle_id: CircleId, *, now: datetime) -> None:
        self._transaction = transaction
        self._circle_id = circle_id
        self._now = now
        self._steps: list[tuple[IncidentId, LadderStep]] = []
        self._events: list[tuple[IncidentId, Event]] = []

    async def put(
        self, detail: IncidentDetail, step: LadderStep, extension: Extension = NO_ONE
    ) -> IncidentDetail:
        """Keep what became of a step, with those whom it calls, and record it; return the incident then."""
        incident_id = detail.incident.id
        self._steps.append((incident_id, step))
        if extension.calls:
            await self.write()
            return await put_extension(self._transaction, detail, extension, now=self._now)
        if detail.ladder is None:
            return detail
        ladder = detail.ladder.with_steps([step])
        self._events.append((incident_id, LadderUpdated(incident_id=incident_id, ladder=ladder)))
        return replace(detail, ladder=ladder)

    async def write(self) -> None:
        """Write what is not written yet."""
        steps, self._steps = self._steps, []
        events, self._events = self._events, []
        await self._transaction.ladders.put_steps_of(self._circle_id, steps)
        await self._transaction.record_all(self._circle_id, events, at=self._now)


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

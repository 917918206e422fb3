"""The log of a circle, as tests read it."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from responder.domain.ids import CircleId
from responder.domain.incidents.addressed import Reader, event_for
from responder.domain.incidents.event import (
    AlertExtended,
    AlertRaised,
    IncidentMoved,
    LadderUpdated,
    RecordedEvent,
)
from responder.domain.people.access import Action, Viewer
from responder.ports import Database
from responder.ports.incidents import AddressedEvent
from responder.ports.map import LogHead
from responder.services.circles.snapshot import missed_events
from responder.services.incidents.queries import as_shown_to


async def log_head(database: Database, *, circle_id: CircleId) -> LogHead:
    async with database.snapshot() as transaction:
        return await transaction.circles.head(circle_id)


async def addressed_events(
    database: Database, *, circle_id: CircleId, seq: int, limit: int = 1000
) -> Sequence[AddressedEvent]:
    async with database.snapshot() as transaction:
        return await transaction.events.after(circle_id, seq, limit=limit)


async def events_after(
    database: Database, *, viewer: Viewer, epoch: str, seq: int, event_id: UUID | None
) -> list[RecordedEvent] | None:
    """Return what the gateway would resume from, for one viewer."""
    found = await missed_events(database, circle_id=viewer.circle_id, epoch=epoch, seq=seq, event_id=event_id)
    if found is None:
        return None
    concerning = [
        each.recorded for each in found[0] if each.audience is None or each.audience.includes(viewer)
    ]
    return [shown for each in concerning if (shown := as_told(viewer, each)) is not None]


def as_told(viewer: Viewer, recorded: RecordedEvent) -> RecordedEvent | None:
    """Leave out what only staff see, as the gateway does."""
    match recorded.event:
        case AlertRaised(detail=detail) | AlertExtended(detail=detail) | IncidentMoved(detail=detail):
            return replace(recorded, event=replace(recorded.event, detail=as_shown_to(viewer, detail)))
        case LadderUpdated() if not viewer.may(Action.SEE_LADDER):
            return None
        case event:
            return replace(recorded, event=event_for(Reader.of(viewer), event))

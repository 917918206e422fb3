"""Look at a circle: whole, as one viewer may see it, and then what happens in it."""

from uuid import UUID

from responder.domain.ids import CircleId
from responder.domain.incidents.event import RecordedEvent
from responder.domain.incidents.picture import ENDED_KEPT, CircleSnapshot
from responder.domain.map.unit import POSITION_KEPT
from responder.domain.people.access import Action, Viewer, may_see_position
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.ports.incidents import AddressedEvent
from responder.ports.map import LogHead
from responder.services.incidents.queries import audience_of

RESUME_AT_MOST = 1000
"""A client that missed more events than this is quicker with a fresh picture."""


async def show_circle(database: Database, *, viewer: Viewer, clock: Clock) -> CircleSnapshot:
    """
    Return everything live in the circle that the viewer may see, as of one moment.

    Raises
    ------
    NotFoundError
        There is no such circle.
    """
    viewer.must(Action.VIEW)
    circle_id = viewer.circle_id
    now = moment(clock)
    async with database.snapshot() as transaction:
        head = await transaction.circles.head(circle_id)
        incidents = await transaction.incidents.visible_pictures(viewer, ended_kept=ENDED_KEPT)
        shared = [audience_of(picture) for picture in incidents if picture.incident.is_open]
        return CircleSnapshot(
            circle=await transaction.circles.get(circle_id),
            epoch=head.epoch,
            seq=head.seq,
            event_id=head.event_id,
            partners=await transaction.partners.of_circle(circle_id),
            units=await transaction.units.of_circle(circle_id),
            hazards=await transaction.hazards.of_circle(circle_id),
            closures=await transaction.closures.not_lifted(circle_id),
            incidents=incidents,
            positions=tuple(
                position.position
                for position in await transaction.positions.of_circle(circle_id)
                if now - position.position.at <= POSITION_KEPT
                and may_see_position(viewer, position.partner_id, shared=shared)
            ),
        )


async def events_after(
    database: Database, *, viewer: Viewer, epoch: str, seq: int, event_id: UUID | None
) -> list[RecordedEvent] | None:
    """Return what the viewer may see of what happened since; None when only a fresh picture helps."""
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        head = await transaction.circles.head(viewer.circle_id)
        if epoch != head.epoch or not head.seq - RESUME_AT_MOST <= seq <= head.seq:
            return None
        missed = await transaction.events.following(viewer.circle_id, seq, event_id)
    if missed is None:
        return None
    return [event.recorded for event in missed if event.audience is None or event.audience.includes(viewer)]


async def addressed_events(
    database: Database, *, circle_id: CircleId, seq: int, limit: int = RESUME_AT_MOST
) -> tuple[AddressedEvent, ...]:
    """Return what happened after `seq`, each with whom it concerns: for a gateway with many viewers."""
    async with database.snapshot() as transaction:
        return await transaction.events.after(circle_id, seq, limit=limit)


async def log_head(database: Database, *, circle_id: CircleId) -> LogHead:
    """
    Return the epoch of the circle's log and the number of its last event.

    Raises
    ------
    NotFoundError
        There is no such circle.
    """
    async with database.begin() as transaction:
        return await transaction.circles.head(circle_id)

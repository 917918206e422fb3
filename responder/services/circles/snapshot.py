"""A circle as one viewer may see it, and what happened in it since."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from responder.domain.ids import CircleId
from responder.domain.incidents.addressed import Reader, runs_for
from responder.domain.incidents.snapshot import ENDED_KEPT, CircleSnapshot
from responder.domain.map.closure import Closure
from responder.domain.map.hazard import Hazard
from responder.domain.map.unit import POSITION_KEPT, Unit
from responder.domain.people.access import Action, Viewer, may_see_position
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.ports.incidents import AddressedEvent
from responder.services.incidents.catalogue import catalogue_of
from responder.services.incidents.queries import as_shown_to, audience_of

RESUME_AT_MOST = 1000
"""Above this many missed events a snapshot is faster than the events."""


async def show_circle(database: Database, *, viewer: Viewer, clock: Clock) -> CircleSnapshot:
    """
    Return everything live in the circle that the viewer may see, as of one moment.

    Raises
    ------
    NotFoundError
        There is no such circle.
    """
    viewer.must(Action.VIEW)
    now = moment(clock)
    async with database.snapshot() as transaction:
        snapshot = await load_snapshot(transaction, viewer, ended_kept=ENDED_KEPT)
        shared = [audience_of(each) for each in snapshot.incidents if each.incident.is_open]
        positions = tuple(
            position.position
            for position in await transaction.positions.of_circle(viewer.circle_id)
            if now - position.position.at <= POSITION_KEPT
            and may_see_position(viewer, position.partner_id, shared=shared)
        )
    incidents = tuple(as_shown_to(viewer, each) for each in snapshot.incidents)
    return replace(runs_for(Reader.of(viewer), snapshot), incidents=incidents, positions=positions)


async def load_snapshot(transaction: Transaction, viewer: Viewer, *, ended_kept: int) -> CircleSnapshot:
    """Read the circle and the incidents visible to the viewer, without the positions of units."""
    circle_id = viewer.circle_id
    head = await transaction.circles.head(circle_id)
    return CircleSnapshot(
        circle=await transaction.circles.get(circle_id),
        epoch=head.epoch,
        seq=head.seq,
        event_id=head.event_id,
        reach_version=head.reach_version,
        catalogue=await catalogue_of(transaction, circle_id),
        partners=await transaction.partners.of_circle(circle_id),
        units=await transaction.layer(Unit).of_circle(circle_id),
        hazards=await transaction.layer(Hazard).of_circle(circle_id),
        closures=await transaction.layer(Closure).of_circle(circle_id),
        drills=await transaction.drill_runs.ongoing(circle_id),
        incidents=await transaction.incidents.visible_details(viewer, ended_kept=ended_kept),
        positions=(),
    )


async def missed_events(
    database: Database, *, circle_id: CircleId, epoch: str, seq: int, event_id: UUID | None
) -> tuple[Sequence[AddressedEvent], int] | None:
    """
    Return the events after a position in the log, and the number of the last event.

    Returns None when the client needs a snapshot: the log has another epoch, or another event at `seq`, or
    more than `RESUME_AT_MOST` events were missed.
    """
    async with database.snapshot() as transaction:
        head = await transaction.circles.head(circle_id)
        if epoch != head.epoch or not head.seq - RESUME_AT_MOST <= seq <= head.seq:
            return None
        missed = await transaction.events.following(circle_id, seq, event_id)
    return None if missed is None else (missed, head.seq)

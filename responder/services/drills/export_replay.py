"""Give a drill's replay away as a file."""

from responder.domain.audit import AuditAction
from responder.domain.ids import DrillId
from responder.domain.people.access import Viewer
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.drills.ground import Ground, read_ground
from responder.services.drills.replay import Replay, load_replay
from responder.services.drills.running.keep_run import note


async def export_replay(
    database: Database, *, viewer: Viewer, drill_id: DrillId, names: bool, clock: Clock
) -> tuple[Replay, Ground]:
    """
    Return what a drill is replayed from, and what lies around; with names of people this is audited.

    Raises
    ------
    NotFoundError, DrillNotRunningError
        As `load_replay`.
    """
    replay = await load_replay(database, viewer=viewer, drill_id=drill_id)
    points = [(point.lon, point.lat) for point in replay.track]
    points += [unit.post for unit in replay.base.units]
    async with database.begin() as transaction:
        ground = await read_ground(
            transaction, viewer.circle_id, replay.drill.plan.place.lonlat, points=points
        )
        if names:
            await note(
                transaction, viewer, AuditAction.DRILL_EXPORTED, drill_id, {"names": True}, at=moment(clock)
            )
    return replay, ground

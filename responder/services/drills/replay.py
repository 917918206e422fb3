"""Load what a drill is replayed from: `static/js/replay/player.js` finds any moment in it."""

from dataclasses import dataclass

from responder.domain.drills.observation import Observation
from responder.domain.drills.plan import Drill
from responder.domain.drills.run import DrillRun
from responder.domain.drills.track import TrackPoint
from responder.domain.errors import DrillNotRunningError
from responder.domain.ids import DrillId
from responder.domain.incidents.event import RecordedEvent
from responder.domain.incidents.snapshot import CircleSnapshot
from responder.domain.people.access import Action, Viewer
from responder.ports import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a drill is replayed from."""

    drill: Drill
    run: DrillRun
    """As it ended, or is now."""
    base: CircleSnapshot
    """The circle when it was started."""
    events: tuple[RecordedEvent, ...]
    """Those of the circle from then until its end."""
    track: tuple[TrackPoint, ...]
    """In the order in which it was known."""
    observations: tuple[Observation, ...]


async def load_replay(database: Database, *, viewer: Viewer, drill_id: DrillId) -> Replay:
    """
    Return what a drill is replayed from; of one that runs, what there is so far.

    Raises
    ------
    NotFoundError
        The circle has no such drill.
    DrillNotRunningError
        It was not started.
    """
    viewer.must(Action.SEE_DRILL_PLAN)
    circle_id = viewer.circle_id
    async with database.snapshot() as transaction:
        drill = await transaction.drills.get(circle_id, drill_id)
        run = await transaction.drill_runs.find(circle_id, drill_id)
        base = await transaction.drill_replays.base(circle_id, drill_id)
        if run is None or base is None:
            raise DrillNotRunningError(state=drill.state.value)
        addressed = await transaction.events.after(circle_id, base.seq, until=run.ended_at)
        return Replay(
            drill=drill,
            run=run,
            base=base,
            events=tuple(each.recorded for each in addressed),
            track=await transaction.drill_replays.track(circle_id, drill_id),
            observations=await transaction.observations.of_drill(circle_id, drill_id),
        )

"""Replay a drill: the circle at any moment of it, from its log alone."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import accumulate
from typing import Final

from responder.domain.drills.observation import Observation
from responder.domain.drills.plan import Drill
from responder.domain.drills.run import DrillRun
from responder.domain.drills.track import TrackPoint
from responder.domain.errors import DrillNotRunningError
from responder.domain.ids import DrillId, UnitId
from responder.domain.incidents.event import RecordedEvent
from responder.domain.incidents.fold import apply
from responder.domain.incidents.snapshot import CircleSnapshot
from responder.domain.map.unit import Position
from responder.domain.people.access import Action, Viewer
from responder.ports import Database

BETWEEN: Final = 64
"""Events between two snapshots that are kept for seeking."""


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


@dataclass(slots=True)
class Player:
    """Finds the circle at any moment of a replay; snapshots on the way are kept, so that seeking is quick."""

    replay: Replay
    _kept: list[CircleSnapshot] = field(init=False)
    """After 0, `BETWEEN`, twice `BETWEEN` … events."""
    _times: list[datetime] = field(init=False)
    _known: list[datetime] = field(init=False)

    def __post_init__(self) -> None:
        """Begin with the circle as it was when the drill was started."""
        self._kept = [self.replay.base]
        # An event is dated when its command came; the order is that in which they took effect.
        self._times = list(accumulate((event.at for event in self.replay.events), max))
        self._known = [point.stored_at for point in self.replay.track]

    def at(self, moment: datetime) -> CircleSnapshot:
        """Return the circle as it was shown at a moment, with where each unit that takes part was."""
        count = bisect_right(self._times, moment)
        snapshot = self._after(count)
        return replace(snapshot, positions=self._positions(moment, snapshot))

    def _after(self, count: int) -> CircleSnapshot:
        events = self.replay.events
        while len(self._kept) <= count // BETWEEN:
            begin = BETWEEN * (len(self._kept) - 1)
            self._kept.append(_folded(self._kept[-1], events[begin : begin + BETWEEN]))
        begin = count // BETWEEN * BETWEEN
        return _folded(self._kept[count // BETWEEN], events[begin:count])

    def _positions(self, moment: datetime, snapshot: CircleSnapshot) -> tuple[Position, ...]:
        units = {unit.id for unit in snapshot.units}
        latest: dict[UnitId, Position] = {}
        for point in self.replay.track[: bisect_right(self._known, moment)]:
            known = latest.get(point.unit_id)
            if known is None or known.at < point.at:
                latest[point.unit_id] = Position(
                    unit_id=point.unit_id,
                    lon=point.lon,
                    lat=point.lat,
                    accuracy_m=point.accuracy_m,
                    at=point.at,
                )
        return tuple(latest[unit_id] for unit_id in sorted(latest) if unit_id in units)


def _folded(snapshot: CircleSnapshot, events: Sequence[RecordedEvent]) -> CircleSnapshot:
    for event in events:
        snapshot = apply(snapshot, event)
    return snapshot

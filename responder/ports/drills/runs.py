"""Repository of drills as they run, and the timers of their injects."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple, Protocol

from responder.domain.drills.run import DrillRun
from responder.domain.ids import CircleId, DrillId, IncidentId


class DueRun(NamedTuple):
    """A drill that has to be looked after now."""

    circle_id: CircleId
    drill_id: DrillId


class DrillRuns(Protocol):
    """Drills as they run or ran."""

    async def put(self, run: DrillRun, *, next_due_at: datetime | None, awaits_facts: bool) -> None:
        """
        Keep how the drill stands.

        `next_due_at` is when its next inject is due by itself, and `awaits_facts` whether one waits for what
        people do.
        """
        ...

    async def find(self, circle_id: CircleId, drill_id: DrillId) -> DrillRun | None:
        """Return the drill as it runs or ran; None when it was not started."""
        ...

    async def ended_at(self, circle_id: CircleId, drill_ids: Collection[DrillId]) -> dict[DrillId, datetime]:
        """Return when these drills were over; those that were not run to their end are left out."""
        ...

    async def ongoing(self, circle_id: CircleId) -> tuple[DrillRun, ...]:
        """Return the drills that run or are paused, by id."""
        ...

    async def of_incidents(
        self, circle_id: CircleId, incident_ids: Collection[IncidentId]
    ) -> dict[IncidentId, DrillRun]:
        """Return the drills, also ended ones, that these incidents belong to; others are left out."""
        ...

    async def open_alerts(self, circle_id: CircleId) -> dict[IncidentId, datetime]:
        """Return the open real incidents of the circle, with when each was raised."""
        ...

    async def due(self, *, now: datetime) -> tuple[DueRun, ...]:
        """
        Return the running drills that have to be looked after.

        An inject is due, people did something while one waits for that, a real alert is open, or the
        exercise was ended.
        """
        ...

    async def next_due(self) -> datetime | None:
        """Return when the next inject of all is due; None when none is."""
        ...

    async def put_off(self, due: DueRun, *, now: datetime) -> None:
        """Look after the drill later, and later each time: it could not be looked after now."""
        ...

"""Repositories of the ladder: its profiles, and the timers of its steps."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple, Protocol

from responder.domain.ids import CircleId, IncidentId
from responder.domain.ladder.ladder import LadderStep
from responder.domain.ladder.profile import StoredProfiles


class DueStep(NamedTuple):
    """A step whose time has come."""

    incident_id: IncidentId
    number: int


class LadderProfileTables(Protocol):
    """Each circle's own ladders."""

    async def get(self, circle_id: CircleId) -> StoredProfiles | None:
        """Return the circle's own ladders; None when it goes by those that are shipped."""
        ...

    async def put(self, stored: StoredProfiles) -> None:
        """Keep the circle's own ladders."""
        ...

    async def remove(self, circle_id: CircleId) -> None:
        """Let the circle go by the ladders that are shipped."""
        ...


class Ladders(Protocol):
    """The ladders of incidents."""

    async def put_steps(
        self, circle_id: CircleId, incident_id: IncidentId, steps: Sequence[LadderStep]
    ) -> None:
        """Keep what became of steps."""
        ...

    async def put_steps_of(self, circle_id: CircleId, steps: Sequence[tuple[IncidentId, LadderStep]]) -> None:
        """Keep what became of steps of several incidents, each step once."""
        ...

    async def close(self, circle_id: CircleId, incident_id: IncidentId) -> None:
        """Keep that the incident has ended: its steps are not looked at any more."""
        ...

    async def next_due(self) -> dict[CircleId, datetime]:
        """Return when the next planned step of each circle is due; circles without one are left out."""
        ...

    async def due(
        self,
        circle_id: CircleId,
        *,
        now: datetime,
        at_most: int,
        only: DueStep | None = None,
    ) -> tuple[DueStep, ...]:
        """Return planned steps of the circle, or this one, that are due; the first due first."""
        ...

    async def put_off(self, circle_id: CircleId, step: DueStep, *, now: datetime) -> bool:
        """Try the step later, and later each time: it could not be taken now. False when it is not due."""
        ...

    async def left_alone(self) -> dict[CircleId, frozenset[IncidentId]]:
        """Return open incidents from which a person withdrew after a step was skipped for those who come."""
        ...

    async def beat(self, *, now: datetime, before: datetime) -> None:
        """Note that a process looks after the planned steps, where that was last noted before `before`."""
        ...

    async def unattended_since(self) -> datetime | None:
        """Return the oldest heartbeat of a planned step; None when no step is planned, or none had one."""
        ...

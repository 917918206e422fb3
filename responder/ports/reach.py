"""Repositories of what is known about reach: profiles, and what closed roads cost."""

from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from responder.domain.ids import BuildingId, CircleId
from responder.domain.reach.criticality import Criticality
from responder.domain.reach.profile_table import ProfileTable


class Home(NamedTuple):
    """A building as its households see it: its doors, the main one first, and how many live there."""

    id: BuildingId
    doors: tuple[tuple[float, float], ...]
    households: int


class Homes(NamedTuple):
    """The inhabited buildings of a circle."""

    homes: tuple[Home, ...]
    excluded: int
    """Buildings beyond the requested number."""
    lived_in: bool
    """False where no building has households on record, so that each building counts as one."""


class StoredJob(NamedTuple):
    """A stored computation, and the result of the last successful one."""

    run_id: UUID | None
    """Which run it is; None when nothing runs."""
    step: str
    progress: float
    told_at: datetime
    code: str | None
    version: str | None
    """What the result rests on."""
    computed_at: datetime | None
    result: Criticality | None


class JobKey(NamedTuple):
    """Which computation: a building's or, without one, the circle's."""

    circle_id: CircleId
    building_id: BuildingId | None
    pedestrians_pass: bool


class ProfileTables(Protocol):
    """Each circle's own profiles."""

    async def get(self, circle_id: CircleId) -> ProfileTable | None:
        """Return the circle's own profiles; None when it uses those that are shipped."""
        ...

    async def content_hash(self, circle_id: CircleId) -> str | None:
        """Return by what the circle's own profiles are known; None when it uses those that are shipped."""
        ...

    async def put(self, table: ProfileTable) -> None:
        """Let the circle use these profiles."""
        ...

    async def remove(self, circle_id: CircleId) -> None:
        """Let the circle use those that are shipped."""
        ...


class Criticalities(Protocol):
    """What closed roads cost, and the computations that find it."""

    async def homes(
        self, circle_id: CircleId, *, most: int, near: tuple[float, float] | None = None
    ) -> Homes:
        """
        Return up to `most` buildings with households; of a circle without any, all buildings count.

        Those with the most households come first, or the nearest to `near`.
        """
        ...

    async def home(self, circle_id: CircleId, building_id: BuildingId) -> Homes:
        """Return one building, or raise NotFoundError."""
        ...

    async def job(self, key: JobKey) -> StoredJob | None:
        """Return how far a computation is."""
        ...

    async def begin(self, key: JobKey, *, run_id: UUID, now: datetime, dead_before: datetime) -> bool:
        """Begin a run unless one is alive; tell whether it was begun."""
        ...

    async def report_progress(
        self, key: JobKey, *, run_id: UUID, now: datetime, step: str, progress: float
    ) -> bool:
        """Keep how far a run is; tell whether it is still the one that counts."""
        ...

    async def finish(
        self, key: JobKey, *, run_id: UUID, now: datetime, version: str, result: Criticality
    ) -> None:
        """Keep what a run found."""
        ...

    async def fail(self, key: JobKey, *, run_id: UUID, now: datetime, code: str) -> None:
        """Keep why a run found nothing."""
        ...

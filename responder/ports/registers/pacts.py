"""Repositories of pacts, of duties that were done, and of the roster."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Protocol

from responder.domain.ids import CircleId, DutyRecordId, PactId, RosterPatternId, ShiftId, UnitId
from responder.domain.registers.pact.pact import Pact
from responder.domain.registers.pact.roster import RosterPattern, Shift
from responder.domain.registers.pact.score import DutyRecord


class Pacts(Protocol):
    """The versions of a circle's pact."""

    async def of_circle(self, circle_id: CircleId) -> tuple[Pact, ...]:
        """Return every version with its signatures, the latest first."""
        ...

    async def get(self, circle_id: CircleId, pact_id: PactId) -> Pact:
        """Return one, or raise NotFoundError."""
        ...

    async def put(self, pact: Pact) -> None:
        """Add a version or bring it up to date, with exactly its signatures."""
        ...


class DutyRecords(Protocol):
    """Entries that duties were done."""

    async def between(self, circle_id: CircleId, first: date, last: date) -> tuple[DutyRecord, ...]:
        """Return those of these days, the last done first."""
        ...

    async def find(self, circle_id: CircleId, record_id: DutyRecordId) -> DutyRecord | None:
        """Return one, if there is."""
        ...

    async def add(self, record: DutyRecord) -> None:
        """Keep an entry."""
        ...

    async def remove(self, circle_id: CircleId, record_id: DutyRecordId) -> None:
        """Take an entry away."""
        ...


class Rosters(Protocol):
    """Who is on call when."""

    async def shifts(self, circle_id: CircleId, *, since: datetime, before: datetime) -> tuple[Shift, ...]:
        """Return the shifts that cover a part of this time, by their start."""
        ...

    async def asked(self, circle_id: CircleId, *, after: datetime) -> tuple[Shift, ...]:
        """Return the shifts that end after a moment and that a person was asked to take over."""
        ...

    async def shift(self, circle_id: CircleId, shift_id: ShiftId) -> Shift:
        """Return one, or raise NotFoundError."""
        ...

    async def put_shifts(self, shifts: Sequence[Shift]) -> None:
        """Add shifts, or bring them up to date."""
        ...

    async def remove_shift(self, circle_id: CircleId, shift_id: ShiftId) -> None:
        """Take a shift off the roster."""
        ...

    async def due(self, *, now: datetime) -> tuple[CircleId, ...]:
        """Return the circles in which a shift began or ended and its unit has not been told."""
        ...

    async def edges(self, circle_id: CircleId, *, now: datetime) -> tuple[Shift, ...]:
        """Return these shifts of a circle."""
        ...

    async def covering(
        self, circle_id: CircleId, unit_ids: Collection[UnitId], *, at: datetime
    ) -> frozenset[UnitId]:
        """Return those of the units for which a person is on call at a moment."""
        ...

    async def patterns(self, circle_id: CircleId) -> tuple[RosterPattern, ...]:
        """Return the weekly patterns, by unit and hour."""
        ...

    async def pattern(self, circle_id: CircleId, pattern_id: RosterPatternId) -> RosterPattern:
        """Return one, or raise NotFoundError."""
        ...

    async def put_pattern(self, pattern: RosterPattern) -> None:
        """Add a weekly pattern, or bring it up to date."""
        ...

    async def remove_pattern(
        self, circle_id: CircleId, pattern_id: RosterPatternId, *, now: datetime
    ) -> None:
        """Take a pattern away with its shifts that have not begun; the others stay without it."""
        ...

    async def to_extend(self, *, before: date) -> tuple[CircleId, ...]:
        """Return the circles with a pattern that was made up to an earlier day."""
        ...

    async def delete_old(self, *, before: datetime) -> int:
        """Remove shifts that ended before a moment; tell how many."""
        ...

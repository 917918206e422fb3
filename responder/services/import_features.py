"""Take buildings, hazards, facilities or units from a file: all rows that may be, in one transaction."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from geo.read import FeatureTable
from geo.source_table import FileNote, RowProblem
from responder.domain.access import Action, Viewer
from responder.domain.audit import Deed, acted
from responder.domain.building import Building
from responder.domain.event import HazardChanged, UnitChanged
from responder.domain.facility import Facility
from responder.domain.hazard import Hazard
from responder.domain.ids import BuildingId, CircleId, FacilityId
from responder.domain.partner import Partner
from responder.domain.unit import Unit
from responder.services.import_columns import with_fields
from responder.services.import_match import Matcher, bounds_of, possible_ids
from responder.services.import_row import Row, RowRefusedError
from responder.services.import_rows import (
    Known,
    read_building,
    read_facility,
    read_hazard,
    read_partner,
    read_unit,
)
from responder.services.make_circle import new_epoch
from responder.services.ports import Clock, Database, Transaction
from responder.services.ports.clock import moment

MINUTES = 5
EVENTS_AT_MOST = 100
"""More changes than this are quicker told by a fresh picture than one after the other."""

Thing = TypeVar("Thing", Building, Facility, Hazard, Unit)


class Noun(StrEnum):
    """What a file can hold."""

    BUILDINGS = "buildings"
    HAZARDS = "hazards"
    FACILITIES = "facilities"
    UNITS = "units"


@dataclass(frozen=True, slots=True, kw_only=True)
class SkippedRow:
    """A row that was left out, counted from 1, and why."""

    row: int
    code: str
    detail: str = ""
    """English, for the person who mends the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """What came of a file."""

    taken: int
    """Things that the circle did not have."""
    updated: int
    """Things that it had, otherwise than the file says."""
    unchanged: int
    """Things that it had just so."""
    skipped: tuple[SkippedRow, ...]
    notes: tuple[FileNote, ...] = ()
    """What was done to read the file that its owner should know."""

    @property
    def understood(self) -> int:
        """Rows that are in the circle now."""
        return self.taken + self.updated + self.unchanged


async def import_features(
    database: Database, *, viewer: Viewer, noun: Noun, table: FeatureTable, clock: Clock
) -> ImportSummary:
    """
    Bring what the rows describe into the circle; their properties are named as the fields of the domain.

    What the circle has already is brought up to date: it is known by the row's `id` (our own, that of
    OpenStreetMap or that of whoever keeps the file), or else by kind, name and place. Of what a row does not
    speak, nothing changes. A unit's row names its `partner`; with `partner_kind` it may introduce one.

    Rows that may not be are left out and named; the others are taken together or, when anything fails, not
    at all.

    Raises
    ------
    NotAllowedError
        The role may not edit the map.
    """
    viewer.must(Action.EDIT_MAP)
    now = moment(clock)
    table = with_fields(table)
    rows = [Row(*pair) for pair in zip(table.properties, table.geometries, strict=True)]
    async with database.begin() as transaction:
        await transaction.allow_minutes(MINUTES)
        taking = _Import(transaction, viewer.circle_id, now, table.problems)
        take = {
            Noun.BUILDINGS: taking.buildings,
            Noun.HAZARDS: taking.hazards,
            Noun.FACILITIES: taking.facilities,
            Noun.UNITS: taking.units,
        }
        summary = replace(await take[noun](rows), notes=table.notes)
        act = acted(
            viewer,
            Deed.MAP_IMPORTED,
            detail={"noun": noun.value, "taken": summary.taken, "updated": summary.updated},
        )
        await transaction.audit.append(viewer.circle_id, act, at=now)
        return summary


class _Import:
    """Takes rows of one noun in one transaction."""

    def __init__(
        self,
        transaction: Transaction,
        circle_id: CircleId,
        now: datetime,
        problems: Mapping[int, RowProblem],
    ) -> None:
        self._problems = problems
        self._transaction = transaction
        self._circle_id = circle_id
        self._now = now

    async def buildings(self, rows: Sequence[Row]) -> ImportSummary:
        known, repository = await self._known(), self._transaction.buildings
        ids = [BuildingId(id_) for id_ in possible_ids(self._circle_id, Building, rows)]
        there = await repository.among(self._circle_id, ids, bbox=bounds_of(rows))
        matcher = Matcher(self._circle_id, Building, there)
        buildings, summary = await asyncio.to_thread(
            _sorted_out, rows, read_building, known, matcher, self._problems
        )
        await repository.add(self._circle_id, buildings)
        return summary

    async def facilities(self, rows: Sequence[Row]) -> ImportSummary:
        known, repository = await self._known(), self._transaction.facilities
        ids = [FacilityId(id_) for id_ in possible_ids(self._circle_id, Facility, rows)]
        there = await repository.among(self._circle_id, ids, bbox=bounds_of(rows))
        matcher = Matcher(self._circle_id, Facility, there)
        facilities, summary = await asyncio.to_thread(
            _sorted_out, rows, read_facility, known, matcher, self._problems
        )
        await repository.add(self._circle_id, facilities)
        return summary

    async def hazards(self, rows: Sequence[Row]) -> ImportSummary:
        known, repository = await self._known(), self._transaction.hazards
        matcher = Matcher(self._circle_id, Hazard, await repository.of_circle(self._circle_id))
        hazards, summary = await asyncio.to_thread(
            _sorted_out, rows, read_hazard, known, matcher, self._problems
        )
        await repository.add(self._circle_id, hazards)
        await self._tell(hazards, afresh=False)
        return summary

    async def units(self, rows: Sequence[Row]) -> ImportSummary:
        known, repository = await self._known(), self._transaction.units
        newcomers = _newcomers(
            [row for number, row in enumerate(rows, 1) if number not in self._problems], known
        )
        for partner in newcomers:
            await self._transaction.partners.add(partner)
        if newcomers:
            known = await self._known()
        matcher = Matcher(self._circle_id, Unit, await repository.of_circle(self._circle_id))
        units, summary = await asyncio.to_thread(_sorted_out, rows, read_unit, known, matcher, self._problems)
        await repository.add(self._circle_id, units)
        await self._tell(units, afresh=bool(newcomers))
        return summary

    async def _known(self) -> Known:
        partners = await self._transaction.partners.of_circle(self._circle_id)
        names = {name: each.id for each in partners for name in (each.name_en, each.name) if name}
        return Known(circle_id=self._circle_id, partners=names)

    async def _tell(self, changed: Sequence[Hazard | Unit], *, afresh: bool) -> None:
        if afresh or len(changed) > EVENTS_AT_MOST:
            await self._transaction.circles.begin_epoch(self._circle_id, new_epoch())
            return
        for each in changed:
            event = HazardChanged(hazard=each) if isinstance(each, Hazard) else UnitChanged(unit=each)
            await self._transaction.record(self._circle_id, event, at=self._now)


def _newcomers(rows: Sequence[Row], known: Known) -> list[Partner]:
    introduced: dict[str, Partner] = {}
    for row in rows:
        try:
            partner = read_partner(row, known)
        except RowRefusedError:
            continue
        if partner is not None:
            introduced.setdefault(partner.name, partner)
    return list(introduced.values())


def _sorted_out(
    rows: Sequence[Row],
    read: Callable[[Row, Known], Thing],
    known: Known,
    matcher: Matcher[Thing],
    problems: Mapping[int, RowProblem],
) -> tuple[list[Thing], ImportSummary]:
    """Return what is to be written, and what came of each row."""
    written: list[Thing] = []
    skipped: list[SkippedRow] = []
    taken = updated = unchanged = 0
    for number, row in enumerate(rows, 1):
        problem = problems.get(number)
        if problem is not None:
            skipped.append(SkippedRow(row=number, code=problem.code, detail=problem.detail))
            continue
        try:
            matched = matcher.match(row, read(row, known))
        except RowRefusedError as refusal:
            skipped.append(SkippedRow(row=number, code=refusal.code))
            continue
        if not matched.is_changed:
            unchanged += 1
            continue
        written.append(matched.thing)
        taken += matched.before is None
        updated += matched.before is not None
    summary = ImportSummary(taken=taken, updated=updated, unchanged=unchanged, skipped=tuple(skipped))
    return written, summary

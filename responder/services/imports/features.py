"""Take buildings, hazards, facilities or units from a file: all rows that may be, in one transaction."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from geo.formats.read import FeatureTable
from geo.formats.source_table import ReadNote, RowProblem
from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.ids import CircleId, FacilityId, ImportId
from responder.domain.incidents.event import FeaturesChanged, HazardChanged, UnitChanged
from responder.domain.map.facility import Facility
from responder.domain.map.feature_import import (
    FEATURE_TYPES,
    Feature,
    FeatureImport,
    ImportCounts,
    ImportedFeature,
    ImportMapping,
    ImportSource,
    Noun,
    fingerprint,
)
from responder.domain.map.hazard import Hazard
from responder.domain.map.unit import Unit
from responder.domain.people.access import Action, Viewer
from responder.domain.people.partner import Partner
from responder.domain.registers.hazard_life import HazardSource, HazardStepKind
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.ports.map import Layer
from responder.services.circles.create import new_epoch
from responder.services.imports.columns import with_fields
from responder.services.imports.identity import Key, key_of, own_ids
from responder.services.imports.mapping import FIELDS, as_text, checked_mapping, columns_of, mapped, values_of
from responder.services.imports.match import KnownKeys, Matched, Matcher, bounds_of
from responder.services.imports.out_of_use import NamedRow, without_out_of_use
from responder.services.imports.row import Row, RowRefusedError
from responder.services.imports.rows import READ, RowContext, read_partner
from responder.services.incidents.recompute import model_if_any, recompute_open_incidents
from responder.services.map.hazards import step_of, with_due_days

__all__ = ["ImportSummary", "NamedRow", "Noun", "import_features"]

MINUTES = 5
ROWS_SHOWN = 10
CELL_LENGTH = 200
EVENTS_AT_MOST = 100
"""More changes than this are quicker told by a fresh snapshot than one after the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """What came of a file."""

    created: int
    """Things that the circle did not have."""
    updated: int
    """Things that it had, otherwise than the file says."""
    unchanged: int
    """Things that it had just so."""
    skipped: tuple[NamedRow, ...]
    """Rows that were left out, and why."""
    doubtful: tuple[NamedRow, ...] = ()
    """Rows that were taken, but are perhaps not what they were taken for."""
    notes: tuple[ReadNote, ...] = ()
    """What was done to read the file that its owner should know."""
    source: str = ""
    import_id: ImportId | None = None
    """None for a preview."""
    fields: tuple[str, ...] = ()
    """What a row may say."""
    columns: tuple[str, ...] = ()
    """What the rows have."""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Values of columns that have few different ones."""
    mapping: ImportMapping = field(default_factory=ImportMapping)
    first: tuple[Mapping[str, Any], ...] = ()
    """The first rows as they are in the file."""
    understood_first: tuple[Mapping[str, Any] | None, ...] = ()
    """The same as they were understood; None for one that was left out."""

    @property
    def understood(self) -> int:
        """Rows that are in the circle now."""
        return self.created + self.updated + self.unchanged


async def import_features(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    noun: Noun,
    table: FeatureTable,
    clock: Clock,
    source: ImportSource | None = None,
    mapping: ImportMapping | None = None,
    preview: bool = False,
) -> ImportSummary:
    """
    Bring what the rows describe into the circle; their properties are named as the fields of the domain.

    What the circle has already is brought up to date: `match` says how it is known again. Of what a
    row does not speak, nothing changes. A unit's row names its `partner`; with `partner_kind` it may
    introduce one. Open incidents are recomputed when units come or change: who can be there in time now is
    called in the same transaction.

    Rows that may not be are left out and named; the others are taken together or, when anything fails, not
    at all. The import is kept as a record, so that what it brought can be removed again.

    Parameters
    ----------
    source
        Where the file comes from: ids are unique within it.
    mapping
        How its columns are read, kept for the next file of the source; without it the one that was kept.
    preview
        Only tell what would come of the file.

    Raises
    ------
    NotAllowedError
        The role may not edit the map.
    InvalidValueError
        The mapping names a field or a column that there is not.
    """
    viewer.must(Action.EDIT_MAP)
    now = moment(clock)
    source = source or ImportSource()
    model = await model_if_any(roads, viewer.circle_id) if noun is Noun.UNITS and not preview else None
    async with database.begin() as transaction:
        await transaction.allow_minutes(MINUTES)
        await transaction.imports.lock(viewer.circle_id)
        if mapping is None:
            mapping = await transaction.imports.mapping(viewer.circle_id, noun, source.name)
        elif not preview:
            await transaction.imports.put_mapping(viewer.circle_id, noun, source.name, mapping)
        mapping = checked_mapping(mapping or ImportMapping(), noun=noun, rows=table.properties)
        read, rows = await asyncio.to_thread(_rows, table, mapping)
        taking = _Import(transaction, viewer.circle_id, noun, _trusted(source, mapping))
        matched, skipped, partners = await taking.match(rows, read.problems)
        summary = replace(_summary(matched, skipped, source), notes=read.notes)
        if preview:
            return await asyncio.to_thread(_shown, summary, table, mapping, noun, dict(matched))
        if noun is not Noun.BUILDINGS:
            # Before the rows, as all who change one of them do: otherwise each would wait for the other.
            # Alerts would wait for a city's buildings, and only imports and removals write those.
            await transaction.circles.lock(viewer.circle_id)
        await taking.write(matched, partners, viewer=viewer, at=now)
        if noun is Noun.UNITS and (summary.created or summary.updated):
            await recompute_open_incidents(transaction, roads, model, circle_id=viewer.circle_id, now=now)
        record = FeatureImport(
            id=ImportId(uuid4()),
            circle_id=viewer.circle_id,
            noun=noun.value,
            source=source,
            at=now,
            by=viewer.account_id,
            by_name=viewer.name,
            counts=ImportCounts(
                created=summary.created,
                updated=summary.updated,
                unchanged=summary.unchanged,
                skipped=len(summary.skipped),
                doubtful=len(summary.doubtful),
            ),
        )
        await transaction.imports.add(record, _imported(noun, matched))
        act = audit_entry(
            viewer,
            AuditAction.MAP_IMPORTED,
            subject=Subject(kind="import", id=record.id),
            detail={"noun": noun.value, "created": summary.created, "updated": summary.updated},
        )
        await transaction.audit.append(viewer.circle_id, act, at=now)
        return replace(summary, import_id=record.id)


class _Import:
    """Takes rows of one noun in one transaction."""

    def __init__(
        self, transaction: Transaction, circle_id: CircleId, noun: Noun, source: ImportSource
    ) -> None:
        self._transaction = transaction
        self._circle_id = circle_id
        self._noun = noun
        self._source = source
        self._gone: list[FacilityId] = []

    async def match(
        self, rows: Sequence[tuple[Row, Key | None]], problems: Mapping[int, RowProblem]
    ) -> tuple[list[tuple[int, Matched[Any]]], list[NamedRow], list[Partner]]:
        """Return what each row is, by its number, those that may not be, and partners that are introduced."""
        good = [row for number, (row, _) in enumerate(rows, 1) if number not in problems]
        known, newcomers = await self._partners(good)
        keys = sorted({key.text for _, key in rows if key is not None})
        things = await self._transaction.imports.keys(
            self._circle_id, self._noun, source=self._source.name, among=keys
        )
        ids = {each.thing_id for each in things}
        ids.update(id_ for _, key in rows if key for id_ in own_ids(self._circle_id, self._noun, key))
        there = await self._there(sorted(ids), [row for row, _ in rows])
        kind, read = FEATURE_TYPES[self._noun], READ[self._noun]
        matcher: Matcher[Any] = Matcher(
            self._circle_id,
            kind,
            there,
            KnownKeys(source=self._source, keys=things),
            lat=_middle([row for row, _ in rows]),
        )
        matched, skipped = await asyncio.to_thread(_sorted_out, rows, read, known, matcher, problems)
        matched, out_of_use, self._gone = without_out_of_use(matched)
        skipped = sorted([*skipped, *out_of_use], key=lambda one: one.row)
        self._keys = matcher.keys_after(each for _, each in matched)
        return matched, skipped, newcomers

    async def write(
        self,
        matched: Sequence[tuple[int, Matched[Any]]],
        partners: Sequence[Partner],
        *,
        viewer: Viewer,
        at: datetime,
    ) -> None:
        """Write what is new or changed."""
        for partner in partners:
            await self._transaction.partners.add(partner)
        newcomers = [each for _, each in matched if each.before is None and self._noun is Noun.HAZARDS]
        begun = await with_due_days(
            self._transaction, self._circle_id, [each.thing for each in newcomers], at=at
        )
        for each, hazard in zip(newcomers, begun, strict=True):
            each.thing = hazard
        changed = [each.thing for _, each in matched if each.is_changed]
        layer: Layer[Any] = self._transaction.layer(FEATURE_TYPES[self._noun])
        await layer.add(self._circle_id, changed)
        await self._transaction.hazard_steps.add(
            [
                step_of(each, HazardStepKind.RECORD, viewer=viewer, source=HazardSource.FILE, at=at)
                for each in begun
            ]
        )
        await self._transaction.layer(Facility).remove(self._circle_id, self._gone)
        await self._transaction.imports.put_keys(self._circle_id, self._noun, self._keys)
        if partners or (len(changed) > EVENTS_AT_MOST and self._noun in (Noun.HAZARDS, Noun.UNITS)):
            await self._transaction.circles.begin_epoch(self._circle_id, new_epoch())
            return
        if (changed or self._gone) and self._noun not in (Noun.HAZARDS, Noun.UNITS):
            event = FeaturesChanged(noun=self._noun, removed=tuple(self._gone))
            await self._transaction.record(self._circle_id, event, at=at)
        for each in changed:
            if isinstance(each, Hazard):
                await self._transaction.record(self._circle_id, HazardChanged(hazard=each), at=at)
            elif isinstance(each, Unit):
                await self._transaction.record(self._circle_id, UnitChanged(unit=each), at=at)

    async def _there(self, ids: Sequence[UUID], rows: Sequence[Row]) -> Sequence[Feature]:
        """Return what the rows may be: by their ids, or because it lies where they do."""
        layer: Layer[Any] = self._transaction.layer(FEATURE_TYPES[self._noun])
        if self._noun in (Noun.BUILDINGS, Noun.FACILITIES):
            return await layer.among(self._circle_id, ids, bbox=bounds_of(rows))
        # Few, and known again by their names wherever they are.
        return await layer.of_circle(self._circle_id)

    async def _partners(self, rows: Sequence[Row]) -> tuple[RowContext, list[Partner]]:
        partners = list(await self._transaction.partners.of_circle(self._circle_id))
        known = RowContext.of(self._circle_id, partners)
        newcomers = _newcomers(rows, known) if self._noun is Noun.UNITS else []
        return RowContext.of(self._circle_id, [*partners, *newcomers]), newcomers


def _newcomers(rows: Sequence[Row], known: RowContext) -> list[Partner]:
    introduced: dict[str, Partner] = {}
    for row in rows:
        try:
            partner = read_partner(row, known)
        except RowRefusedError:
            continue
        if partner is not None:
            introduced.setdefault(partner.name, partner)
    return list(introduced.values())


def _trusted(source: ImportSource, mapping: ImportMapping) -> ImportSource:
    """Return the source as one that may be believed when a person said which column is the identity."""
    return replace(source, is_declared=source.is_declared or mapping.identity is not None)


def _rows(table: FeatureTable, mapping: ImportMapping) -> tuple[FeatureTable, list[tuple[Row, Key | None]]]:
    """Return the table as it was read, and its rows with their keys."""
    told = tuple(mapped(row, mapping) for row in table.properties)
    read = with_fields(replace(table, properties=told))
    rows = []
    for source, properties, geometry in zip(table.properties, read.properties, read.geometries, strict=True):
        known_by = properties if mapping.identity is None else source
        key = key_of(Row(known_by, geometry).source_key(mapping.identity))
        rows.append((Row(properties, geometry), key))
    return read, rows


def _middle(rows: Sequence[Row]) -> float:
    bounds = bounds_of(rows)
    return 0.0 if bounds is None else (bounds[1] + bounds[3]) / 2


def _sorted_out(
    rows: Sequence[tuple[Row, Key | None]],
    read: Callable[[Row, RowContext], Any],
    known: RowContext,
    matcher: Matcher[Any],
    problems: Mapping[int, RowProblem],
) -> tuple[list[tuple[int, Matched[Any]]], list[NamedRow]]:
    """Return what each row is, by its number, and those that may not be."""
    skipped: list[NamedRow] = []
    numbers: list[int] = []
    good: list[tuple[Row, Key | None, Any]] = []
    for number, (row, key) in enumerate(rows, 1):
        problem = problems.get(number)
        if problem is not None:
            skipped.append(NamedRow(row=number, code=problem.code, detail=problem.detail))
            continue
        try:
            good.append((row, key, read(row, known)))
        except RowRefusedError as refusal:
            skipped.append(NamedRow(row=number, code=refusal.code))
            continue
        numbers.append(number)
    matched = list(zip(numbers, matcher.match(good), strict=True))
    skipped += [NamedRow(row=number, code="duplicate_row") for number, each in matched if each.is_duplicate]
    return [pair for pair in matched if not pair[1].is_duplicate], sorted(skipped, key=lambda one: one.row)


def _summary(
    matched: Sequence[tuple[int, Matched[Any]]], skipped: Sequence[NamedRow], source: ImportSource
) -> ImportSummary:
    return ImportSummary(
        created=sum(each.before is None for _, each in matched),
        updated=sum(each.before is not None and each.is_changed for _, each in matched),
        unchanged=sum(not each.is_changed for _, each in matched),
        skipped=tuple(skipped),
        doubtful=tuple(NamedRow(row=number, code=each.doubt) for number, each in matched if each.doubt),
        source=source.name,
    )


def _shown(
    summary: ImportSummary,
    table: FeatureTable,
    mapping: ImportMapping,
    noun: Noun,
    matched: Mapping[int, Matched[Any]],
) -> ImportSummary:
    """Return the summary with how the file is read."""
    first = [
        {name: as_text(value)[:CELL_LENGTH] for name, value in row.items()}
        for row in table.properties[:ROWS_SHOWN]
    ]
    understood = [_understood(matched.get(number)) for number in range(1, len(first) + 1)]
    return replace(
        summary,
        fields=FIELDS[noun],
        columns=tuple(columns_of(table.properties)),
        values=values_of(table.properties),
        mapping=mapping,
        first=tuple(first),
        understood_first=tuple(understood),
    )


def _understood(matched: Matched[Any] | None) -> dict[str, Any] | None:
    if matched is None:
        return None
    told = {each.name: getattr(matched.thing, each.name) for each in fields(matched.thing)}
    for name in ("id", "circle_id", "geometry"):
        told.pop(name, None)
    return told


def _imported(noun: Noun, matched: Sequence[tuple[int, Matched[Any]]]) -> list[ImportedFeature]:
    return [
        ImportedFeature(
            noun=noun,
            thing_id=each.thing.id,
            is_new=each.before is None,
            fingerprint=fingerprint(each.thing),
        )
        for _, each in matched
        if each.is_changed
    ]

"""Remove what is on the map: some things, or all that one import brought."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import AlreadyRemovedError, InvalidValueError, NotFoundError
from responder.domain.ids import CircleId, ImportId
from responder.domain.incidents.event import FeaturesChanged
from responder.domain.map.feature_import import (
    FEATURE_TYPES,
    MIXED,
    Feature,
    FeatureImport,
    ImportMapping,
    Noun,
    fingerprint,
)
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.circles.create import new_epoch

MINUTES = 5
MOST_AT_ONCE = 1000
"""Of a selection; an import may have brought more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptFeature:
    """A thing that was not removed, and why."""

    noun: Noun
    id: UUID
    name: str
    code: str
    """`edited_since`, `in_open_incident`, `closure_rests_on_it`, `unit_has_people`, `unit_has_invitation`,
    `building_has_households`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What was removed, or would be."""

    removed: int
    kept: tuple[KeptFeature, ...]
    only_changed: int = 0
    """Things that the import changed but did not bring: they stay as they are."""
    roads_stay: bool = False
    """The import brought roads as well, and the circle goes on using them."""


async def list_imports(database: Database, *, viewer: Viewer) -> tuple[FeatureImport, ...]:
    """Return the imports of the circle, the latest first."""
    viewer.must(Action.EDIT_MAP)
    async with database.snapshot() as transaction:
        return await transaction.imports.of_circle(viewer.circle_id)


async def list_mappings(database: Database, *, viewer: Viewer) -> tuple[tuple[Noun, str, ImportMapping], ...]:
    """Return how the sources of the circle are read."""
    viewer.must(Action.EDIT_MAP)
    async with database.snapshot() as transaction:
        return await transaction.imports.mappings(viewer.circle_id)


async def remove_features(
    database: Database,
    *,
    viewer: Viewer,
    noun: Noun,
    ids: Collection[UUID],
    clock: Clock,
    preview: bool = False,
) -> Removal:
    """
    Remove some things; what an open incident or a closure rests on is kept and named.

    Raises
    ------
    NotAllowedError
        The role may not edit the map.
    InvalidValueError
        None are named, or more than a thousand.
    NotFoundError
        The circle does not have one of them.
    """
    viewer.must(Action.EDIT_MAP)
    if not 0 < len(ids) <= MOST_AT_ONCE:
        message = f"name 1 to {MOST_AT_ONCE} things"
        raise InvalidValueError(message, field="ids")
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.imports.lock(viewer.circle_id)
        # A household may not come to a building that goes.
        await transaction.households.lock(viewer.circle_id)
        await transaction.circles.lock(viewer.circle_id)
        there = await _things(transaction, viewer.circle_id, noun, ids)
        if len(there) < len(set(ids)):
            raise NotFoundError
        gone, kept = await _sorted_out(transaction, viewer.circle_id, noun, there, now=now)
        removal = Removal(removed=len(gone), kept=tuple(kept))
        if not preview:
            await _remove(transaction, viewer.circle_id, noun, gone, at=now)
            await _record(transaction, viewer, noun.value, removal, subject=None, at=now)
        return removal


async def remove_import(
    database: Database,
    *,
    viewer: Viewer,
    import_id: ImportId,
    clock: Clock,
    edited: bool = False,
    preview: bool = False,
) -> Removal:
    """
    Remove what an import brought; what it only changed stays as it is, and so do roads.

    Things that were edited since are kept and named, unless `edited` says that they go, too; and so is what
    an open incident or a closure rests on. What was kept can be removed later.

    Raises
    ------
    NotAllowedError
        The role may not edit the map.
    NotFoundError
        The circle has no such import.
    AlreadyRemovedError
        It was removed before, and nothing was kept.
    """
    viewer.must(Action.EDIT_MAP)
    now = moment(clock)
    circle_id = viewer.circle_id
    async with database.begin() as transaction:
        await transaction.allow_minutes(MINUTES)
        await transaction.imports.lock(circle_id)
        await transaction.households.lock(circle_id)
        record = await transaction.imports.get(circle_id, import_id)
        brought = await transaction.imports.features(circle_id, import_id)
        left_by = {each.thing_id: each.fingerprint for each in brought if each.is_new}
        kept: list[KeptFeature] = []
        going: dict[Noun, Mapping[UUID, Feature]] = {}
        for noun in sorted({each.noun for each in brought}):
            ids = [each.thing_id for each in brought if each.is_new and each.noun is noun]
            there = await _things(transaction, circle_id, noun, ids)
            same = {id_: each for id_, each in there.items() if edited or fingerprint(each) == left_by[id_]}
            kept += _kept(noun, (each for id_, each in there.items() if id_ not in same), "edited_since")
            going[noun] = same
        # Only now: alerts wait for the lock, and a city's buildings take seconds to be read.
        await transaction.circles.lock(circle_id)
        gone: dict[Noun, list[UUID]] = {}
        for noun, unedited in going.items():
            gone[noun], held = await _sorted_out(transaction, circle_id, noun, unedited, now=now)
            kept += held
        removal = Removal(
            removed=sum(map(len, gone.values())),
            kept=tuple(kept),
            only_changed=sum(not each.is_new for each in brought),
            roads_stay=record.noun == MIXED,
        )
        if record.removed_at is not None and not removal.removed and not removal.kept:
            raise AlreadyRemovedError
        if not preview:
            for noun, ids in gone.items():
                await _remove(transaction, circle_id, noun, ids, at=now)
            await transaction.imports.mark_removed(circle_id, import_id, at=now)
            subject = Subject(kind="import", id=import_id)
            await _record(transaction, viewer, record.noun, removal, subject=subject, at=now)
        return removal


async def _things(
    transaction: Transaction, circle_id: CircleId, noun: Noun, ids: Collection[UUID]
) -> Mapping[UUID, Feature]:
    return {each.id: each for each in await transaction.layer(FEATURE_TYPES[noun]).among(circle_id, ids)}


async def _sorted_out(
    transaction: Transaction, circle_id: CircleId, noun: Noun, there: Mapping[UUID, Feature], *, now: datetime
) -> tuple[list[UUID], list[KeptFeature]]:
    """Return the things that may be removed, and those that something refers to."""
    held = await transaction.removals.held(circle_id, noun, list(there), now=now)
    kept = [each for id_, code in held.items() for each in _kept(noun, [there[id_]], code)]
    return [id_ for id_ in there if id_ not in held], kept


def _kept(noun: Noun, things: Iterable[Feature], code: str) -> list[KeptFeature]:
    return [KeptFeature(noun=noun, id=each.id, name=each.name or each.name_en, code=code) for each in things]


async def _remove(
    transaction: Transaction, circle_id: CircleId, noun: Noun, ids: Sequence[UUID], *, at: datetime
) -> None:
    if not ids:
        return
    await transaction.removals.release(circle_id, noun, ids)
    await transaction.layer(FEATURE_TYPES[noun]).remove(circle_id, ids)
    await transaction.imports.delete_keys_of(circle_id, noun, ids)
    if len(ids) > MOST_AT_ONCE:
        await transaction.circles.begin_epoch(circle_id, new_epoch())
        return
    event = FeaturesChanged(noun=noun, removed=tuple(ids))
    await transaction.record(circle_id, event, at=at)


async def _record(
    transaction: Transaction,
    viewer: Viewer,
    noun: str,
    removal: Removal,
    *,
    subject: Subject | None,
    at: datetime,
) -> None:
    act = audit_entry(
        viewer,
        AuditAction.MAP_REMOVED,
        subject=subject,
        detail={"noun": noun, "removed": removal.removed, "kept": len(removal.kept)},
    )
    await transaction.audit.append(viewer.circle_id, act, at=at)

"""Write one feature by its fields, as a row of a file would say them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, cast
from uuid import UUID, uuid5

from shapely.geometry import shape

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import EditConflictError, IdempotencyConflictError, InvalidValueError
from responder.domain.incidents.event import FeaturesChanged, HazardChanged
from responder.domain.map.feature_import import FEATURE_TYPES, Feature, Noun, fingerprint
from responder.domain.map.hazard import Hazard
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.hazard_life import HazardStepKind
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.imports.row import Row, RowRefusedError
from responder.services.imports.rows import ANYTHING, READ, RowContext
from responder.services.map.hazards import step_of, with_due_days
from responder.services.validation.geometry import checked_geometry

FROM_FILES_ALONE: Final = frozenset({Noun.BUILDINGS, Noun.UNITS})
"""Who can be there in time rests on them; they come from files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedFeature:
    """A feature and its version, which changes with every edit."""

    feature: Feature
    version: str


async def show_feature(database: Database, *, viewer: Viewer, noun: Noun, feature_id: UUID) -> EditedFeature:
    """
    Return a feature for an edit.

    Raises
    ------
    NotFoundError
        The circle does not have it.
    """
    viewer.must(Action.EDIT_MAP)
    async with database.begin() as transaction:
        return _edited(await transaction.layer(FEATURE_TYPES[noun]).get(viewer.circle_id, feature_id))


async def write_feature(
    database: Database,
    *,
    viewer: Viewer,
    noun: Noun,
    feature_id: UUID | None,
    properties: Mapping[str, Any],
    geometry: Mapping[str, Any],
    expected_version: str | None = None,
    idempotency_key: str | None = None,
    clock: Clock,
) -> EditedFeature:
    """
    Add a feature, or with `feature_id` put this in the place of the one that the circle has.

    What the same account added with the same `idempotency_key` is not added again.

    Parameters
    ----------
    properties
        Named as the fields of the domain; what they do not say is the default.
    expected_version
        The version that the caller has seen; None replaces any.

    Raises
    ------
    NotAllowedError
        The role may not edit the map.
    InvalidValueError
        A field cannot be; `reason` is the code that an import gives for it. Or the noun comes from files.
    InvalidGeometryError, GeometryTooLargeError
        The geometry is refused.
    NotFoundError
        The circle does not have the feature.
    EditConflictError
        It has another version than `expected_version`. Nothing is changed then.
    IdempotencyConflictError
        The key was used before for a different feature, or that feature has been edited since.
    """
    viewer.must(Action.EDIT_MAP)
    now = moment(clock)
    if noun in FROM_FILES_ALONE:
        message = f"{noun} come from files"
        raise InvalidValueError(message, field="noun")
    place = shape(checked_geometry(geometry, types=ANYTHING))
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        layer = transaction.layer(FEATURE_TYPES[noun])
        before = None if feature_id is None else await layer.get(viewer.circle_id, feature_id)
        if before is not None and expected_version not in {None, fingerprint(before)}:
            raise EditConflictError(by=None)
        partners = await transaction.partners.of_circle(viewer.circle_id)
        feature = _read(
            noun, Row(properties, place), RowContext.of(viewer.circle_id, partners, is_typed=True)
        )
        if before is not None:
            feature = _as_before(feature, before)
        elif idempotency_key is not None:
            feature = replace(cast("Any", feature), id=uuid5(viewer.account_id, f"{noun} {idempotency_key}"))
            for added in await layer.among(viewer.circle_id, [feature.id]):
                if added != _as_before(feature, added):
                    raise IdempotencyConflictError
                return _edited(added)
        if before is None and isinstance(feature, Hazard):
            [feature] = await with_due_days(transaction, viewer.circle_id, [feature], at=now)
        await layer.add(viewer.circle_id, [feature])
        if before is None and isinstance(feature, Hazard):
            await transaction.hazard_steps.add(
                [step_of(feature, HazardStepKind.RECORD, viewer=viewer, at=now)]
            )
        await _tell(transaction, viewer, noun, feature, is_new=before is None, at=now)
    return _edited(feature)


def _as_before(feature: Feature, before: Feature) -> Feature:
    """Return the feature as the one that is there: under its id, and as far put right if it is a hazard."""
    if isinstance(feature, Hazard) and isinstance(before, Hazard):
        feature = feature.with_life_of(before)
    same: Feature = replace(cast("Any", feature), id=before.id)
    return same


def _read(noun: Noun, row: Row, known: RowContext) -> Feature:
    try:
        feature: Feature = READ[noun](row, known)
    except RowRefusedError as refusal:
        raise InvalidValueError(
            refusal.code, field=refusal.code.partition("_")[2], reason=refusal.code
        ) from None
    return feature


async def _tell(
    transaction: Transaction, viewer: Viewer, noun: Noun, feature: Feature, *, is_new: bool, at: datetime
) -> None:
    event = HazardChanged(hazard=feature) if isinstance(feature, Hazard) else FeaturesChanged(noun=noun)
    await transaction.record(viewer.circle_id, event, at=at)
    act = audit_entry(
        viewer,
        AuditAction.FEATURE_CREATED if is_new else AuditAction.FEATURE_CHANGED,
        subject=Subject(kind=type(feature).__name__.lower(), id=feature.id),
    )
    await transaction.audit.append(viewer.circle_id, act, at=at)


def _edited(feature: Feature) -> EditedFeature:
    return EditedFeature(feature=feature, version=fingerprint(feature))

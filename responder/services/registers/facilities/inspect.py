"""Inspect shared facilities: what was found, and what follows for the facility."""

from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import IdempotencyConflictError, InvalidValueError, NotFoundError
from responder.domain.ids import FacilityId, InspectionId
from responder.domain.incidents.event import FeaturesChanged
from responder.domain.map.facility import Facility, FacilityState
from responder.domain.map.feature_import import Noun
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.inspection import Inspection, InspectionResult, inspected
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.ports.photos import Photo
from responder.ports.registers.inspections import InspectionQuery
from responder.services.incidents.catalogue import catalogue_of
from responder.services.validation.photos import Redraw, drawn, require_picture
from responder.services.validation.text import checked_text

LONGEST_NOTE: Final = 500
MOST_LISTED: Final = 100


async def inspect_facility(
    database: Database,
    *,
    viewer: Viewer,
    facility_id: FacilityId,
    inspection_id: InspectionId,
    round_id: UUID,
    result: InspectionResult,
    note: str,
    clock: Clock,
) -> Inspection:
    """
    Keep what was found; a faulty facility is not offered as the nearest from now on, and one that works is.

    Sent again with the same id it is kept once.

    Raises
    ------
    NotAllowedError
        The role may not inspect facilities.
    NotFoundError
        The circle has no such facility.
    InvalidValueError
        The facility was removed, or a faulty one is sent without a note.
    IdempotencyConflictError
        The id was used for something else.
    """
    viewer.must(Action.INSPECT_FACILITIES)
    note = checked_text(note, field="note", longest=LONGEST_NOTE, may_be_empty=True).strip()
    if result is InspectionResult.FAULTY and not note:
        message = "say what is wrong with it"
        raise InvalidValueError(message, field="note")
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        facility = await transaction.layer(Facility).get(viewer.circle_id, facility_id)
        known = await transaction.inspections.find(viewer.circle_id, inspection_id)
        if known is not None:
            same = (known.facility_id, known.result, known.note, known.by)
            if same != (facility_id, result, note, viewer.account_id):
                raise IdempotencyConflictError
            return known
        if facility.state is FacilityState.REMOVED:
            message = "this facility was removed"
            raise InvalidValueError(message, field="facility_id", reason="facility_removed")
        zone = ZoneInfo((await catalogue_of(transaction, viewer.circle_id)).time_zone)
        found = Inspection(
            id=inspection_id,
            circle_id=viewer.circle_id,
            facility_id=facility_id,
            facility_name=facility.name,
            facility_kind=facility.kind,
            round_id=round_id,
            result=result,
            note=note,
            at=now,
            by=viewer.account_id,
            by_name=viewer.name,
        )
        await transaction.inspections.add(found)
        after = inspected(facility, result, on=now.astimezone(zone).date())
        await transaction.layer(Facility).add(viewer.circle_id, [after])
        await transaction.record(viewer.circle_id, FeaturesChanged(noun=Noun.FACILITIES), at=now)
        act = audit_entry(
            viewer,
            AuditAction.FACILITY_INSPECTED,
            subject=Subject(kind="facility", id=facility_id),
            detail={"result": result.value},
        )
        await transaction.audit.append(viewer.circle_id, act, at=now)
        return found


async def add_inspection_photo(
    database: Database, *, viewer: Viewer, inspection_id: InspectionId, photo: Photo, redraw: Redraw
) -> None:
    """
    Keep a picture of what was found, in the place of one before.

    Raises
    ------
    NotAllowedError
        The role may not inspect facilities.
    NotFoundError
        The circle has no such inspection, or another person made it.
    InvalidValueError
        It is neither a JPEG nor a PNG, cannot be read, or is too large.
    """
    viewer.must(Action.INSPECT_FACILITIES)
    require_picture(photo)
    async with database.snapshot() as transaction:
        await _own(transaction, viewer, inspection_id)
    again = await drawn(photo, redraw)
    async with database.begin() as transaction:
        await _own(transaction, viewer, inspection_id)
        await transaction.inspections.put_photo(viewer.circle_id, inspection_id, again)


async def show_inspection_photo(database: Database, *, viewer: Viewer, inspection_id: InspectionId) -> Photo:
    """
    Return the picture of what was found.

    Raises
    ------
    NotAllowedError
        The role may not inspect facilities.
    NotFoundError
        The circle has no such inspection, or it has no picture.
    """
    viewer.must(Action.INSPECT_FACILITIES)
    async with database.snapshot() as transaction:
        photo = await transaction.inspections.photo(viewer.circle_id, inspection_id)
    if photo is None:
        raise NotFoundError
    return photo


async def list_inspections(
    database: Database,
    *,
    viewer: Viewer,
    facility_id: FacilityId | None = None,
    before: InspectionId | None = None,
    limit: int = MOST_LISTED,
) -> tuple[Inspection, ...]:
    """
    Return what was found, the last first; of one facility or of all.

    Raises
    ------
    NotAllowedError
        The role may not inspect facilities.
    NotFoundError
        There is no inspection `before`.
    """
    viewer.must(Action.INSPECT_FACILITIES)
    query = InspectionQuery(facility_id=facility_id, before=before, limit=min(limit, MOST_LISTED))
    async with database.snapshot() as transaction:
        return await transaction.inspections.search(viewer.circle_id, query)


async def _own(transaction: Transaction, viewer: Viewer, inspection_id: InspectionId) -> None:
    found = await transaction.inspections.find(viewer.circle_id, inspection_id)
    if found is None or found.by != viewer.account_id:
        raise NotFoundError

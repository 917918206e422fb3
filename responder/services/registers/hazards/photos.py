"""Pictures of hazards: what was seen, and what it looks like once it is mended."""

from datetime import timedelta
from typing import Final

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import InvalidValueError, NotAllowedError, NotFoundError
from responder.domain.ids import HazardId, PhotoId
from responder.domain.map.hazard import Hazard
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.ports.photos import Photo
from responder.services.validation.photos import Redraw, drawn, require_picture

MOST: Final = 50
"""Pictures of one hazard."""
UNNAMED_KEPT: Final = timedelta(days=1)
"""So long a picture waits for the step that names it."""


async def add_hazard_photo(
    database: Database,
    *,
    viewer: Viewer,
    hazard_id: HazardId,
    photo_id: PhotoId,
    photo: Photo,
    redraw: Redraw,
    shrink: Redraw,
    clock: Clock,
) -> None:
    """
    Keep a picture that a step of a hazard is going to name; sent again it stays as it was first.

    Raises
    ------
    NotAllowedError
        Neither the role nor the partner may take steps of this hazard.
    NotFoundError
        The circle has no such hazard.
    InvalidValueError
        It is neither a JPEG nor a PNG, cannot be read, is too large, or the hazard has too many.
    """
    viewer.must(Action.MEND_HAZARD)
    require_picture(photo)
    async with database.snapshot() as transaction:
        _must_mend(viewer, await transaction.layer(Hazard).get(viewer.circle_id, hazard_id))
    whole = await drawn(photo, redraw)
    small = await drawn(whole, shrink)
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        _must_mend(viewer, await transaction.layer(Hazard).get(viewer.circle_id, hazard_id))
        steps = await transaction.hazard_steps.of_hazard(viewer.circle_id, hazard_id)
        named = {each.photo_id for each in steps}
        added = await transaction.hazard_photos.of_hazard(viewer.circle_id, hazard_id)
        if photo_id in added:
            return
        gone = [each for each, at in added.items() if each not in named and now - at > UNNAMED_KEPT]
        if gone:
            await transaction.hazard_photos.delete(viewer.circle_id, hazard_id, gone)
        if len(added) - len(gone) >= MOST:
            message = f"a hazard has at most {MOST} pictures"
            raise InvalidValueError(message, field="photo")
        await transaction.hazard_photos.add(viewer.circle_id, hazard_id, photo_id, whole, small=small, at=now)
        act = audit_entry(
            viewer, AuditAction.HAZARD_PHOTO_ADDED, subject=Subject(kind="hazard", id=hazard_id)
        )
        await transaction.audit.append(viewer.circle_id, act, at=now)


async def show_hazard_photo(
    database: Database, *, viewer: Viewer, hazard_id: HazardId, photo_id: PhotoId, small: bool
) -> Photo:
    """
    Return a picture of a hazard, whole or small.

    Raises
    ------
    NotFoundError
        The circle has no such hazard, or that no such picture.
    """
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        found = await transaction.hazard_photos.find(viewer.circle_id, hazard_id, photo_id, small=small)
    if found is None:
        raise NotFoundError
    return found


def _must_mend(viewer: Viewer, hazard: Hazard) -> None:
    if not viewer.may(Action.MANAGE_HAZARDS) and viewer.partner_id != hazard.owner_id:
        raise NotAllowedError(action=Action.MEND_HAZARD.value)

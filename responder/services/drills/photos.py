"""Pictures that injects of a plan carry."""

from datetime import datetime, timedelta
from typing import Final

from responder.domain.drills.plan import Drill, DrillPlan, DrillState
from responder.domain.errors import DrillNotPlannedError, NotFoundError
from responder.domain.ids import AlertId, DrillId, PhotoId
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.ports.photos import Photo
from responder.services.drills.require import require
from responder.services.incidents.queries import as_shown_to, visible_incident
from responder.services.validation.photos import Redraw, drawn, require_picture

MOST: Final = 50
"""Pictures of one drill, with those of a plan that is not saved yet."""
UNSAVED_KEPT: Final = timedelta(days=1)
"""So long a picture waits for the plan that names it to be saved."""


async def add_inject_photo(
    database: Database,
    *,
    viewer: Viewer,
    drill_id: DrillId,
    photo_id: PhotoId,
    photo: Photo,
    redraw: Redraw,
    clock: Clock,
) -> None:
    """
    Keep a picture that an inject of the plan is going to name; sent again it stays as it was first.

    Raises
    ------
    NotAllowedError
        The role may not plan drills.
    NotFoundError
        The circle has no such drill.
    DrillNotPlannedError
        It has started, ended or was called off.
    InvalidValueError
        It is neither a JPEG nor a PNG, cannot be read, is too large, or the drill has too many.
    """
    viewer.must(Action.PLAN_DRILL)
    require_picture(photo)
    async with database.snapshot() as transaction:
        _require_planned(await transaction.drills.get(viewer.circle_id, drill_id))
    again = await drawn(photo, redraw)
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        drill = await transaction.drills.get(viewer.circle_id, drill_id)
        _require_planned(drill)
        kept = await _tidied(transaction, drill, None, now=now)
        if photo_id not in kept:
            require(len(kept) < MOST, f"at most {MOST} pictures", "photo")
            await transaction.inject_photos.add(viewer.circle_id, drill_id, photo_id, again, at=now)


async def show_inject_photo(
    database: Database, *, viewer: Viewer, drill_id: DrillId, photo_id: PhotoId
) -> Photo:
    """
    Return a picture of a drill, also of an inject that is not given yet.

    Raises
    ------
    NotAllowedError
        The role may not see plans of drills.
    NotFoundError
        The circle has no such drill, or that no such picture.
    """
    viewer.must(Action.SEE_DRILL_PLAN)
    async with database.snapshot() as transaction:
        return await _found(transaction, viewer, drill_id, photo_id)


async def show_alert_photo(database: Database, *, viewer: Viewer, alert_id: AlertId) -> Photo:
    """
    Return the picture that goes with an alert's text, to those who read that.

    Raises
    ------
    NotFoundError
        There is no such alert in the circle, its incident does not concern the viewer, or there is no picture
        with it for the viewer.
    """
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        alert = await transaction.alerts.get(viewer.circle_id, alert_id)
        whole = await visible_incident(transaction, viewer, alert.incident_id)
        shown = as_shown_to(viewer, whole)
        photo_id = next((each.photo_id for each in shown.alerts if each.id == alert_id), None)
        runs = await transaction.drill_runs.of_incidents(viewer.circle_id, [alert.incident_id])
        if photo_id is None or alert.incident_id not in runs:
            raise NotFoundError
        return await _found(transaction, viewer, runs[alert.incident_id].drill_id, photo_id)


async def keep_named_photos(
    transaction: Transaction, drill: Drill, given: DrillPlan, before: DrillPlan | None, *, now: datetime
) -> None:
    """
    Let a drill have the pictures that its plan names and no others; those of other drills are copied.

    `given` is the plan in the order in which it was sent, `before` the one whose place it takes.

    Raises
    ------
    InvalidValueError
        The circle has no such picture; `field` names where.
    """
    known = await _tidied(transaction, drill, before, now=now)
    missing = _named(given) - known
    if missing:
        await transaction.inject_photos.copy(drill.circle_id, drill.id, missing)
        known = frozenset(await transaction.inject_photos.of_drill(drill.circle_id, drill.id))
        for index, inject in enumerate(given.injects):
            is_known = inject.photo_id is None or inject.photo_id in known
            require(is_known, "there is no such picture", f"injects.{index}.photo_id")
        require(len(known) <= MOST, f"at most {MOST} pictures", "injects")


async def _tidied(
    transaction: Transaction, drill: Drill, before: DrillPlan | None, *, now: datetime
) -> frozenset[PhotoId]:
    """Forget pictures that the plan does not name any more, or was never saved with; return what is left."""
    added = await transaction.inject_photos.of_drill(drill.circle_id, drill.id)
    dropped = frozenset() if before is None else _named(before)
    gone = [
        each
        for each, at in added.items()
        if each not in _named(drill.plan) and (each in dropped or now - at > UNSAVED_KEPT)
    ]
    if gone:
        await transaction.inject_photos.delete(drill.circle_id, drill.id, gone)
    return frozenset(added.keys() - set(gone))


def _named(plan: DrillPlan) -> frozenset[PhotoId]:
    return frozenset(each.photo_id for each in plan.injects if each.photo_id is not None)


def _require_planned(drill: Drill) -> None:
    if drill.state is not DrillState.PLANNED:
        raise DrillNotPlannedError(state=drill.state.value)


async def _found(transaction: Transaction, viewer: Viewer, drill_id: DrillId, photo_id: PhotoId) -> Photo:
    photo = await transaction.inject_photos.find(viewer.circle_id, drill_id, photo_id)
    if photo is None:
        raise NotFoundError
    return photo

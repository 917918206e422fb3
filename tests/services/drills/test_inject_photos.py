"""The picture of an inject: for those it is for, once it is given, and as long as the plan names it."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from responder.domain.drills.plan import Drill, DrillMode, DrillPlan, InjectKind
from responder.domain.drills.run import DrillRun
from responder.domain.errors import (
    DrillNotPlannedError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
)
from responder.domain.ids import AlertId, DrillId, PartnerId, PhotoId
from responder.domain.people.partner import PartnerKind
from responder.exchange.pictures import LARGEST_REDRAWN, redrawn
from responder.ports.photos import Photo
from responder.services.drills.drills import change_drill
from responder.services.drills.photos import (
    MOST,
    UNSAVED_KEPT,
    add_inject_photo,
    show_alert_photo,
    show_inject_photo,
)
from responder.services.validation.photos import LARGEST
from tests.exchange.pictures import PLACE_TAKEN, picture, size_of
from tests.services.drills.conftest import Drills, message

PLANNERS = ("planner", "community", "observer")
FOR_POLICE = ("police", *PLANNERS)
OTHERS = ("hospital", "hospital.wen")


async def _add(
    drills: Drills,
    drill_id: DrillId,
    *,
    by: str = "planner",
    photo_id: PhotoId | None = None,
    photo: Photo | None = None,
) -> PhotoId:
    photo_id = photo_id or PhotoId(uuid4())
    await add_inject_photo(
        drills.world.database,
        viewer=await drills.world.viewer(by),
        drill_id=drill_id,
        photo_id=photo_id,
        photo=photo or Photo("image/png", picture()),
        redraw=redrawn,
        clock=drills.world.clock,
    )
    return photo_id


async def _change(drills: Drills, drill: Drill, plan: DrillPlan) -> Drill:
    shown = await change_drill(
        drills.world.database,
        drills.world.roads,
        viewer=await drills.world.viewer("planner"),
        drill_id=drill.id,
        plan=plan,
        clock=drills.world.clock,
    )
    return shown.drill


async def _planned(drills: Drills, **fields: object) -> tuple[Drill, PhotoId]:
    """A drill whose first inject carries a picture for the police, after ten seconds."""
    async with drills.world.database.snapshot() as transaction:
        partners = await transaction.partners.of_circle(drills.world.circle.id)
    police: PartnerId = next(each.id for each in partners if each.kind is PartnerKind.POLICE)
    mode = fields.pop("mode", DrillMode.FIELD)
    drill = await drills.plan(message(1, 10, **{"partner_ids": (police,), **fields}), mode=mode)
    photo_id = await _add(drills, drill.id)
    [inject] = drill.plan.injects
    return await _change(
        drills, drill, replace(drill.plan, injects=(replace(inject, photo_id=photo_id),))
    ), photo_id


async def _shown(drills: Drills, drill_id: DrillId, photo_id: PhotoId, *, to: str) -> Photo:
    viewer = await drills.world.viewer(to)
    return await show_inject_photo(drills.world.database, viewer=viewer, drill_id=drill_id, photo_id=photo_id)


async def _is_kept(drills: Drills, drill: Drill, photo_id: PhotoId) -> bool:
    async with drills.world.database.snapshot() as transaction:
        return photo_id in await transaction.inject_photos.of_drill(drill.circle_id, drill.id)


async def _with_picture(drills: Drills, run: DrillRun, photo_id: PhotoId) -> AlertId:
    detail = await drills.exercise(run)
    return next(each.id for each in detail.alerts if each.photo_id == photo_id)


async def test_it_is_seen_by_those_it_is_for_once_it_is_given(drills: Drills) -> None:
    drill, photo_id = await _planned(drills)
    run = await drills.start(drill)
    assert all(each.photo_id is None for each in (await drills.exercise(run)).alerts)
    for name in PLANNERS:
        assert (await _shown(drills, drill.id, photo_id, to=name)).media_type == "image/jpeg"
    for name in ("police", *OTHERS):
        with pytest.raises(NotAllowedError):
            await _shown(drills, drill.id, photo_id, to=name)

    await drills.later(11)

    alert_id = await _with_picture(drills, run, photo_id)
    for name in FOR_POLICE:
        viewer = await drills.world.viewer(name)
        assert (await show_alert_photo(drills.world.database, viewer=viewer, alert_id=alert_id)).content
    for name in OTHERS:
        viewer = await drills.world.viewer(name)
        with pytest.raises(NotFoundError):
            await show_alert_photo(drills.world.database, viewer=viewer, alert_id=alert_id)


async def test_what_goes_with_no_update_or_with_no_message_is_not_there(drills: Drills) -> None:
    drill, _ = await _planned(drills, kind=InjectKind.TELEPHONE)
    run = await drills.start(drill)
    await drills.later(11)
    alerts = (await drills.exercise(run)).alerts
    assert [each.photo_id for each in alerts] == [None]

    viewer = await drills.world.viewer("planner")
    for alert_id in (alerts[0].id, AlertId(uuid4())):
        with pytest.raises(NotFoundError):
            await show_alert_photo(drills.world.database, viewer=viewer, alert_id=alert_id)
    with pytest.raises(NotFoundError):
        await _shown(drills, drill.id, PhotoId(uuid4()), to="planner")
    with pytest.raises(NotFoundError):
        await _add(drills, DrillId(uuid4()))


@pytest.mark.parametrize(("form", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png")])
async def test_it_is_kept_small_and_without_what_cameras_say(
    drills: Drills, form: str, media_type: str
) -> None:
    drill = await drills.plan(message(1, 10))
    whole = picture(form, (2000, 1000), exif=True)
    assert PLACE_TAKEN in whole
    photo_id = await _add(drills, drill.id, photo=Photo(media_type, whole))
    await _add(drills, drill.id, photo_id=photo_id)

    kept = await _shown(drills, drill.id, photo_id, to="planner")

    assert PLACE_TAKEN not in kept.content
    assert size_of(kept.content) == (LARGEST_REDRAWN[0], LARGEST_REDRAWN[0] // 2)


@pytest.mark.parametrize(
    "photo",
    [
        Photo("image/gif", b"GIF89a"),
        Photo("text/html", picture()),
        Photo("image/png", picture("JPEG")),
        Photo("image/png", b"\x89PNG\r\n\x1a\n and no more"),
        Photo("image/jpeg", picture("JPEG", (600, 400))[:300]),
        Photo("image/png", picture() + bytes(LARGEST)),
    ],
)
async def test_what_is_no_picture_is_refused_by_its_field(drills: Drills, photo: Photo) -> None:
    drill, photo_id = await drills.plan(message(1, 10)), PhotoId(uuid4())

    with pytest.raises(InvalidValueError) as refused:
        await _add(drills, drill.id, photo_id=photo_id, photo=photo)

    assert refused.value.detail["field"] == "photo"
    assert not await _is_kept(drills, drill, photo_id)


async def test_a_drill_has_only_so_many(drills: Drills) -> None:
    drill = await drills.plan(message(1, 10))
    first = [await _add(drills, drill.id) for _ in range(MOST)]
    with pytest.raises(InvalidValueError):
        await _add(drills, drill.id)
    await _add(drills, drill.id, photo_id=first[0])

    drills.world.clock.move(seconds=(UNSAVED_KEPT + timedelta(seconds=1)).total_seconds())
    await _add(drills, drill.id)

    assert not await _is_kept(drills, drill, first[0])


async def test_it_goes_with_the_inject_and_stays_while_that_does(drills: Drills) -> None:
    drill, photo_id = await _planned(drills)
    [inject] = drill.plan.injects
    drills.world.clock.move(seconds=(UNSAVED_KEPT * 2).total_seconds())
    renamed = await _change(drills, drill, replace(drill.plan, name="另一场"))
    assert await _is_kept(drills, drill, photo_id)

    await _change(drills, drill, replace(renamed.plan, injects=(replace(inject, photo_id=None),)))

    assert not await _is_kept(drills, drill, photo_id)


async def test_a_plan_made_from_another_has_a_copy_of_its_own(drills: Drills) -> None:
    drill, photo_id = await _planned(drills)

    other = await drills.plan(*drill.plan.injects)
    await _change(drills, drill, replace(drill.plan, injects=()))

    assert not await _is_kept(drills, drill, photo_id)
    assert await _is_kept(drills, other, photo_id)


async def test_a_plan_cannot_name_a_picture_that_the_circle_has_not(drills: Drills) -> None:
    drill = await drills.plan(message(2, 10), message(1, 10))
    strange = replace(message(1, 10), photo_id=PhotoId(uuid4()))

    with pytest.raises(InvalidValueError) as refused:
        await _change(drills, drill, replace(drill.plan, injects=(message(2, 10), strange)))

    assert refused.value.detail["field"] == "injects.1.photo_id"


async def test_none_is_added_once_the_drill_has_started(drills: Drills) -> None:
    drill, _ = await _planned(drills)
    await drills.start(drill)

    with pytest.raises(DrillNotPlannedError):
        await _add(drills, drill.id)


async def test_only_planners_add_one(drills: Drills) -> None:
    drill = await drills.plan(message(1, 10))

    for name in ("observer", "police", *OTHERS):
        with pytest.raises(NotAllowedError):
            await _add(drills, drill.id, by=name)

"""Inspections of shared facilities."""

from datetime import date
from uuid import uuid4

import pytest

from responder.domain.errors import (
    IdempotencyConflictError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
)
from responder.domain.ids import FacilityId, InspectionId
from responder.domain.map.facility import Facility, FacilityKind, FacilityState
from responder.domain.map.feature_import import Noun
from responder.domain.people.access import Viewer
from responder.domain.registers.inspection import Inspection, InspectionResult
from responder.exchange.pictures import redrawn
from responder.ports.photos import Photo
from responder.services.imports.edit_feature import write_feature
from responder.services.map.queries import list_layer
from responder.services.registers.facilities.inspect import (
    add_inspection_photo,
    inspect_facility,
    list_inspections,
    show_inspection_photo,
)
from tests.exchange.pictures import picture
from tests.services.conftest import World
from tests.services.log import addressed_events

ROUND = uuid4()


async def hydrant(world: World) -> Facility:
    found = await list_layer(world.database, viewer=await world.viewer("community"), kind=Facility)
    return next(each for each in found if each.kind is FacilityKind.HYDRANT)


async def inspect(
    world: World,
    viewer: Viewer,
    facility_id: FacilityId,
    *,
    result: InspectionResult = InspectionResult.OK,
    note: str = "",
    inspection_id: InspectionId | None = None,
) -> Inspection:
    return await inspect_facility(
        world.database,
        viewer=viewer,
        facility_id=facility_id,
        inspection_id=inspection_id or InspectionId(uuid4()),
        round_id=ROUND,
        result=result,
        note=note,
        clock=world.clock,
    )


async def test_a_fault_takes_a_facility_out_of_service_and_a_good_inspection_brings_it_back(
    world: World,
) -> None:
    viewer, facility = await world.viewer("hospital.wen"), await hydrant(world)

    await inspect(world, viewer, facility.id, result=InspectionResult.FAULTY, note="没有水")
    faulty = await hydrant(world)
    assert (faulty.id, faulty.state) == (facility.id, FacilityState.FAULTY)
    # By the circle's clock, eight hours before UTC.
    assert faulty.inspected_on == date(2025, 11, 3)

    world.clock.move(days=1)
    await inspect(world, viewer, facility.id)
    again = await hydrant(world)
    assert (again.state, again.inspected_on) == (FacilityState.IN_SERVICE, date(2025, 11, 4))
    history = await list_inspections(world.database, viewer=viewer, facility_id=facility.id)
    assert [(each.result, each.note, each.by_name) for each in history] == [
        (InspectionResult.OK, "", viewer.name),
        (InspectionResult.FAULTY, "没有水", viewer.name),
    ]
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    assert [each.recorded.event.kind for each in events] == ["features_changed", "features_changed"]
    [older] = await list_inspections(world.database, viewer=viewer, before=history[0].id, limit=1)
    assert older == history[1]


async def test_what_is_sent_again_is_kept_once(world: World) -> None:
    viewer, facility = await world.viewer("hospital.wen"), await hydrant(world)
    sent = InspectionId(uuid4())
    first = await inspect(world, viewer, facility.id, inspection_id=sent)
    assert await inspect(world, viewer, facility.id, inspection_id=sent) == first
    assert len(await list_inspections(world.database, viewer=viewer)) == 1

    other = {"inspection_id": sent, "result": InspectionResult.FAULTY, "note": "漏水"}
    with pytest.raises(IdempotencyConflictError):
        await inspect(world, viewer, facility.id, **other)  # type: ignore[arg-type]


async def test_what_may_not_be_is_refused_and_nothing_is_kept(world: World) -> None:
    viewer, facility = await world.viewer("hospital.wen"), await hydrant(world)
    with pytest.raises(InvalidValueError):
        await inspect(world, viewer, facility.id, result=InspectionResult.FAULTY, note="  ")
    with pytest.raises(InvalidValueError):
        await inspect(world, viewer, facility.id, note="x" * 501)
    with pytest.raises(NotFoundError):
        await inspect(world, viewer, FacilityId(uuid4()))
    with pytest.raises(NotAllowedError):
        await inspect(world, await world.viewer("observer"), facility.id)
    assert await list_inspections(world.database, viewer=viewer) == ()
    assert (await hydrant(world)).inspected_on is None


async def test_a_picture_is_drawn_again_and_only_who_inspected_adds_it(world: World) -> None:
    viewer, facility = await world.viewer("hospital.wen"), await hydrant(world)
    found = await inspect(world, viewer, facility.id)
    sent = Photo("image/png", picture())
    await add_inspection_photo(
        world.database, viewer=viewer, inspection_id=found.id, photo=sent, redraw=redrawn
    )

    kept = await show_inspection_photo(world.database, viewer=viewer, inspection_id=found.id)
    assert kept.media_type == "image/jpeg"
    assert [each.has_photo for each in await list_inspections(world.database, viewer=viewer)] == [True]
    with pytest.raises(NotFoundError):
        await add_inspection_photo(
            world.database,
            viewer=await world.viewer("community"),
            inspection_id=found.id,
            photo=sent,
            redraw=redrawn,
        )
    with pytest.raises(InvalidValueError):
        await add_inspection_photo(
            world.database,
            viewer=viewer,
            inspection_id=found.id,
            photo=Photo("image/png", sent.content[:60]),
            redraw=redrawn,
        )


async def test_codes_and_telephones_are_not_for_onlookers(world: World) -> None:
    editor = await world.viewer("community")
    await write_feature(
        world.database,
        viewer=editor,
        noun=Noun.FACILITIES,
        feature_id=None,
        properties={
            "kind": "key",
            "name": "备用钥匙",
            "access_code": "4711",
            "holders": [{"name": "门岗", "phone": "12345"}],
        },
        geometry={"type": "Point", "coordinates": [112.985, 28.158]},
        clock=world.clock,
    )

    async def seen_by(username: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        listed = await list_layer(world.database, viewer=await world.viewer(username), kind=Facility)
        [key] = [each for each in listed if each.name == "备用钥匙"]
        return key.access_code, tuple((each.name, each.phone) for each in key.holders)

    assert await seen_by("hospital.wen") == ("4711", (("门岗", "12345"),))
    assert await seen_by("observer") == ("", (("门岗", ""),))


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("opening_hours", "8 to 6", "invalid_opening_hours"),
        ("state", "gone", "unknown_state"),
        ("inspection_days", 0, "invalid_inspection_days"),
        ("inspected_on", "yesterday", "invalid_inspected_on"),
    ],
)
async def test_what_is_typed_has_to_be_right(world: World, field: str, value: object, code: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        await write_feature(
            world.database,
            viewer=await world.viewer("community"),
            noun=Noun.FACILITIES,
            feature_id=None,
            properties={"kind": "aed", field: value},
            geometry={"type": "Point", "coordinates": [112.985, 28.158]},
            clock=world.clock,
        )
    assert refused.value.detail["reason"] == code

"""What was imported can be removed again: a thing, a selection, an import; and what has to stay is named."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from shapely.geometry import Point, box
from shapely.geometry.base import BaseGeometry

from responder.domain.audit import AuditAction
from responder.domain.errors import (
    AlreadyRemovedError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
)
from responder.domain.ids import ImportId
from responder.domain.incidents.event import FeaturesChanged
from responder.domain.incidents.incident import EndReason
from responder.domain.map.building import Building
from responder.domain.map.facility import Facility
from responder.domain.map.feature_import import ImportSource
from responder.domain.map.hazard import Hazard
from responder.domain.map.unit import Unit
from responder.domain.people.access import Role, operator
from responder.services.circles.snapshot import show_circle
from responder.services.directing.end_incident import end_incident
from responder.services.imports.features import ImportSummary, Noun, import_features
from responder.services.imports.remove_features import list_imports, remove_features, remove_import
from responder.services.map import closures
from responder.services.map.queries import list_layer
from responder.services.map.set_duty import set_duty
from responder.services.people.invite import NewInvitation, invite
from tests.circles import make_bare_circle
from tests.services.conftest import World
from tests.services.feature_tables import table_of
from tests.services.log import addressed_events, log_head

HERE = Point(112.9855, 28.1585)
UNIT = {"kind": "team", "profile": "foot", "turnout_s": 60, "partner": "省示例医院"}


async def load(
    world: World, noun: Noun, *rows: dict[str, Any], geometry: BaseGeometry = HERE, file: str = "a.geojson"
) -> ImportSummary:
    return await import_features(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        noun=noun,
        table=table_of(rows, [geometry] * len(rows)),
        clock=world.clock,
        source=ImportSource(name="a", file_name=file),
    )


async def undo(
    world: World, summary: ImportSummary, *, edited: bool = False, preview: bool = False
) -> tuple[int, list[tuple[str, str]], int]:
    assert summary.import_id is not None
    removal = await remove_import(
        world.database,
        viewer=await world.viewer("community"),
        import_id=summary.import_id,
        clock=world.clock,
        edited=edited,
        preview=preview,
    )
    return removal.removed, [(each.name, each.code) for each in removal.kept], removal.only_changed


async def test_an_import_is_a_record_and_goes_again(world: World) -> None:
    viewer = await world.viewer("community")
    before = await list_layer(world.database, viewer=viewer, kind=Facility)
    taken = await load(
        world, Noun.FACILITIES, *({"id": n, "kind": "hydrant", "name": f"栓{n}"} for n in range(3))
    )

    [record] = await list_imports(world.database, viewer=viewer)
    assert (record.id, record.noun, record.source.file_name) == (taken.import_id, "facilities", "a.geojson")
    assert (record.by, record.by_name, record.at) == (viewer.account_id, viewer.name, world.clock.now())
    assert (record.counts.created, record.counts.updated, record.counts.skipped) == (3, 0, 0)

    assert await undo(world, taken, preview=True) == (3, [], 0)
    assert len(await list_layer(world.database, viewer=viewer, kind=Facility)) == len(before) + 3
    assert await undo(world, taken) == (3, [], 0)
    assert await list_layer(world.database, viewer=viewer, kind=Facility) == before
    [record] = await list_imports(world.database, viewer=viewer)
    assert record.removed_at == world.clock.now()
    with pytest.raises(AlreadyRemovedError):
        await undo(world, taken)
    # What is gone is forgotten: the same file brings it again.
    again = await load(world, Noun.FACILITIES, {"id": 1, "kind": "hydrant", "name": "栓1"})
    assert (again.created, again.doubtful) == (1, ())


async def test_what_was_edited_since_is_kept_and_named_unless_it_is_meant(world: World) -> None:
    rows = [{"id": n, "kind": "hydrant", "name": f"栓{n}"} for n in range(3)]
    first = await load(world, Noun.FACILITIES, *rows)
    second = await load(world, Noun.FACILITIES, {**rows[1], "note": "已修"}, rows[2])

    assert await undo(world, second) == (0, [], 1)
    assert await undo(world, first) == (2, [("栓1", "edited_since")], 0)
    assert await undo(world, first, edited=True) == (1, [], 0)


async def test_a_unit_that_went_off_duty_was_not_edited(world: World) -> None:
    taken = await load(world, Noun.UNITS, {**UNIT, "id": "u", "name": "新队"})
    viewer = await world.viewer("community")
    [unit] = [
        each for each in await list_layer(world.database, viewer=viewer, kind=Unit) if each.name == "新队"
    ]
    await set_duty(
        world.database, world.roads, viewer=viewer, unit_id=unit.id, on_duty=False, clock=world.clock
    )
    assert await undo(world, taken) == (1, [], 0)


async def test_what_is_looked_at_live_leaves_the_snapshot(world: World) -> None:
    viewer = await world.viewer("community")
    before = await show_circle(world.database, viewer=viewer, clock=world.clock)
    taken = await load(world, Noun.HAZARDS, {"id": 1, "kind": "clutter", "name": "堆物"})
    seq = (await log_head(world.database, circle_id=world.circle.id)).seq

    await undo(world, taken)

    [event] = await addressed_events(world.database, circle_id=world.circle.id, seq=seq)
    assert isinstance(event.recorded.event, FeaturesChanged)
    assert event.recorded.event.noun is Noun.HAZARDS
    after = await show_circle(world.database, viewer=viewer, clock=world.clock)
    assert after.hazards == before.hazards


async def test_buildings_that_come_and_go_are_told_to_open_pages(world: World) -> None:
    taken = await load(world, Noun.BUILDINGS, {"id": 1, "name": "新楼"}, geometry=BLOCK)
    await undo(world, taken)
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    told = [each.recorded.event for each in events]
    assert [isinstance(each, FeaturesChanged) and each.noun for each in told] == [Noun.BUILDINGS] * 2
    assert [len(each.removed) for each in told if isinstance(each, FeaturesChanged)] == [0, 1]


BLOCK = box(112.9851, 28.1581, 112.9852, 28.1582)


async def test_a_building_with_an_open_incident_stays_until_it_ends(world: World) -> None:
    taken = await load(
        world, Noun.BUILDINGS, {"id": 1, "name": "新楼"}, {"id": 2, "name": "旁楼"}, geometry=BLOCK
    )
    detail = await world.raise_at("新楼")

    assert await undo(world, taken) == (1, [("新楼", "in_open_incident")], 0)

    await end_incident(
        world.database,
        viewer=await world.viewer("community"),
        incident_id=detail.incident.id,
        reason=EndReason.RESOLVED,
        clock=world.clock,
    )
    assert await undo(world, taken) == (1, [], 0)
    viewer = await world.viewer("community")
    assert "新楼" not in {
        each.name for each in await list_layer(world.database, viewer=viewer, kind=Building)
    }
    # The incident is still told, at the same place.
    circle = await show_circle(world.database, viewer=viewer, clock=world.clock)
    assert [each.incident.place for each in circle.incidents] == [detail.incident.place]


async def test_a_hazard_stays_while_a_closure_rests_on_it(world: World) -> None:
    viewer = await world.viewer("community")
    taken = await load(world, Noun.HAZARDS, {"id": 1, "kind": "clutter", "name": "堆物"})
    [hazard] = [
        each for each in await list_layer(world.database, viewer=viewer, kind=Hazard) if each.name == "堆物"
    ]
    road = {"type": "LineString", "coordinates": [[112.98488, 28.15733], [112.98496, 28.15766]]}
    closure = await closures.set_closure(
        world.database,
        world.roads,
        viewer=viewer,
        new=closures.NewClosure(name="堆物占道", geometry=road, hazard_id=hazard.id),
        clock=world.clock,
    )
    assert await undo(world, taken) == (0, [("堆物", "closure_rests_on_it")], 0)
    lifted = await closures.lift_closure(
        world.database, world.roads, viewer=viewer, closure_id=closure.id, clock=world.clock
    )
    assert lifted.hazard_id == hazard.id
    assert await undo(world, taken) == (1, [], 0)


async def test_a_unit_with_people_or_counted_on_stays(world: World) -> None:
    viewer = await world.viewer("community")
    with_people = next(each for each in await list_layer(world.database, viewer=viewer, kind=Unit))
    taken = await load(
        world,
        Noun.UNITS,
        {**UNIT, "id": 1, "name": "应邀队"},
        {**UNIT, "id": 2, "name": "出动队", "on_duty": True},
        {**UNIT, "id": 3, "name": "空队", "on_duty": False},
    )
    units = {each.name: each for each in await list_layer(world.database, viewer=viewer, kind=Unit)}
    await invite(
        world.database,
        viewer=viewer,
        new=NewInvitation(
            role=Role.RESPONDER, partner_id=units["应邀队"].partner_id, unit_id=units["应邀队"].id
        ),
        clock=world.clock,
    )
    before, kept, _ = await undo(world, taken, preview=True)
    assert (before, kept) == (2, [("应邀队", "unit_has_invitation")])

    one = await remove_features(
        world.database, viewer=viewer, noun=Noun.UNITS, ids=[with_people.id], clock=world.clock
    )
    assert (one.removed, [each.code for each in one.kept]) == (0, ["unit_has_people"])

    await world.raise_at()
    removed, kept, _ = await undo(world, taken)
    assert (removed, dict(kept)["出动队"]) == (1, "in_open_incident")


async def test_a_selection_goes_whole_or_says_what_is_not_there(world: World) -> None:
    viewer = await world.viewer("community")
    before = await list_layer(world.database, viewer=viewer, kind=Facility)
    ids = [each.id for each in before[:2]]

    async def remove(*wanted: UUID) -> int:
        removal = await remove_features(
            world.database, viewer=viewer, noun=Noun.FACILITIES, ids=wanted, clock=world.clock
        )
        return removal.removed

    with pytest.raises(NotFoundError):
        await remove(*ids, uuid4())
    with pytest.raises(InvalidValueError):
        await remove()
    assert await list_layer(world.database, viewer=viewer, kind=Facility) == before
    assert await remove(*ids) == 2
    assert await list_layer(world.database, viewer=viewer, kind=Facility) == before[2:]


async def test_another_circles_import_is_not_there(world: World) -> None:
    other = await make_bare_circle(world.database, name="别处", name_en="", centre=(112.9, 28.1))
    taken = await load(world, Noun.FACILITIES, {"id": 1, "kind": "hydrant"})
    for import_id in (taken.import_id, ImportId(uuid4())):
        assert import_id is not None
        with pytest.raises(NotFoundError):
            await remove_import(
                world.database, viewer=operator(other.id), import_id=import_id, clock=world.clock
            )
    [facility] = (await list_layer(world.database, viewer=await world.viewer("community"), kind=Facility))[:1]
    with pytest.raises(NotFoundError):
        await remove_features(
            world.database,
            viewer=operator(other.id),
            noun=Noun.FACILITIES,
            ids=[facility.id],
            clock=world.clock,
        )


async def test_who_may_not_edit_the_map_removes_nothing(world: World) -> None:
    taken = await load(world, Noun.FACILITIES, {"id": 1, "kind": "hydrant"})
    assert taken.import_id is not None
    for by in ("hospital", "observer", "hospital.wen"):
        viewer = await world.viewer(by)
        with pytest.raises(NotAllowedError):
            await remove_import(world.database, viewer=viewer, import_id=taken.import_id, clock=world.clock)
        with pytest.raises(NotAllowedError):
            await list_imports(world.database, viewer=viewer)


async def test_removing_is_in_the_audit_log(world: World) -> None:
    taken = await load(world, Noun.FACILITIES, {"id": 1, "kind": "hydrant"})
    await undo(world, taken)
    async with world.database.begin() as transaction:
        viewer = await world.viewer("community")
        records = [record for _, record in await transaction.audit.about(viewer.account_id)]
    [record] = [each for each in records if each.action == AuditAction.MAP_REMOVED.value]
    assert (record.subject_kind, record.subject_id) == ("import", taken.import_id)
    assert dict(record.detail) == {"noun": "facilities", "removed": 1, "kept": 0}

"""What is offered as the nearest: by path, in service, and open now."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from uuid import uuid4

import pytest

from geo.lonlat import LonLat
from responder.domain.errors import InvalidValueError
from responder.domain.ids import FacilityId
from responder.domain.map.facility import Facility, FacilityKind, FacilityState
from responder.services.map.closures import NewClosure, set_closure
from responder.services.registers.facilities.coverage import show_coverage
from responder.services.registers.facilities.nearest import (
    NearestAnswers,
    NearestFacility,
    show_nearest,
)
from tests.services.conftest import World

CHINA = timezone(timedelta(hours=8))
DOOR = LonLat(112.9868, 28.1565)
"""Beside the community centre."""
OFFICE = "Mo-Fr 08:00-18:00; PH off"


async def nearest(world: World, kind: FacilityKind, place: LonLat = DOOR) -> NearestFacility | None:
    found = await show_nearest(
        world.database,
        world.roads,
        NearestAnswers(),
        viewer=await world.viewer("observer"),
        lonlat=place,
        clock=world.clock,
    )
    return next((each for each in found.found if each.kind is kind), None)


async def facility(world: World, name: str) -> Facility:
    async with world.database.begin() as transaction:
        found = await transaction.layer(Facility).of_circle(world.circle.id)
    return next(each for each in found if each.name == name)


async def put(world: World, *facilities: Facility) -> None:
    async with world.database.begin() as transaction:
        await transaction.layer(Facility).add(world.circle.id, facilities)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


@pytest.mark.parametrize(
    ("moment", "is_offered"),
    [
        ("2026-09-15 10:00", True),  # a Tuesday
        ("2026-09-15 21:00", False),
        ("2026-10-01 10:00", False),  # a public holiday
        ("2026-09-20 10:00", True),  # a Sunday with work instead
        ("2026-09-20 21:00", False),
        ("2026-09-13 10:00", False),  # any other Sunday
    ],
)
async def test_a_defibrillator_in_an_office_is_offered_while_it_is_open(
    world: World, moment: str, *, is_offered: bool
) -> None:
    community = await facility(world, "社区服务中心自动体外除颤器")
    await put(world, replace(community, opening_hours=OFFICE))
    world.clock.time = at(moment)

    found = await nearest(world, FacilityKind.AED)

    assert found is not None
    assert (found.facility_id == community.id) is is_offered
    assert found.hours == "open"


@pytest.mark.parametrize("state", [FacilityState.FAULTY, FacilityState.REMOVED])
async def test_a_hydrant_that_does_not_work_is_never_offered(world: World, state: FacilityState) -> None:
    first = await nearest(world, FacilityKind.HYDRANT)
    assert first is not None
    async with world.database.begin() as transaction:
        hydrant = await transaction.layer(Facility).get(world.circle.id, first.facility_id)
    await put(world, replace(hydrant, state=state))

    second = await nearest(world, FacilityKind.HYDRANT)

    assert second is not None
    assert second.facility_id != first.facility_id
    assert second.length_m > first.length_m
    assert second.seconds is None


async def test_hours_that_cannot_be_read_are_said_to_be_unknown(world: World) -> None:
    community = await facility(world, "社区服务中心自动体外除颤器")
    await put(world, replace(community, opening_hours="上班时间"))

    found = await nearest(world, FacilityKind.AED)
    coverage = await show_coverage(
        world.database,
        world.roads,
        viewer=await world.viewer("observer"),
        kind=FacilityKind.AED,
        clock=world.clock,
    )

    assert found is not None
    assert (found.facility_id, found.hours) == (community.id, "unknown")
    assert coverage.hours_unknown == 1


async def test_a_closed_lane_makes_the_hose_longer_or_another_hydrant_the_nearest(world: World) -> None:
    before = await nearest(world, FacilityKind.HYDRANT)
    assert before is not None
    async with world.database.begin() as transaction:
        hydrant = await transaction.layer(Facility).get(world.circle.id, before.facility_id)
    west, east = hydrant.lon - 0.0001, hydrant.lon + 0.0001
    low, high = hydrant.lat - 0.0001, hydrant.lat + 0.0001
    ring = [[west, low], [east, low], [east, high], [west, high], [west, low]]
    await set_closure(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        new=NewClosure(name="围挡", geometry={"type": "Polygon", "coordinates": [ring]}),
        clock=world.clock,
    )

    after = await nearest(world, FacilityKind.HYDRANT)

    assert after is not None
    assert after.length_m > before.length_m


async def test_walking_time_is_the_way_and_not_the_straight_line(world: World) -> None:
    far = replace(
        await facility(world, "物业服务中心自动体外除颤器"),
        id=FacilityId(uuid4()),
        lon=DOOR.lon,
        lat=DOOR.lat,
    )
    await put(world, far)

    found = await nearest(world, FacilityKind.AED, LonLat(112.9854, 28.1594))

    assert found is not None
    assert found.seconds is not None
    # At 1.2 m/s on the level.
    assert found.seconds == pytest.approx(found.length_m / 1.2, rel=0.2)


async def test_each_lived_in_building_has_a_nearest_hydrant_or_none(world: World) -> None:
    viewer = await world.viewer("observer")
    coverage = await show_coverage(
        world.database, world.roads, viewer=viewer, kind=FacilityKind.HYDRANT, clock=world.clock
    )

    lengths = [each.length_m for each in coverage.buildings if each.length_m is not None]
    assert lengths == sorted(lengths, reverse=True)
    assert len(lengths) > 10
    one = next(each for each in coverage.buildings if each.length_m is not None)
    alone = await show_nearest(
        world.database,
        world.roads,
        NearestAnswers(),
        viewer=viewer,
        building_id=one.building_id,
        clock=world.clock,
    )
    [hydrant] = [each for each in alone.found if each.kind is FacilityKind.HYDRANT]
    assert hydrant.facility_id == one.facility_id
    assert hydrant.length_m == pytest.approx(one.length_m, abs=1)

    with pytest.raises(InvalidValueError):
        await show_coverage(
            world.database, world.roads, viewer=viewer, kind=FacilityKind.GAS_VALVE, clock=world.clock
        )

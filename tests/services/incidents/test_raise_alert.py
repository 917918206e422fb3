import asyncio
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest
import shapely
from pyproj import Transformer
from shapely.geometry import Point, shape

from geo.coordinates.local_plane import LocalPlane
from geo.errors import InvalidCoordinatesError, NoRoadNearbyError, OutsideNetworkError
from geo.lonlat import LonLat
from geo.reach.model import ReachModel
from responder.domain.errors import (
    IdempotencyConflictError,
    InvalidValueError,
    NoRoadNetworkError,
    NotAllowedError,
    NotFoundError,
    ResponderError,
)
from responder.domain.ids import BuildingId, CircleId
from responder.domain.incidents.alert import MessageType
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.incident import Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.building import Building
from responder.domain.map.facility import Facility
from responder.domain.map.unit import Unit
from responder.domain.people.access import operator
from responder.services.incidents.queries import show_incident
from responder.services.incidents.raise_alert import NewIncident, raise_alert
from responder.services.incidents.scene import find_scene
from responder.services.map.closures import NewClosure, set_closure
from tests.circles import make_bare_circle
from tests.services.conftest import World, raise_separately
from tests.services.log import addressed_events, log_head


def new_at(**place: Any) -> NewIncident:  # noqa: ANN401 - whatever a place can be made of
    return NewIncident(kind="fire", severity=Severity.RED, exercise=False, **place)


async def test_the_people_of_units_in_time_are_called_and_no_one_else(world: World) -> None:
    detail = await world.raise_at()
    in_time = {member.unit_id for member in detail.response_circle.members}
    assert in_time
    async with world.database.begin() as transaction:
        people = await transaction.responders.of_units(world.circle.id, in_time)
        all_units = await transaction.layer(Unit).of_circle(world.circle.id)
    assert {d.recipient_id for d in detail.deliveries} == {person.id for person in people}
    assert {d.state for d in detail.deliveries} == {DeliveryState.QUEUED}
    off_duty = {unit.id for unit in all_units if not unit.on_duty}
    assert off_duty
    assert not off_duty & in_time
    reasons = {out.unit_id: out.reason for out in detail.response_circle.non_members}
    assert {unit_id for unit_id, reason in reasons.items() if reason == "off_duty"} == off_duty
    assert in_time | reasons.keys() == {unit.id for unit in all_units}
    members = detail.response_circle.members
    assert [m.response_s for m in members] == sorted(m.response_s for m in members)
    assert all(m.response_s == m.turnout_s + m.travel_s <= 900 for m in members)
    assert all(m.why_zh and m.why_en and m.legs for m in members)


async def test_what_is_sent_says_what_and_where_and_whether_it_is_an_exercise(world: World) -> None:
    real, practised = await world.raise_at(), await world.raise_at(by="planner", exercise=True)
    assert [alert.message_type for alert in real.alerts] == [MessageType.ALERT]
    assert real.alerts[0].headline == "冒烟异味：脑科巷7栋"
    assert practised.alerts[0].headline == "【演练】冒烟异味：脑科巷7栋"
    assert practised.alerts[0].exercise
    assert not real.alerts[0].exercise


async def test_fifty_at_once_with_one_key_make_one_incident_and_hear_of_the_same(world: World) -> None:
    key = str(uuid4())
    answers = await asyncio.gather(*(world.raise_at(key=key) for _ in range(50)))
    assert len({answer.incident.id for answer in answers}) == 1
    assert all(answer == answers[0] for answer in answers)
    assert (await log_head(world.database, circle_id=world.circle.id)).seq == 1


async def test_a_key_that_was_used_for_something_else_is_refused(world: World) -> None:
    key = str(uuid4())
    first = await world.raise_at(key=key, note="三楼")
    assert (await world.raise_at(key=key, note="三楼")).incident == first.incident
    with pytest.raises(IdempotencyConflictError):
        await world.raise_at(key=key, note="四楼")
    # The same key of another account is another key.
    other = await world.raise_at(key=key, by="hospital", note="四楼")
    assert other.incident.id != first.incident.id


@pytest.mark.parametrize(
    ("by", "exercise"),
    [
        ("planner", False),
        ("observer", False),
        ("hospital.wen", False),
        ("hospital", True),
        ("observer", True),
    ],
)
async def test_who_may_not_raise_it_calls_no_one(world: World, by: str, *, exercise: bool) -> None:
    with pytest.raises(NotAllowedError):
        await world.raise_at(by=by, exercise=exercise)
    assert (await log_head(world.database, circle_id=world.circle.id)).seq == 0


@pytest.mark.parametrize(
    ("place", "refusal"),
    [
        ({}, InvalidValueError),
        ({"lon": 112.985}, InvalidValueError),
        ({"entrance": "一单元门"}, InvalidValueError),
        ({"building_id": BuildingId(uuid4())}, NotFoundError),
        ({"lon": float("nan"), "lat": 28.158}, InvalidCoordinatesError),
        ({"lon": 112.985, "lat": 999.0}, InvalidCoordinatesError),
        ({"lon": 0.0, "lat": 0.0}, (NoRoadNearbyError, OutsideNetworkError)),
        ({"lon": 112.985, "lat": 28.158, "note": "x\x00"}, InvalidValueError),
        ({"lon": 112.985, "lat": 28.158, "label": "\ud800"}, InvalidValueError),
        ({"lon": 112.985, "lat": 28.158, "note": "长" * 2001}, InvalidValueError),
    ],
)
async def test_a_place_that_cannot_be_is_refused_and_nothing_is_written(
    world: World, place: dict[str, Any], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        await raise_alert(
            world.database,
            world.roads,
            viewer=await world.viewer("community"),
            new=new_at(**place),
            idempotency_key="k",
            clock=world.clock,
        )
    assert (await log_head(world.database, circle_id=world.circle.id)).seq == 0


async def test_an_entrance_that_was_chosen_is_where_responders_have_to_be(world: World) -> None:
    building = await world.building("脑科巷1栋")
    ways = {}
    for entrance in building.entrances:
        detail = await raise_separately(world, new_at(building_id=building.id, entrance=entrance.name))
        place = detail.incident.place
        assert (place.lon, place.lat, place.entrance) == (entrance.lon, entrance.lat, entrance.name)
        assert place.label == f"脑科巷1栋 {entrance.name}"
        ways[entrance.name] = {m.unit_id: m.travel_s for m in detail.response_circle.members}
    whole = await world.raise_at("脑科巷1栋")
    for member in whole.response_circle.members:
        # A person who is called to the building takes the better door.
        best_s = min(way[member.unit_id] for way in ways.values())
        assert member.travel_s == pytest.approx(best_s, abs=0.5)


async def test_a_point_is_called_by_the_building_that_it_is_in_or_beside(world: World) -> None:
    async with world.database.begin() as transaction:
        buildings = await transaction.layer(Building).of_circle(world.circle.id)
    known = {each.name: shape(each.geometry) for each in buildings}
    flat = Transformer.from_crs("EPSG:4326", "EPSG:32649", always_xy=True).transform
    metric = {name: shapely.transform(geometry, flat, interleaved=False) for name, geometry in known.items()}

    def distances_m(point: Point) -> dict[str, float]:
        here = shapely.transform(point, flat, interleaved=False)
        return {name: geometry.distance(here) for name, geometry in metric.items()}

    inside = known["脑科巷7栋"].representative_point()
    west, south, east, north = known["脑科巷7栋"].buffer(0.0008).bounds
    grid = [
        (west + (east - west) * x / 40, south + (north - south) * y / 40)
        for x in range(41)
        for y in range(41)
    ]
    gaps = {lonlat: min(distances_m(Point(lonlat)).values()) for lonlat in grid}
    beside = Point(next(lonlat for lonlat, gap_m in gaps.items() if 10 < gap_m < 14))
    apart = Point(next(lonlat for lonlat, gap_m in gaps.items() if 16 < gap_m < 40))
    beside_m = distances_m(beside)
    for point, label in (
        (inside, "脑科巷7栋"),
        (beside, f"{min(beside_m, key=lambda name: beside_m[name])}附近"),
        (apart, None),
    ):
        place = (await raised(world, new_at(lon=point.x, lat=point.y))).incident.place
        assert place.building_id is None
        assert place.label == label or (label is None and place.label and place.label not in known)
        assert place.label_en
        # The place stays the point.
        assert place.lonlat == LonLat(point.x, point.y)
        async with world.database.snapshot() as transaction:
            scene = await find_scene(
                transaction, world.circle.id, lonlat=LonLat(point.x, point.y), label="巷口"
            )
        assert (scene.place.label, scene.is_named) == ("巷口", True)
        assert scene.doors == (LonLat(point.x, point.y),)


async def raised(world: World, new: NewIncident) -> IncidentDetail:
    return await raise_separately(world, new)


async def test_a_point_away_from_every_building_is_called_by_what_is_nearest(world: World) -> None:
    async with world.database.snapshot() as transaction:
        buildings = await transaction.layer(Building).of_circle(world.circle.id)
    block = next(each for each in buildings if each.name == "脑科巷7栋")
    _, _, east, north = shape(block.geometry).bounds
    places = []
    for lon, lat in ((east + 0.0003, north + 0.0002), (east + 0.0006, north + 0.0006)):
        detail = await raised(world, new_at(lon=lon, lat=lat))
        place = detail.incident.place
        places.append(place)
        assert place.label
        assert place.label_en
        assert place.label in detail.alerts[0].headline
        assert (place.lon, place.lat) == (lon, lat)
        stored = await show_incident(
            world.database, viewer=await world.viewer("community"), incident_id=detail.incident.id
        )
        assert stored.incident.place == place
    assert len({place.label for place in places}) == len(places)


async def test_the_nearest_landmark_is_found_with_its_nearest_point(world: World) -> None:
    here = LonLat(112.9850, 28.1580)
    async with world.database.snapshot() as transaction:
        buildings = await transaction.layer(Building).of_circle(world.circle.id)
        facilities = await transaction.layer(Facility).of_circle(world.circle.id)
        found = await transaction.landmarks.near(world.circle.id, here, within_m=5000)
        assert await transaction.landmarks.near(world.circle.id, LonLat(120, 30), within_m=5000) == ()
    plane = LocalPlane(lon=here.lon, lat=here.lat)

    def away_m(geometry: dict[str, Any]) -> float:
        return float(shapely.transform(shape(geometry), plane.to_metres).distance(Point(0, 0)))

    known = {each.name: away_m(each.geometry) for each in buildings if each.name}
    known |= {
        each.name: away_m({"type": "Point", "coordinates": [each.lon, each.lat]})
        for each in facilities
        if each.name
    }
    nearest = min(
        found,
        key=lambda each: away_m({"type": "Point", "coordinates": [each.place.lon, each.place.lat]}),
    )
    assert known[nearest.name] == pytest.approx(min(known.values()), abs=0.5)


async def test_another_circle_has_no_part_in_it(world: World) -> None:
    building = await world.building("脑科巷7栋")
    other = await make_bare_circle(world.database, name="别处", name_en="Elsewhere", centre=(112.9, 28.1))
    refusals: list[tuple[NewIncident, type[ResponderError]]] = [
        (new_at(building_id=building.id), NotFoundError),
        (new_at(lon=112.985, lat=28.158), NoRoadNetworkError),
    ]
    for new, refusal in refusals:
        with pytest.raises(refusal):
            await raise_alert(
                world.database,
                world.roads,
                viewer=operator(other.id),
                new=new,
                idempotency_key="k",
                clock=world.clock,
            )
    with pytest.raises(NotFoundError):
        await log_head(world.database, circle_id=CircleId(uuid4()))


async def test_a_lane_closed_while_ways_are_being_found_counts(world: World) -> None:
    class Meddling:
        """Roads that are closed just after they were looked up."""

        async def model(self, circle_id: CircleId) -> ReachModel:
            model = await world.roads.model(circle_id)
            around = {
                "type": "Polygon",
                "coordinates": [
                    [[112.97, 28.15], [113, 28.15], [113, 28.17], [112.97, 28.17], [112.97, 28.15]]
                ],
            }
            new = NewClosure(name="全部", geometry=around)
            viewer = await world.viewer("community")
            await set_closure(world.database, world.roads, viewer=viewer, new=new, clock=world.clock)
            return model

        is_current = world.roads.is_current

    undisturbed = await world.raise_at()
    assert undisturbed.deliveries
    meddled = await replace(world, roads=Meddling()).raise_at()
    assert len(meddled.response_circle.members) < len(undisturbed.response_circle.members)
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    assert [event.recorded.event.kind for event in events][-1] == "alert_raised"

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
import shapely

from geo.network.network import DisplayRoad
from geo.osm.features import OsmFeatures, read_features_osm
from geo.osm.roads import OsmRoads, read_roads
from responder.domain.errors import NoRoadNetworkError, NotFoundError
from responder.domain.ids import CircleId, ImportId
from responder.domain.incidents.event import FeaturesChanged
from responder.domain.map.building import Building
from responder.domain.map.circle import Circle
from responder.domain.map.facility import Facility, FacilityState
from responder.domain.map.feature_import import (
    MIXED,
    WORLDWIDE,
    FeatureImport,
    ImportCounts,
    ImportSource,
    Noun,
    SourceKey,
)
from responder.domain.map.unit import Unit
from responder.domain.people.access import operator
from responder.ports.clock import SystemClock
from responder.services.circles.create import find_circle
from responder.services.imports.osm import import_osm
from responder.services.imports.osm_features import import_osm_features
from responder.services.imports.remove_features import Removal, list_imports, remove_import
from responder.services.imports.roads import import_roads
from responder.services.map.queries import list_layer, show_attribution, show_card
from tests.circles import make_bare_circle
from tests.services.conftest import World
from tests.services.log import addressed_events, log_head

OSM = """<osm version="0.6">
  <node id="1" lon="112.9" lat="28.1"/><node id="2" lon="112.91" lat="28.1"/>
  <node id="3" lon="112.9001" lat="28.1001"/><node id="4" lon="112.9003" lat="28.1001">
    <tag k="entrance" v="main"/><tag k="name" v="南门"/></node>
  <node id="5" lon="112.9003" lat="28.1003"/><node id="6" lon="112.9001" lat="28.1003"/>
  <node id="7" lon="112.905" lat="28.1001"><tag k="amenity" v="hospital"/><tag k="name" v="一院"/></node>
  <node id="8" lon="112.905" lat="28.1002"><tag k="emergency" v="fire_hydrant"/></node>
  <way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/><tag k="name" v="长街"/></way>
  <way id="11"><nd ref="3"/><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="3"/>
    <tag k="building" v="apartments"/><tag k="name" v="一号楼"/></way>
</osm>
"""


@pytest.fixture
def osm_file(tmp_path: Path) -> Path:
    path = tmp_path / "town.osm"
    path.write_text(OSM, encoding="utf-8")
    return path


@pytest.fixture
async def circle(world: World) -> Circle:
    return await make_bare_circle(world.database, name="长街", name_en="Long Street", centre=(112.9, 28.1))


async def test_roads_are_searched_and_drawn_from_the_moment_they_are_there(
    world: World, circle: Circle, osm_file: Path
) -> None:
    read = read_roads(osm_file)
    roads = await import_roads(world.database, circle_id=circle.id, read=read)
    assert (await world.roads.model(circle.id)).network.content_hash == read.network.content_hash
    card = await show_card(world.database, viewer=operator(circle.id))
    assert card.roads == roads
    assert card.counts.roads == 1
    assert roads.summary["ways_taken"] == 1
    # The circle's neighbours keep their own.
    assert (await world.roads.model(world.circle.id)).network.content_hash != roads.content_hash


async def test_roads_that_cannot_be_stored_leave_the_old_ones(
    world: World, circle: Circle, osm_file: Path
) -> None:
    read = read_roads(osm_file)
    await import_roads(world.database, circle_id=circle.id, read=read)
    before = await show_card(world.database, viewer=operator(circle.id))

    class Torn:
        """A network whose second line is no line."""

        content_hash = "0" * 64

        def to_bytes(self) -> bytes:
            return b"torn"

        def display_lines(self) -> Iterator[DisplayRoad]:
            [line] = read.network.display_lines()
            yield line
            yield replace(line, road_id=1, width_m=float("nan"))

    torn = OsmRoads(network=Torn(), summary=read.summary)  # type: ignore[arg-type]
    with pytest.raises(Exception, match="width_m_positive"):
        await import_roads(world.database, circle_id=circle.id, read=torn)
    assert await show_card(world.database, viewer=operator(circle.id)) == before
    async with world.database.begin() as transaction:
        with pytest.raises(NoRoadNetworkError):
            await transaction.road_networks.arrays("0" * 64)


async def test_a_circle_that_is_not_there_takes_nothing(world: World, osm_file: Path) -> None:
    nowhere = CircleId(CircleId.__supertype__(int=9))
    with pytest.raises(NotFoundError):
        await import_roads(world.database, circle_id=nowhere, read=read_roads(osm_file))
    with pytest.raises(NotFoundError):
        await import_osm_features(
            world.database, circle_id=nowhere, features=read_features_osm(osm_file), clock=world.clock
        )


async def test_buildings_and_equipment_are_taken_and_a_hospital_waits_to_be_put_on_duty(
    world: World, circle: Circle, osm_file: Path
) -> None:
    features: OsmFeatures = read_features_osm(osm_file)
    viewer = operator(circle.id)
    for number in range(2):
        imported = await import_osm_features(
            world.database, circle_id=circle.id, features=features, clock=world.clock
        )
        assert imported.taken == {"building": 1, "hydrant": 1, **({} if number else {"hospital": 1})}
        assert imported.skipped == ({"already_there": 1} if number else {})
        card = await show_card(world.database, viewer=viewer)
        assert (card.counts.buildings, card.counts.facilities, card.counts.partners) == (1, 1, 1)
    [building] = await list_layer(world.database, viewer=viewer, kind=Building)
    assert (building.name, [door.name for door in building.entrances]) == ("一号楼", ["南门"])
    [unit] = await list_layer(world.database, viewer=viewer, kind=Unit)
    assert (unit.name, unit.profile, unit.on_duty) == ("一院 急救车", "ambulance", False)


async def test_roads_features_and_circle_come_together_or_not_at_all(world: World, osm_file: Path) -> None:
    roads, features = read_roads(osm_file), read_features_osm(osm_file)
    # What cannot be stored comes last of all, when circle, roads and buildings are written already.
    nameless = replace(features.places[0], names=features.places[0].names._replace(zh="\0"))
    torn = replace(features, places=(*features.places, nameless))

    with pytest.raises(Exception, match=r"NUL|0x00"):
        await import_osm(world.database, circle_name="长街", roads=roads, features=torn)

    assert await find_circle(world.database, name="长街") is None

    done = await import_osm(world.database, circle_name="长街", roads=roads, features=features)
    again = await import_osm(world.database, circle_name="长街", roads=roads, features=features)

    assert (done.made, again.made, again.circle) == (True, False, done.circle)
    card = await show_card(world.database, viewer=operator(done.circle.id))
    assert (card.counts.roads, card.counts.buildings, card.counts.units) == (1, 1, 1)


async def test_households_that_a_person_told_survive_a_newer_file_of_openstreetmap(
    world: World, osm_file: Path
) -> None:
    roads, features = read_roads(osm_file), read_features_osm(osm_file)
    done = await import_osm(world.database, circle_name="长街", roads=roads, features=features)
    viewer = operator(done.circle.id)
    [building] = await list_layer(world.database, viewer=viewer, kind=Building)
    told = replace(building, households=24, fire_rating=3)
    async with world.database.begin() as transaction:
        await transaction.layer(Building).add(done.circle.id, [told])

    await import_osm(world.database, circle_name="长街", roads=roads, features=features)

    assert await list_layer(world.database, viewer=viewer, kind=Building) == (told,)


async def test_a_file_of_openstreetmap_is_a_record_and_what_it_brought_goes_again(
    world: World, osm_file: Path
) -> None:
    roads, features = read_roads(osm_file), read_features_osm(osm_file)
    source = ImportSource(name="town", file_name="town.osm")

    async def load() -> ImportId:
        done = await import_osm(
            world.database, circle_name="长街", roads=roads, features=features, source=source
        )
        return done.features.import_id

    first, second = await load(), await load()
    circle = await find_circle(world.database, name="长街")
    assert circle is not None
    viewer = operator(circle.id)
    records = {each.id: each for each in await list_imports(world.database, viewer=viewer)}
    assert records.keys() == {first, second}
    assert (records[first].noun, records[first].source) == (MIXED, source)
    # A building, a hydrant, and the hospital's unit.
    assert (records[first].counts.created, records[first].counts.unchanged) == (3, 0)
    assert (records[second].counts.created, records[second].counts.unchanged) == (0, 2)

    async def undo(import_id: ImportId) -> Removal:
        return await remove_import(world.database, viewer=viewer, import_id=import_id, clock=world.clock)

    assert await undo(second) == Removal(removed=0, kept=(), roads_stay=True)
    assert await undo(first) == Removal(removed=3, kept=(), roads_stay=True)
    card = await show_card(world.database, viewer=viewer)
    assert (card.counts.buildings, card.counts.facilities, card.counts.units) == (0, 0, 0)
    assert card.counts.roads == 1
    assert card.roads is not None
    # It may come again, with its unit, although the partner is there.
    await load()
    card = await show_card(world.database, viewer=viewer)
    assert (card.counts.buildings, card.counts.units, card.counts.partners) == (1, 1, 1)


async def test_what_was_told_of_a_thing_since_keeps_it_and_outlives_a_newer_file(
    world: World, circle: Circle, osm_file: Path
) -> None:
    features = read_features_osm(osm_file)
    viewer = operator(circle.id)
    taken = await import_osm_features(
        world.database, circle_id=circle.id, features=features, clock=world.clock
    )
    [hydrant] = await list_layer(world.database, viewer=viewer, kind=Facility)
    told = replace(hydrant, state=FacilityState.FAULTY, note="等待维修")
    async with world.database.begin() as transaction:
        await transaction.layer(Facility).add(circle.id, [told])
    await import_osm_features(world.database, circle_id=circle.id, features=features, clock=world.clock)
    assert await list_layer(world.database, viewer=viewer, kind=Facility) == (told,)

    removal = await remove_import(world.database, viewer=viewer, import_id=taken.import_id, clock=world.clock)

    assert (removal.removed, [each.code for each in removal.kept]) == (2, ["edited_since"])


async def test_open_pages_are_told_what_a_newer_file_changed(
    world: World, circle: Circle, osm_file: Path
) -> None:
    features = read_features_osm(osm_file)
    before = await log_head(world.database, circle_id=circle.id)
    await import_osm_features(world.database, circle_id=circle.id, features=features, clock=world.clock)
    after = await log_head(world.database, circle_id=circle.id)
    assert after.epoch != before.epoch

    await import_osm_features(world.database, circle_id=circle.id, features=features, clock=world.clock)
    assert await log_head(world.database, circle_id=circle.id) == after
    newer = read_again(osm_file, OSM.replace("一号楼", "1号楼"))
    await import_osm_features(world.database, circle_id=circle.id, features=newer, clock=world.clock)
    [event] = await addressed_events(world.database, circle_id=circle.id, seq=after.seq)
    assert event.recorded.event == FeaturesChanged(noun=Noun.BUILDINGS)


def read_again(path: Path, text: str) -> OsmFeatures:
    path.write_text(text, encoding="utf-8")
    return read_features_osm(path)


async def test_a_hydrant_that_a_newer_file_calls_broken_is_no_longer_offered(
    world: World, circle: Circle, osm_file: Path
) -> None:
    features = read_features_osm(osm_file)
    await import_osm_features(world.database, circle_id=circle.id, features=features, clock=world.clock)
    broken = '<tag k="emergency" v="fire_hydrant"/><tag k="operational_status" v="broken"/>'
    newer = read_again(osm_file, OSM.replace('<tag k="emergency" v="fire_hydrant"/>', broken))

    imported = await import_osm_features(
        world.database, circle_id=circle.id, features=newer, clock=world.clock
    )

    assert imported.skipped == {"already_there": 1, "out_of_use": 1}
    card = await show_card(world.database, viewer=operator(circle.id))
    assert card.counts.facilities == 0


def outlier_town(folder: Path, *, buildings: bool) -> Path:
    """A quarter of streets (and buildings), and one road to another town 40 km away."""
    streets = [
        (
            f'<node id="{n}0" lon="{112.9 + n / 1000}" lat="28.1"/>'
            f'<node id="{n}1" lon="{112.9 + n / 1000}" lat="28.104"/>'
            f'<way id="{n}"><nd ref="{n}0"/><nd ref="{n}1"/><tag k="highway" v="residential"/></way>'
        )
        for n in range(1, 9)
    ]
    block = (
        '<node id="900" lon="112.9011" lat="28.1011"/><node id="901" lon="112.9013" lat="28.1011"/>'
        '<node id="902" lon="112.9013" lat="28.1013"/>'
        '<way id="90"><nd ref="900"/><nd ref="901"/><nd ref="902"/><nd ref="900"/>'
        '<tag k="building" v="yes"/></way>'
    )
    away = (
        '<node id="990" lon="113.3" lat="28.1"/><way id="99"><nd ref="80"/><nd ref="990"/>'
        '<tag k="highway" v="trunk"/></way>'
    )
    path = folder / "outlier.osm"
    body = "".join(streets) + (block if buildings else "") + away
    path.write_text(f'<osm version="0.6">{body}</osm>', encoding="utf-8")
    return path


@pytest.mark.parametrize("buildings", [True, False])
async def test_a_new_circle_has_its_centre_where_its_buildings_or_streets_are(
    world: World, tmp_path: Path, *, buildings: bool
) -> None:
    file = outlier_town(tmp_path, buildings=buildings)
    name = f"新区 {buildings}"
    taken = await import_osm(
        world.database,
        circle_name=name,
        roads=read_roads(file),
        features=read_features_osm(file),
    )
    lon, lat = taken.circle.centre
    if buildings:
        assert (lon, lat) == (pytest.approx(112.9012, abs=0.0002), pytest.approx(28.1012, abs=0.0002))
    else:
        assert 112.9005 < lon < 112.9085
        assert 28.0995 < lat < 28.1045


async def test_the_centre_of_a_city_lies_among_its_buildings(world: World, shared_data: Path) -> None:
    file = shared_data / "osm" / "bengbu-2017.osm.pbf"
    features = read_features_osm(file)
    taken = await import_osm(world.database, circle_name="蚌埠", roads=read_roads(file), features=features)
    lon, lat = taken.circle.centre
    inside = [each.outline.covers(shapely.Point(lon, lat)) for each in features.buildings]
    assert any(inside)


async def test_a_circle_rests_on_openstreetmap_by_its_roads_or_by_what_it_took(
    world: World, circle: Circle, osm_file: Path
) -> None:
    async def credit(circle_id: CircleId) -> str | None:
        return await show_attribution(world.database, viewer=operator(circle_id))

    assert await credit(circle.id) is None
    await import_roads(world.database, circle_id=circle.id, read=read_roads(osm_file))
    assert await credit(circle.id) == "© OpenStreetMap contributors"

    # The illustrative circle has roads of its own until a file is taken into it.
    assert await credit(world.circle.id) is None
    features = read_features_osm(osm_file)
    taken = await import_osm_features(
        world.database, circle_id=world.circle.id, features=features, clock=world.clock
    )
    assert await credit(world.circle.id) == "© OpenStreetMap contributors"
    await remove_import(
        world.database, viewer=operator(world.circle.id), import_id=taken.import_id, clock=world.clock
    )


async def test_geojson_with_ids_of_openstreetmap_is_credited(world: World, circle: Circle) -> None:
    async with world.database.begin() as transaction:
        await transaction.imports.add(register_file(circle), [])
    for source, key, credited in (
        ("register", "node/1", False),
        (WORLDWIDE, "7cf7fe25-d93a-4b3b-9d0b-2d5b28fbd9a0", False),
        (WORLDWIDE, "node/1", True),
    ):
        async with world.database.begin() as transaction:
            known = SourceKey(source=source, key=key, thing_id=uuid4())
            await transaction.imports.put_keys(circle.id, Noun.FACILITIES, [known])
        found = await show_attribution(world.database, viewer=operator(circle.id))
        assert (found is not None) is credited


def register_file(circle: Circle) -> FeatureImport:
    return FeatureImport(
        id=ImportId(uuid4()),
        circle_id=circle.id,
        noun=Noun.FACILITIES,
        source=ImportSource(),
        at=SystemClock().now(),
        by=None,
        by_name="",
        counts=ImportCounts(created=1, updated=0, unchanged=0, skipped=0, doubtful=0),
    )

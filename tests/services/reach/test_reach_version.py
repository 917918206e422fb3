"""One number grows with everything that changes who can be there in time; what rests on it follows."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg
import pytest
from shapely.geometry import Point, box
from sqlalchemy import event

from geo.osm.roads import OsmRoads
from geo.reach.model import ReachModel
from geo.testing import straight_street
from responder.demo.demo_data import read_demo
from responder.domain.ids import CircleId
from responder.domain.map.closure import Closure
from responder.domain.map.feature_import import Noun
from responder.domain.map.unit import Unit
from responder.domain.people.partner import Partner, PartnerKind
from responder.services.circles.snapshot import show_circle
from responder.services.imports.features import import_features
from responder.services.imports.remove_features import remove_features, remove_import
from responder.services.imports.roads import import_roads
from responder.services.incidents import recompute
from responder.services.incidents.queries import show_incident
from responder.services.incidents.recompute import recompute_due
from responder.services.incidents.response_circle import read_inputs
from responder.services.map.closures import NewClosure, lift_closure, set_closure
from responder.services.map.set_duty import set_duty
from responder.services.reach.criticality import MOST_HOMES
from responder.services.reach.inputs import read_study
from responder.services.reach.profiles import set_profiles, shipped_table
from tests.patience import PATIENCE_S
from tests.services.busy import Busy
from tests.services.conftest import World
from tests.services.feature_tables import table_of
from tests.services.log import addressed_events

HERE = Point(112.9850, 28.1580)
BLOCK = box(112.9860, 28.1590, 112.9862, 28.1592)
EVERYWHERE = {
    "type": "Polygon",
    "coordinates": [[[112.97, 28.15], [113, 28.15], [113, 28.17], [112.97, 28.17], [112.97, 28.15]]],
}
Way = Callable[[World], Awaitable[object]]


async def version_of(world: World) -> int:
    async with world.database.snapshot() as transaction:
        return (await transaction.circles.head(world.circle.id)).reach_version


async def close(world: World) -> Closure:
    new = NewClosure(name="全部", geometry=EVERYWHERE)
    return await set_closure(
        world.database, world.roads, viewer=await world.viewer("community"), new=new, clock=world.clock
    )


async def lift(world: World) -> None:
    async with world.database.snapshot() as transaction:
        [closure, *_] = await transaction.layer(Closure).of_circle(world.circle.id)
    await lift_closure(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        closure_id=closure.id,
        clock=world.clock,
    )


async def put_off_duty(world: World) -> None:
    async with world.database.snapshot() as transaction:
        units = await transaction.layer(Unit).of_circle(world.circle.id)
    unit = next(each for each in units if each.on_duty)
    await set_duty(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        unit_id=unit.id,
        on_duty=False,
        clock=world.clock,
    )


def importing(noun: Noun, *rows: dict[str, object], of: object = HERE) -> Way:
    async def take(world: World) -> None:
        taken = await import_features(
            world.database,
            world.roads,
            viewer=await world.viewer("community"),
            noun=noun,
            table=table_of(rows, [of] * len(rows)),  # type: ignore[list-item]
            clock=world.clock,
        )
        assert taken.created == len(rows), taken

    return take


def one_more_unit(number: int) -> dict[str, object]:
    return {
        "id": number,
        "name": f"新队{number}",
        "partner": "新伙伴",
        "partner_kind": "property",
        "kind": "volunteer_team",
        "profile": "foot",
        "turnout_s": 60,
        "people": 3,
        "on_duty": True,
    }


def removing(noun: Noun, brought: Way) -> Way:
    async def remove(world: World) -> None:
        await brought(world)
        async with world.database.snapshot() as transaction:
            [record, *_] = await transaction.imports.of_circle(world.circle.id)
            features = await transaction.imports.features(world.circle.id, record.id)
        before = await version_of(world)
        await remove_features(
            world.database,
            viewer=await world.viewer("community"),
            noun=noun,
            ids=[features[0].thing_id],
            clock=world.clock,
        )
        assert await version_of(world) == before + 1
        await remove_import(
            world.database, viewer=await world.viewer("community"), import_id=record.id, clock=world.clock
        )
        assert await version_of(world) == before + 2

    return remove


async def slow_down(world: World) -> None:
    table = shipped_table()
    table["profiles"]["foot"]["speeds_kph"] = {"default": 2.16, "steps": 0.54}
    await set_profiles(
        world.database, world.roads, viewer=await world.viewer("community"), table=table, clock=world.clock
    )


async def go_by_shipped_figures(world: World) -> None:
    await slow_down(world)
    await set_profiles(
        world.database, world.roads, viewer=await world.viewer("community"), table=None, clock=world.clock
    )


def other_roads() -> OsmRoads:
    return replace(read_demo().roads, network=straight_street(length_m=600))


async def take_roads(world: World) -> None:
    await import_roads(world.database, circle_id=world.circle.id, read=other_roads())


async def add_partner(world: World) -> None:
    partner = Partner(
        id=uuid4(),  # type: ignore[arg-type]
        circle_id=world.circle.id,
        kind=PartnerKind.POLICE,
        name="新所",
        name_en="",
        phone="",
    )
    async with world.database.begin() as transaction:
        await transaction.partners.add(partner)


async def by_hand(world: World) -> None:
    with psycopg.connect(world.url.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("SELECT act_as_system(NULL)")
        connection.execute("UPDATE unit SET turnout_s = turnout_s + 1")


UNITS = importing(Noun.UNITS, one_more_unit(1), one_more_unit(2))
BUILDINGS = importing(Noun.BUILDINGS, {"id": 1, "name": "甲"}, {"id": 2, "name": "乙"}, of=BLOCK)
WAYS: dict[str, Way] = {
    "closure_set": close,
    "closure_lifted": lift,
    "duty": put_off_duty,
    "units_imported": UNITS,
    "units_removed": removing(Noun.UNITS, UNITS),
    "buildings_imported": importing(Noun.BUILDINGS, {"id": 1, "name": "新楼"}, of=BLOCK),
    "buildings_removed": removing(Noun.BUILDINGS, BUILDINGS),
    "figures": slow_down,
    "shipped_figures": go_by_shipped_figures,
    "roads": take_roads,
    "partner": add_partner,
    "by_hand": by_hand,
}


@pytest.mark.parametrize("way", WAYS)
async def test_every_way_to_change_reach_counts_and_is_told(world: World, way: str) -> None:
    before = await show_circle(world.database, viewer=await world.viewer("observer"), clock=world.clock)

    await WAYS[way](world)

    after = await show_circle(world.database, viewer=await world.viewer("observer"), clock=world.clock)
    assert after.reach_version > before.reach_version
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=before.seq)
    told = [each.recorded.reach_version for each in events]
    if after.epoch == before.epoch and way not in {"partner", "by_hand"}:
        assert told[-1] == after.reach_version
    assert told == sorted(told)


async def test_what_changes_nothing_about_reach_does_not_count(world: World) -> None:
    before = await version_of(world)
    await importing(Noun.HAZARDS, {"id": 1, "kind": "clutter", "name": "堆物"})(world)
    await importing(Noun.FACILITIES, {"id": 1, "kind": "hydrant", "name": "栓"})(world)
    await world.raise_at()
    async with world.database.begin() as transaction:
        units = await transaction.layer(Unit).of_circle(world.circle.id)
        await transaction.layer(Unit).add(world.circle.id, units)
    assert await version_of(world) == before


async def test_many_rows_in_one_transaction_count_once(world: World) -> None:
    before = await version_of(world)
    async with world.database.begin() as transaction:
        units = await transaction.layer(Unit).of_circle(world.circle.id)
        await transaction.layer(Unit).add(world.circle.id, [replace(each, turnout_s=7.0) for each in units])
    assert await version_of(world) == before + 1


async def test_what_is_undone_does_not_count(world: World) -> None:
    before = await version_of(world)
    with pytest.raises(ZeroDivisionError):
        await _all_off_duty_and_undone(world)
    assert await version_of(world) == before


async def test_every_table_that_reach_rests_on_is_counted(world: World) -> None:
    """Where units are changes by the second and counts nowhere; hazards count by themselves for rankings."""
    await world.raise_at()
    with statements(world) as read:
        async with world.database.snapshot() as transaction:
            await read_inputs(transaction, world.circle.id)
            await read_study(
                transaction, world.circle.id, most_homes=MOST_HOMES, now=datetime(2025, 11, 3, tzinfo=UTC)
            )
        await world.roads.model(world.circle.id)
    used = {table for statement in read for table in re.findall(r"(?:FROM|JOIN) (\w+)", statement)}
    assert {"closure", "unit", "partner", "building", "profile_table", "circle"} <= used
    with psycopg.connect(world.url.replace("+psycopg", "")) as connection:
        found = connection.execute("SELECT tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal")
        counted = {table for (table,) in found}
    # The last two are read with the figures and say whom to call, not who can be there.
    assert used - counted == {"position", "hazard", "alert_catalogue", "ladder_profiles"}


async def test_an_open_incident_follows_new_roads(world: World) -> None:
    viewer = await world.viewer("community")
    detail = await world.raise_at()
    assert detail.response_circle.members
    assert await recompute_due(world.database, world.roads, clock=world.clock) == 0

    await take_roads(world)

    assert await recompute_due(world.database, world.roads, clock=world.clock) == 1
    after = await show_incident(world.database, viewer=viewer, incident_id=detail.incident.id)
    assert after.response_circle.members == ()
    assert after.deliveries == detail.deliveries
    assert await recompute_due(world.database, world.roads, clock=world.clock) == 0


async def test_finding_again_who_can_be_there_waits_while_an_alert_is_in_hand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recompute, "LONGEST_WAIT_S", 10 * PATIENCE_S)
    await world.raise_at()
    await take_roads(world)
    priority = Busy()
    finding = asyncio.create_task(
        recompute_due(world.database, world.roads, clock=world.clock, priority=priority)
    )
    await asyncio.wait_for(priority.waited_for.wait(), PATIENCE_S)
    assert not finding.done()
    priority.over.set()
    assert await finding == 1


async def test_what_changes_nothing_for_an_incident_is_no_news_about_it(world: World) -> None:
    await world.raise_at()
    await add_partner(world)
    assert await recompute_due(world.database, world.roads, clock=world.clock) == 1
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=1)
    assert events == ()
    assert await recompute_due(world.database, world.roads, clock=world.clock) == 0


class Meddling:
    """Roads during whose search something else happens."""

    def __init__(self, world: World, *ways: Way) -> None:
        self._world = world
        self._ways = list(ways)
        self.is_current = world.roads.is_current

    async def model(self, circle_id: CircleId) -> ReachModel:
        model = await self._world.roads.model(circle_id)
        if self._ways:
            await self._ways.pop(0)(self._world)
        return model


@pytest.mark.parametrize("way", ["duty", "closure_set", "figures"])
async def test_an_alert_goes_by_what_changed_while_ways_were_found(world: World, way: str) -> None:
    undisturbed = await world.raise_at()
    meddled = await replace(world, roads=Meddling(world, WAYS[way])).raise_at()  # type: ignore[arg-type]
    assert await recompute_due(world.database, world.roads, clock=world.clock) == 0
    afterwards = await world.raise_at()
    assert times(meddled) == times(afterwards) != times(undisturbed)


async def test_an_alert_goes_out_however_often_figures_change(world: World) -> None:
    def slower(by: int) -> Way:
        async def slow(world: World) -> None:
            table = shipped_table()
            table["profiles"]["foot"]["speeds_kph"] = {"default": 2.16 - by / 100, "steps": 0.54}
            await set_profiles(
                world.database,
                world.roads,
                viewer=await world.viewer("community"),
                table=table,
                clock=world.clock,
            )

        return slow

    meddling = Meddling(world, *(slower(number) for number in range(9)))
    meddled = await replace(world, roads=meddling).raise_at()  # type: ignore[arg-type]
    assert meddled.deliveries
    assert await recompute_due(world.database, world.roads, clock=world.clock) == 1
    viewer = await world.viewer("community")
    after = await show_incident(world.database, viewer=viewer, incident_id=meddled.incident.id)
    assert times(after) == times(await world.raise_at())


async def test_a_building_that_goes_while_ways_are_found_leaves_its_place(world: World) -> None:
    building = await world.building("脑科巷7栋")

    async def remove(world: World) -> None:
        await remove_features(
            world.database,
            viewer=await world.viewer("community"),
            noun=Noun.BUILDINGS,
            ids=[UUID(str(building.id))],
            clock=world.clock,
        )

    meddled = await replace(world, roads=Meddling(world, remove)).raise_at()  # type: ignore[arg-type]
    assert meddled.deliveries


def times(detail: object) -> dict[str, float]:
    return {m.unit_name: m.response_s for m in detail.response_circle.members}  # type: ignore[attr-defined]


async def _all_off_duty_and_undone(world: World) -> None:
    async with world.database.begin() as transaction:
        for unit in await transaction.layer(Unit).of_circle(world.circle.id):
            await transaction.layer(Unit).add(world.circle.id, [replace(unit, on_duty=False)])
        raise ZeroDivisionError


@contextmanager
def statements(world: World) -> Iterator[list[str]]:
    """Collect the statements of a block."""
    found: list[str] = []
    engine = world.database._engine.sync_engine  # noqa: SLF001 - no other way sees them

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)

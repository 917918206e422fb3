"""What an inject says is for those of its partners and those who may see the plan, by every way out."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest

from responder.domain.drills.plan import InjectKind, PlannedClosure
from responder.domain.drills.run import DrillRun
from responder.domain.ids import PartnerId
from responder.domain.incidents.alert import AlertCause
from responder.domain.ladder.ladder import HelpState
from responder.domain.ladder.neighbour import NeighbourCall
from responder.domain.people.access import Viewer
from responder.domain.people.partner import PartnerKind
from responder.ports.incidents import IncidentQuery
from responder.services.cap.publish import publish_alert, publish_feed
from responder.services.circles.snapshot import show_circle
from responder.services.drills.running.steer_drill import InjectDeed, steer_inject
from responder.services.incidents.queries import list_incidents, show_incident
from responder.services.ladder.pass_on import pass_on
from tests.services.channels.world import Post
from tests.services.drills.conftest import ALL_AROUND, Drills, message
from tests.services.log import events_after

WORDS = "地下室还有一人"
READERS = ("police", "planner", "community", "observer")
OTHERS = ("hospital", "hospital.wen")


async def _partner(drills: Drills, kind: PartnerKind) -> PartnerId:
    async with drills.world.database.snapshot() as transaction:
        partners = await transaction.partners.of_circle(drills.world.circle.id)
    return next(each.id for each in partners if each.kind is kind)


async def _started(drills: Drills) -> DrillRun:
    """A drill that tells the police something in ten seconds: in words, on the map, by a closed lane."""
    police = await _partner(drills, PartnerKind.POLICE)
    whom = {"text": WORDS, "partner_ids": (police,)}
    point = {"lon": 112.985, "lat": 28.158}
    drill = await drills.plan(
        message(1, 10, **whom),
        message(2, 10, kind=InjectKind.CASUALTY, **whom, **point),
        message(3, 10, kind=InjectKind.CLOSURE, closure=PlannedClosure(geometry=ALL_AROUND), **whom),
    )
    return await drills.start(drill)


async def _told(drills: Drills) -> DrillRun:
    """The same once it is told."""
    run = await _started(drills)
    await drills.later(11)
    return (await drills.run(run.drill_id)).run


async def _viewers(drills: Drills, names: Iterable[str]) -> dict[str, Viewer]:
    return {name: await drills.world.viewer(name) for name in names}


async def _says(drills: Drills, way: str, viewer: Viewer, run: DrillRun) -> str:
    """Return all that a viewer is given by a way out."""
    database, clock = drills.world.database, drills.world.clock
    assert run.incident_id is not None
    match way:
        case "snapshot":
            return repr(await show_circle(database, viewer=viewer, clock=clock))
        case "missed events":
            head = (await show_circle(database, viewer=viewer, clock=clock)).epoch
            return repr(await events_after(database, viewer=viewer, epoch=head, seq=0, event_id=None))
        case "incident":
            return repr(await show_incident(database, viewer=viewer, incident_id=run.incident_id))
        case "list of incidents":
            return repr(
                await list_incidents(database, viewer=viewer, query=IncidentQuery(exercise=True, limit=10))
            )
        case "CAP":
            detail = await drills.exercise(run)
            messages = [
                await publish_alert(database, viewer=viewer, alert_id=each.id) for each in detail.alerts
            ]
            return repr(messages)
        case "CAP feed":
            query = IncidentQuery(exercise=True, limit=10)
            return repr(await publish_feed(database, viewer=viewer, query=query))
    raise AssertionError(way)


WAYS = ("snapshot", "missed events", "incident", "list of incidents")


@pytest.mark.parametrize("way", WAYS)
async def test_those_it_is_not_for_do_not_read_it(drills: Drills, way: str) -> None:
    run = await _told(drills)

    for name, viewer in (await _viewers(drills, READERS)).items():
        assert WORDS in await _says(drills, way, viewer, run), name
    for name, viewer in (await _viewers(drills, OTHERS)).items():
        assert WORDS not in await _says(drills, way, viewer, run), name


@pytest.mark.parametrize("way", ["CAP", "CAP feed"])
async def test_other_systems_are_not_told_at_all(drills: Drills, way: str) -> None:
    run = await _told(drills)

    for name, viewer in (await _viewers(drills, (*READERS, *OTHERS))).items():
        assert WORDS not in await _says(drills, way, viewer, run), name


async def test_nor_that_it_was_taken_back(drills: Drills) -> None:
    run = await _told(drills)
    await steer_inject(
        drills.world.database,
        drills.world.roads,
        viewer=await drills.world.viewer("planner"),
        drill_id=run.drill_id,
        number=1,
        deed=InjectDeed.UNDO,
        clock=drills.world.clock,
    )
    run = (await drills.run(run.drill_id)).run

    detail = await drills.exercise(run)
    assert detail.alerts[-1].text == f"（导调撤回）{WORDS}"
    for name, viewer in (await _viewers(drills, OTHERS)).items():
        assert WORDS not in await _says(drills, "incident", viewer, run), name


async def test_a_lane_that_some_are_told_of_is_closed_for_all_without_its_words(drills: Drills) -> None:
    run = await _told(drills)

    [lane] = run.closures
    assert lane.name == ""
    detail = await drills.exercise(run)
    # Routes name the closures that they avoid.
    assert WORDS not in repr(detail.response_circle)
    shown = await show_circle(
        drills.world.database, viewer=await drills.world.viewer("hospital"), clock=drills.world.clock
    )
    assert [each.id for each in shown.drills[0].closures] == [lane.id]


async def test_messages_with_it_go_to_those_it_is_for(drills: Drills) -> None:
    post = Post(drills.world)
    service = await post.service()
    phones = {"police.tang": "+8613800001111", "hospital.wen": "+8613800002222"}
    for name, address in phones.items():
        await post.contact(name, service, address=address)

    await _started(drills)
    # The call, and what is told with the injects.
    for seconds in (5, 10):
        await drills.later(seconds)
        await post.round()

    assert {each.address for each in post.fake.sent} == set(phones.values())
    assert {each.address for each in post.fake.sent if WORDS in repr(each)} == {phones["police.tang"]}


async def test_neighbours_who_help_are_not_told(drills: Drills) -> None:
    run = await _told(drills)
    world, asked = drills.world, await drills.exercise(run)
    own = await world.raise_at("脑科巷2栋", by="planner", exercise=True)
    call = NeighbourCall(
        circle_id=world.circle.id,
        from_circle_id=world.circle.id,
        from_incident_id=asked.incident.id,
        asked_at=world.clock.now(),
        expires_at=world.clock.now() + timedelta(hours=1),
        state=HelpState.CALLED,
        incident_id=own.incident.id,
        passed=1,
    )
    for_all = replace(asked.alerts[1], text="集合点改在北门", partner_ids=())
    asked = replace(asked, alerts=(*asked.alerts, for_all))

    async with world.database.begin() as transaction:
        await transaction.circles.lock(world.circle.id)
        after = await pass_on(transaction, call, own, asked, None, now=world.clock.now())

    assert after.passed == len(asked.alerts)
    async with world.database.snapshot() as transaction:
        told = await transaction.incidents.detail(world.circle.id, own.incident.id)
    assert [each.text for each in told.alerts if each.cause is AlertCause.TEXT] == ["集合点改在北门"]

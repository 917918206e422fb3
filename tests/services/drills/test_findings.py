"""Findings of drills: from what was observed to what is put right, also on the map."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from responder.domain.drills.finding import Finding, FindingState
from responder.domain.drills.observation import ObservationVerdict
from responder.domain.drills.plan import Measure, Objective
from responder.domain.drills.programme import DrillProgramme
from responder.domain.errors import (
    EditConflictError,
    IdempotencyConflictError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
)
from responder.domain.ids import CircleId, FindingId, ObservationId
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.incidents.event import ClosureLifted, HazardChanged
from responder.domain.map.closure import Closure
from responder.domain.map.hazard import Hazard, HazardState
from responder.domain.map.place import Place
from responder.services.drills.follow_up.findings import (
    FindingWork,
    change_finding,
    close_finding,
    create_finding,
)
from responder.services.drills.follow_up.list_findings import FindingFilter, FoundFindings, list_findings
from responder.services.drills.follow_up.programme import show_programme
from responder.services.drills.follow_up.sources import FindingHazard, FindingLinks, FindingSource
from responder.services.drills.running.observe import NewObservation, observe
from responder.services.drills.running.steer_drill import end_drill
from responder.services.map.closures import NewClosure, set_closure
from responder.services.people.erase_person import erase_person
from responder.services.people.export_person import export_person
from tests.services.conftest import World
from tests.services.drills.conftest import ALL_AROUND, Drills
from tests.services.log import addressed_events

NOTHING = FindingSource()
CHARGER = FindingHazard(kind="ebike_charging", name="2单元楼道充电", lon=112.985, lat=28.158)


async def create(
    world: World,
    *,
    by: str = "planner",
    key: str | None = None,
    source: FindingSource = NOTHING,
    **work: object,
) -> Finding:
    return await create_finding(
        world.database,
        world.roads,
        viewer=await world.viewer(by),
        work=FindingWork(**{"text": "楼道充电要清", **work}),  # type: ignore[arg-type]
        source=source,
        idempotency_key=key,
        clock=world.clock,
    )


async def close(world: World, finding: Finding, *, by: str = "community", **said: object) -> Finding:
    return await close_finding(
        world.database,
        world.roads,
        viewer=await world.viewer(by),
        finding_id=finding.id,
        clock=world.clock,
        **{"note": "已清理", **said},  # type: ignore[arg-type]
    )


async def listed(world: World, *, by: str = "planner", limit: int = 100, **wanted: object) -> FoundFindings:
    return await list_findings(
        world.database,
        viewer=await world.viewer(by),
        wanted=FindingFilter(**wanted),  # type: ignore[arg-type]
        limit=limit,
        clock=world.clock,
    )


async def texts(world: World, **wanted: object) -> list[str]:
    return [each.text for each in (await listed(world, **wanted)).findings]


async def events_of(world: World, kind: type) -> list[Any]:
    events = await addressed_events(world.database, circle_id=world.circle.id, seq=0)
    return [each.recorded.event for each in events if isinstance(each.recorded.event, kind)]


async def test_a_finding_opens_a_hazard_and_closing_it_closes_that(world: World) -> None:
    finding = await create(world, source=FindingSource(links=FindingLinks(hazard=CHARGER)))

    [opened] = await events_of(world, HazardChanged)
    assert (opened.hazard.id, opened.hazard.state) == (finding.hazard_id, HazardState.SEEN)
    assert (finding.lon, finding.lat) == (112.985, 28.158)
    closed = await close(world, finding, settle=True)

    assert (closed.state, closed.note, closed.version) == (FindingState.CLOSED, "已清理", 2)
    assert finding.hazard_id is not None
    async with world.database.snapshot() as transaction:
        hazard = await transaction.layer(Hazard).get(world.circle.id, finding.hazard_id)
    assert hazard.state is HazardState.CLOSED
    assert [each.hazard.state for each in await events_of(world, HazardChanged)] == ["seen", "closed"]


async def test_closing_without_settling_leaves_the_hazard(world: World) -> None:
    finding = await create(world, source=FindingSource(links=FindingLinks(hazard=CHARGER)))
    await close(world, finding)

    assert [each.hazard.state for each in await events_of(world, HazardChanged)] == ["seen"]


async def test_closing_lifts_the_closure_so_that_reach_is_computed_again(world: World) -> None:
    closure = await set_closure(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        new=NewClosure(name="围挡", geometry=ALL_AROUND),
        clock=world.clock,
    )
    incident = await world.raise_at("脑科巷9栋")
    finding = await create(world, source=FindingSource(links=FindingLinks(closure_id=closure.id)))
    with pytest.raises(NotAllowedError):
        await close(world, finding, by="planner", settle=True)
    async with world.database.snapshot() as transaction:
        unchanged = await transaction.findings.get(world.circle.id, finding.id)
    assert unchanged == finding

    await close(world, finding, settle=True)

    assert [each.closure_id for each in await events_of(world, ClosureLifted)] == [closure.id]
    async with world.database.snapshot() as transaction:
        lifted = await transaction.layer(Closure).get(world.circle.id, closure.id)
        detail = await transaction.incidents.detail(world.circle.id, incident.incident.id)
    assert lifted.lifted_at == world.clock.now()
    assert detail.response_circle != incident.response_circle


async def test_what_is_lifted_already_or_gone_does_not_keep_a_finding_open(world: World) -> None:
    finding = await create(world, source=FindingSource(links=FindingLinks(hazard=CHARGER)))
    async with world.database.begin() as transaction:
        await transaction.findings.put(replace(finding, hazard_id=uuid4()))  # type: ignore[arg-type]

    assert (await close(world, finding, settle=True)).state is FindingState.CLOSED


async def test_a_finding_takes_words_and_place_of_its_observation(drills: Drills) -> None:
    world = drills.world
    drill = await drills.plan()
    await drills.start(drill)
    seen = await observe(
        world.database,
        world.roads,
        viewer=await world.viewer("volunteer.luo"),
        drill_id=drill.id,
        new=NewObservation(
            id=ObservationId(uuid4()),
            at=world.clock.now(),
            verdict=ObservationVerdict.IMPROVE,
            text="水带没有接上",
            lon=112.986,
            lat=28.1585,
        ),
        clock=world.clock,
    )
    source = FindingSource(drill_id=drill.id, observation_id=seen.id)

    finding = await create(world, text="", source=source)

    assert (finding.text, finding.lon, finding.lat) == ("水带没有接上", 112.986, 28.1585)
    other = await drills.plan()
    with pytest.raises(InvalidValueError) as refused:
        await create(world, source=replace(source, drill_id=other.id))
    assert refused.value.detail["field"] == "observation_id"


async def test_a_finding_sent_twice_is_written_down_once(world: World) -> None:
    first = await create(world, key="one", source=FindingSource(links=FindingLinks(hazard=CHARGER)))
    second = await create(world, key="one", source=FindingSource(links=FindingLinks(hazard=CHARGER)))

    assert first == second
    assert len(await events_of(world, HazardChanged)) == 1
    with pytest.raises(IdempotencyConflictError):
        await create(world, key="one", text="另一件")


async def test_a_key_that_was_used_for_another_objective_is_refused(drills: Drills) -> None:
    first, other = (
        Objective(key=key, text=key, measure=Measure.FIRST_ON_SCENE, within_s=300) for key in ("one", "other")
    )
    drill = await drills.plan(objectives=(first, other))
    of_first = FindingSource(drill_id=drill.id, objective="one")
    kept = await create(drills.world, key="objective", source=of_first)
    assert await create(drills.world, key="objective", source=of_first) == kept

    with pytest.raises(IdempotencyConflictError):
        await create(drills.world, key="objective", source=replace(of_first, objective="other"))


async def test_overdue_is_what_is_open_after_its_last_day(world: World) -> None:
    today = (await listed(world)).today
    await create(world, text="今天", due_on=today)
    await create(world, text="昨天", due_on=today - timedelta(days=1))
    done = await create(world, text="做完了", due_on=today - timedelta(days=1))
    await create(world, text="不急")
    await close(world, done)

    assert await texts(world, is_overdue=True) == ["昨天"]
    assert (await listed(world)).counts == (3, 1)
    assert await texts(world, is_open=False) == ["做完了"]


async def test_dispatchers_see_what_their_partner_puts_right(world: World) -> None:
    hospital = (await world.viewer("hospital")).partner_id
    await create(world, text="医院的", owner_id=hospital)
    await create(world, text="没有人的", due_on=date(2020, 1, 1))

    found = await listed(world, by="hospital")

    assert [each.text for each in found.findings] == ["医院的"]
    assert found.counts == (1, 0)
    assert len((await listed(world, by="observer")).findings) == 2
    for by in ("hospital", "observer"):
        with pytest.raises(NotAllowedError):
            await create(world, by=by)
    with pytest.raises(NotAllowedError):
        await listed(world, by="volunteer.luo")


async def test_pages_follow_one_another(world: World) -> None:
    for n in range(5):
        await create(world, text=str(n))
    first = await listed(world, limit=2)
    second = await listed(world, limit=2, before=first.following)
    third = await listed(world, limit=2, before=second.following)

    pages = [[each.text for each in page.findings] for page in (first, second, third)]
    assert sorted(text for page in pages for text in page) == list("01234")
    assert [len(page) for page in pages] == [2, 2, 1]
    assert third.following is None


async def test_the_one_who_edits_an_older_version_is_told(world: World) -> None:
    finding = await create(world)

    async def change(state: FindingState, *, version: int | None) -> Finding:
        return await change_finding(
            world.database,
            world.roads,
            viewer=await world.viewer("planner"),
            finding_id=finding.id,
            work=FindingWork(text="清到二楼"),
            state=state,
            expected_version=version,
            clock=world.clock,
        )

    changed = await change(FindingState.DOING, version=1)
    with pytest.raises(EditConflictError):
        await change(FindingState.OPEN, version=1)
    assert (await change(FindingState.DOING, version=2)).version == 2

    closed = await close(world, changed)
    assert await close(world, changed) == closed
    with pytest.raises(EditConflictError):
        await close(world, changed, note="别的话")
    again = await change(FindingState.OPEN, version=3)
    assert (again.state, again.closed_at, again.closed_by, again.note) == ("open", None, None, "")
    with pytest.raises(InvalidValueError):
        await change(FindingState.CLOSED, version=None)
    with pytest.raises(InvalidValueError):
        await close(world, again, note=" ", drop=True)


async def test_a_finding_is_linked_later_and_keeps_its_links_when_nothing_is_said_of_them(
    world: World,
) -> None:
    closure = await set_closure(
        world.database,
        world.roads,
        viewer=await world.viewer("community"),
        new=NewClosure(name="围挡", geometry=ALL_AROUND),
        clock=world.clock,
    )
    finding = await create(world)

    async def change(links: FindingLinks | None, *, by: str = "planner") -> Finding:
        return await change_finding(
            world.database,
            world.roads,
            viewer=await world.viewer(by),
            finding_id=finding.id,
            work=FindingWork(text="清到二楼"),
            state=FindingState.OPEN,
            links=links,
            clock=world.clock,
        )

    linked = await change(FindingLinks(hazard=CHARGER, closure_id=closure.id))
    assert linked.closure_id == closure.id
    assert (linked.lon, linked.lat) == (CHARGER.lon, CHARGER.lat)
    assert [each.hazard.id for each in await events_of(world, HazardChanged)] == [linked.hazard_id]
    assert await change(None) == linked

    # What is gone from the map meanwhile may stay; nothing else that is not there may be named.
    async with world.database.begin() as transaction:
        await transaction.findings.put(replace(linked, hazard_id=uuid4()))  # type: ignore[arg-type]
        kept = await transaction.findings.get(world.circle.id, finding.id)
    assert await change(FindingLinks(hazard_id=kept.hazard_id, closure_id=closure.id)) == kept
    for gone in (FindingLinks(hazard_id=uuid4()), FindingLinks(closure_id=uuid4())):  # type: ignore[arg-type]
        with pytest.raises(NotFoundError):
            await change(gone)
    with pytest.raises(InvalidValueError):
        await change(FindingLinks(hazard=CHARGER, hazard_id=kept.hazard_id))
    bare = await change(FindingLinks())
    assert (bare.hazard_id, bare.closure_id) == (None, None)


async def test_the_next_plan_is_shown_what_is_open_of_its_place_and_its_template(drills: Drills) -> None:
    world = drills.world
    here = Place(lon=112.985, lat=28.158, label="这里")
    # 0.001 degrees of latitude are 111 m, and 0.0008 are 89 m.
    near, far = replace(here, lat=28.1588), replace(here, lat=28.159)
    past = {
        "旁边": await drills.plan(place=near),
        "远处": await drills.plan(place=far),
        "远处同模板": await drills.plan(place=far, template="kitchen_fire"),
    }
    for text, drill in past.items():
        await create(world, text=text, source=FindingSource(drill_id=drill.id))
    plain = await drills.plan(place=here)
    templated = await drills.plan(place=here, template="kitchen_fire")

    assert await texts(world, for_drill=plain.id) == ["旁边"]
    assert set(await texts(world, for_drill=templated.id, is_open=True)) == {"旁边", "远处同模板"}


async def test_the_programme_knows_who_was_on_scene_and_when_the_next_is_due(drills: Drills) -> None:
    world = drills.world

    async def shown() -> DrillProgramme:
        viewer = await world.viewer("planner")
        return await show_programme(
            world.database, viewer=viewer, year=None, every_days=30, clock=world.clock
        )

    assert (await shown()).circle.is_overdue
    drill = await drills.plan(notice="周六演练", partner_ids=())
    run = await drills.start(drill)
    await drills.answer(run, DeliveryState.ON_SCENE, by="hospital.wen")
    await end_drill(
        world.database,
        world.roads,
        viewer=await world.viewer("planner"),
        drill_id=drill.id,
        clock=world.clock,
    )
    await create(world, source=FindingSource(drill_id=drill.id))

    programme = await shown()

    hospital = (await world.viewer("hospital")).partner_id
    [held] = [each for each in programme.drills if each.id == drill.id]
    assert (held.took_part, held.is_announced, held.findings, held.open_findings) == ((hospital,), True, 1, 1)
    assert programme.circle.last_on == programme.today
    assert programme.circle.due_on == programme.today + timedelta(days=30)
    overdue = {each.partner_id for each in programme.partners if each.is_overdue}
    assert hospital not in overdue
    assert len(overdue) == len(programme.partners) - 1


async def test_who_is_erased_is_not_named_in_findings_any_more(world: World) -> None:
    zhou = await world.viewer("community.zhou")
    finding = await create(world, owner_name=zhou.name)
    by_planner = await world.viewer("planner")
    told = await export_person(world.database, username="planner", clock=world.clock)
    assert [each["text"] for each in told["findings"]] == ["楼道充电要清"]
    assert told["findings"][0]["owner_name"] is None

    for username in ("planner", "community.zhou"):
        await erase_person(world.database, username=username, clock=world.clock)

    async with world.database.snapshot() as transaction:
        kept = await transaction.findings.get(CircleId(world.circle.id), FindingId(finding.id))
    assert (kept.created_by, kept.changed_by) == (None, None)
    assert by_planner.name not in {kept.created_by_name, kept.changed_by_name}
    assert kept.owner_name != zhou.name

import asyncio
from datetime import timedelta
from zoneinfo import ZoneInfo

from responder.demo.demo_data import read_demo
from responder.domain.drills.plan import DrillState, plan_version
from responder.domain.incidents.snapshot import ENDED_KEPT
from responder.domain.map.building import Building
from responder.domain.map.closure import Closure
from responder.domain.map.hazard import Hazard, HazardState
from responder.domain.map.unit import Unit
from responder.domain.people.access import operator
from responder.ports.clock import SystemClock
from responder.security.sign_in import sign_in
from responder.services.circles.snapshot import load_snapshot
from responder.services.drills.check_plan import checked_plan
from responder.services.drills.drills import list_drills, show_drill
from responder.services.drills.follow_up.list_findings import FindingFilter, list_findings
from responder.services.drills.follow_up.programme import show_programme
from responder.services.drills.plan_context import read_plan_context
from responder.services.drills.replay import load_replay
from responder.services.drills.score.score_drill import score_drill
from responder.services.imports.load_demo import load_demo
from responder.services.map.queries import list_layer, show_card
from responder.services.registers.hazards.queries import show_follow_up, show_life
from responder.store.database import connect


async def test_two_processes_that_start_at_once_load_it_once(fresh_database_url: str) -> None:
    first, second = connect(fresh_database_url), connect(fresh_database_url)
    asked: list[str] = []

    def password_for(username: str) -> str:
        asked.append(username)
        return f"the password of {username}"[:20]

    loaded = await asyncio.gather(
        *(
            load_demo(each, read_demo, password_for=password_for, clock=SystemClock())
            for each in (first, second)
        )
    )
    [demo] = [each for each in loaded if each is not None]
    assert set(demo.usernames) == set(asked)
    again = await load_demo(first, read_demo, password_for=lambda _: "another", clock=SystemClock())
    assert again is None
    opened = await sign_in(
        second, username="hospital", password=password_for("hospital"), clock=SystemClock()
    )
    assert not opened.account.admin
    card = await show_card(first, viewer=operator(demo.circle.id))
    shipped = read_demo()
    assert card.circle == demo.circle == shipped.circle
    assert card.circle.illustrative
    assert card.counts.households == 323
    assert card.counts.buildings == len(shipped.layers[Building])
    assert card.counts.units == len(shipped.layers[Unit])
    assert card.roads is not None
    assert card.roads.content_hash == shipped.roads.network.content_hash
    assert await list_layer(first, viewer=operator(demo.circle.id), kind=Closure) == tuple(
        shipped.layers[Closure]
    )
    await first.dispose()
    await second.dispose()


async def test_a_drill_is_planned_that_can_start(fresh_database_url: str) -> None:
    database, now = connect(fresh_database_url), SystemClock().now()
    loaded = await load_demo(database, read_demo, password_for=lambda _: "long enough", clock=SystemClock())
    assert loaded is not None
    viewer = operator(loaded.circle.id)
    cards, _ = await list_drills(database, viewer=viewer, before=None, limit=10)
    [card] = [each for each in cards if each.state is DrillState.PLANNED]
    shown = await show_drill(database, viewer=viewer, drill_id=card.id)
    assert shown.problems == ()
    plan = shown.drill.plan
    assert plan.starts_at is not None
    assert timedelta(days=6) < plan.starts_at - now < timedelta(days=15)
    local = plan.starts_at.astimezone(ZoneInfo("Asia/Shanghai"))
    assert (local.isoweekday(), f"{local:%H:%M}") == (6, "10:00")
    # It is as a person could have saved it.
    async with database.snapshot() as transaction:
        known = await read_plan_context(transaction, loaded.circle.id)
    assert checked_plan(plan, known) == plan
    assert shown.drill.version == plan_version(plan)
    await database.dispose()


async def test_hazards_have_owners_and_a_history(fresh_database_url: str) -> None:
    database, clock = connect(fresh_database_url), SystemClock()
    loaded = await load_demo(database, read_demo, password_for=lambda _: "long enough", clock=clock)
    assert loaded is not None
    viewer = operator(loaded.circle.id)
    found = await show_follow_up(database, viewer=viewer, clock=clock)
    async with database.snapshot() as transaction:
        hazards = await transaction.layer(Hazard).of_circle(loaded.circle.id)
    for hazard in hazards:
        life = await show_life(database, viewer=viewer, hazard_id=hazard.id, clock=clock)
        assert life.steps[-1].state is hazard.state
        assert len(life.steps) == hazard.step_count
        assert (hazard.owner_id is None) == (hazard.state is HazardState.SEEN)
    assert len(found.overdue) == 1
    await database.dispose()


async def test_a_drill_was_held_and_its_findings_are_followed(fresh_database_url: str) -> None:
    database, clock = connect(fresh_database_url), SystemClock()
    loaded = await load_demo(database, read_demo, password_for=lambda _: "long enough", clock=clock)
    assert loaded is not None
    viewer = operator(loaded.circle.id)
    cards, _ = await list_drills(database, viewer=viewer, before=None, limit=10)
    [card] = [each for each in cards if each.state is DrillState.ENDED]
    assert "示例" in card.name

    found = await list_findings(database, viewer=viewer, wanted=FindingFilter(), limit=10, clock=clock)
    assert sorted(each.state for each in found.findings) == ["closed", "doing", "open"]
    assert (found.counts.open, found.counts.overdue) == (2, 1)
    assert {each.drill_id for each in found.findings} == {card.id}
    score = await score_drill(database, viewer=viewer, drill_id=card.id, clock=clock)
    assert [each.outcome for each in score.objectives] == ["met", "missed"]
    assert (score.inject_counts.given, score.observations.good, score.observations.improve) == (3, 1, 2)
    replay = await load_replay(database, viewer=viewer, drill_id=card.id)
    assert (replay.base.seq, len(replay.events), len(replay.observations)) == (0, 6, 3)
    years = {each.year for each in (card.starts_at, clock.now()) if each is not None}
    programmes = [
        await show_programme(database, viewer=viewer, year=year, every_days=182, clock=clock)
        for year in years
    ]
    assert card.id in {each.id for programme in programmes for each in programme.drills}
    async with database.snapshot() as transaction:
        known = await read_plan_context(transaction, loaded.circle.id)
        now = await load_snapshot(transaction, viewer, ended_kept=ENDED_KEPT)
        drill = await transaction.drills.get(loaded.circle.id, card.id)
        hazards = await transaction.layer(Hazard).of_circle(loaded.circle.id)
    assert checked_plan(drill.plan, known) == drill.plan
    assert now.drills == ()
    assert {each.hazard_id for each in found.findings} - {None} <= {each.id for each in hazards}
    await database.dispose()

"""How long the report on a long drill takes, as HTML and as PDF."""

import resource
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from responder.domain.drills.observation import ObservationVerdict
from responder.domain.drills.plan import DrillMode, DrillPlan, Inject, InjectKind, Measure, Objective
from responder.domain.errors import NotARecipientError, NotFoundError
from responder.domain.ids import AccountId, CircleId, DrillId, ObservationId, UnitId
from responder.domain.incidents.delivery import DeliveryState
from responder.domain.map.place import Place
from responder.domain.map.unit import Position
from responder.domain.people.access import operator
from responder.exchange.drill_report.write_report import write_report
from responder.exchange.printing.print_pdf import Printer
from responder.ports.clock import SystemClock, moment
from responder.services.drills.drills import plan_drill
from responder.services.drills.running.keep_run import exercise_of
from responder.services.drills.running.observe import NewObservation, observe
from responder.services.drills.running.run_drills import run_due_drills
from responder.services.drills.running.start_drill import start_drill
from responder.services.drills.running.steer_drill import end_drill
from responder.services.drills.score.load_report import load_report
from responder.services.incidents.acknowledge import acknowledge
from responder.settings import Settings
from responder.store.database import PostgresDatabase, connect
from responder.store.road_cache import StoredRoads
from responder.terminal.database_url import database_at_hand
from tests.faults.rig.build import build_town
from tests.faults.rig.town import LAT, Town, lon_at, plan_town

TEAMS: Final = 50
PEOPLE: Final = 4
"""Of a team: 200 are called."""
LASTS: Final = timedelta(hours=2)
STEPS: Final = 24
"""Injects, observations, and positions of each team."""


@dataclass(slots=True)
class _Clock:
    at: datetime

    def now(self) -> datetime:
        return self.at


async def report_s(data_dir: Path) -> float:
    """Return the seconds from the request of a report until it is there as HTML and as PDF."""
    with database_at_hand(Settings(data_dir=data_dir)) as at_hand:
        database = connect(at_hand)
        town = await build_town(database, plan_town(villages=1, teams=TEAMS, people_per_team=PEOPLE))
        drill_id = await _held(database, town)
        began = time.perf_counter()
        report = await load_report(
            database,
            viewer=operator(CircleId(town.circle_id)),
            drill_id=drill_id,
            names=True,
            form="pdf",
            page_url="http://localhost/",
            clock=SystemClock(),
        )
        loaded_s = time.perf_counter() - began
        html = write_report(report, language="zh-CN", names=True)
        written_s = time.perf_counter() - began - loaded_s
        before_s = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        pdf = await Printer().print(html)
        busy_s = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before_s
        took_s = time.perf_counter() - began
        await database.dispose()
    print(
        f"{len(report.scored.score.people)} people called, {len(report.scored.events)} events,"
        f" {len(report.track)} positions; read in {loaded_s:.2f} s, {len(html) / 1e6:.1f} MB of HTML in"
        f" {written_s:.2f} s, {len(pdf) / 1e6:.1f} MB of PDF in {took_s - loaded_s - written_s:.2f} s,"
        f" {busy_s:.2f} s of a core"
    )
    return took_s


async def _held(database: PostgresDatabase, town: Town) -> DrillId:
    """Hold a drill: everyone comes, and says so in three steps."""
    circle_id = CircleId(town.circle_id)
    roads, viewer = StoredRoads(database), operator(circle_id)
    clock = _Clock(moment(SystemClock()) - LASTS - timedelta(minutes=10))
    step_s = LASTS.total_seconds() / STEPS
    plan = DrillPlan(
        name="bench",
        mode=DrillMode.FIELD,
        kind="fire",
        place=Place(lon=lon_at(0), lat=LAT, label="x"),
        starts_at=None,
        duration_s=LASTS.total_seconds(),
        objectives=(Objective(key="first", text="first", measure=Measure.FIRST_ON_SCENE, within_s=600),),
        injects=tuple(
            Inject(number=n + 1, after_s=step_s * n, kind=InjectKind.MESSAGE, text="bench")
            for n in range(STEPS)
        ),
    )
    drill_id = (await plan_drill(database, roads, viewer=viewer, plan=plan, clock=clock)).drill.id
    run = await start_drill(database, roads, viewer=viewer, drill_id=drill_id, clock=clock)
    async with database.begin() as transaction:
        detail = await exercise_of(transaction, run)
    if detail is None:
        message = "no one was called"
        raise RuntimeError(message)
    steps = (DeliveryState.ACCEPTED, DeliveryState.EN_ROUTE, DeliveryState.ON_SCENE)
    for n in range(STEPS):
        for state in steps[n : n + 1]:
            for person in (person for team in town.teams for person in team.people):
                async with database.begin() as transaction:
                    own = await transaction.memberships.viewer(AccountId(person.account_id), circle_id)
                with suppress(NotFoundError, NotARecipientError):
                    await acknowledge(
                        database,
                        viewer=own,
                        alert_id=detail.alerts[0].id,
                        state=state,
                        action_id=uuid4(),
                        device_at=clock.now(),
                        device="bench",
                        clock=clock,
                    )
        async with database.begin() as transaction:
            for team in town.teams:
                at = Position(
                    unit_id=UnitId(team.id),
                    lon=lon_at(team.east_m * (1 - n / STEPS)),
                    lat=LAT,
                    accuracy_m=5,
                    at=clock.now(),
                )
                await transaction.positions.put(circle_id, at, stored_at=clock.now())
        seen = NewObservation(
            id=ObservationId(uuid4()), at=clock.now(), verdict=ObservationVerdict.NOTE, text="bench"
        )
        await observe(database, roads, viewer=viewer, drill_id=drill_id, new=seen, clock=clock)
        clock.at += timedelta(seconds=step_s)
        await run_due_drills(database, roads, clock=clock)
    await end_drill(database, roads, viewer=viewer, drill_id=drill_id, clock=clock)
    return drill_id

"""Many drills on a running installation: how late injects are, and what real alerts cost meanwhile."""

import asyncio
import statistics
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final
from uuid import uuid4

from benchmarks.fleet.sockets import percentile
from responder.demo.demo_circle import demo_accounts
from responder.demo.simulated.client import SignedIn, signed_in
from responder.domain.drills.plan import (
    DrillMode,
    DrillPlan,
    Inject,
    InjectKind,
    PlannedClosure,
)
from responder.domain.drills.run import InjectState
from responder.domain.ids import CircleId, DrillId
from responder.domain.map.place import Place
from responder.domain.people.access import operator
from responder.ports.clock import SystemClock, moment
from responder.services.drills.drills import plan_drill
from responder.services.drills.running.start_drill import start_drill
from responder.services.drills.running.steer_drill import end_drill
from responder.settings import Settings
from responder.store.database import PostgresDatabase, connect
from responder.store.road_cache import StoredRoads
from responder.terminal.database_url import database_at_hand
from tests.faults.rig.build import build_town
from tests.faults.rig.town import LAT, lon_at, plan_town

DRILLS: Final = 30
INJECTS: Final = 12
EVERY_S: Final = 3.0
"""Between two injects of a drill; those of all drills are due in the same second."""
ALERTS: Final = 60
"""Real alerts in each of the two phases, about one a second."""
INCIDENT: Final = {"kind": "fire", "severity": "red", "exercise": False, "lon": 112.985, "lat": 28.158}


async def many_drills(url: str, data_dir: Path, *, password: str) -> dict[str, float]:
    """Return how late injects were, and the p99 of real alerts during drills as a ratio to that before."""
    told = demo_accounts()
    with database_at_hand(Settings(data_dir=data_dir)) as at_hand:
        database = connect(at_hand)
        circles = [await _circle(database) for _ in range(DRILLS)]
        async with signed_in(
            url, username=told.staff, password=password, circle_name=told.circle_name
        ) as staff:
            await _alerts(staff, count=5)
            before_ms = await _alerts(staff, count=ALERTS)
            begin = moment(SystemClock()) + timedelta(seconds=30)
            drills = [await _started(database, circle_id, begin=begin) for circle_id in circles]
            if moment(SystemClock()) > begin:
                message = "injects were due before all drills were started"
                raise RuntimeError(message)
            await asyncio.sleep((begin - moment(SystemClock())).total_seconds())
            during_ms = await _alerts(staff, count=ALERTS, at_least_s=INJECTS * EVERY_S)
        late_ms: list[float] = []
        for circle_id, drill_id in drills:
            late_ms += await _late_ms(database, circle_id, drill_id)
            await end_drill(
                database,
                StoredRoads(database),
                viewer=operator(circle_id),
                drill_id=drill_id,
                clock=SystemClock(),
            )
        await database.dispose()
    print(
        f"{len(late_ms)} injects, {DRILLS} drills; median of real alerts: {statistics.median(before_ms):.0f}"
        f" ms before and {statistics.median(during_ms):.0f} ms during"
    )
    return {
        "inject_lateness_p99_ms": percentile(late_ms, 0.99),
        "real_alert_p50_during_drills_ratio": statistics.median(during_ms) / statistics.median(before_ms),
        "real_alert_p99_during_drills_ratio": percentile(during_ms, 0.99) / percentile(before_ms, 0.99),
    }


async def _circle(database: PostgresDatabase) -> CircleId:
    town = await build_town(database, plan_town(villages=1, teams=6, people_per_team=4))
    return CircleId(town.circle_id)


async def _started(
    database: PostgresDatabase, circle_id: CircleId, *, begin: datetime
) -> tuple[CircleId, DrillId]:
    """Start a drill whose injects are due from `begin` on: messages, and lanes that are closed."""
    roads, viewer, clock = StoredRoads(database), operator(circle_id), SystemClock()
    until_s = (begin - moment(clock)).total_seconds()
    lane = {"type": "Point", "coordinates": [lon_at(100), LAT]}
    plan = DrillPlan(
        name="bench",
        mode=DrillMode.FIELD,
        kind="fire",
        place=Place(lon=lon_at(0), lat=LAT, label="x"),
        starts_at=None,
        duration_s=3600.0,
        injects=tuple(
            Inject(
                number=number + 1,
                after_s=until_s + EVERY_S * number,
                kind=InjectKind.MESSAGE if number % 4 else InjectKind.CLOSURE,
                text="bench",
                closure=None if number % 4 else PlannedClosure(geometry=lane),
            )
            for number in range(INJECTS)
        ),
    )
    shown = await plan_drill(database, roads, viewer=viewer, plan=plan, clock=clock)
    await start_drill(database, roads, viewer=viewer, drill_id=shown.drill.id, clock=clock)
    return circle_id, shown.drill.id


async def _late_ms(database: PostgresDatabase, circle_id: CircleId, drill_id: DrillId) -> list[float]:
    async with database.snapshot() as transaction:
        run = await transaction.drill_runs.find(circle_id, drill_id)
    if run is None or any(each.state is not InjectState.GIVEN for each in run.injects):
        message = f"not every inject was given: {run}"
        raise RuntimeError(message)
    return [1000 * (each.at_s - each.due_s) for each in run.injects if each.at_s and each.due_s]


async def _alerts(staff: SignedIn, *, count: int, at_least_s: float = 0.0) -> list[float]:
    """Raise real alerts one after the other, end each, and return how long each took to be committed."""
    path = f"/api/circles/{staff.circle_id}/incidents"
    took_ms: list[float] = []
    until_s = time.perf_counter() + at_least_s
    while len(took_ms) < count or time.perf_counter() < until_s:
        began_s = time.perf_counter()
        answer = await staff.http.post(path, json=INCIDENT, headers={"Idempotency-Key": str(uuid4())})
        took_ms.append(1000 * (time.perf_counter() - began_s))
        incident_id = answer.raise_for_status().json()["incident"]["id"]
        (await staff.http.post(f"{path}/{incident_id}/end", json={"reason": "resolved"})).raise_for_status()
        await asyncio.sleep(0.5)
    return took_ms

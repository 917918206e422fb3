"""Many drills on a running installation: how late injects are, and what real alerts cost meanwhile."""

import asyncio
import random
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
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
BLOCKS: Final = 5
HALF_S: Final = 15.0
"""
In the first half of a block drills run and nothing is due, in the second injects are given: what changes on
the machine meanwhile changes both.
"""
EVERY_S: Final = 3.0
"""Between two injects of a drill; those of all drills are due in the same second."""
SETTLES_S: Final = 1.0
"""So long after injects were due an alert may still wait for them; it is not counted."""
BETWEEN_S: Final = 0.2
"""From the end of an alert to the next: some 300 in the halves of each kind."""
STAFF: Final = ("community", "hospital", "police", "property", "ministation", "fire")
"""Each may raise sixty alerts a minute."""
GIVEN_WITHIN_S: Final = 20.0
RESAMPLES: Final = 2000
SHARES: Final = (0.25, 0.5, 0.75, 0.99)
INJECTS: Final = int(HALF_S / EVERY_S)
"""Of each drill in a block."""
INCIDENT: Final = {"kind": "fire", "severity": "red", "exercise": False, "lon": 112.985, "lat": 28.158}


async def many_drills(url: str, data_dir: Path, *, password: str) -> dict[str, float]:
    """
    Return how late injects were, and what real alerts cost while they are given, as ratios to that between.

    Ratios have the interval that 95 % of resamples lie in; one that holds 1 says that no cost was found.
    """
    told = demo_accounts()
    with database_at_hand(Settings(data_dir=data_dir)) as at_hand:
        database = connect(at_hand)
        circles = [await _circle(database) for _ in range(DRILLS)]
        async with AsyncExitStack() as stack:
            staff = [
                await stack.enter_async_context(
                    signed_in(url, username=name, password=password, circle_name=told.circle_name)
                )
                for name in STAFF
            ]
            await _alerts(staff, until_s=3.0)
            begin = moment(SystemClock()) + timedelta(seconds=30)
            drills = [await _started(database, circle_id, begin=begin) for circle_id in circles]
            if moment(SystemClock()) > begin:
                message = "injects were due before all drills were started"
                raise RuntimeError(message)
            await asyncio.sleep((begin - moment(SystemClock())).total_seconds())
            quiet_ms, busy_ms = _halves(await _alerts(staff, until_s=BLOCKS * 2 * HALF_S))
        late_ms: list[float] = []
        for circle_id, drill_id in drills:
            late_ms += await _late_ms(database, circle_id, drill_id, within_s=GIVEN_WITHIN_S)
            await end_drill(
                database,
                StoredRoads(database),
                viewer=operator(circle_id),
                drill_id=drill_id,
                clock=SystemClock(),
            )
        await database.dispose()
    for name, took_ms in (("between injects", quiet_ms), ("while they are given", busy_ms)):
        shares = ", ".join(f"p{100 * share:.0f} {percentile(took_ms, share):.0f}" for share in SHARES)
        print(f"{len(took_ms)} real alerts {name}: {shares} ms; {DRILLS} drills, {len(late_ms)} injects")
    figures = {"inject_lateness_p99_ms": percentile(late_ms, 0.99)}
    for share in (0.5, 0.99):
        name = f"real_alert_p{100 * share:.0f}_during_drills_ratio"
        figures[name] = percentile(busy_ms, share) / percentile(quiet_ms, share)
        figures[f"{name}_low"], figures[f"{name}_high"] = _interval(busy_ms, quiet_ms, share)
    return figures


def _halves(alerts: list[tuple[float, float]]) -> tuple[list[float], list[float]]:
    """Return the milliseconds of alerts between injects, and of those while injects are given."""
    quiet_ms: list[float] = []
    busy_ms: list[float] = []
    for at_s, took_ms in alerts:
        within_s = at_s % (2 * HALF_S)
        if within_s >= HALF_S:
            busy_ms.append(took_ms)
        elif within_s >= SETTLES_S and within_s + took_ms / 1000 < HALF_S:
            quiet_ms.append(took_ms)
    return quiet_ms, busy_ms


def _interval(busy_ms: list[float], quiet_ms: list[float], share: float) -> tuple[float, float]:
    """Return between which ratios of percentiles 95 % of resamples lie."""
    draw = random.Random(0)  # noqa: S311 - the same each time, for a statistic
    ratios = [
        percentile(draw.choices(busy_ms, k=len(busy_ms)), share)
        / percentile(draw.choices(quiet_ms, k=len(quiet_ms)), share)
        for _ in range(RESAMPLES)
    ]
    return percentile(ratios, 0.025), percentile(ratios, 0.975)


async def _circle(database: PostgresDatabase) -> CircleId:
    town = await build_town(database, plan_town(villages=1, teams=6, people_per_team=4))
    return CircleId(town.circle_id)


async def _started(
    database: PostgresDatabase, circle_id: CircleId, *, begin: datetime
) -> tuple[CircleId, DrillId]:
    """Start a drill whose injects are due from `begin` on: messages, and lanes that are closed."""
    roads, viewer, clock = StoredRoads(database), operator(circle_id), SystemClock()
    until_s = (begin - moment(clock)).total_seconds()
    busy_s = [block * 2 * HALF_S + HALF_S + at * EVERY_S for block in range(BLOCKS) for at in range(INJECTS)]
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
                after_s=until_s + at_s,
                kind=InjectKind.MESSAGE if number % 4 else InjectKind.CLOSURE,
                text="bench",
                closure=None if number % 4 else PlannedClosure(geometry=lane),
            )
            for number, at_s in enumerate(busy_s)
        ),
    )
    shown = await plan_drill(database, roads, viewer=viewer, plan=plan, clock=clock)
    await start_drill(database, roads, viewer=viewer, drill_id=shown.drill.id, clock=clock)
    return circle_id, shown.drill.id


async def _late_ms(
    database: PostgresDatabase, circle_id: CircleId, drill_id: DrillId, *, within_s: float
) -> list[float]:
    until_s = time.perf_counter() + within_s
    while True:
        async with database.snapshot() as transaction:
            run = await transaction.drill_runs.find(circle_id, drill_id)
        if run is not None and all(each.state is InjectState.GIVEN for each in run.injects):
            break
        if time.perf_counter() > until_s:
            message = f"not every inject was given: {run}"
            raise RuntimeError(message)
        await asyncio.sleep(0.1)
    return [1000 * (each.at_s - each.due_s) for each in run.injects if each.at_s and each.due_s]


async def _alerts(staff: Sequence[SignedIn], *, until_s: float) -> list[tuple[float, float]]:
    """
    Raise real alerts one after the other, by all in turn, and end each.

    Returns
    -------
    alerts
        Seconds from now at which each was sent, and milliseconds until it was committed.
    """
    path = f"/api/circles/{staff[0].circle_id}/incidents"
    alerts: list[tuple[float, float]] = []
    now_s = time.perf_counter()
    while (began_s := time.perf_counter()) < now_s + until_s:
        by = staff[len(alerts) % len(staff)]
        answer = await by.http.post(path, json=INCIDENT, headers={"Idempotency-Key": str(uuid4())})
        alerts.append((began_s - now_s, 1000 * (time.perf_counter() - began_s)))
        incident_id = answer.raise_for_status().json()["incident"]["id"]
        (await by.http.post(f"{path}/{incident_id}/end", json={"reason": "resolved"})).raise_for_status()
        await asyncio.sleep(BETWEEN_S)
    return alerts

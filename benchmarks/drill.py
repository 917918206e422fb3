"""
How fast drills are rehearsed: on the roads of Porto, with 200 units and a plan that closes lanes.

How soon a moment is found in the replay of a drill of two hours with 500 positions a minute, in Chromium. On
an installation of its own, how late the injects of 30 drills in 30 circles are given that are due in the same
second, and what a real alert costs meanwhile in proportion to before; and how long the report on a drill of
two hours with 200 people called takes, as HTML and PDF.

Usage: script/bench drill [--runs N] [--port N] [--only rehearsal|replay|running|report]. Rehearsals need
`porto.osm.pbf` among the shared data; the figures are plain lines `name value`.
"""

import argparse
import asyncio
import gc
import itertools
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from uuid import UUID

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from routers.questions import road_spots  # noqa: E402 - the project may not be installed

from benchmarks.fleet.drill_report import report_s  # noqa: E402
from benchmarks.fleet.many_drills import many_drills  # noqa: E402
from benchmarks.fleet.replay_seek import seek_p99_ms  # noqa: E402
from benchmarks.start import running  # noqa: E402
from geo.lonlat import LonLat  # noqa: E402
from geo.network.profiles import DEFAULT_PROFILES  # noqa: E402
from geo.osm.roads import read_roads  # noqa: E402
from geo.reach.model import Origin, ReachModel  # noqa: E402
from responder.domain.drills.plan import (  # noqa: E402
    DrillMode,
    DrillPlan,
    Inject,
    InjectKind,
    Measure,
    Objective,
    PlannedClosure,
    WaitKind,
    WaitsFor,
)
from responder.domain.drills.rehearsal.happenings import HappeningKind  # noqa: E402
from responder.domain.drills.rehearsal.rehearsal import Rehearsal, canonical  # noqa: E402
from responder.domain.ids import CircleId, DrillId, PartnerId, UnitId  # noqa: E402
from responder.domain.ladder.ladder import plan as ladder_plan  # noqa: E402
from responder.domain.ladder.shipped import ACTIONS  # noqa: E402
from responder.domain.map.place import Place  # noqa: E402
from responder.domain.map.unit import Unit  # noqa: E402
from responder.domain.people.partner import Partner, PartnerKind  # noqa: E402
from responder.services.drills.rehearsal.inputs import SOME_DAY, RehearsalInputs  # noqa: E402
from responder.services.drills.rehearsal.rehearse import rehearse  # noqa: E402
from responder.services.incidents.response_circle import ReachInputs  # noqa: E402
from responder.terminal.database_url import demo_password  # noqa: E402

EXTRACT = ROOT.parent / "shared" / "data" / "osm" / "porto.osm.pbf"
N_UNITS = 200
HOUR_S = 3600.0
LIMIT_S = 900.0
SINGLE = 10
CIRCLE, DRILL = CircleId(UUID(int=1)), DrillId(UUID(int=2))
_BLOCK_DEG = 0.002


def crew(model: ReachModel, place: LonLat) -> tuple[list[Partner], list[Unit]]:
    """Return partners of every kind and units of theirs in reach of the place."""
    partners = [
        Partner(id=PartnerId(UUID(int=100 + n)), circle_id=CIRCLE, kind=kind, name=kind, name_en=kind)
        for n, kind in enumerate(PartnerKind)
    ]
    profiles = list(DEFAULT_PROFILES)
    _, posts = road_spots(model.network, 20_000, seed=2)
    asked = [
        Origin(id=str(n), place=post, profile=profiles[n % len(profiles)], turnout_s=30.0 + n % 60)
        for n, post in enumerate(posts)
    ]
    reached = model.reach([place], asked, limit_s=LIMIT_S, explain=False).reached
    # Spread over all of them, near and far, and not the soonest.
    chosen = [int(each.origin_id) for each in reached[:: max(1, len(reached) // N_UNITS)][:N_UNITS]]
    units = [
        Unit(
            id=UnitId(UUID(int=1000 + n)),
            partner_id=partners[n % len(partners)].id,
            name=str(n),
            name_en=str(n),
            kind="patrol",
            profile=asked[n].profile,
            turnout_s=asked[n].turnout_s,
            people=3,
            on_duty=True,
            post=(asked[n].place.lon, asked[n].place.lat),
        )
        for n in chosen
    ]
    return partners, units


def plan(place: LonLat) -> DrillPlan:
    """Return a drill of an hour: four lanes around the place close while units are on the way."""
    east, north = (_BLOCK_DEG, 0.0), (0.0, _BLOCK_DEG)
    sides = [east, north, (-east[0], 0.0), (0.0, -north[1])]
    numbers = itertools.count(1)
    lanes = [
        Inject(
            number=next(numbers),
            after_s=120.0 * (number + 1),
            kind=InjectKind.CLOSURE,
            text="lane",
            closure=PlannedClosure(
                geometry={
                    "type": "LineString",
                    "coordinates": [
                        [place.lon + lon - lat / 3, place.lat + lat - lon / 3],
                        [place.lon + lon + lat / 3, place.lat + lat + lon / 3],
                    ],
                },
                wider_than_m=2.0 if number % 2 else None,
            ),
        )
        for number, (lon, lat) in enumerate(sides)
    ]
    messages = [
        Inject(
            number=next(numbers),
            after_s=60.0 * minute,
            kind=InjectKind.MESSAGE,
            text="message",
            waits_for=WaitsFor(kind=WaitKind.OBJECTIVE, objective="ten") if minute % 2 else None,
        )
        for minute in range(20)
    ]
    out = Inject(
        number=next(numbers),
        after_s=200.0,
        kind=InjectKind.UNIT_OUT,
        text="out",
        unit_id=UnitId(UUID(int=1000)),
    )
    return DrillPlan(
        name="drill",
        mode=DrillMode.FIELD,
        kind="fire",
        place=Place(lon=place.lon, lat=place.lat),
        starts_at=None,
        duration_s=HOUR_S,
        objectives=(
            Objective(key="first", text="", measure=Measure.FIRST_ON_SCENE, within_s=180),
            Objective(key="ten", text="", measure=Measure.FIRST_ON_SCENE, within_s=400, count=10),
            Objective(key="coming", text="", measure=Measure.COMING, within_s=120, count=300),
            Objective(key="clear", text="", measure=Measure.LANE_CLEAR, within_s=300, since_inject=1),
            Objective(key="also", text="", measure=Measure.LANE_CLEAR, within_s=300, since_inject=2),
            Objective(key="counted", text="", measure=Measure.COUNTED, within_s=900, count=400),
        ),
        injects=(*lanes, *messages, out),
    )


def tell(shown: Rehearsal) -> None:
    """Say what happened, so that it is seen that something did."""
    for kind in HappeningKind:
        print(f"  {sum(each.kind is kind for each in shown.happenings):5d} {kind}")
    for chance in shown.chances:
        print(f"  {chance.key}: met in {chance.met} of {chance.runs}, {chance.p50_ms} ms in half of them")


def main(arguments: Sequence[str]) -> int:
    """Measure, then print the plain lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--port", type=int, default=8132)
    parser.add_argument("--only", choices=("rehearsal", "replay", "running", "report"))
    options = parser.parse_args(arguments)
    if options.only in {None, "replay"}:
        print(f"seek_p99_ms {asyncio.run(seek_p99_ms(ROOT / 'static' / 'dist')):.4g}", flush=True)
    if options.only in {None, "running"}:
        of_running(options.port)
    if options.only in {None, "report"}:
        of_report(options.port)
    return of_rehearsals(options.runs) if options.only in {None, "rehearsal"} else 0


def of_running(port: int) -> None:
    """Measure drills on an installation, and print the figures."""
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as name:
        data_dir = Path(name) / "data"
        Path(name).chmod(0o755)
        with running(data_dir, port=port) as url:
            password = demo_password(data_dir)
            figures = asyncio.run(many_drills(url, data_dir, password=password))
    for figure, value in figures.items():
        print(f"{figure} {value:.4g}", flush=True)


def of_report(port: int) -> None:
    """Measure the report on a long drill on an installation, and print the figure."""
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as name:
        data_dir = Path(name) / "data"
        Path(name).chmod(0o755)
        with running(data_dir, port=port):
            took_s = asyncio.run(report_s(data_dir))
    print(f"report_s {took_s:.4g}", flush=True)


def of_rehearsals(runs: int) -> int:
    """Measure rehearsals, and print the figures."""
    if not EXTRACT.exists():
        print("porto.osm.pbf is not among the shared data: nothing can be measured")
        return 1
    model = ReachModel(read_roads(EXTRACT).network)
    place = LonLat(-8.61, 41.15)
    partners, units = crew(model, place)
    asked = RehearsalInputs(
        drill_id=DRILL,
        circle_id=CIRCLE,
        plan=plan(place),
        doors=(place,),
        reach=ReachInputs(
            reach_version=1,
            limit_s=LIMIT_S,
            units=tuple(units),
            partners=tuple(partners),
            positions=(),
            closures=(),
        ),
        ladder=ladder_plan(ACTIONS, raised_at=SOME_DAY, everyone_at_once=True),
        aeds=tuple(LonLat(*unit.post) for unit in units[:20]),
        at=None,
    )
    # Compiles, and makes the roads ready, as a process that has answered an alert is.
    rehearse(model, asked, seed=0)
    gc.freeze()
    took_s = []
    for seed in range(1, SINGLE + 1):
        began = time.perf_counter()
        shown = rehearse(model, asked, seed=seed)
        took_s.append(time.perf_counter() - began)
    print(f"one rehearsal of {len(shown.units)} units, {len(canonical(shown)):,} bytes:")
    began = time.perf_counter()
    shown = rehearse(model, asked, seed=1, runs=runs)
    many_s = time.perf_counter() - began
    tell(shown)
    print(f"rehearsal_speed {HOUR_S / median(took_s):.4g}")
    print(f"monte_carlo_s {many_s:.4g}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

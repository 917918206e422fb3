"""How long an alley sheet takes, from the request until it is there as a PDF."""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Final
from uuid import UUID

from responder.demo.demo_data import read_demo
from responder.domain.ids import BuildingId, CircleId, FacilityId, HazardId
from responder.domain.map.building import Building, Entrance
from responder.domain.map.facility import Facility, FacilityKind
from responder.domain.map.hazard import Hazard, HazardGrade, HazardState
from responder.domain.people.access import operator
from responder.domain.registers.sheet_frame import Paper
from responder.exchange.alley_sheet.write_sheet import write_alley_sheet
from responder.exchange.printing.print_pdf import Printer
from responder.ports.clock import SystemClock
from responder.services.registers.load_alley_sheet import load_alley_sheet
from responder.settings import Settings
from responder.store.database import PostgresDatabase, connect
from responder.store.road_cache import StoredRoads
from responder.terminal.database_url import database_at_hand

HOUSEHOLDS: Final = 50_000
FACILITIES: Final = 5_000
HAZARDS: Final = 2_000
_IN_A_BUILDING: Final = 40
_AROUND_DEG: Final = 0.01
_AT_ONCE: Final = 500
TIMES: Final = 5


async def sheet_s(data_dir: Path) -> float:
    """Return the seconds of a sheet of a circle with many households, facilities and hazards, the median."""
    with database_at_hand(Settings(data_dir=data_dir)) as at_hand:
        database = connect(at_hand)
        circle = read_demo().circle
        await _fill(database, circle.id, circle.centre)
        roads = StoredRoads(database)
        # As a process that has served before: the roads are in memory.
        await _printed(database, roads, circle.id)
        took_s = [await _printed(database, roads, circle.id) for _ in range(TIMES)]
        await database.dispose()
    print("each took " + ", ".join(f"{each:.2f} s" for each in took_s))
    return median(took_s)


async def _printed(database: PostgresDatabase, roads: StoredRoads, circle_id: CircleId) -> float:
    began = time.perf_counter()
    sheet = await load_alley_sheet(
        database,
        roads,
        viewer=operator(circle_id),
        building_id=None,
        paper=Paper.A4,
        page_url="http://localhost/",
        clock=SystemClock(),
    )
    loaded_s = time.perf_counter() - began
    html = write_alley_sheet(sheet, in_english=False)
    written_s = time.perf_counter() - began - loaded_s
    pdf = await Printer().print(html, is_strict=True)
    took_s = time.perf_counter() - began
    print(
        f"  1:{sheet.frame.scale}, {len(sheet.buildings)} buildings, {len(sheet.facilities)} facilities, read"
        f" in {loaded_s:.2f} s, {len(html) / 1e3:.0f} KB of HTML in {written_s:.2f} s,"
        f" {len(pdf) / 1e3:.0f} KB of PDF in {took_s - loaded_s - written_s:.2f} s"
    )
    return took_s


async def _fill(database: PostgresDatabase, circle_id: CircleId, centre: tuple[float, float]) -> None:
    """Put much into the circle, scattered around its centre."""
    chance = random.Random(1)  # noqa: S311 - the same circle each time

    def spots(count: int) -> Iterator[tuple[int, float, float]]:
        for n in range(count):
            east, north = (chance.uniform(-_AROUND_DEG, _AROUND_DEG) for _ in range(2))
            yield n, centre[0] + east, centre[1] + north

    buildings = [
        Building(
            id=BuildingId(UUID(int=10**9 + n)),
            circle_id=circle_id,
            name=f"测试{n}栋",
            name_en=f"Block {n}",
            geometry={"type": "Polygon", "coordinates": [_square(lon, lat)]},
            households=_IN_A_BUILDING,
            entrances=(Entrance(name="单元门", lon=lon, lat=lat),),
        )
        for n, lon, lat in spots(HOUSEHOLDS // _IN_A_BUILDING)
    ]
    kinds = list(FacilityKind)
    facilities = [
        Facility(
            id=FacilityId(UUID(int=2 * 10**9 + n)),
            circle_id=circle_id,
            kind=kinds[n % len(kinds)],
            name=f"设施{n}",
            name_en="",
            lon=lon,
            lat=lat,
            note="门厅左侧，夜间找门卫",
        )
        for n, lon, lat in spots(FACILITIES)
    ]
    hazards = [
        Hazard(
            id=HazardId(UUID(int=3 * 10**9 + n)),
            circle_id=circle_id,
            kind="wiring",
            grade=HazardGrade.GENERAL,
            state=HazardState.SEEN,
            name=f"隐患{n}",
            name_en="",
            geometry={"type": "Point", "coordinates": [lon, lat]},
        )
        for n, lon, lat in spots(HAZARDS)
    ]
    for things in (buildings, facilities, hazards):
        for start in range(0, len(things), _AT_ONCE):
            some = things[start : start + _AT_ONCE]
            async with database.begin() as transaction:
                await transaction.layer(type(some[0])).add(circle_id, some)


def _square(lon: float, lat: float) -> list[list[float]]:
    half = 0.00006
    corners = ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))
    return [[lon + a * half, lat + b * half] for a, b in corners]

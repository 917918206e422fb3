"""Real streets of Changsha: who is in reach and how soon, against a search that shares nothing with ours."""

import asyncio
import json
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pytest
import shapely
from shapely.geometry import shape
from typer.testing import CliRunner

from geo.lonlat import LonLat
from responder.cli.commands import app
from responder.domain.incidents.incident import Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.circle import Circle
from responder.domain.people.access import operator
from responder.ports import Database
from responder.services.circles.create import find_circle
from responder.services.incidents.raise_alert import NewIncident, raise_alert
from responder.services.reach.preview import draw_isochrones
from responder.store.database import connect
from responder.store.road_cache import StoredRoads
from tests.cli.street_graph import Floats, Streets, read_streets

Answer = TypeVar("Answer")

pytestmark = pytest.mark.shared_data

PLACE = (112.985, 28.158)
CIRCLE = "长沙 2019"
LIMIT_S = 900.0
WALK_KPH = 4.32
KPH_ON_A_ROAD_OF_NO_CLASS = {"foot": 4.32, "ebike": 16.0, "car": 25.0, "fire_engine": 24.0}
"""Every way of the extract is `highway=road` and nothing else: all speeds are this default."""
TURNOUT_S = 60.0
POSTS = (
    ("foot", 500), ("foot", 1000), ("foot", 3000), ("ebike", 1000), ("ebike", 2000), ("ebike", 4000),
    ("car", 1000), ("car", 3000), ("car", 4000), ("car", 6000), ("fire_engine", 3000), ("fire_engine", 5000),
)  # fmt: skip
AGREES_WITHIN_S = 1.0
CELL_DEG = 20 / 98_000
"""Twenty metres, the largest cell, in degrees of longitude."""


class EarlyAfternoon:
    """A Monday at two in Changsha, when no one is slowed by commuters."""

    def now(self) -> datetime:
        return datetime(2025, 11, 3, 6, 0, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Town:
    url: str
    streets: Streets
    from_place_m: Floats
    off_m: float
    said: str
    """What the import said."""

    def do(self, work: Callable[[Database, Circle], Coroutine[Any, Any, Answer]]) -> Answer:
        async def opened() -> Answer:
            database = connect(self.url)
            try:
                circle = await find_circle(database, name=CIRCLE)
                assert circle is not None
                return await work(database, circle)
            finally:
                await database.dispose()

        return asyncio.run(opened())

    def node_at(self, distance_m: float) -> int:
        """Return the joined-up street point whose distance as the crow flies is nearest to this."""
        away_m = np.hypot(*self.streets.around(PLACE).T)
        return int(np.abs(away_m - distance_m + np.where(np.isfinite(self.from_place_m), 0, 1e9)).argmin())

    def expected_s(self, profile: str, node: int) -> float:
        """Turnout, then along the streets at the one speed, then on foot from the street to the door."""
        travel_s = float(self.from_place_m[node]) / (KPH_ON_A_ROAD_OF_NO_CLASS[profile] / 3.6)
        return TURNOUT_S + travel_s + self.off_m / (WALK_KPH / 3.6)


@pytest.fixture(scope="module")
def town(database_url: str, shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    file = shared_data / "osm" / "changsha-roads-2019.osm.pbf"
    if not file.is_file():
        pytest.skip(f"the extract is not here: {file.name}")
    streets = read_streets(file)
    from_place_m, off_m = streets.distances_from(PLACE)
    folder = tmp_path_factory.mktemp("changsha")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RESPONDER_DATABASE_URL", database_url)
        patch.setenv("RESPONDER_DATA_DIR", str(folder))
        said = run("import", "osm", str(file), "--circle", CIRCLE)
        town = Town(url=database_url, streets=streets, from_place_m=from_place_m, off_m=off_m, said=said)
        units = folder / "units.geojson"
        units.write_text(json.dumps(units_at(town)), encoding="utf-8")
        run("import", "features", "units", str(units), "--circle", CIRCLE)
        yield town


@pytest.fixture(scope="module")
def detail(town: Town) -> IncidentDetail:
    async def work(database: Database, circle: Circle) -> IncidentDetail:
        new = NewIncident(kind="fire", severity=Severity.RED, exercise=True, lon=PLACE[0], lat=PLACE[1])
        return await raise_alert(
            database,
            StoredRoads(database),
            viewer=operator(circle.id),
            new=new,
            idempotency_key="one",
            clock=EarlyAfternoon(),
        )

    return town.do(work)


def run(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output
    return done.output


def units_at(town: Town) -> dict[str, Any]:
    def feature(profile: str, distance_m: float) -> dict[str, Any]:
        lon, lat = town.streets.points[town.node_at(distance_m)].tolist()
        return {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [lon, lat]},
            "properties": {
                "name": f"{profile} {distance_m}",
                "kind": "patrol",
                "profile": profile,
                "turnout_s": TURNOUT_S,
                "people": 2,
                "partner": "长沙示例单位",
                "partner_kind": "police",
            },
        }

    return {"type": "FeatureCollection", "features": [feature(*post) for post in POSTS]}


def test_the_import_says_where_widths_come_from(town: Town) -> None:
    assert "100%" in town.said
    assert "按道路等级取宽度" in town.said


def test_exactly_the_units_in_reach_are_named_with_their_times(town: Town, detail: IncidentDetail) -> None:
    expected_s = {
        f"{profile} {distance_m}": town.expected_s(profile, town.node_at(distance_m))
        for profile, distance_m in POSTS
    }
    in_time = {name for name, response_s in expected_s.items() if response_s <= LIMIT_S}
    assert 4 <= len(in_time) < len(POSTS), "the posts no longer lie on both sides of the limit"
    found_s = {member.unit_name: member.response_s for member in detail.response_circle.members}
    assert set(found_s) == in_time
    for name, response_s in found_s.items():
        assert response_s == pytest.approx(expected_s[name], abs=AGREES_WITHIN_S), name
    assert {out.unit_name: out.reason for out in detail.response_circle.non_members} == dict.fromkeys(
        set(expected_s) - in_time, "beyond_limit"
    )


def test_each_unit_is_told_its_way_and_that_it_rests_on_defaults(detail: IncidentDetail) -> None:
    for member in detail.response_circle.members:
        assert member.default_share == pytest.approx(1.0)
        assert member.legs[0].coordinates[0] != member.legs[-1].coordinates[-1]
        assert "分钟" in member.why_zh
        assert "min" in member.why_en


def test_bands_are_valid_nested_and_hold_the_streets_that_are_in_time(town: Town) -> None:
    async def work(database: Database, circle: Circle) -> list[tuple[float, dict[str, Any]]]:
        return await draw_isochrones(
            database,
            StoredRoads(database),
            viewer=operator(circle.id),
            lonlat=LonLat(*PLACE),
            profile="car",
            limits_s=(300.0, 600.0, 900.0),
            clock=EarlyAfternoon(),
        )

    drawn = [(limit_s, shape(band)) for limit_s, band in town.do(work)]
    assert [limit_s for limit_s, _ in drawn] == [900.0, 600.0, 300.0]
    assert all(area.is_valid and not area.is_empty for _, area in drawn)
    for (_, outer), (_, inner) in pairwise(drawn):
        # Each band is drawn on cells of its own size, so that their edges may differ by one cell.
        assert inner.within(outer.buffer(CELL_DEG))
        assert inner.difference(outer).area < 0.005 * inner.area
        assert inner.area < 0.7 * outer.area
    travel_s = town.from_place_m / (25 / 3.6) + town.off_m / (WALK_KPH / 3.6)
    for limit_s, area in drawn:
        inside = shapely.contains_xy(area, town.streets.points)
        assert inside[travel_s < 0.95 * limit_s].mean() > 0.97
        assert inside[travel_s > 1.3 * limit_s].mean() < 0.1

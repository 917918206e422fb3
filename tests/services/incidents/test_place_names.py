"""A place without a name is described, in both languages."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

import numpy as np
import pytest

from geo.coordinates.local_plane import LocalPlane
from geo.lonlat import LonLat
from geo.osm.roads import read_roads
from geo.reach.model import ReachModel
from responder.domain.ids import CircleId
from responder.domain.map.place import Place
from responder.ports.map import Landmark
from responder.services.incidents.place_names import BESIDE_M, in_words
from tests.geo.network.test_road_names import CROSS, at, model_of

CIRCLE = CircleId(uuid4())


class Landmarks:
    """A database that knows some landmarks and nothing else."""

    def __init__(self, *known: Landmark) -> None:
        self.landmarks = self
        self._known = known

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator["Landmarks"]:
        yield self

    async def near(self, *_: object, **__: object) -> tuple[Landmark, ...]:
        return self._known


def away_m(here: LonLat, there: LonLat) -> float:
    plane = LocalPlane(lon=here.lon, lat=here.lat)
    return float(np.hypot(*plane.to_metres(np.array([[there.lon, there.lat]]))[0]))


async def words(model: ReachModel, here: LonLat, *known: Landmark, label: str = "") -> tuple[str, str]:
    place = Place(lon=here.lon, lat=here.lat, label=label)
    near = [each for each in known if away_m(here, each.place) <= BESIDE_M]
    found = await in_words(cast("Any", Landmarks(*known)), CIRCLE, place, model, near=near)
    return found.label, found.label_en


POST = Landmark(name="岗亭", name_en="", place=at(0, 0), is_building=False)
BLOCK = Landmark(name="7栋", name_en="Block 7", place=at(-300, 100))


@pytest.mark.parametrize(
    ("here", "known", "zh", "en"),
    [
        (at(20, 5), [BLOCK], "脑科巷与湘雅路路口附近", "near the crossing of 脑科巷 and 湘雅路"),
        (at(5, 30), [], "湘雅路与脑科巷路口附近", "near the crossing of 湘雅路 and 脑科巷"),
        (
            at(120, 4),
            [BLOCK],
            "脑科巷，湘雅路路口以东约120米",
            "脑科巷, about 120 m east of the crossing with 湘雅路",
        ),
        (at(-300, 60), [BLOCK], "7栋以南约40米", "about 40 m south of Block 7"),
        (at(-310, 100), [BLOCK], "7栋附近", "near Block 7"),
        (at(-300, 100), [BLOCK], "7栋", "Block 7"),
        # A building says where; a thing at the kerb only when nothing better does.
        (at(-300, 60), [BLOCK, POST._replace(place=at(-300, 70))], "岗亭附近", "near 岗亭"),
        (at(-290, 100), [BLOCK, POST._replace(place=at(-290, 100))], "7栋附近", "near Block 7"),
        (at(20, 5), [POST._replace(place=at(20, 6))], "脑科巷与湘雅路路口附近", None),
        (at(-390, 40), [], "脑科巷以北约40米", "about 40 m north of 脑科巷"),
        (at(-390, 3), [], "脑科巷附近", "near 脑科巷"),
        # Beyond every road: whichever is nearer, and how far.
        (at(-1300, 1100), [BLOCK], "7栋西北方约1.4公里", "about 1.4 km north-west of Block 7"),
        (at(0, 900), [BLOCK], "湘雅路以北约500米", "about 500 m north of 湘雅路"),
    ],
)
async def test_a_place_is_called_by_what_is_near(
    tmp_path: Path, here: LonLat, known: list[Landmark], zh: str, en: str | None
) -> None:
    told = await words(model_of(tmp_path, CROSS), here, *known)
    assert told == (zh, en or told[1])


async def test_where_nothing_has_a_name_there_are_coordinates(tmp_path: Path) -> None:
    bare = model_of(tmp_path, [("", "", [(0.0, 0.0), (100.0, 0.0)])])
    assert await words(bare, LonLat(112.98001, 28.15)) == (
        "北纬28.15000°，东经112.98001°",
        "28.15000° N, 112.98001° E",
    )


async def test_no_alert_fails_for_want_of_words(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Landmarks):
        async def near(self, *_: object, **__: object) -> tuple[Landmark, ...]:
            raise RuntimeError

    here = at(-1300, 1100)
    place = Place(lon=here.lon, lat=here.lat)
    found = await in_words(cast("Any", Broken()), CIRCLE, place, model_of(tmp_path, CROSS), near=())
    assert found.label.startswith("北纬")
    assert caplog.messages == ["there are no words for a place"]


async def test_an_entrance_of_a_building_without_a_name_stands_behind(tmp_path: Path) -> None:
    zh, en = await words(model_of(tmp_path, CROSS), at(20, 5), label="南门")
    assert zh == "脑科巷与湘雅路路口附近 南门"
    assert en == "near the crossing of 脑科巷 and 湘雅路 南门"


@pytest.mark.parametrize(
    ("extract", "named"), [("bengbu-2017.osm.pbf", True), ("changsha-roads-2019.osm.pbf", False)]
)
async def test_anywhere_in_a_city_there_are_words(shared_data: Path, extract: str, *, named: bool) -> None:
    network = read_roads(shared_data / "osm" / extract).network
    model = ReachModel(network)
    chance = random.Random(5)  # noqa: S311 - chance, not secrecy
    told = []
    for _ in range(200):
        lon, lat = (network.vertices[chance.randrange(len(network.vertices))] / 1e7).tolist()
        here = LonLat(lon + chance.uniform(-0.002, 0.002), lat + chance.uniform(-0.002, 0.002))
        told.append(await words(model, here))
    assert all(zh and en for zh, en in told)
    with_coordinates = sum(zh.startswith("北纬") for zh, _ in told)
    if not named:
        assert with_coordinates == len(told)
    else:
        # Out in the country a road without a name may lie more than 5 km from the next that has one.
        assert with_coordinates < 10
        assert sum("路口" in zh for zh, _ in told) > 20

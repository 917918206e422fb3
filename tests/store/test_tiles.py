"""Tiles are read back with GDAL, a decoder that shares nothing with PostGIS's encoder."""

import math
from pathlib import Path
from uuid import uuid4

import geopandas
import pytest
from shapely.geometry import box

from geo.network.network import DisplayRoad
from responder.domain.ids import BuildingId, CircleId
from responder.domain.map.building import Building
from responder.domain.map.circle import Circle
from responder.store.database import PostgresDatabase

LON, LAT = 112.985, 28.158
ROADS = [
    DisplayRoad(
        road_id=number,
        coordinates=((LON - 0.01, LAT + number / 1e4), (LON + 0.01, LAT + number / 1e4)),
        highway=highway,
        name=name,
        width_m=width_m,
        oneway=0,
        layer=0,
        width_unread=highway == "road",
    )
    for number, (highway, name, width_m) in enumerate(
        [("primary", "大道", None), ("tertiary", "街", 7.0), ("road", "", None), ("footway", "脑科巷", 2.5)]
    )
]


def tile_at(lon: float, lat: float, z: int) -> tuple[int, int]:
    """Return which tile a place is in: the formula of the slippy map."""
    radians = math.radians(lat)
    y = (1 - math.asinh(math.tan(radians)) / math.pi) / 2 * 2**z
    return int((lon + 180) / 360 * 2**z), int(y)


@pytest.fixture
async def drawn(database: PostgresDatabase, circle: Circle) -> CircleId:
    outline = box(LON, LAT, LON + 0.0002, LAT + 0.0002)
    building = Building(
        id=BuildingId(circle.id),
        circle_id=circle.id,
        name="脑科巷7栋",
        name_en="Block 7",
        geometry={"type": "Polygon", "coordinates": [[list(place) for place in outline.exterior.coords]]},
        storeys=6,
        households=24,
    )
    async with database.begin() as transaction:
        assert await transaction.road_networks.replace_lines(circle.id, ROADS) == len(ROADS)
        await transaction.layer(Building).add(circle.id, [building])
    return circle.id


async def tile(database: PostgresDatabase, circle_id: CircleId, z: int) -> bytes:
    x, y = tile_at(LON, LAT, z)
    async with database.begin() as transaction:
        return await transaction.tiles.tile(circle_id, z=z, x=x, y=y)


def layer_of(encoded: bytes, name: str, folder: Path) -> geopandas.GeoDataFrame:
    path = folder / "tile.mvt"
    path.write_bytes(encoded)
    return geopandas.read_file(path, layer=name)


async def test_a_tile_holds_roads_buildings_and_names(
    database: PostgresDatabase, drawn: CircleId, tmp_path: Path
) -> None:
    encoded = await tile(database, drawn, 16)
    roads = layer_of(encoded, "roads", tmp_path)
    assert set(roads["class"]) == {"primary", "tertiary", "road", "footway"}
    alley = roads[roads["name"] == "脑科巷"].iloc[0]
    assert alley["width_m"] == 2.5
    assert list(roads[roads["width_unread"] == 1]["class"]) == ["road"]
    buildings = layer_of(encoded, "buildings", tmp_path)
    [block] = buildings.to_dict("records")
    assert (block["name"], block["storeys"], block["height_m"], block["households"]) == (
        "脑科巷7栋",
        6,
        18.0,
        24,
    )
    assert block["geometry"].geom_type == "Polygon"
    [label] = layer_of(encoded, "labels", tmp_path).to_dict("records")
    assert (label["name_en"], label["rank"]) == ("Block 7", 2)


@pytest.mark.parametrize(
    ("z", "classes"),
    [
        (9, {"primary"}),
        (12, {"primary", "tertiary", "road"}),
        (13, {"primary", "tertiary", "road", "footway"}),
    ],
)
async def test_small_roads_appear_as_one_comes_nearer(
    database: PostgresDatabase, drawn: CircleId, tmp_path: Path, z: int, classes: set[str]
) -> None:
    roads = layer_of(await tile(database, drawn, z), "roads", tmp_path)
    assert set(roads["class"]) == classes


async def test_a_tile_holds_nothing_of_elsewhere_or_of_others(
    database: PostgresDatabase, drawn: CircleId
) -> None:
    async with database.begin() as transaction:
        assert await transaction.tiles.tile(drawn, z=16, x=0, y=0) == b""
    other = Circle(id=CircleId(uuid4()), name="另", name_en="", centre=(1.0, 1.0))
    async with database.begin() as transaction:
        await transaction.circles.add(other, epoch="e")
    assert await tile(database, other.id, 16) == b""


async def test_the_poles_do_not_break_a_tile(database: PostgresDatabase, circle: Circle) -> None:
    polar = Building(
        id=BuildingId(circle.id),
        circle_id=circle.id,
        name="极",
        name_en="Pole",
        geometry={"type": "Polygon", "coordinates": [[[0, 84], [10, 84], [5, 90], [0, 84]]]},
    )
    async with database.begin() as transaction:
        await transaction.layer(Building).add(circle.id, [polar])
        x, y = tile_at(5, 84.5, 14)
        assert await transaction.tiles.tile(circle.id, z=14, x=x, y=y) == b""

"""What the demo circle is there to show, asked of the real reach model: who gets to Block 7, and how."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from shapely.geometry import shape

from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from geo.osm.roads import read_roads
from geo.reach.model import Origin, Reached, ReachModel

DEMO = Path(__file__).parents[2] / "responder" / "demo" / "data"


def features(name: str) -> dict[str, dict[str, Any]]:
    found = json.loads((DEMO / f"{name}.geojson").read_text(encoding="utf-8"))["features"]
    return {feature["id"]: feature for feature in found}


@pytest.fixture(scope="module")
def model() -> ReachModel:
    return ReachModel(read_roads(DEMO / "lanes.osm").network)


@pytest.fixture(scope="module")
def parked_cars() -> RoadClosure:
    [closure] = [
        f["properties"]["closure"] for f in features("hazards").values() if "closure" in f["properties"]
    ]
    return RoadClosure(
        id="parked-cars",
        geometry=shape(closure["geometry"]),
        wider_than_m=closure["wider_than_m"],
        name=closure["name"],
    )


def who_reaches_block_7(model: ReachModel, closures: Sequence[RoadClosure]) -> dict[str, Reached]:
    doors = [LonLat(d["lon"], d["lat"]) for d in features("buildings")["naoke-7"]["properties"]["entrances"]]
    units = [
        Origin(
            id=name,
            place=LonLat(*unit["geometry"]["coordinates"]),
            profile=unit["properties"]["profile"],
            turnout_s=unit["properties"]["turnout_s"],
        )
        for name, unit in features("units").items()
    ]
    result = model.reach(doors, units, limit_s=900, closures=closures)
    assert result.not_reached == {}  # the circle keeps its promise of fifteen minutes
    return {reached.origin_id: reached for reached in result.reached}


def test_the_engine_stops_at_the_alley_mouth_and_its_crew_walks_80_m(
    model: ReachModel, parked_cars: RoadClosure
) -> None:
    engine = who_reaches_block_7(model, [parked_cars])["fire-engine-1"]
    assert [leg.mode for leg in engine.legs] == ["drive", "walk"]
    assert 75 <= engine.legs[1].distance_m <= 85
    assert engine.stop is not None
    assert engine.stop.reason == "width"


def test_the_parked_cars_send_the_ambulance_round_by_the_south(
    model: ReachModel, parked_cars: RoadClosure
) -> None:
    without, with_cars = who_reaches_block_7(model, []), who_reaches_block_7(model, [parked_cars])
    assert "脑科巷北支" in without["hospital-ambulance"].legs[0].street_names
    assert "脑科巷南支" not in without["hospital-ambulance"].legs[0].street_names
    assert "脑科巷南支" in with_cars["hospital-ambulance"].legs[0].street_names
    assert [avoided.closure_id for avoided in with_cars["hospital-ambulance"].avoided] == ["parked-cars"]
    assert with_cars["hospital-ambulance"].response_s > without["hospital-ambulance"].response_s


def test_a_mini_engine_from_the_north_squeezes_past_the_parked_cars(
    model: ReachModel, parked_cars: RoadClosure
) -> None:
    door = features("buildings")["naoke-7"]["properties"]["entrances"][0]
    mouth = features("facilities")["hydrant-north-mouth"]["geometry"]["coordinates"]
    unit = Origin(id="mini", place=LonLat(*mouth), profile="mini_engine", turnout_s=0)
    place = [LonLat(door["lon"], door["lat"])]
    [free] = model.reach(place, [unit], limit_s=900).reached
    [squeezed] = model.reach(place, [unit], limit_s=900, closures=[parked_cars]).reached
    assert [leg.mode for leg in squeezed.legs] == ["drive"]
    assert squeezed.response_s == pytest.approx(free.response_s, abs=0.001)

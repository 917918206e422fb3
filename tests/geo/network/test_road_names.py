"""The nearest road with a name, and where it crosses another."""

import random
from pathlib import Path

import numpy as np
import pytest

from geo.coordinates.local_plane import LocalPlane
from geo.lonlat import LonLat
from geo.osm.roads import read_roads
from geo.reach.model import ReachModel

PLANE = LocalPlane(lon=112.98, lat=28.15)


def at(east_m: float, north_m: float) -> LonLat:
    [[lon, lat]] = PLANE.to_degrees(np.array([[east_m, north_m]])).tolist()
    return LonLat(lon, lat)


def model_of(folder: Path, ways: list[tuple[str, str, list[tuple[float, float]]]]) -> ReachModel:
    """Draw ways with a name and more tags through points in metres; equal points are one."""
    numbers: dict[tuple[float, float], int] = {}
    drawn = ""
    for way, (name, tags, points) in enumerate(ways, 1):
        refs = "".join(f'<nd ref="{numbers.setdefault(each, len(numbers) + 1)}"/>' for each in points)
        named = f'<tag k="name" v="{name}"/>' if name else ""
        drawn += f'<way id="{way}" version="1">{refs}<tag k="highway" v="residential"/>{named}{tags}</way>\n'
    nodes = "".join(
        f'<node id="{number}" version="1" lon="{at(*point).lon:.7f}" lat="{at(*point).lat:.7f}"/>\n'
        for point, number in numbers.items()
    )
    file = folder / "roads.osm"
    file.write_text(f'<?xml version="1.0"?>\n<osm version="0.6">\n{nodes}{drawn}</osm>\n', encoding="utf-8")
    return ReachModel(read_roads(file).network)


CROSS = [
    ("脑科巷", "", [(-400.0, 0.0), (0.0, 0.0), (400.0, 0.0)]),
    ("湘雅路", "", [(0.0, -400.0), (0.0, 0.0), (0.0, 400.0)]),
    # Nearer than any named road to some places, and crossing them; a bridge crosses without meeting.
    ("", "", [(100.0, -50.0), (100.0, 60.0)]),
    ("高架", '<tag k="bridge" v="yes"/><tag k="layer" v="1"/>', [(200.0, -300.0), (200.0, 300.0)]),
]


def test_the_nearest_named_road_and_its_crossing_with_another(tmp_path: Path) -> None:
    names = model_of(tmp_path, CROSS).road_names
    found = names.nearest(at(100, 30), within_m=250)
    assert found is not None
    assert (found.name, found.distance_m) == ("脑科巷", pytest.approx(30, abs=0.5))
    assert found.crossing is not None
    assert (found.crossing.name, found.crossing.distance_m) == ("湘雅路", pytest.approx(104.4, abs=0.5))
    [[east_m, north_m]] = PLANE.to_metres(np.array([[found.nearest.lon, found.nearest.lat]]))
    assert (east_m, north_m) == (pytest.approx(100, abs=0.5), pytest.approx(0, abs=0.5))
    over = names.nearest(at(200, 250), within_m=250)
    assert over is not None
    assert (over.name, over.crossing) == ("高架", None)
    far = names.nearest(at(-390, 5), within_m=250)
    assert far is not None
    assert (far.name, far.crossing) == ("脑科巷", None), "too far from the crossing to say much"


def test_what_is_beyond_the_limit_or_has_no_name_is_not_found(tmp_path: Path) -> None:
    names = model_of(tmp_path, CROSS).road_names
    assert names.nearest(at(-300, 260), within_m=250) is None
    assert names.nearest(at(-300, 260), within_m=5000) is not None
    bare = model_of(tmp_path, [("", "", [(0.0, 0.0), (100.0, 0.0)])]).road_names
    assert bare.nearest(at(50, 0), within_m=5000) is None


def test_a_junction_where_a_turn_is_forbidden_is_a_crossing_all_the_same(tmp_path: Path) -> None:
    model_of(tmp_path, CROSS)
    file = tmp_path / "roads.osm"
    ban = (
        '<relation id="1" version="1"><member type="way" ref="1" role="from"/>'
        '<member type="node" ref="2" role="via"/><member type="way" ref="2" role="to"/>'
        '<tag k="type" v="restriction"/><tag k="restriction" v="no_left_turn"/></relation></osm>'
    )
    file.write_text(file.read_text(encoding="utf-8").replace("</osm>", ban), encoding="utf-8")
    found = ReachModel(read_roads(file).network).road_names.nearest(at(20, 5), within_m=250)
    assert found is not None
    assert found.crossing is not None
    assert found.crossing.name == "湘雅路"


def test_crossings_are_those_that_looking_at_every_pair_of_ends_finds(shared_data: Path) -> None:
    network = read_roads(shared_data / "osm" / "bengbu-2017.osm.pbf").network
    model = ReachModel(network)
    meeting: dict[tuple[int, int], set[int]] = {}
    for road in np.flatnonzero(network.is_real_road & (network.road_name > 0)).tolist():
        for node in (network.road_from[road], network.road_to[road]):
            lon, lat = network.node_vertices[node].tolist()
            meeting.setdefault((lon, lat), set()).add(int(network.road_name[road]))
    crossings = {point: names for point, names in meeting.items() if len(names) > 1}
    chance = random.Random(3)  # noqa: S311 - chance, not secrecy
    checked = 0
    for _ in range(200):
        lon, lat = (network.vertices[chance.randrange(len(network.vertices))] / 1e7).tolist()
        here = LonLat(lon + chance.uniform(-0.001, 0.001), lat + chance.uniform(-0.001, 0.001))
        found = model.road_names.nearest(here, within_m=250)
        if found is None:
            continue
        number = network.names.index(found.name)
        plane = LocalPlane(lon=here.lon, lat=here.lat)
        away_m = [
            float(np.hypot(*plane.to_metres(np.array([point]) / 1e7)[0]))
            for point, names in crossings.items()
            if number in names
        ]
        nearest_m = min(away_m, default=1e9)
        if found.crossing is None:
            assert nearest_m > 290
        else:
            assert found.crossing.distance_m == pytest.approx(nearest_m, rel=0.01, abs=0.5)
            met = found.crossing.place
            [away] = plane.to_metres(np.array([[met.lon, met.lat]]))
            assert np.hypot(*away) == pytest.approx(found.crossing.distance_m, rel=0.01, abs=0.5)
            others = crossings[round(met.lon * 1e7), round(met.lat * 1e7)] - {number}
            assert found.crossing.name in {network.names[other] for other in others}
            checked += 1
    assert checked > 50

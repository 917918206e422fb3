"""Reach, bands and closures by `geo`, beside SciPy alone on the same roads."""

import asyncio
import itertools
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
import shapely
from scipy.sparse.csgraph import dijkstra

from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from geo.network.profiles import DEFAULT_PROFILES
from geo.reach.isochrones import isochrones
from geo.reach.model import Origin, ReachModel
from routers.questions import BANDS_S, EXPLAINED, LIMIT_S, in_turns_ms, road_spots, rows_of, units

TICK_S = 0.001
_ABOUT_DEG = 0.0004


def measure(name: str, model: ReachModel, points: int) -> dict[str, float]:
    """Measure reach of all profiles and of one, SciPy alone, and bands; medians in milliseconds."""
    network = model.network
    nodes, places = road_spots(network, points, seed=1)
    all_units, cars = units(network, *DEFAULT_PROFILES), units(network, "car")
    graphs = [rows_of(network, profile) for profile in DEFAULT_PROFILES]

    def reach(place: LonLat, origins: list[Origin]) -> None:
        model.reach([place], origins, limit_s=LIMIT_S, explain=EXPLAINED)

    def draw(place: LonLat) -> None:
        isochrones(model, [place], profile="car", limits_s=BANDS_S)

    for origins in (all_units, cars):
        reach(places[0], origins)
    draw(places[0])
    kinds = ("reach", "scipy", "one profile", "bands")
    took = in_turns_ms(
        [
            action
            for node, place in zip(nodes.tolist(), places, strict=True)
            for action in (
                lambda p=place: reach(p, all_units),
                lambda n=node: [dijkstra(g, indices=n, limit=LIMIT_S) for g in graphs],
                lambda p=place: reach(p, cars),
                lambda p=place: draw(p),
            )
        ]
    )
    found = {what: median(took[number :: len(kinds)]) for number, what in enumerate(kinds)}
    print(f"{name}, medians of {points} points, 15 minutes, 6 profiles, {len(all_units):,} origins:")
    for what, value in found.items():
        print(f"  {what:12s} {value:8.1f} ms")
    return found


def closure_ms(model: ReachModel, points: int) -> float:
    """Milliseconds until reach tells of a closure that was never seen before; the median of the places."""
    _, places = road_spots(model.network, points, seed=1)
    origins = units(model.network, *DEFAULT_PROFILES)
    numbers = itertools.count()

    def close(place: LonLat, wider_than_m: float | None) -> None:
        # Each time a hair elsewhere, so that nothing is known of it from before.
        number = next(numbers)
        around = shapely.Point(place.lon, place.lat + _ABOUT_DEG + number * 1e-9).buffer(_ABOUT_DEG)
        closure = RoadClosure(id=str(number), geometry=around, wider_than_m=wider_than_m)
        model.reach([place], origins, limit_s=LIMIT_S, closures=[closure], explain=EXPLAINED)

    bounds = itertools.cycle([None, 2.0])
    asked = zip(places, bounds, strict=False)
    return median(in_turns_ms([lambda p=place, w=bound: close(p, w) for place, bound in asked]))


def loop_blocked_ms(model: ReachModel, points: int) -> float:
    """Milliseconds that an event loop was held up at most while threads answered, as in the product."""
    _, places = road_spots(model.network, points, seed=1)
    origins = units(model.network, *DEFAULT_PROFILES)
    late_ms: list[float] = []

    async def tick() -> None:
        while True:
            start = time.perf_counter()
            await asyncio.sleep(TICK_S)
            late_ms.append((time.perf_counter() - start - TICK_S) * 1000)

    async def ask() -> None:
        ticking = asyncio.create_task(tick())
        for place in places:
            await asyncio.to_thread(model.reach, [place], origins, limit_s=LIMIT_S, explain=EXPLAINED)
            await asyncio.to_thread(isochrones, model, [place], profile="car", limits_s=BANDS_S)
        ticking.cancel()

    asyncio.run(ask())
    return max(late_ms)


def process_mib(packed: Path) -> tuple[float, float]:
    """Memory of a whole process at its largest: before it loads a network, and after it has answered."""
    worker = Path(__file__).with_name("memory_worker.py")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, worker, packed], check=True, capture_output=True, text=True, env=environment
    )
    before, after = map(float, done.stdout.split())
    return before, after


def isochrone_shares(model: ReachModel, points: int) -> tuple[float, float]:
    """Share of road points inside that are in time, and of those in time that are inside."""
    network, rng = model.network, np.random.default_rng(4)
    usable = model.ground.layers.costs(DEFAULT_PROFILES["car"]).usable & network.is_real_road
    weight = network.road_length_m * usable
    both = inside = in_time = 0
    for place in road_spots(network, points, seed=3)[1]:
        [drawn] = isochrones(model, [place], profile="car", limits_s=[LIMIT_S])
        roads = rng.choice(network.n_roads, 4000, p=weight / weight.sum())
        lines = np.array([shapely.LineString(network.coordinates(road)) for road in roads.tolist()])
        spots = shapely.get_coordinates(
            shapely.line_interpolate_point(lines, rng.random(len(roads)), normalized=True)
        )
        times = model.travel_times([place], profile="car", limit_s=LIMIT_S + 300)
        on_time = times.seconds_from([LonLat(*spot) for spot in spots.tolist()]) <= LIMIT_S
        held = shapely.contains_xy(drawn.geometry, spots[:, 0], spots[:, 1])
        both += int((held & on_time).sum())
        inside += int(held.sum())
        in_time += int(on_time.sum())
    return both / max(inside, 1), both / max(in_time, 1)

"""How long the nearest facility of all buildings takes to find, by path, on a real city's roads."""

import statistics
import time
from pathlib import Path

import numpy as np

from geo.lonlat import LonLat
from geo.osm.roads import read_roads
from geo.reach.model import ReachModel
from geo.reach.nearest import HOSE, SiteIndex

EXTRACT = Path(__file__).parents[3] / "shared" / "data" / "osm" / "porto.osm.pbf"
MIDDLE = LonLat(-8.61, 41.15)
BUILDINGS = 2000
"""With 25 households each, 50,000."""
FACILITIES = 5000
SHARE_OF_HYDRANTS = 0.2
SHARE_OF_AEDS = 0.02
CIRCLE_DEGREES = 0.015
"""From the middle to each side: a good kilometre."""
ROUNDS = 50
NEAREST_M = 1000.0
NEAREST_S = 900.0


def scattered(rng: np.random.Generator, count: int) -> list[LonLat]:
    """Return places all over the circle."""
    spread = rng.uniform(-CIRCLE_DEGREES, CIRCLE_DEGREES, (count, 2))
    return [LonLat(MIDDLE.lon + x, MIDDLE.lat + y) for x, y in spread.tolist()]


def nearest_by_path_ms() -> float | None:
    """Find the nearest hydrant and AED of all buildings: the slower of both; None without the roads."""
    if not EXTRACT.exists():
        print(f"{EXTRACT.name}: missing, so the nearest facilities are not measured")
        return None
    model = ReachModel(read_roads(EXTRACT).network)
    rng = np.random.default_rng(7)
    doors = scattered(rng, BUILDINGS)
    kinds = {
        "hydrants by hose": (int(FACILITIES * SHARE_OF_HYDRANTS), HOSE, NEAREST_M),
        "AEDs on foot": (int(FACILITIES * SHARE_OF_AEDS), None, NEAREST_S),
    }
    slowest = 0.0
    for what, (count, walker, limit) in kinds.items():
        index = SiteIndex(model=model, sites=scattered(rng, count), doors=doors, walker=walker)
        begun = time.perf_counter()
        found = index.nearest(limit=limit)
        first_ms = (time.perf_counter() - begun) * 1000
        took = []
        for _ in range(ROUNDS):
            begun = time.perf_counter()
            index.nearest(limit=limit)
            took.append((time.perf_counter() - begun) * 1000)
        median = statistics.median(took)
        covered = int((found.site >= 0).sum())
        print(f"nearest of {count} {what}: {covered} of {BUILDINGS} buildings; first {first_ms:.0f} ms")
        slowest = max(slowest, median)
    return slowest

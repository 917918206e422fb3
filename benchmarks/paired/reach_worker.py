"""
Answer one question after the other by the `geo` of one tree, and say how long each took.

Started as `reach_worker.py TREE EXTRACT`; reads and writes lines of JSON. What it needs of `geo` is found by
name in whichever module it is, so that it also runs on revisions with another layout.
"""

import gc
import importlib
import json
import pkgutil
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

LIMIT_S = 900.0
BANDS_S = [300.0, 600.0, 900.0]
EXPLAINED = 20
ABOUT_DEG = 0.0004


def everything_of(package: str) -> dict[str, Any]:
    """Return the classes and functions that a package defines, by name."""
    top = importlib.import_module(package)
    modules = [
        importlib.import_module(each.name) for each in pkgutil.walk_packages(top.__path__, f"{package}.")
    ]
    return {
        name: thing
        for module in modules
        for name, thing in vars(module).items()
        if callable(thing) and getattr(thing, "__module__", None) == module.__name__
    }


class Worker:
    """A network that is loaded, and what is asked of it."""

    def __init__(self, extract: Path) -> None:
        import shapely  # noqa: PLC0415 - of the tree's own environment

        self.shapely = shapely
        self.geo = everything_of("geo")
        self.packed = self.geo["read_roads"](extract).network.to_bytes()
        self.model: Any = None
        self.numbers = 0
        self.all_units: list[Any] = []
        self.cars: list[Any] = []

    def load(self) -> float:
        """Return the milliseconds from bytes to a model that answers."""
        self.model = None
        gc.unfreeze()
        gc.collect()
        began = time.perf_counter()
        self.model = self.geo["ReachModel"](self.geo["RoadNetwork"].from_bytes(self.packed))
        took_ms = (time.perf_counter() - began) * 1000
        # As the application does once it has loaded.
        gc.freeze()
        return took_ms

    def spots(self, count: int, seed: int) -> list[tuple[float, float]]:
        """Return ends of random roads."""
        import numpy as np  # noqa: PLC0415 - of the tree's own environment

        network = self.model.network
        real = np.flatnonzero(network.is_real_road)
        nodes = network.road_from[np.random.default_rng(seed).choice(real, count)]
        return [tuple(map(float, network.node_lonlat(int(node)))) for node in nodes]

    def post(self, posts: list[list[float]], profiles: list[str]) -> None:
        """Have units at the posts: of all profiles in turn, and the same with cars alone."""
        for units, ways in ((self.all_units, profiles), (self.cars, ["car"])):
            units[:] = [
                self.geo["Origin"](
                    id=str(i), place=self.geo["LonLat"](*post), profile=ways[i % len(ways)], turnout_s=0.0
                )
                for i, post in enumerate(posts)
            ]

    def ask(self, kind: str, lon: float, lat: float) -> float:
        """Return the milliseconds that the answer to one question takes."""
        place = self.geo["LonLat"](lon, lat)
        action: Callable[[], Any]
        if kind == "bands":
            action = lambda: self.geo["isochrones"](self.model, [place], profile="car", limits_s=BANDS_S)  # noqa: E731
        else:
            origins = self.cars if kind == "reach_one_profile" else self.all_units
            closures = [self.closure(lon, lat)] if kind == "closure" else []
            action = lambda: self.model.reach(  # noqa: E731
                [place], origins, limit_s=LIMIT_S, closures=closures, explain=EXPLAINED
            )
        began = time.perf_counter()
        action()
        return (time.perf_counter() - began) * 1000

    def closure(self, lon: float, lat: float) -> Any:  # noqa: ANN401 - of another tree
        """Return a closure near a place, each time a hair elsewhere, so that nothing is known of it."""
        self.numbers += 1
        around = self.shapely.Point(lon, lat + ABOUT_DEG + self.numbers * 1e-9).buffer(ABOUT_DEG)
        return self.geo["RoadClosure"](id=str(self.numbers), geometry=around, wider_than_m=None)


def main() -> None:
    """Answer until there are no more questions."""
    tree, extract = sys.argv[1:]
    sys.path.insert(0, tree)
    worker = Worker(Path(extract))
    answers: dict[str, Callable[..., Any]] = {
        "load": worker.load,
        "spots": worker.spots,
        "post": worker.post,
        "ask": worker.ask,
    }
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        what, *arguments = json.loads(line)
        print(json.dumps(answers[what](*arguments)), flush=True)


if __name__ == "__main__":
    main()

"""
Run by the Python of Valhalla's own environment: ask Valhalla, print the milliseconds of each answer.

Usage: valhalla_worker.py TILE_FOLDER < questions.json
"""

import json
import sys
import time
from typing import Any

from valhalla import Actor, get_config


def isochrones_ms(actor: Actor, places: list[Any], contours: list[Any]) -> list[float]:
    """Milliseconds of one isochrone for each place."""
    took = []
    for place in places:
        question = {"locations": [place], "costing": "auto", "contours": contours, "reverse": True}
        start = time.perf_counter()
        actor.isochrone(question)
        took.append((time.perf_counter() - start) * 1000)
    return took


def main() -> None:
    """Answer all questions of the standard input."""
    asked = json.load(sys.stdin)
    actor = Actor(get_config(tile_extract="", tile_dir=sys.argv[1], verbose=False))
    contours = [{"time": asked["limit_s"] / 60}]
    took: dict[str, list[float]] = {"isochrone": [], "matrix": []}
    # The first answer reads the tiles, which is not what is measured.
    passes = [isochrones_ms(actor, asked["isochrone"], contours) for _ in range(1 + asked["passes"])][1:]
    took["isochrone"] = [min(of_place) for of_place in zip(*passes, strict=True)]
    for place in asked["matrix"]:
        start = time.perf_counter()
        actor.matrix({"sources": asked["sources"], "targets": [place], "costing": "auto"})
        took["matrix"].append((time.perf_counter() - start) * 1000)
    # Valhalla itself may write to the standard output, so the answer is the last line.
    print("\n" + json.dumps(took))


if __name__ == "__main__":
    main()

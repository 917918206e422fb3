"""
Run by the Python of Valhalla's own environment: print the shortest way by car for pairs of points, in metres.

Usage: valhalla_distance_worker.py TILE_FOLDER < pairs.json. For each pair three figures, null without a way:
as Valhalla comes; with the local roads far from both ends, which it leaves out of its search; and besides
from the very junctions asked about, where it otherwise moves to a road from which more can be reached.
"""

import json
import sys
from typing import Any

from valhalla import Actor, get_config

FARTHEST_M = 1e6


def shortest_m(actor: Actor, pair: list[Any], options: dict[str, Any], **place: int) -> float | None:
    """Metres from one point to another by the shortest way."""
    question = {
        "locations": [{"lon": lon, "lat": lat, "radius": 0, **place} for lon, lat in pair],
        "costing": "auto",
        "costing_options": {"auto": {"shortest": True, **options}},
        "units": "kilometers",
        "directions_type": "none",
    }
    try:
        return float(actor.route(question)["trip"]["summary"]["length"]) * 1000
    except RuntimeError:
        return None


def main() -> None:
    """Answer for all pairs of the standard input."""
    config = get_config(tile_extract="", tile_dir=sys.argv[1], verbose=False)
    config["service_limits"]["max_distance_disable_hierarchy_culling"] = FARTHEST_M
    actor = Actor(config)
    whole = {"disable_hierarchy_pruning": True}
    found = [
        [
            shortest_m(actor, pair, {}),
            shortest_m(actor, pair, whole),
            shortest_m(actor, pair, whole, minimum_reachability=0),
        ]
        for pair in json.load(sys.stdin)
    ]
    # Valhalla itself may write to the standard output, so the answer is the last line.
    print("\n" + json.dumps(found))


if __name__ == "__main__":
    main()

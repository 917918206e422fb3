"""
As a process of its own load a packed network and answer by every profile.

Prints the most memory in MiB before that, with everything imported and compiled, and after it.
"""

import re
import sys
from pathlib import Path

from geo.lonlat import LonLat
from geo.network.network import RoadNetwork
from geo.network.profiles import DEFAULT_PROFILES
from geo.reach.isochrones import isochrones
from geo.reach.model import ReachModel
from geo.testing import straight_street
from routers.questions import BANDS_S, EXPLAINED, LIMIT_S, road_spots, units


def most_mib() -> float:
    """Give the most memory that this process has had."""
    # The usual figure of a process's largest memory starts with that of the process it came from.
    found = re.search(
        r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE
    )
    return int(found[1]) / 1024 if found else float("nan")


if __name__ == "__main__":
    town = ReachModel(straight_street(length_m=600))
    town.reach([LonLat(113.0, 28.0)], [], limit_s=LIMIT_S)
    isochrones(town, [LonLat(113.0, 28.0)], profile="car", limits_s=BANDS_S)
    before_mib = most_mib()
    model = ReachModel(RoadNetwork.from_bytes(Path(sys.argv[1]).read_bytes()))
    _, places = road_spots(model.network, 3, seed=1)
    origins = units(model.network, *DEFAULT_PROFILES)
    for place in places:
        model.reach([place], origins, limit_s=LIMIT_S, explain=EXPLAINED)
        isochrones(model, [place], profile="car", limits_s=BANDS_S)
    print(before_mib, most_mib())

"""As a process of its own load a packed network, answer by every profile, print the most memory in MiB."""

import re
import sys
from pathlib import Path

from geo.isochrone import isochrones
from geo.network import RoadNetwork
from geo.profiles import DEFAULT_PROFILES
from geo.reach import ReachModel
from routers.questions import BANDS_S, EXPLAINED, LIMIT_S, road_spots, units

if __name__ == "__main__":
    model = ReachModel(RoadNetwork.from_bytes(Path(sys.argv[1]).read_bytes()))
    _, places = road_spots(model.network, 3, seed=1)
    origins = units(model.network, *DEFAULT_PROFILES)
    for place in places:
        model.reach([place], origins, limit_s=LIMIT_S, explain=EXPLAINED)
        isochrones(model, [place], profile="car", limits_s=BANDS_S)
    # The usual figure of a process's largest memory starts with that of the process it came from.
    found = re.search(
        r"^VmHWM:\s+(\d+) kB$", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE
    )
    print(int(found[1]) / 1024 if found else float("nan"))

"""Benchmarks that ask two revisions question by question: what takes twice as long is told to."""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.paired import alert

ROOT = Path(__file__).parents[1]
GEO = """
import time
import numpy as np

# A clock of its own, so that the load of the machine does not matter.
passed_s = 0.0
time.perf_counter = lambda: passed_s

def work(seconds):
    global passed_s
    passed_s += seconds

class RoadNetwork:
    is_real_road = np.ones(4, dtype=bool)
    road_from = np.arange(4)
    def to_bytes(self): return b""
    @classmethod
    def from_bytes(cls, packed): work({load}); return cls()
    def node_lonlat(self, node): return (113.0, 28.0 + node)

class Read:
    network = RoadNetwork()

def read_roads(extract): return Read()

class Thing:
    def __init__(self, *given, **named): pass

class LonLat(Thing): pass
class Origin(Thing): pass
class RoadClosure(Thing): pass

class ReachModel:
    def __init__(self, network): self.network = network
    def reach(self, places, origins, *, limit_s, closures, explain): work({reach})

def isochrones(model, places, *, profile, limits_s): work(0.01)
"""
COSTS = {alert.BEFORE: 4, alert.NOW: 2, alert.FLOOR: 1}
WORKER = """
import asyncio, sys
from contextlib import asynccontextmanager

sys.path[:0] = [sys.argv[1], {root!r}]
from benchmarks.paired.alert_worker import Round, raise_when_told
from cost.value import COST

@asynccontextmanager
async def opened(size):
    print("what the installation says itself")
    rounds = iter(range(100))
    async def one_round():
        # The first finds cold caches.
        cost = COST * size * (1 if next(rounds) else 50)
        return Round(commit_ms=cost, heard_ms=cost, receipt_p99_ms=2 * cost, cpu_ms=cost * COST)
    yield one_round

asyncio.run(raise_when_told(opened, [int(size) for size in sys.argv[2:]]))
"""


def tree(folder: Path, module: str, text: str) -> Path:
    path = folder / module
    path.parent.mkdir(parents=True)
    (path.parent / "__init__.py").touch()
    path.write_text(text)
    python = folder / ".venv" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    python.chmod(0o755)
    return folder


def compare(name: str, before: Path, now: Path, *arguments: str) -> dict[str, float]:
    program = [sys.executable, ROOT / "benchmarks" / "paired" / f"{name}.py"]
    done = subprocess.run(  # noqa: S603 - our own program
        [*program, "--before", before, "--now", now, "--pairs", "1", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={"PATH": os.environ["PATH"]},
    )
    assert done.returncode == 0, done.stderr
    lines = (line.split(" ") for line in done.stdout.splitlines())
    return {figure: float(ratio) for figure, ratio in lines}


def test_reach_is_asked_of_each_tree_s_own_geo(tmp_path: Path) -> None:
    # In another module of each: where it is does not matter.
    before = tree(tmp_path / "before", "geo/here.py", GEO.format(load=0.02, reach=0.01))
    now = tree(tmp_path / "now", "geo/there.py", GEO.format(load=0.02, reach=0.03))

    ratios = compare("reach", before, now, "--points", "5", "--extract", __file__)

    assert ratios == {
        "network_load_ms_vs_before": 1,
        "reach_ms_vs_before": 3,
        "reach_one_profile_ms_vs_before": 3,
        "bands_ms_vs_before": 1,
        "closure_ms_vs_before": 3,
    }


def test_alerts_of_each_tree_and_of_the_floor_are_compared_by_size(tmp_path: Path) -> None:
    program = tmp_path / "worker.py"
    program.write_text(WORKER.format(root=str(ROOT)))
    sizes = (4, 1000)
    trees = {name: tree(tmp_path / name, "cost/value.py", f"COST = {cost}\n") for name, cost in COSTS.items()}
    workers = {
        name: alert.Worker(program, each, (1000,) if name == alert.FLOOR else sizes)
        for name, each in trees.items()
    }

    found = alert.in_turn(workers, sizes, pairs=1)
    for worker in workers.values():
        worker.end()

    assert {size: len(rounds) for size, rounds in found.items()} == {
        size: alert.ROUNDS[size] for size in sizes
    }
    assert alert.ratios(found) == {
        "cpu_per_alert_4_vs_before": 0.25,
        "receipt_p99_4_vs_before": 0.5,
        "commit_p50_4_vs_before": 0.5,
        "cpu_per_alert_1000_vs_before": 0.25,
        "receipt_p99_1000_vs_before": 0.5,
        "commit_p50_vs_before": 0.5,
        "alert_vs_floor": 4,
    }

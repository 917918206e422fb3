"""Benchmarks that ask two revisions question by question: what takes twice as long is told to."""

import os
import subprocess
import sys
from pathlib import Path

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
ALERT = """
import argparse, asyncio
from dataclasses import dataclass

@dataclass
class Round:
    commit_ms: float
    receipts_ms: list

async def one_round(staff, phones):
    return Round(commit_ms={commit}, receipts_ms=[{commit}, {commit} * phones])

async def measure(sockets, rounds):
    for number in range(rounds + 1):
        await one_round(None, sockets)

def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--port", type=int)
    arguments.add_argument("--rounds", type=int)
    chosen = arguments.parse_args()
    print("what the benchmark says itself")
    for sockets in (4, 100):
        asyncio.run(measure(sockets, chosen.rounds))
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


def test_alerts_are_raised_by_each_tree_s_own_benchmark(tmp_path: Path) -> None:
    before = tree(tmp_path / "before", "benchmarks/alert.py", ALERT.format(commit=10))
    now = tree(tmp_path / "now", "benchmarks/alert.py", ALERT.format(commit=15))

    assert compare("alert", before, now) == {
        "alert_commit_ms_vs_before": 1.5,
        "first_receipt_ms_4_vs_before": 1.5,
        "last_receipt_ms_4_vs_before": 1.5,
        "last_receipt_ms_100_vs_before": 1.5,
    }

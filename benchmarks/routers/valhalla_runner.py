"""Valhalla through pyvalhalla, in an environment of its own, where a Python is found that it runs on."""

import hashlib
import json
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from geo.network.network import RoadNetwork
from routers.questions import LIMIT_S, PASSES, road_spots, units

_LEAST = (3, 12)
_WANTED = "pyvalhalla>=3.5"
_NAMES = ("python3.14", "python3.13", "python3.12", "python3", "python")
_HOUR_S = 3600


class MissingError(Exception):
    """Valhalla cannot be measured here, and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Medians in milliseconds, one profile."""

    isochrone_ms: float
    matrix_ms: float
    """1,000 sources to one place."""


def measure(network: RoadNetwork, extract: Path, *, folder: Path, points: int, matrices: int) -> Answers:
    """
    Ask Valhalla what ours is asked.

    Parameters
    ----------
    network
        For the places and posts.
    extract
        The OpenStreetMap file both are made from.
    folder
        Where the environment and the tiles are kept from one run to the next.
    points
        Places asked about.
    matrices
        How many of them the slow matrix is asked for.

    Raises
    ------
    MissingError
        No fitting Python, or pyvalhalla cannot be installed or does not work.
    """
    bin_folder = _environment(folder)
    tiles = _tiles(bin_folder, extract, folder=folder)
    _, places = road_spots(network, points, seed=1)
    asked = [{"lon": place.lon, "lat": place.lat} for place in places]
    questions = {
        "limit_s": LIMIT_S,
        "passes": PASSES,
        "isochrone": asked,
        "matrix": asked[:matrices],
        "sources": [{"lon": unit.place.lon, "lat": unit.place.lat} for unit in units(network, "car")],
    }
    worker = Path(__file__).with_name("valhalla_worker.py")
    said = _run([bin_folder / "python", worker, tiles], bin_folder, given=json.dumps(questions))
    took = json.loads(said.strip().splitlines()[-1])
    return Answers(isochrone_ms=median(took["isochrone"]), matrix_ms=median(took["matrix"]))


def shortest_m(
    pairs: Sequence[Sequence[tuple[float, float]]], extract: Path, *, folder: Path
) -> list[tuple[float | None, ...]]:
    """
    Ask Valhalla for the shortest way by car of each pair of points, in metres.

    Returns
    -------
    found
        For each pair as Valhalla comes, with all local roads in its search, and besides from the very
        junctions; `None` without a way.

    Raises
    ------
    MissingError
        As for `measure`.
    """
    bin_folder = _environment(folder)
    tiles = _tiles(bin_folder, extract, folder=folder)
    worker = Path(__file__).with_name("valhalla_distance_worker.py")
    said = _run([bin_folder / "python", worker, tiles], bin_folder, given=json.dumps(pairs))
    return [tuple(figures) for figures in json.loads(said.strip().splitlines()[-1])]


def _pythons() -> Iterator[Path]:
    """Every Python of the path and of pyenv."""
    for name in _NAMES:
        found = shutil.which(name)
        if found:
            yield Path(found)
    roots = [Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv")]
    pyenv = shutil.which("pyenv")
    if pyenv:
        told = subprocess.run([pyenv, "root"], check=False, capture_output=True, text=True)  # noqa: S603 - off the path
        roots.append(Path(told.stdout.strip() or roots[0]))
    for root in dict.fromkeys(roots):
        yield from sorted(root.glob("versions/*/bin/python"), reverse=True)


def _fits(python: Path) -> bool:
    question = f"import sys, venv, ensurepip; sys.exit(sys.version_info[:2] < {_LEAST})"
    done = subprocess.run([python, "-c", question], check=False, capture_output=True)  # noqa: S603 - off the path
    return done.returncode == 0


def _environment(folder: Path) -> Path:
    """Make the environment where there is none yet, and give the folder of its programs."""
    bin_folder = folder / "venv" / "bin"
    if (bin_folder / "valhalla_build_tiles").exists():
        return bin_folder
    python = next((python for python in _pythons() if _fits(python)), None)
    if python is None:
        message = f"no Python {_LEAST[0]}.{_LEAST[1]} or newer was found on the path or in pyenv"
        raise MissingError(message)
    folder.mkdir(parents=True, exist_ok=True)
    print(f"Valhalla: making an environment with {_WANTED}")
    _run([python, "-m", "venv", "--clear", folder / "venv"], bin_folder)
    _run([bin_folder / "python", "-m", "pip", "install", "--quiet", _WANTED], bin_folder)
    return bin_folder


def _tiles(bin_folder: Path, extract: Path, *, folder: Path) -> Path:
    """Build the tiles of an extract once."""
    name = hashlib.sha256(extract.read_bytes()).hexdigest()[:12]
    tiles = folder / f"tiles-{name}"
    if tiles.exists():
        return tiles
    print(f"Valhalla: building the tiles of {extract.name}")
    making = folder / f"making-{name}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir()
    config = folder / f"config-{name}.json"
    config.write_text(_run([bin_folder / "valhalla_build_config", "--mjolnir-tile-dir", making], bin_folder))
    _run([bin_folder / "valhalla_build_tiles", "-c", config, extract], bin_folder)
    # Only whole tiles get the name that is looked for.
    making.rename(tiles)
    return tiles


def _run(command: list[str | Path], bin_folder: Path, *, given: str | None = None) -> str:
    # Valhalla's programs look for one another on the path.
    environment = {**os.environ, "PATH": f"{bin_folder}{os.pathsep}{os.environ.get('PATH', '')}"}
    try:
        done = subprocess.run(  # noqa: S603 - programs of the environment just made
            command,
            check=True,
            capture_output=True,
            text=True,
            input=given,
            env=environment,
            timeout=_HOUR_S,
        )
    except (OSError, subprocess.SubprocessError) as error:
        told = getattr(error, "stderr", None) or str(error)
        message = (
            f"{Path(command[0]).name} failed: {told.strip().splitlines()[-1] if told.strip() else error}"
        )
        raise MissingError(message) from error
    return done.stdout

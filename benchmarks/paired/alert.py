"""
Raise alerts in the installations of two revisions and in a bare floor in turn, and print how they compare.

All are up at once, each with a database of its own. An alert is raised in one and then in the next, in an
order that changes, so that other load of the machine weighs on all. For each number of sockets, of which at
most 1,000 belong to people who are called:

cpu_per_alert_N_vs_before   processor time, user and system, of gateway, interface and database for one
                            alert, until they are at rest again, above what they use idle: all rounds
receipt_p99_N_vs_before     from the POST until 99 of 100 receipts are in the database: median of the pairs
commit_p50_N_vs_before      from the POST until it is answered, after the commit: the ratio of the medians;
                            of 1,000 sockets it is commit_p50_vs_before
alert_vs_floor              processor time of an alert to 1,000 by that of benchmarks/fleet/floor.py

What they are by themselves, and the range of the middle half, is on stderr.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

SIZES = (4, 100, 1000)
"""Sockets that are opened, one size after the other."""
FLOOR_SIZE = 1000
ROUNDS = {4: 4, 100: 3, 1000: 3}
"""Alerts for each pair that is asked for; small ones are cheap, and counted in ticks of the clock."""
OUR_WORKER = Path(__file__).with_name("alert_worker.py")
FLOOR_WORKER = Path(__file__).with_name("floor_worker.py")
Round = Mapping[str, float]
BEFORE, NOW, FLOOR = "before", "now", "floor"


class Worker:
    """One revision, or the floor, up and waiting for its next round."""

    def __init__(self, program: Path, tree: Path, sizes: Sequence[int]) -> None:
        python = tree / ".venv" / "bin" / "python"
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [python, "-P", program, tree, *map(str, sizes)],
            cwd=tree,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def wait_for(self, what: str) -> Any:  # noqa: ANN401 - by what it is
        """Return what the worker says of it next."""
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        for line in self._process.stdout:
            if line.startswith("::"):
                said, told = json.loads(line[2:])
                if said == what:
                    return told
        sys.exit(f"a worker ended with {self._process.wait()}")

    def one_round(self) -> Round:
        """Return what one alert took."""
        self._tell("go")
        return dict(self.wait_for("round"))

    def next_size(self) -> None:
        """Have the sockets closed, and as many as come next opened."""
        self._tell("next")

    def end(self) -> None:
        """Have everything stopped: whatever it was at, its input has ended."""
        self._process.communicate()

    def _tell(self, word: str) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        self._process.stdin.write(f"{word}\n")
        self._process.stdin.flush()


def in_turn(
    workers: Mapping[str, Worker], sizes: Sequence[int], *, pairs: int
) -> dict[int, list[dict[str, Round]]]:
    """Return the rounds of all by the number of sockets."""
    found: dict[int, list[dict[str, Round]]] = {}
    for size in sizes:
        here = {name: each for name, each in workers.items() if name != FLOOR or size == FLOOR_SIZE}
        for worker in here.values():
            worker.wait_for("ready")
        found[size] = []
        for number in range(ROUNDS.get(size, 1) * pairs + 1):
            order = list(here) if number % 2 == 0 else [*reversed(here)]
            told = {name: here[name].one_round() for name in order}
            # The first finds cold caches.
            if number:
                found[size].append(told)
        for worker in here.values():
            worker.next_size()
        print(f"{size} sockets, medians: {_medians(found[size])}", file=sys.stderr, flush=True)
    return found


def _medians(rounds: Sequence[Mapping[str, Round]]) -> str:
    return "; ".join(
        f"{name} " + " ".join(f"{what} {_median(rounds, name, what):.0f}" for what in rounds[0][name])
        for name in rounds[0]
    )


def _median(rounds: Sequence[Mapping[str, Round]], name: str, what: str) -> float:
    return statistics.median(each[name][what] for each in rounds)


def ratios(found: Mapping[int, Sequence[Mapping[str, Round]]]) -> dict[str, float]:
    """Return each figure by its name; how far apart its pairs are is said on stderr."""
    figures: dict[str, float] = {}
    for size, rounds in found.items():

        def pairs(what: str, rounds: Sequence[Mapping[str, Round]] = rounds) -> list[float]:
            return [each[NOW][what] / each[BEFORE][what] for each in rounds if each[BEFORE][what]]

        receipts = pairs("receipt_p99_ms")
        commits = _median(rounds, NOW, "commit_ms") / _median(rounds, BEFORE, "commit_ms")
        of_size = {
            f"cpu_per_alert_{size}_vs_before": (_sum(rounds, NOW) / _sum(rounds, BEFORE), pairs("cpu_ms")),
            f"receipt_p99_{size}_vs_before": (statistics.median(receipts), receipts),
            f"commit_p50{'' if size == FLOOR_SIZE else f'_{size}'}_vs_before": (commits, pairs("commit_ms")),
        }
        for name, (ratio, spread) in of_size.items():
            figures[name] = ratio
            low, _, high = statistics.quantiles(spread, n=4, method="inclusive") if spread[1:] else spread * 3
            print(f"{name}: {low:.3f} to {high:.3f}, the middle half of {len(spread)}", file=sys.stderr)
        if FLOOR in rounds[0]:
            figures["alert_vs_floor"] = _sum(rounds, NOW) / _sum(rounds, FLOOR)
    return figures


def _sum(rounds: Sequence[Mapping[str, Round]], name: str) -> float:
    return sum(each[name]["cpu_ms"] for each in rounds)


def main() -> None:
    """Compare, then print the plain lines."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--now", type=Path, required=True)
    parser.add_argument(
        "--pairs", type=int, default=5, help="so many times 4, 3 and 3 alerts; of other sizes 1"
    )
    parser.add_argument(
        "--sockets",
        type=int,
        nargs="+",
        default=SIZES,
        help="such as 10000, which takes long and much memory",
    )
    options = parser.parse_args()
    trees = {BEFORE: options.before.resolve(), NOW: options.now.resolve()}
    workers = {name: Worker(OUR_WORKER, tree, options.sockets) for name, tree in trees.items()}
    if FLOOR_SIZE in options.sockets:
        workers[FLOOR] = Worker(FLOOR_WORKER, trees[NOW], [FLOOR_SIZE])
    try:
        found = in_turn(workers, options.sockets, pairs=options.pairs)
    finally:
        for worker in workers.values():
            worker.end()
    for name, ratio in ratios(found).items():
        print(f"{name} {ratio:.3f}")


if __name__ == "__main__":
    main()

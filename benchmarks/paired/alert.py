"""
Raise alerts in the installations of two revisions in turn, and print how their times compare.

Both are up at once, each with a database of its own, and each is driven by its own benchmark. An alert is
raised in one and then in the other, in an order that changes, so that other load of the machine weighs on
both. A ratio is the median over the pairs; the range of the middle half is on stderr.
"""

import argparse
import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

PORT = 8122
"""The first of four."""
SIZES = (4, 100)
"""Sockets that the benchmark opens, one size after the other."""
Round = dict[str, Any]


class Installation:
    """One revision, up and waiting for its next round."""

    def __init__(self, tree: Path, *, port: int, rounds: int) -> None:
        worker = Path(__file__).with_name("alert_worker.py")
        python = tree / ".venv" / "bin" / "python"
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [python, "-P", worker, tree, "--port", str(port), "--rounds", str(rounds)],
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
        """Return the times of one alert."""
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return dict(self.wait_for("round"))

    def end(self) -> None:
        """Let the benchmark come to its end, which stops the installation."""
        self._process.communicate()


FIGURES: dict[str, tuple[tuple[int, ...], Callable[[Round], float]]] = {
    "alert_commit_ms": (SIZES, lambda told: float(told["commit_ms"])),
    "first_receipt_ms_4": ((4,), lambda told: float(min(told["receipts_ms"]))),
    "last_receipt_ms_4": ((4,), lambda told: float(max(told["receipts_ms"]))),
    "last_receipt_ms_100": ((100,), lambda told: float(max(told["receipts_ms"]))),
}


def in_turn(before: Installation, now: Installation, *, rounds: int) -> dict[int, list[tuple[Round, Round]]]:
    """Return pairs of rounds by the number of sockets."""
    found: dict[int, list[tuple[Round, Round]]] = {size: [] for size in SIZES}
    for size in SIZES:
        for number in range(rounds + 1):
            told = {}
            for each in (before, now) if number % 2 == 0 else (now, before):
                if size != SIZES[0] and number == 0:
                    # Other sockets are opened first.
                    each.wait_for("waiting")
                told[each] = each.one_round()
                if number < rounds:
                    each.wait_for("waiting")
            # The first finds cold caches.
            if number:
                found[size].append((told[before], told[now]))
    return found


def main() -> None:
    """Compare, then print the plain lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--now", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=5, help="a third of the alerts of each size")
    options = parser.parse_args()
    rounds = 3 * options.pairs
    both = []
    for number, tree in enumerate((options.before, options.now)):
        installation = Installation(tree.resolve(), port=PORT + 2 * number, rounds=rounds)
        installation.wait_for("waiting")
        both.append(installation)
    before, now = both
    try:
        found = in_turn(before, now, rounds=rounds)
    finally:
        for installation in both:
            installation.end()
    ratios = {
        name: [of(after) / of(earlier) for size in sizes for earlier, after in found[size]]
        for name, (sizes, of) in FIGURES.items()
    }
    for name, each in ratios.items():
        low, _, high = statistics.quantiles(each, n=4, method="inclusive")
        print(f"{name}: {low:.3f} to {high:.3f}, the middle half of {len(each)}", file=sys.stderr)
    for name, each in ratios.items():
        print(f"{name}_vs_before {statistics.median(each):.3f}")


if __name__ == "__main__":
    main()

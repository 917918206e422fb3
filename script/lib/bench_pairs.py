"""
Ask two trees for the figures of one benchmark in turn, and print how today's compare with before.

Each tree is asked by its own script/bench, so that what was renamed since does not matter. The order changes
with each pair (before, now, now, before): a machine that warms up or fills up weighs on both alike. The ratio
of a figure is the median over the pairs; the range is on stderr.
"""

import argparse
import re
import statistics
import subprocess
import sys
from pathlib import Path

FIGURE = re.compile(r"^([a-z]\w*_\w+) (-?\d[\d.e+-]*)(?: \(.*\))?$", re.MULTILINE)


def ask(tree: Path, arguments: list[str]) -> dict[str, float]:
    """Return the figures of one run."""
    done = subprocess.run(  # noqa: S603 - the project's own script
        [tree / "script" / "bench", *arguments], cwd=tree, stdout=subprocess.PIPE, text=True, check=False
    )
    if done.returncode != 0:
        sys.exit(f"{done.stdout}{tree}: script/bench ended with {done.returncode}")
    return {name: float(value) for name, value in FIGURE.findall(done.stdout)}


def in_turn(
    before: Path, now: Path, arguments: list[str], *, pairs: int
) -> list[tuple[dict[str, float], ...]]:
    """Return the figures of both, pair by pair."""
    found = []
    for number in range(pairs):
        trees = (before, now) if number % 2 == 0 else (now, before)
        asked = {}
        for tree in trees:
            word = "before" if tree == before else "now"
            print(f"pair {number + 1} of {pairs}, {word}", file=sys.stderr, flush=True)
            asked[tree] = ask(tree, arguments)
            print(
                "  " + ", ".join(f"{name} {value:g}" for name, value in asked[tree].items()), file=sys.stderr
            )
        found.append((asked[before], asked[now]))
    return found


def ratios(pairs: list[tuple[dict[str, float], ...]]) -> dict[str, list[float]]:
    """Return now by before for each figure that both have in every pair, and name those left out."""
    everywhere = set.intersection(*(set(run) for pair in pairs for run in pair))
    anywhere = {name: None for pair in pairs for run in pair for name in run}
    left_out = {name for name in everywhere if not all(before[name] for before, _ in pairs)}
    for name in anywhere:
        if name not in everywhere or name in left_out:
            why = "is zero before" if name in left_out else "is not in every run of both"
            print(f"{name} {why}, so it is not compared", file=sys.stderr)
    return {
        name: [now[name] / before[name] for before, now in pairs]
        for name in anywhere
        if name in everywhere - left_out
    }


def main() -> None:
    """Ask both in turn, and print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__, add_help=False)
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--now", type=Path, required=True)
    parser.add_argument("--pairs", type=int, required=True)
    options, arguments = parser.parse_known_args()
    if options.pairs < 1:
        parser.error("there must be one pair at least")
    found = ratios(in_turn(options.before, options.now, arguments, pairs=options.pairs))
    if not found:
        sys.exit("no figure is in every run of both")
    for name, each in found.items():
        print(f"{name}: {min(each):.3f} to {max(each):.3f} of {len(each)} pairs", file=sys.stderr)
    for name, each in found.items():
        print(f"{name}_vs_before {statistics.median(each):.3f}")


if __name__ == "__main__":
    main()

"""
Ask two revisions of `geo` the same questions of a real city in turn, and print how their times compare.

Each has a process of its own that stays loaded; a question goes to one and then to the other, in an order
that changes, so that other load of the machine weighs on both. Of the passes the least time of each question
counts. A ratio is the median over the places; the range of the middle half is on stderr.
"""

import argparse
import json
import statistics
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parents[2]
EXTRACT = ROOT.parent / "shared" / "data" / "osm" / "porto.osm.pbf"
KINDS = ("reach", "reach_one_profile", "bands", "closure")
PROFILES = ("foot", "car", "ambulance", "fire_engine", "mini_engine", "ebike")
N_POSTS = 1000


class Answering:
    """A revision that answers."""

    def __init__(self, tree: Path, extract: Path) -> None:
        worker = Path(__file__).with_name("reach_worker.py")
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [tree / ".venv" / "bin" / "python", "-P", worker, tree, extract],
            cwd=tree,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._answer()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.terminate()
        self._process.wait()

    def ask(self, *question: object) -> Any:  # noqa: ANN401 - by the question
        """Return the answer to one question."""
        assert self._process.stdin is not None  # noqa: S101 - it was asked for
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:  # noqa: ANN401 - by the question
        assert self._process.stdout is not None  # noqa: S101 - it was asked for
        line = self._process.stdout.readline()
        if not line:
            sys.exit(f"a worker ended with {self._process.wait()}")
        return json.loads(line)


def compare(
    before: Answering, now: Answering, questions: list[tuple[object, ...]], *, passes: int
) -> list[float]:
    """Return now by before for each question."""
    least: dict[tuple[int, Answering], float] = {}
    for turn in range(passes):
        for number, question in enumerate(questions):
            for each in (before, now) if (turn + number) % 2 == 0 else (now, before):
                took = each.ask(*question)
                least[number, each] = min(took, least.get((number, each), took))
    return [least[number, now] / least[number, before] for number in range(len(questions))]


def main() -> int:
    """Compare, then print the plain lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--now", type=Path, required=True)
    parser.add_argument("--pairs", type=int, default=5, help="how often each question is asked of both")
    parser.add_argument("--points", type=int, default=25)
    parser.add_argument("--extract", type=Path, default=EXTRACT)
    options = parser.parse_args()
    if not options.extract.exists():
        print(f"{options.extract.name} is not among the shared data: nothing can be measured")
        return 1
    found: dict[str, list[float]] = {}
    with ExitStack() as both:
        before, now = (
            both.enter_context(Answering(tree.resolve(), options.extract))
            for tree in (options.before, options.now)
        )
        found["network_load_ms"] = compare(before, now, [("load",)] * 3, passes=options.pairs)
        posts, places = now.ask("spots", N_POSTS, 2), now.ask("spots", options.points, 1)
        for each in (before, now):
            each.ask("post", posts, PROFILES)
            for kind in KINDS:
                each.ask("ask", kind, *places[0])
        for kind in KINDS:
            questions: list[tuple[object, ...]] = [("ask", kind, *place) for place in places]
            found[f"{kind}_ms"] = compare(before, now, questions, passes=options.pairs)
    for name, ratios in found.items():
        low, _, high = statistics.quantiles(ratios, n=4, method="inclusive")
        print(f"{name}: {low:.3f} to {high:.3f}, the middle half of {len(ratios)}", file=sys.stderr)
    for name, ratios in found.items():
        print(f"{name}_vs_before {statistics.median(ratios):.3f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

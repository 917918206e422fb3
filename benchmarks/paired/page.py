"""
Open the pages of two revisions in turn, and print how their times compare.

Both installations are up at once, each behind a slow line of its own, and one Chromium visits one and then
the other, in an order that changes. A ratio is the median over the pairs; the range is on stderr. What is of
today's page alone is printed as it is.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from playwright.async_api import Browser

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.visits.installation import Installation, installed
from benchmarks.visits.line import Line, slow_line
from benchmarks.visits.visits import chromium, phone

PORT = 8420
"""The first of six."""
REPEATS = 2
"""Visits after each first one."""
COMPARED = ("repeat_visit_ms", "first_visit_ms")
OF_NOW = ("requests_repeat", "requests_to_card", "kib_first", "card_from_notification_ms")
Figures = dict[str, float]


@dataclass(kw_only=True)
class Revision:
    """One revision, up behind its line."""

    place: Installation
    line: Line
    found: list[Figures] = field(default_factory=list)


async def visit(browser: Browser, revision: Revision, *, notified: bool) -> Figures:
    """Have a new phone come for the first time, and then again."""
    async with phone(browser, revision.place, revision.line) as owner:
        figures = await owner.first_visit()
        again = [await owner.repeat_visit() for _ in range(REPEATS)]
        figures |= {name: statistics.mean(each[name] for each in again) for name in again[0]}
        return figures | (await owner.notification() if notified else {})


async def in_turn(trees: dict[str, Path], folder: Path, *, pairs: int) -> dict[str, list[Figures]]:
    """Return the figures of each revision, pair by pair."""
    async with AsyncExitStack() as stack:
        revisions = {}
        for number, (name, tree) in enumerate(trees.items()):
            port = PORT + 3 * number
            place = await stack.enter_async_context(installed(tree, folder / name, port=port))
            line = await stack.enter_async_context(slow_line(port, page_port=port + 1, live_port=port + 2))
            revisions[name] = Revision(place=place, line=line)
        browser = await stack.enter_async_context(chromium())
        for number in range(pairs):
            order = list(revisions) if number % 2 == 0 else [*reversed(revisions)]
            for name in order:
                figures = await visit(browser, revisions[name], notified=name == "now")
                revisions[name].found.append(figures)
                said = ", ".join(f"{what} {value:.0f}" for what, value in figures.items())
                print(f"pair {number + 1} of {pairs}, {name}: {said}", file=sys.stderr, flush=True)
        return {name: revision.found for name, revision in revisions.items()}


def main() -> None:
    """Print the ratios, and what is of today's page alone."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--before", type=Path, required=True)
    parser.add_argument("--now", type=Path, required=True)
    parser.add_argument("--pairs", type=int, required=True)
    options = parser.parse_args()
    trees = {"before": options.before, "now": options.now}
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as folder:
        Path(folder).chmod(0o755)
        found = asyncio.run(in_turn(trees, Path(folder), pairs=options.pairs))
    for name in COMPARED:
        ratios = [now[name] / before[name] for before, now in zip(found["before"], found["now"], strict=True)]
        print(f"{name}: {min(ratios):.3f} to {max(ratios):.3f} of {len(ratios)} pairs", file=sys.stderr)
        print(f"{name.removesuffix('_ms')}_vs_before {statistics.median(ratios):.3f}")
    for name in OF_NOW:
        print(f"{name} {statistics.median(each[name] for each in found['now']):.0f}")


if __name__ == "__main__":
    main()

"""
How soon an alert is on the screen of a cheap phone: first visit, next visits, a notification that is tapped.

kib_first is all that comes down at a first visit while one alert is open, until the line is at rest: the
page, the map's library, words, what the circle has, and tiles of the map. Other incidents are ended before,
as staff do. On a machine so busy that the line does not come to rest, the page goes on asking, and it grows.

Chromium at 390x844 with a processor four times slower, over a line of 150 ms and 1.6 Mbit/s. Compare with
another revision by --baseline: alone, these times say as much about the machine as about the page.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.visits.installation import installed
from benchmarks.visits.line import slow_line
from benchmarks.visits.visits import chromium, phone

ROOT = Path(__file__).resolve().parents[1]


async def measure(folder: Path, *, port: int, visits: int) -> dict[str, float]:
    """Return the median of each figure."""
    found: dict[str, list[float]] = {}
    async with (
        installed(ROOT, folder / "data", port=port) as place,
        slow_line(port, page_port=port + 1, live_port=port + 2) as line,
        chromium() as browser,
        phone(browser, place, line) as owner,
    ):
        for visit in (owner.first_visit, *[owner.repeat_visit, owner.notification] * visits):
            for name, value in (await visit()).items():
                found.setdefault(name, []).append(value)
                print(f"  {name} {value:.0f}", file=sys.stderr, flush=True)
    return {name: statistics.median(values) for name, values in found.items()}


def main() -> None:
    """Print the figures."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--port", type=int, default=8410, help="the first of three")
    arguments.add_argument("--visits", type=int, default=3)
    chosen = arguments.parse_args()
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as folder:
        Path(folder).chmod(0o755)
        figures = asyncio.run(measure(Path(folder), port=chosen.port, visits=chosen.visits))
    for name, value in figures.items():
        print(f"{name} {value:.0f}")


if __name__ == "__main__":
    main()

"""
How fast daily life is, in a circle with 50,000 households, 5,000 facilities and 2,000 hazards.

On an installation of its own: how long an alley sheet takes, from the request until the PDF is there,
and a tap in a roll-call from the phone until it is on the console. On the roads of a real city: the nearest
hydrant and AED of all buildings at once, by path.

Usage: script/bench registers [--port N]; the figures are plain lines `name value`.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.fleet.alley_sheet import sheet_s  # noqa: E402 - the project may not be installed
from benchmarks.fleet.nearest import nearest_by_path_ms  # noqa: E402
from benchmarks.fleet.roll_call import roll_call_ms  # noqa: E402
from benchmarks.fleet.sockets import percentile  # noqa: E402
from benchmarks.start import running  # noqa: E402
from responder.terminal.database_url import demo_password  # noqa: E402


def main(arguments: Sequence[str]) -> int:
    """Measure, then print the plain lines."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=8142)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as name:
        data_dir = Path(name) / "data"
        Path(name).chmod(0o755)
        with running(data_dir, port=options.port) as url:
            took_s = asyncio.run(sheet_s(data_dir))
            taps_ms = asyncio.run(roll_call_ms(url, password=demo_password(data_dir)))
    nearest_ms = nearest_by_path_ms()
    print(f"a tap of a roll-call is on the console after {median(taps_ms):.0f} ms (median of {len(taps_ms)})")
    print(f"sheet_s {took_s:.4g}")
    if nearest_ms is not None:
        print(f"nearest_by_path_ms {nearest_ms:.4g}")
    print(f"roll_call_p99_ms {percentile(taps_ms, 0.99):.4g}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))

"""Put the installation through what trials found it to fail at, and print a figure for each."""

import argparse
import importlib
import pkgutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import trial_parts
from benchmarks.trial_parts import TrialOptions

PARTS = sorted(module.name for module in pkgutil.iter_modules(trial_parts.__path__))


def main() -> None:
    """Measure every part, or those that are named, one after the other."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("parts", nargs="*", metavar="PART", help=f"one of: {', '.join(PARTS)}")
    arguments.add_argument("--port", type=int, default=8150)
    arguments.add_argument("--quick", action="store_true", help="fewer repetitions")
    chosen = arguments.parse_args()
    unknown = sorted(set(chosen.parts) - set(PARTS))
    if unknown:
        arguments.error(f"no such part: {', '.join(unknown)}; there are: {', '.join(PARTS)}")
    options = TrialOptions(port=chosen.port, quick=chosen.quick)
    figures: dict[str, float | str] = {}
    for name in chosen.parts or PARTS:
        print(f"== {name}", flush=True)
        figures |= importlib.import_module(f"benchmarks.trial_parts.{name}").measure(options)
    for name, value in figures.items():
        print(f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}")


if __name__ == "__main__":
    main()

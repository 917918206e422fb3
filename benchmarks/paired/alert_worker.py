"""
Run the alert benchmark of one tree, and begin each of its rounds only when told to.

Started as `alert_worker.py TREE [arguments of the benchmark]`. It says `waiting` before a round, waits for a
line, and then says what came of it. Only two names of the tree's benchmark are used: `one_round` and `main`.
"""

import asyncio
import importlib
import json
import sys
from dataclasses import asdict
from typing import Any


def say(what: str, told: object = None) -> None:
    """Write a line that can be told from what the benchmark itself prints."""
    print("::" + json.dumps([what, told]), flush=True)


def main() -> None:
    """Run the benchmark."""
    tree = sys.argv.pop(1)
    sys.path.insert(0, tree)
    alert: Any = importlib.import_module("benchmarks.alert")
    one_round = alert.one_round

    async def when_told(*arguments: Any, **named: Any) -> Any:  # noqa: ANN401 - of another tree
        say("waiting")
        if not await asyncio.to_thread(sys.stdin.readline):
            raise SystemExit
        found = await one_round(*arguments, **named)
        say("round", asdict(found))
        return found

    alert.one_round = when_told
    alert.main()


if __name__ == "__main__":
    main()

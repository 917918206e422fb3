"""
Look long for lost and misdirected alerts: script/bench faults [--pairs 100000] [--kills 200] [--people 40].

Kills processes at random while alerts are raised, restarts the database, takes the wake-ups away, and goes
on raising until so many (alert, recipient) pairs are judged. Last come plain lines `name value`; with nothing
lost in n pairs, the true share is below 3/n with 95 % confidence.
"""

import argparse
import asyncio
import random
import signal
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from responder.embedded import Cluster  # noqa: E402 - the project is importable from here on
from tests.faults.rig import scenarios  # noqa: E402
from tests.faults.rig.checker import Verdict, percentile  # noqa: E402
from tests.faults.rig.database import database_of_its_own  # noqa: E402
from tests.faults.rig.rig import Rig, rigged  # noqa: E402

TEAMS = 5
DATABASE_RESTARTS = (signal.SIGINT, signal.SIGQUIT)


async def torment(rig: Rig, cluster: Cluster, *, kills: int) -> list[float]:
    """Do everything bad; return each device's seconds to be back after each kill."""
    back_s: list[float] = []
    async with scenarios.alerts_meanwhile(rig):
        for number in range(kills):
            process = random.choice(rig.installation.processes)  # noqa: S311 - chance, not secrecy
            back_s += await scenarios.kill_and_restart(rig, process)
            if number % 10 == 0:
                print(f"  killed {number + 1}, back p99 {percentile(back_s, 0.99):.1f} s", flush=True)
        for how in DATABASE_RESTARTS:
            pid = cluster.status().pid
            assert pid is not None  # noqa: S101 - it runs
            await scenarios.restart_database(cluster.ensure, pid, how=how)
            await asyncio.sleep(2)
        await scenarios.kill_listeners(rig.database_url, for_s=5)
    for gateway in rig.installation.gateways:
        await scenarios.kill_between_commit_and_fan_out(rig, gateway)
    await scenarios.post_many_times_at_once(rig, times=50)
    await scenarios.post_and_hang_up(rig)
    return back_s


async def measure(*, pairs: int, kills: int, people: int) -> tuple[Verdict, list[float]]:
    """Torment an installation until enough pairs are judged."""
    with database_of_its_own() as (cluster, url, folder):
        async with rigged(
            url, folder, teams=TEAMS, people_per_team=max(1, people // TEAMS), apis=2, gateways=2
        ) as rig:
            back_s = await torment(rig, cluster, kills=kills)
            verdict = await rig.verdict()
            print(f"  after the faults: {verdict}", flush=True)
            while verdict.pairs < pairs and verdict.is_clean:
                gateway = random.choice(rig.installation.gateways)  # noqa: S311
                await scenarios.raise_and_end(rig, times=100)
                await scenarios.kill_and_restart(rig, gateway)
                verdict = await rig.verdict(within_s=60)
                print(f"  {verdict}", flush=True)
            return verdict, back_s


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--people", type=int, default=40, help="called by each alert")
    options = parser.parse_args()
    verdict, back_s = asyncio.run(measure(pairs=options.pairs, kills=options.kills, people=options.people))
    print(f"  nothing lost in {verdict.pairs} pairs bounds the share at {3 / max(1, verdict.pairs):.1e}")
    print(f"pairs {verdict.pairs}")
    print(f"lost {len(verdict.lost)}")
    print(f"misdirected {len(verdict.misdirected)}")
    print(f"duplicates_seen {len(verdict.shown_twice)}")
    print(f"catch_up_p99_s {percentile(back_s, 0.99):.2f}")
    if not verdict.is_clean:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

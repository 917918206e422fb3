"""
Look long for lost and misdirected alerts: script/bench faults [--pairs 100000] [--kills 200] [--minutes 20].

First an installation of two interfaces and two gateways: its processes are killed at random while alerts are
raised, its database is restarted, its wake-ups are taken away. Then four gateways on a bus that flaps, and
all of them killed in one moment. Then ten thousand devices that come back at once. What the devices wrote
down is held against who should have been called, found without the product's code. Last come plain lines
`name value`; with nothing lost in n pairs, the true share is below 3/n with 95 % confidence.
"""

import argparse
import asyncio
import random
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.fleet.sockets import raise_open_file_limit  # noqa: E402 - the project is importable from here on
from benchmarks.fleet.stampede import stampede  # noqa: E402
from responder.embedded import Cluster  # noqa: E402
from responder.store.migrate import upgrade  # noqa: E402
from tests.faults.rig import scenarios  # noqa: E402
from tests.faults.rig.bus import SERVER, Bus  # noqa: E402
from tests.faults.rig.checker import percentile  # noqa: E402
from tests.faults.rig.database import database_of_its_own  # noqa: E402
from tests.faults.rig.rig import Rig, rigged  # noqa: E402

TEAMS = 5
DATABASE_RESTARTS = (signal.SIGINT, signal.SIGQUIT)
SPARE_FILES = 500
FOR_KILLS = 0.75
"""Of the time; the rest is for what comes after them."""


@dataclass(kw_only=True)
class Found:
    """The sum over all installations."""

    begun: float
    until: float
    """When to begin nothing new."""
    pairs: int = 0
    lost: int = 0
    misdirected: int = 0
    duplicates: int = 0
    others: list[str] = field(default_factory=list)
    kills: int = 0
    back_s: list[float] = field(default_factory=list)
    """Of each device that lost its gateway or interface while others were there."""
    all_back_s: list[float] = field(default_factory=list)
    """Of each device when every process was killed in one moment, so that they had to start first."""

    @property
    def has_time(self) -> bool:
        """Tell whether something more may be begun."""
        return time.monotonic() < self.until

    @property
    def has_time_for_kills(self) -> bool:
        """Tell whether something more may be killed at random."""
        return time.monotonic() < self.begun + FOR_KILLS * (self.until - self.begun)

    async def judge(self, rig: Rig) -> None:
        """Add what an installation's devices wrote down."""
        verdict = await rig.verdict(within_s=60)
        print(f"  {verdict}", flush=True)
        self.pairs += verdict.pairs
        self.lost += len(verdict.lost)
        self.misdirected += len(verdict.misdirected)
        self.duplicates += len(verdict.shown_twice)
        self.others += [*verdict.phantom, *verdict.reordered, *verdict.crashed]


async def kill_at_random(rig: Rig, found: Found, *, kills: int) -> None:
    """End an interface and a gateway at a time, and everything each tenth time, while alerts are raised."""
    async with scenarios.background_alerts(rig):
        number = 0
        while found.kills < kills and found.has_time_for_kills:
            number += 1
            some = [random.choice(rig.installation.apis), random.choice(rig.installation.gateways)]  # noqa: S311 - chance, not secrecy
            chosen = rig.installation.processes if number % 10 == 0 else some
            back_s = found.all_back_s if number % 10 == 0 else found.back_s
            back_s += await scenarios.kill_and_restart_all(rig, chosen)
            found.kills += len(chosen)
            if number % 10 == 0:
                p99 = percentile(found.back_s, 0.99)
                print(
                    f"  {found.kills} killed and {len(rig.driver.answered)} alerts after"
                    f" {time.monotonic() - found.begun:.0f} s, devices back p99 {p99:.1f} s",
                    flush=True,
                )


async def torment(rig: Rig, cluster: Cluster, found: Found, *, kills: int) -> None:
    """Do everything bad to two interfaces and two gateways."""
    await kill_at_random(rig, found, kills=kills)
    async with scenarios.background_alerts(rig):
        for how in DATABASE_RESTARTS:
            pid = cluster.status().pid
            assert pid is not None  # noqa: S101 - it runs
            await scenarios.restart_database(cluster.ensure, pid, how=how)
            await asyncio.sleep(2)
        await scenarios.kill_listeners(rig.database_url, for_s=5)
        for process in (rig.installation.apis[0], rig.installation.gateways[0]):
            await asyncio.to_thread(process.stop)
            await asyncio.sleep(1)
            process.start()
            await process.ready()
    for gateway in rig.installation.gateways:
        await scenarios.kill_between_commit_and_fan_out(rig, gateway)
    await scenarios.post_many_times_at_once(rig, times=50)
    await scenarios.post_and_hang_up(rig)
    print("  database restarted, wake-ups taken, processes ended in good order and in mid-work", flush=True)


async def two_of_each(found: Found, *, pairs: int, kills: int, people: int) -> None:
    """Torment an installation until enough pairs are judged, or time is up."""
    with database_of_its_own() as (cluster, url, folder):
        per_team = max(1, people // TEAMS)
        async with rigged(url, folder, teams=TEAMS, people_per_team=per_team, apis=2, gateways=2) as rig:
            await torment(rig, cluster, found, kills=kills)
            while len(rig.driver.answered) * people < pairs and found.has_time:
                await scenarios.raise_and_end(rig, times=20)
                found.back_s += await scenarios.kill_and_restart(rig, rig.installation.gateways[0])
                found.kills += 1
            await found.judge(rig)


async def four_on_a_bus(found: Found, *, people: int) -> None:
    """Let the bus flap, and everyone come back at once, with four gateways."""
    bus = Bus()
    bus.start()
    with database_of_its_own() as (_, url, folder):
        per_team = max(1, people // TEAMS)
        extra = {"RESPONDER_NATS_URL": bus.url}
        async with rigged(url, folder, teams=TEAMS, people_per_team=per_team, gateways=4, extra=extra) as rig:
            for _ in range(3):
                async with scenarios.background_alerts(rig):
                    bus.stop()
                    await asyncio.sleep(2)
                    bus.start()
                    await asyncio.sleep(2)
                    gateways = rig.installation.gateways
                    found.all_back_s += await scenarios.kill_and_restart_all(rig, gateways)
                    found.kills += len(gateways)
            bus.stop()
            await scenarios.raise_and_end(rig, times=4)
            await found.judge(rig)


async def many_at_once(found: Found, *, sockets: int) -> None:
    """Let a whole large circle come back at once."""
    with database_of_its_own() as (cluster, _, _):
        url = cluster.create_database("stampede")
        await asyncio.to_thread(upgrade, url)
        seen = await stampede(url, sockets=sockets)
    print(
        f"  {sockets} devices on one gateway: with one of {min(sockets, 1000)} stopped the others heard p99"
        f" {seen.heard_p99_s:.2f} s; all were back {seen.back_s:.1f} s after it was killed",
        flush=True,
    )
    found.pairs += seen.pairs
    found.lost += seen.lost
    found.misdirected += seen.misdirected


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=100_000)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--people", type=int, default=120, help="called by each alert")
    parser.add_argument("--sockets", type=int, default=10_000, help="that come back at once")
    parser.add_argument("--minutes", type=float, default=20, help="after which nothing new is begun")
    options = parser.parse_args()
    allowed = raise_open_file_limit() - SPARE_FILES
    if options.sockets > allowed:
        print(f"  the open-file limit allows {allowed} sockets, not {options.sockets}")
    begun = time.monotonic()
    found = Found(begun=begun, until=begun + 60 * options.minutes)
    asyncio.run(two_of_each(found, pairs=options.pairs, kills=options.kills, people=options.people))
    if SERVER is None:
        print("  nats-server is not installed: no installation on a bus")
    else:
        asyncio.run(four_on_a_bus(found, people=options.people))
    asyncio.run(many_at_once(found, sockets=min(options.sockets, allowed)))

    print(f"  {found.kills} processes killed; phantoms, disorder and crashes: {found.others[:5] or 'none'}")
    all_back_p99_s = percentile(found.all_back_s, 0.99)
    print(f"  with every gateway killed in one moment devices were back after p99 {all_back_p99_s:.1f} s")
    if not found.lost:
        bound = 3 / max(1, found.pairs)
        print(f"  none lost of {found.pairs} pairs: the true share is below 3/n = {bound:.1e}")
    print(f"pairs {found.pairs}")
    print(f"lost {found.lost}")
    print(f"misdirected {found.misdirected}")
    print(f"duplicates_seen {found.duplicates}")
    print(f"catch_up_p99_s {percentile(found.back_s, 0.99):.2f}")
    if found.lost or found.misdirected or found.duplicates or found.others:
        raise SystemExit(1)


if __name__ == "__main__":
    main()

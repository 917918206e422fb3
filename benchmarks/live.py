"""
Measure the live gateway: script/bench live [--sockets 100,1000,10000] [--alerts 5] [--rounds 3].

Real processes and a real database as an installation has them, all on one machine, which also runs the
clients. Figures that compare are ratios of p99 from this one run. Last come plain lines `name value`.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.fleet.fan_out import compare  # noqa: E402 - the project is importable from here on
from benchmarks.fleet.processor import used_s  # noqa: E402
from benchmarks.fleet.receipts import Devices, issue_tickets, memory_kib, raise_alert  # noqa: E402
from benchmarks.fleet.sockets import close_fleet, percentile, raise_open_file_limit  # noqa: E402
from responder.embedded import Cluster  # noqa: E402
from responder.store.database import PostgresDatabase, connect  # noqa: E402
from responder.store.migrate import upgrade  # noqa: E402
from tests.faults.rig.build import build_town  # noqa: E402
from tests.faults.rig.bus import SERVER  # noqa: E402
from tests.faults.rig.processes import Installation, install  # noqa: E402
from tests.faults.rig.town import Person, Town, plan_town  # noqa: E402

TEAMS = 20
CALLED_AT_MOST = 1000
"""With more sockets than this, so many are called and the others look on."""
ALERTS = 5
SPARE_FILES = 200


def called(town: Town, *, village: int) -> list[Person]:
    """Return the people of a village."""
    return [p for team in town.teams if team.village == village and team.on_duty for p in team.people]


class Processors:
    """The processor time of an installation, by part."""

    def __init__(self, installation: Installation, cluster: Cluster) -> None:
        pids = {"gateway": installation.gateways[0].pid, "interface": installation.apis[0].pid}
        pids["database"] = cluster.status().pid
        self._pids = {name: pid for name, pid in pids.items() if pid is not None}

    def used_s(self) -> dict[str, float]:
        """Return how many seconds each part has used so far."""
        return {name: used_s(pid, with_descendants=True) for name, pid in self._pids.items()}


async def receipts(
    database: PostgresDatabase, installation: Installation, cluster: Cluster, *, sockets: int, alerts: int
) -> dict[str, float]:
    """Measure receipts, memory and reconnection with so many sockets in one circle."""
    first = min(sockets, CALLED_AT_MOST)
    town = await build_town(
        database, plan_town(villages=2, teams=TEAMS, people_per_team=max(1, first // TEAMS))
    )
    people = called(town, village=0)
    while len(people) < sockets:
        # Onlookers have other sockets of the second village's people: one account may have many devices.
        people += called(town, village=1)[: sockets - len(people)]
    [gateway], [api] = installation.gateways, installation.apis
    assert gateway.pid is not None  # noqa: S101 - it was started
    processors = Processors(installation, cluster)
    devices = Devices(town.circle_id, people)
    before_kib = memory_kib(gateway.pid)
    took_s = await devices.connect(gateway.port, await issue_tickets(database, people))
    await asyncio.sleep(3)
    kib = (memory_kib(gateway.pid) - before_kib) / sockets
    print(f"  {sockets} sockets live after {took_s:.1f} s, {kib:.1f} KiB each", flush=True)

    stored_ms: list[float] = []
    before_s = processors.used_s()
    for _ in range(alerts):
        devices.expected = first
        devices.heard_at.clear()
        devices.stored_at.clear()
        devices.all_stored.clear()
        asked_at, accepted_at, _ = await raise_alert(town, port=api.port, village=0)
        async with asyncio.timeout(120):
            await devices.all_stored.wait()
        heard = [(at - accepted_at) * 1000 for at in devices.heard_at.values()]
        stored = [(at - accepted_at) * 1000 for at in devices.stored_at.values()]
        stored_ms += stored
        print(
            f"  {sockets} connected, {first} called: accepted in {(accepted_at - asked_at) * 1000:.0f} ms,"
            f" heard p99 {percentile(heard, 0.99):.0f} ms, receipts stored p50 {percentile(stored, 0.5):.0f}"
            f" p99 {percentile(stored, 0.99):.0f} ms",
            flush=True,
        )
        await asyncio.sleep(2)
    spent_ms = {name: (used - before_s[name]) * 1000 / alerts for name, used in processors.used_s().items()}
    parts = ", ".join(f"{name} {spent:.0f}" for name, spent in spent_ms.items())
    print(f"  processor time of one alert: {parts} ms; together {sum(spent_ms.values()):.0f} ms", flush=True)

    tickets = await issue_tickets(database, people)
    await close_fleet(devices.fleet)
    killed_at = time.monotonic()
    gateway.kill()
    gateway.start()
    await gateway.ready()
    await devices.connect(gateway.port, tickets)
    reconnect_s = time.monotonic() - killed_at
    print(f"  {sockets} sockets resumed {reconnect_s:.1f} s after kill -9 of the gateway", flush=True)
    await close_fleet(devices.fleet)
    return {
        "p50": percentile(stored_ms, 0.5),
        "p99": percentile(stored_ms, 0.99),
        "kib": kib,
        "reconnect": reconnect_s,
    }


async def measure(
    sizes: list[int], url: str, folder: Path, cluster: Cluster, *, alerts: int, rounds: int
) -> dict[str, float]:
    """Measure everything."""
    figures: dict[str, float] = {}
    for sockets in sizes:
        database = connect(url)
        installation = install(url, folder)
        try:
            await installation.start()
            found = await receipts(database, installation, cluster, sockets=sockets, alerts=alerts)
        finally:
            installation.stop()
            await database.dispose()
        print(
            f"  {sockets} connected: receipts stored p50 {found['p50']:.0f} p99 {found['p99']:.0f} ms"
            f" after the answer, over {alerts} alerts",
            flush=True,
        )
        if sockets >= CALLED_AT_MOST:
            figures[f"receipt_p99_ms_{sockets}"] = found["p99"]
        # Those of the largest size are what is asked for.
        kib, reconnect_s = found["kib"], found["reconnect"]
    if rounds and SERVER is None:
        print("  nats-server is not installed: fan-out is not compared with NATS", flush=True)
    for sockets in sizes if rounds else []:
        if sockets < CALLED_AT_MOST:
            continue
        names = ["ours", "library"]
        if SERVER is not None and sockets == CALLED_AT_MOST:
            names.append("nats")
        messages, pause_s = (10, 0.3) if sockets <= CALLED_AT_MOST else (5, 2.0)
        p99 = await compare(names, sockets=sockets, messages=messages, pause_s=pause_s, rounds=rounds)
        figures[f"fanout_vs_websockets_{sockets}"] = p99["ours"] / p99["library"]
        if "nats" in p99:
            figures[f"fanout_vs_nats_{sockets}"] = p99["ours"] / p99["nats"]
    return {**_in_order(figures), "kib_per_connection": kib, "reconnect_all_s": reconnect_s}


def _in_order(figures: dict[str, float]) -> dict[str, float]:
    kinds = ("receipt_", "fanout_vs_websockets_", "fanout_vs_nats_")
    return {name: figures[name] for kind in kinds for name in figures if name.startswith(kind)}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sockets", default="100,1000,10000", help="how many, separated by commas")
    parser.add_argument("--alerts", type=int, default=ALERTS, help="of which the receipts are measured")
    parser.add_argument("--rounds", type=int, default=3, help="of each comparison of fan-out; 0 for none")
    options = parser.parse_args()
    allowed = raise_open_file_limit() - SPARE_FILES
    sizes = [int(part) for part in options.sockets.split(",")]
    for size in sizes:
        if size > allowed:
            print(f"  the open-file limit allows {allowed} sockets, not {size}")
    sizes = sorted({min(size, allowed) for size in sizes})
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = Cluster(folder / "database")
        cluster.ensure()
        try:
            url = cluster.create_database("live")
            upgrade(url)
            figures = asyncio.run(
                measure(sizes, url, folder, cluster, alerts=options.alerts, rounds=options.rounds)
            )
        finally:
            cluster.stop()
    for figure, value in figures.items():
        print(f"{figure} {value:.2f}")


if __name__ == "__main__":
    main()

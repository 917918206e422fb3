"""
Raise alerts in the bare floor, each only when told to.

Started as `floor_worker.py TREE SOCKETS...`; it speaks as `alert_worker.py` does.
"""

import asyncio
import multiprocessing
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import uuid4

from sqlalchemy import make_url

if __name__ == "__main__":
    sys.path.insert(0, sys.argv.pop(1))

from benchmarks.fleet.floor import FloorDevices, run_floor
from benchmarks.fleet.sockets import Socket, close_fleet, open_fleet, percentile
from benchmarks.paired.alert_worker import (
    PATIENCE_S,
    OneRound,
    Processes,
    Round,
    raise_when_told,
)
from responder.embedded import Cluster


@asynccontextmanager
async def opened(url: str, database_pid: int, sockets: int) -> AsyncIterator[OneRound]:
    """Run the server, open the sockets, and give what raises an alert to all of them."""
    people = [str(uuid4()) for _ in range(sockets)]
    here, there = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=run_floor, args=(there, url, people), daemon=True)
    process.start()
    there.close()
    assert process.pid is not None  # noqa: S101 - it was started
    processes = Processes((process.pid, database_pid))
    try:
        port = await asyncio.to_thread(here.recv)
        devices = FloorDevices(people)
        async with asyncio.timeout(PATIENCE_S):
            fleet = await open_fleet(
                sockets, port=port, path="/", on_message=devices.on_message, on_open=devices.greet
            )
            [staff] = await open_fleet(
                1, port=port, path="/", on_message=partial(_answered, devices), on_open=_greet_as_staff
            )
            await devices.all_welcomed.wait()
        await processes.learn_idle()
        yield partial(_round, staff, devices, processes)
        await close_fleet([*fleet, staff])
    finally:
        process.terminate()
        process.join()


def _greet_as_staff(socket: Socket) -> None:
    socket.send(b"staff")


def _answered(devices: FloorDevices, _socket: Socket, _payload: bytes, now: float) -> None:
    devices.raised.set_result(now)


async def _round(staff: Socket, devices: FloorDevices, processes: Processes) -> Round:
    loop = asyncio.get_running_loop()
    devices.begin()
    spent = processes.spending()
    asked_at = loop.time()
    staff.send(b"raise")
    async with asyncio.timeout(PATIENCE_S):
        accepted_at = await devices.raised
        await devices.all_stored.wait()
    cpu_s = await spent()
    return Round(
        commit_ms=1000 * (accepted_at - asked_at),
        heard_ms=1000 * (max(devices.heard_at.values()) - asked_at),
        receipt_p99_ms=percentile([1000 * (at - asked_at) for at in devices.stored_at.values()], 0.99),
        cpu_ms=1000 * cpu_s,
    )


def main(sizes: Sequence[int]) -> None:
    """Run a database as an installation has it, and the floor on it."""
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        cluster = Cluster(folder / "database")
        cluster.ensure()
        try:
            url = make_url(cluster.create_database("floor")).set(drivername="postgresql")
            pid = cluster.status().pid
            assert pid is not None  # noqa: S101 - it was started
            plain = url.render_as_string(hide_password=False)
            asyncio.run(raise_when_told(partial(opened, plain, pid), sizes))
        finally:
            cluster.stop()


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]])

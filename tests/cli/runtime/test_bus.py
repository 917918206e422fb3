"""With RESPONDER_NATS_URL both processes wake each other over NATS."""

import asyncio
import shutil
import subprocess

import httpx
import pytest

from responder.runtime.supervisor import Child, Supervisor
from tests.patience import PATIENCE_S
from tests.ports import free_port

SERVER = shutil.which("nats-server", path="/usr/local/bin:/usr/bin:/usr/sbin:/usr/local/sbin")


@pytest.mark.skipif(SERVER is None, reason="nats-server is not installed")
async def test_both_processes_join_the_bus(database_url: str) -> None:
    assert SERVER is not None
    port, live_port, bus_port, watch_port = (free_port() for _ in range(4))
    nats = subprocess.Popen(  # noqa: ASYNC220, S603 - Debian's server, started at once
        [SERVER, "-a", "127.0.0.1", "-p", str(bus_port), "-m", str(watch_port), "-l", "/dev/null"],
        stderr=subprocess.DEVNULL,
    )
    supervisor = Supervisor(
        (
            Child(command="serve", ready_url=f"http://127.0.0.1:{port}/readyz"),
            Child(command="live", ready_url=f"http://127.0.0.1:{live_port}/readyz"),
        ),
        environment={
            "RESPONDER_DATABASE_URL": database_url,
            "RESPONDER_PORT": str(port),
            "RESPONDER_LIVE_PORT": str(live_port),
            "RESPONDER_NATS_URL": f"nats://127.0.0.1:{bus_port}",
        },
        tell=lambda _: None,
    )
    try:
        await supervisor.start()
        async with asyncio.timeout(PATIENCE_S), httpx.AsyncClient() as http:
            while (await connections(http, watch_port)) != 2:  # noqa: ASYNC110 - another's processes
                await asyncio.sleep(0.1)
    finally:
        await supervisor.stop()
        nats.kill()
        nats.wait()


async def connections(http: httpx.AsyncClient, watch_port: int) -> int:
    answer = (await http.get(f"http://127.0.0.1:{watch_port}/connz")).json()
    return sum(connection["name"] == "responder" for connection in answer["connections"])

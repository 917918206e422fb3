"""
Alerts while thousands of connections to the API never end what they begin.

Blocks without and with them take turns in one run. Each process of the installation may open 1,024 files. The
connections come from fifty addresses and are of every kind: silent, half a head, a head or a body that
trickles, idle after an answer. What is closed is opened again, a thousand in a second at most. Each alert
comes by a new connection, in turn from another address and from one that the flood comes from. In the state
`rig`, half as often, the same connections come to a listener of the attackers' own: what is left then is what
they cost by sharing the machine, which real ones do not.
"""

import asyncio
import os
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial
from pathlib import Path
from statistics import median
from uuid import uuid4

import httpx

from benchmarks.alert import INCIDENT, first_alert
from benchmarks.flood import ATTACKERS, REST_S, SETTLE_S, p99, ratio
from benchmarks.start import running
from benchmarks.trial_parts import TrialOptions
from responder.demo.demo_circle import demo_accounts
from responder.demo.simulated.client import SignedIn, signed_in
from responder.terminal.database_url import demo_password

OPEN_FILES = 1024
CONNECTIONS = 5000
PER_S = 1000
LINGER_S = 12.0
"""Longer than a connection may be silent: from then on they are closed and opened again."""
FROM = ("127.0.0.1", "127.0.1.1")
"""The second is one of those that the flood comes from."""


def measure(options: TrialOptions) -> dict[str, float | str]:
    """Return the p99 of an alert's POST under the flood over that without."""
    os.environ["RESPONDER_ALERTS_PER_MINUTE"] = "100000"
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as folder:
        Path(folder).chmod(0o755)
        data_dir = Path(folder) / "data"
        with running(data_dir, port=options.port, open_files=OPEN_FILES) as url:
            found = asyncio.run(_take_turns(url, password=demo_password(data_dir), options=options))
    calm = found["calm"]
    for state in ("flood", "rig"):
        times = found[state]
        print(
            f"silent_connections_p99_ratio of {state} with its spread: {ratio(times, calm)}, of {len(times)}"
        )
    return {
        "silent_connections_p99_ms_calm": p99(calm),
        "silent_connections_p50_ratio": median(found["flood"]) / median(calm),
        "silent_connections_p99_ratio": p99(found["flood"]) / p99(calm),
    }


async def _take_turns(url: str, *, password: str, options: TrialOptions) -> dict[str, list[float]]:
    told = demo_accounts()
    await first_alert(url, password=password)
    states: dict[str, Callable[[], AbstractAsyncContextManager[None]]] = {
        "calm": _calm,
        "flood": partial(_flood, options.port),
        "rig": partial(_flood, None),
    }
    found: dict[str, list[float]] = {state: [] for state in states}
    blocks, alerts = (2, 20) if options.quick else (10, 40)
    async with signed_in(url, username=told.staff, password=password, circle_name=told.circle_name) as staff:
        for _ in range(5):
            await _alert_ms(staff, address=FROM[0])
        for block in range(blocks):
            turns = tuple(states) if block % 2 == 0 else ("flood", "calm")
            for state in turns:
                async with states[state]():
                    for number in range(alerts):
                        found[state].append(await _alert_ms(staff, address=FROM[number % 2]))
                        await asyncio.sleep(random.uniform(*REST_S))  # noqa: S311 - no secret
    return found


async def _alert_ms(staff: SignedIn, *, address: str) -> float:
    """Raise an alert by a new connection from an address, end the incident, and return how long it took."""
    path = f"/api/circles/{staff.circle_id}/incidents"
    transport = httpx.AsyncHTTPTransport(local_address=address)
    async with httpx.AsyncClient(
        base_url=staff.http.base_url, headers=staff.http.headers, transport=transport, timeout=30
    ) as http:
        key = {"Idempotency-Key": str(uuid4())}
        began_s = time.perf_counter()
        try:
            answer = await http.post(path, json=INCIDENT, headers=key)
        except httpx.TransportError as error:
            print(f"sent again from {address}: {error!r}", flush=True)
            answer = await http.post(path, json=INCIDENT, headers=key)
        took_ms = 1000 * (time.perf_counter() - began_s)
        incident_id = answer.raise_for_status().json()["incident"]["id"]
        (await http.post(f"{path}/{incident_id}/end", json={"reason": "resolved"})).raise_for_status()
    return took_ms


@asynccontextmanager
async def _calm() -> AsyncIterator[None]:
    await asyncio.sleep(SETTLE_S)
    yield


@asynccontextmanager
async def _flood(port: int | None) -> AsyncIterator[None]:
    """Have 5,000 connections come to a port, or without one to the attackers themselves."""
    where = ("--themselves",) if port is None else ("--port", str(port))
    attackers = await asyncio.create_subprocess_exec(
        *("prlimit", f"--nofile={2 * CONNECTIONS}", sys.executable, str(ATTACKERS), "unfinished"),
        *(*where, "--count", str(CONNECTIONS), "--per-s", str(PER_S), "--addresses", "50"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        # A session of its own has a priority of its own.
        start_new_session=True,
    )
    try:
        await asyncio.sleep(LINGER_S)
        yield
    finally:
        said, _ = await attackers.communicate(b"")
        print("unfinished", said.decode().strip(), flush=True)

"""How long no one answers an alert after `kill -9` of the process that serves, asked as the page asks."""

import asyncio
import os
import signal
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import httpx

from benchmarks.alert import INCIDENT, first_alert
from benchmarks.flood import p99
from benchmarks.start import running
from benchmarks.trial_parts import TrialOptions
from responder.demo.demo_circle import demo_accounts
from responder.demo.simulated.client import SignedIn, signed_in
from responder.terminal.database_url import demo_password

BETWEEN_S = 1.5
PATIENCE_S = 8.0
"""As in `static/js/actions/incident/raise-alert.js`; but it is not given up after four tries."""
REST_S = 20.0
"""Between two kills: by then another process is ready to serve, as it is after the start."""
STARTED_S = 12.0


def measure(options: TrialOptions) -> dict[str, float | str]:
    """Return the p99 of the times from a kill to an alert that is answered."""
    os.environ["RESPONDER_ALERTS_PER_MINUTE"] = "100000"
    with tempfile.TemporaryDirectory(prefix="responder-bench-") as folder:
        Path(folder).chmod(0o755)
        data_dir = Path(folder) / "data"
        with running(data_dir, port=options.port) as url:
            password = demo_password(data_dir)
            asyncio.run(first_alert(url, password=password))
            gaps_s = asyncio.run(
                _gaps_s(url, password=password, port=options.port, kills=5 if options.quick else 20)
            )
    print(f"gaps: {', '.join(f'{gap_s:.2f}' for gap_s in sorted(gaps_s))} s")
    return {"serve_kill_gap_s": p99(gaps_s)}


async def _gaps_s(url: str, *, password: str, port: int, kills: int) -> list[float]:
    told = demo_accounts()
    gaps_s = []
    async with signed_in(url, username=told.staff, password=password, circle_name=told.circle_name) as staff:
        await asyncio.sleep(STARTED_S)
        for _ in range(kills):
            await asyncio.sleep(REST_S)
            [serving] = await asyncio.to_thread(_serving, port)
            began_s = time.monotonic()
            os.kill(serving, signal.SIGKILL)
            await _raise_as_page(staff)
            gaps_s.append(time.monotonic() - began_s)
    return gaps_s


async def _raise_as_page(staff: SignedIn) -> None:
    path = f"/api/circles/{staff.circle_id}/incidents"
    key = {"Idempotency-Key": str(uuid4())}
    while True:
        try:
            answer = await staff.http.post(path, json=INCIDENT, headers=key, timeout=PATIENCE_S)
        except httpx.TransportError:
            pass
        else:
            if answer.status_code == httpx.codes.CREATED:
                break
            if answer.status_code < httpx.codes.BAD_GATEWAY:
                answer.raise_for_status()
        await asyncio.sleep(BETWEEN_S)
    incident_id = answer.json()["incident"]["id"]
    (await staff.http.post(f"{path}/{incident_id}/end", json={"reason": "resolved"})).raise_for_status()


def _serving(port: int) -> list[int]:
    """Return the one `serve` of this installation that has the lock, whose turn it is."""
    locked = {
        int(line.split()[4])
        for line in Path("/proc/locks").read_text(encoding="ascii").splitlines()
        if " POSIX " in line and " -> " not in line
    }
    found = []
    for process in locked:
        try:
            words = Path(f"/proc/{process}/cmdline").read_bytes().split(b"\0")
            environment = Path(f"/proc/{process}/environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"serve" in words and b"RESPONDER_PORT=%d" % port in environment:
            found.append(process)
    return found

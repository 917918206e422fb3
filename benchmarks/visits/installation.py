"""An installation of a revision, up with the demo circle, and its staff who raise alerts."""

import asyncio
import os
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

READY_WITHIN_S = 300.0


@dataclass(kw_only=True)
class Installation:
    """Where it runs, and a client of the community's staff that does not use the slow line."""

    address: str
    """By the slow line."""
    password: str
    http: httpx.AsyncClient
    circle_id: str

    async def ask(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON
        """Do something in the circle."""
        headers = {"Idempotency-Key": str(uuid.uuid4())} if method == "POST" else {}
        answer = await self.http.request(
            method, f"/api/circles/{self.circle_id}/{path}", json=body, headers=headers
        )
        answer.raise_for_status()
        return answer.json()

    async def only_alert(self, building: str) -> dict[str, Any]:
        """End what is open and raise an alert at a building; return the incident."""
        known = await self.ask("GET", "incidents")
        for each in known["incidents"] if isinstance(known, dict) else known:
            if each["incident"]["ended_at"] is None:
                await self.ask("POST", f"incidents/{each['incident']['id']}/end", {"reason": "resolved"})
        buildings = (await self.ask("GET", "buildings"))["features"]
        [chosen] = [each["id"] for each in buildings if each["properties"]["name"] == building]
        what = {"kind": "fire", "severity": "red", "exercise": False, "note": "", "building_id": chosen}
        raised: dict[str, Any] = await self.ask("POST", "incidents", what)
        return raised


@asynccontextmanager
async def installed(tree: Path, data_dir: Path, *, port: int) -> AsyncIterator[Installation]:
    """Run a tree on three ports: the line's, which browsers know, its page's and its gateway's."""
    address = f"http://localhost:{port}"
    environment = {
        **{name: value for name, value in os.environ.items() if name != "RESPONDER_DATABASE_URL"},
        "RESPONDER_DATA_DIR": str(data_dir),
        "RESPONDER_LIVE_URL": "/live",
        "RESPONDER_PUBLIC_ORIGINS": address,
    }
    python = tree / ".venv" / "bin" / "python"
    running = subprocess.Popen(  # noqa: S603, ASYNC220 - our own program; it takes no time to begin
        [python, "-P", "-m", "responder", "up", "--port", str(port + 1), "--live-port", str(port + 2)],
        cwd=tree,
        env={**environment, "PYTHONPATH": str(tree)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        await asyncio.to_thread(_wait_until_ready, running, (port + 1, port + 2))
        password = (data_dir / "demo-password").read_text().strip()
        here = f"http://127.0.0.1:{port + 1}"
        async with httpx.AsyncClient(base_url=here, timeout=60) as http:
            body = {"username": "community", "password": password, "device": True}
            answer = await http.post("/api/session", json=body)
            answer.raise_for_status()
            http.headers["Authorization"] = f"Bearer {answer.json()['token']}"
            circle_id = answer.json()["circles"][0]["id"]
            yield Installation(address=address, password=password, http=http, circle_id=circle_id)
    finally:
        running.terminate()
        running.wait(timeout=60)


def _wait_until_ready(running: subprocess.Popen[bytes], ports: tuple[int, ...]) -> None:
    deadline_s = time.monotonic() + READY_WITHIN_S
    for port in ports:
        while True:
            if running.poll() is not None or time.monotonic() > deadline_s:
                sys.exit(f"responder up is not ready (exit code {running.returncode})")
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/readyz", timeout=2)
            except httpx.HTTPError:
                time.sleep(0.1)
                continue
            # The roads of the circle are in memory, too.
            if answer.is_success and answer.json().get("roads") != "preparing":
                break
            time.sleep(0.1)

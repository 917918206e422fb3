"""
Robot devices in a process of their own, each with what it heard in an append-only journal.

    python -m tests.faults.rig.robots CONFIG.json

A line is written, in one piece, before the device acts on what it heard; so the journal holds whatever a
killed process had shown.
"""

import asyncio
import json
import os
import resource
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx

from tests.live.stranger import Stranger


class Journal:
    """One file for all devices of the process."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def write(self, **fields: object) -> None:
        """Append one line."""
        os.write(self._file, json.dumps({"t": time.time(), **fields}, separators=(",", ":")).encode() + b"\n")


def noted(what: str, about: dict[str, Any]) -> dict[str, Any]:
    """Return of something heard what the checker needs."""
    if what == "snapshot":
        snapshot = about["snapshot"]
        incidents = [each["incident"]["id"] for each in snapshot["incidents"]]
        return {"seq": snapshot["seq"], "incidents": incidents}
    if what == "resumed":
        return {"seq": about["seq"]}
    if what == "event":
        event = about["event"]
        incident_id = (
            event["detail"]["incident"]["id"]
            if event["kind"] in {"alert_raised", "alert_extended"}
            else event["incident"]["id"]
            if event["kind"] == "incident_ended"
            else event.get("incident_id")
        )
        return {
            "seq": about["seq"],
            "kind": event["kind"],
            "incidents": [incident_id] if incident_id else [],
        }
    if what == "reminder":
        return {"incidents": [about["detail"]["incident"]["id"]]}
    if what == "position":
        return {"unit": about["unit_id"]}
    return {name: value for name, value in about.items() if name != "type"}


async def run(config: dict[str, Any]) -> None:
    """Let the devices live until the process is told to end."""
    journal = Journal(Path(config["journal"]))
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    limits = httpx.Limits(max_connections=20, max_keepalive_connections=20)
    async with httpx.AsyncClient(limits=limits, timeout=10, trust_env=False) as http:
        devices = [device(person, config, http=http, journal=journal) for person in config["people"]]
        lives = [asyncio.create_task(each.run()) for each in devices]
        await stop.wait()
        for life in lives:
            life.cancel()
        for result in await asyncio.gather(*lives, return_exceptions=True):
            if isinstance(result, Exception) and not isinstance(result, asyncio.CancelledError):
                journal.write(k="crashed", error=repr(result))


class Tickets(httpx.AsyncBaseTransport):
    """Hands out tickets that were got before, one for each time they are asked for."""

    def __init__(self, tickets: list[str]) -> None:
        self._left = iter(tickets)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer as the interface does."""
        ticket = next(self._left, None)
        if ticket is None:
            return httpx.Response(503, request=request)
        return httpx.Response(201, json={"ticket": ticket, "expires_in_s": 30}, request=request)


def device(
    person: dict[str, Any], config: dict[str, Any], *, http: httpx.AsyncClient, journal: Journal
) -> Stranger:
    """Return one device that notes all it hears."""

    def tell(what: str, about: dict[str, Any]) -> None:
        journal.write(d=person["account_id"], k=what, **noted(what, about))

    return Stranger(
        circle_id=config["circle_id"],
        token=person["token"],
        api_urls=config["api_urls"],
        live_urls=config["live_urls"],
        http=httpx.AsyncClient(transport=Tickets(person["tickets"])) if "tickets" in person else http,
        device="robot",
        ping_s=config.get("ping_s", 20.0),
        clock_ahead=timedelta(seconds=config.get("clock_ahead_s", 0)),
        tell=tell,
    )


if __name__ == "__main__":
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(run(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))))

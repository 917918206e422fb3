"""The real processes, started as an operator starts them, and ways to make them suffer."""

import asyncio
import os
import signal
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.ports import free_ports

ROOT = Path(__file__).resolve().parents[3]
READY_S = 180.0
SABOTAGED = "tests.faults.rig.sabotaged"
OF_THE_INTERFACE = frozenset({"no_delivery_rows", "no_idempotency"})
"""Sabotages of API processes; the others are of gateways."""


@dataclass(kw_only=True)
class Process:
    """One process of the product, which can be killed and started again."""

    kind: str
    """serve or live."""
    port: int
    environment: dict[str, str]
    log: Path
    sabotage: str = ""
    running: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    @property
    def pid(self) -> int | None:
        """Which process it is, when it runs."""
        return None if self.running is None else self.running.pid

    def start(self) -> None:
        """Start it; it is ready some time later."""
        program = ["-m", SABOTAGED, self.sabotage] if self.sabotage else ["-m", "responder"]
        with self.log.open("ab") as log:
            self.running = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, *program, self.kind],
                env=os.environ | self.environment,
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def ready(self) -> None:
        """Wait until it says that it can serve."""
        async with asyncio.timeout(READY_S), httpx.AsyncClient(trust_env=False) as http:
            while True:
                try:
                    if (await http.get(f"http://127.0.0.1:{self.port}/readyz")).is_success:
                        return
                except httpx.TransportError:
                    pass
                if self.running is not None and self.running.poll() is not None:
                    raise RuntimeError(self.log.read_text(errors="replace")[-2000:])
                await asyncio.sleep(0.05)

    def signal(self, number: int) -> None:
        """Send it a signal, when it runs."""
        if self.running is not None and self.running.poll() is None:
            self.running.send_signal(number)

    def kill(self) -> None:
        """End it as a power cut would."""
        self.signal(signal.SIGKILL)
        self._wait()

    def stop(self) -> None:
        """Ask it to stop, and wait until it has."""
        self.signal(signal.SIGCONT)
        self.signal(signal.SIGTERM)
        self._wait()

    def _wait(self) -> None:
        if self.running is None:
            return
        try:
            self.running.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.running.kill()
            self.running.wait()


@dataclass(kw_only=True)
class Installation:
    """API and gateway processes on one database."""

    apis: list[Process]
    gateways: list[Process]

    @property
    def processes(self) -> list[Process]:
        """All of them."""
        return [*self.apis, *self.gateways]

    async def start(self) -> None:
        """Start everything and wait until all of it serves."""
        for process in self.processes:
            process.start()
        await asyncio.gather(*(process.ready() for process in self.processes))

    def stop(self) -> None:
        """Stop everything."""
        for process in self.processes:
            process.stop()


def install(
    database_url: str,
    folder: Path,
    *,
    apis: int = 1,
    gateways: int = 1,
    sabotage: str = "",
    extra: dict[str, str] | None = None,
) -> Installation:
    """Prepare processes on free ports of the loopback interface."""
    ports = free_ports(apis + gateways)
    common = {
        "RESPONDER_DATABASE_URL": database_url,
        "RESPONDER_DATA_DIR": str(folder),
        "RESPONDER_HOST": "127.0.0.1",
        # One robot raises what a whole city would.
        "RESPONDER_ALERTS_PER_MINUTE": "60000",
        **(extra or {}),
    }

    def process(kind: str, number: int, port: int, other: int) -> Process:
        own = (
            {"RESPONDER_PORT": str(port), "RESPONDER_LIVE_PORT": str(other)}
            if kind == "serve"
            else {"RESPONDER_LIVE_PORT": str(port), "RESPONDER_PORT": str(other)}
        )
        return Process(
            kind=kind,
            port=port,
            environment=common | own,
            log=folder / f"{kind}-{number}.log",
            sabotage=sabotage if (kind == "serve") is (sabotage in OF_THE_INTERFACE) else "",
        )

    api_ports, live_ports = ports[:apis], ports[apis:]
    return Installation(
        apis=[process("serve", number, port, live_ports[0]) for number, port in enumerate(api_ports)],
        gateways=[process("live", number, port, api_ports[0]) for number, port in enumerate(live_ports)],
    )

"""Fan-out: one message to many sockets, by our channel, by the library's `broadcast()` and by NATS."""

import asyncio
import gc
import json
import multiprocessing
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from benchmarks.fleet.fan_out_servers import PAYLOAD_BYTES, run_library, run_ours
from benchmarks.fleet.sockets import BINARY, Socket, close_fleet, open_fleet, percentile
from tests.faults.rig.bus import SERVER

Send = Callable[[int, int, float], Awaitable[dict[int, float]]]
"""Sends so many messages from a number on, with a pause before each; returns when each was sent."""

Serving = AbstractAsyncContextManager[tuple[int, str, Send]]
"""A server while it runs: its port, its path, and how it is told to send."""

SETTLE_S = 1.0
WARM_UP = 2
"""Messages that come before those that are measured."""
OPEN_WITHIN_S = 120.0
ANSWER_WITHIN_S = 60.0


async def fan_out_ms(name: str, *, sockets: int, messages: int, pause_s: float) -> list[float]:
    """Return the milliseconds from send to each socket's receipt, over all messages and sockets."""
    received: list[tuple[int, float]] = []

    def on_message(_: Socket, payload: bytes, now: float) -> None:
        at = payload.find(b'"seq":')
        if at >= 0:
            received.append((int(payload[at + 6 : payload.index(b",", at)]), now))

    async with _servers()[name]() as (port, path, send):
        async with asyncio.timeout(OPEN_WITHIN_S):
            fleet = await open_fleet(sockets, port=port, path=path, on_message=on_message)
        if name == "nats":
            for each in fleet:
                each.send(b'CONNECT {"verbose":false,"pedantic":false}\r\nSUB alert 1\r\n', opcode=BINARY)
        await asyncio.sleep(SETTLE_S)
        with _collecting_nothing():
            sent_at = await send(1, WARM_UP + messages, pause_s)
            await asyncio.sleep(SETTLE_S)
        await close_fleet(fleet)
    if len(received) != sockets * (WARM_UP + messages):
        message = f"{name}: {len(received)} of {sockets * (WARM_UP + messages)} messages arrived"
        raise RuntimeError(message)
    return [(at - sent_at[seq]) * 1000 for seq, at in received if seq > WARM_UP]


async def compare(
    names: list[str], *, sockets: int, messages: int, pause_s: float, rounds: int
) -> dict[str, float]:
    """
    Return each server's p99 in milliseconds; rounds take turns, and the middle one counts.

    A short round that is not counted comes first: the clients are the same for every server, and whichever
    server is first would otherwise be measured with clients that have never run.
    """
    for name in names:
        await fan_out_ms(name, sockets=sockets, messages=1, pause_s=pause_s)
    p99s: dict[str, list[float]] = {name: [] for name in names}
    for number in range(rounds):
        for name in names if number % 2 == 0 else reversed(names):
            spread = await fan_out_ms(name, sockets=sockets, messages=messages, pause_s=pause_s)
            p99s[name].append(percentile(spread, 0.99))
            print(
                f"  fan-out {name:8} {sockets:6} sockets: p50 {percentile(spread, 0.5):7.1f} ms"
                f"  p99 {p99s[name][-1]:7.1f} ms  last {max(spread):7.1f} ms",
                flush=True,
            )
    return {name: percentile(values, 0.5) for name, values in p99s.items()}


@contextmanager
def _collecting_nothing() -> Iterator[None]:
    """Keep the clients' garbage from being looked for just when one of the servers is measured."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def _servers() -> dict[str, Callable[[], Serving]]:
    return {"ours": lambda: in_process(run_ours), "library": lambda: in_process(run_library), "nats": _nats}


@asynccontextmanager
async def in_process(run: Callable[[Connection], None]) -> AsyncIterator[tuple[int, str, Send]]:
    """
    Let a server run in a process of its own; give its port, its path, and how it is told to send.

    Raises
    ------
    RuntimeError
        The server ended, or gave no answer in time.
    """
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=run, args=(there,), daemon=True)
    process.start()
    # Only the server has its end now, so that the pipe breaks when the server does.
    there.close()

    async def answer(*, within_s: float) -> Any:  # noqa: ANN401 - whatever the server says
        try:
            if await asyncio.to_thread(here.poll, within_s):
                return here.recv()
            message = f"{run.__name__}: no answer in {within_s:.0f} s"
        except (EOFError, ConnectionError):
            await asyncio.to_thread(process.join, ANSWER_WITHIN_S)
            message = f"{run.__name__}: the server ended with {process.exitcode}"
        raise RuntimeError(message)

    async def send(first_seq: int, count: int, pause_s: float) -> dict[int, float]:
        here.send((first_seq, count, pause_s))
        sent_at: dict[int, float] = await answer(within_s=ANSWER_WITHIN_S + 2 * count * pause_s)
        return sent_at

    try:
        yield await answer(within_s=ANSWER_WITHIN_S), "/live", send
    finally:
        with suppress(ConnectionError):
            here.send(None)
        await asyncio.to_thread(process.join, 10)
        if process.is_alive():
            process.kill()


@asynccontextmanager
async def _nats() -> AsyncIterator[tuple[int, str, Send]]:
    if SERVER is None:
        message = "nats-server is not installed"
        raise FileNotFoundError(message)
    folder = Path(tempfile.mkdtemp(prefix="responder-nats-"))
    plain, web = _free_port(), _free_port()
    config = folder / "nats.conf"
    config.write_text(
        f'listen: "127.0.0.1:{plain}"\nmax_connections: 65536\n'
        f'websocket {{ listen: "127.0.0.1:{web}", no_tls: true, compression: false }}\n'
    )
    server = subprocess.Popen(  # noqa: S603, ASYNC220 - a server beside us, started once
        [SERVER, "-c", str(config), "-l", str(folder / "log")], stdin=subprocess.DEVNULL
    )
    try:
        for _ in range(100):
            await asyncio.sleep(0.05)
            try:
                reader, writer = await asyncio.open_connection("127.0.0.1", plain)
                break
            except ConnectionRefusedError:
                continue
        await reader.readline()
        writer.write(b'CONNECT {"verbose":false,"pedantic":false}\r\n')

        async def send(first_seq: int, count: int, pause_s: float) -> dict[int, float]:
            sent_at = {}
            for seq in range(first_seq, first_seq + count):
                await asyncio.sleep(pause_s)
                payload = json.dumps({"type": "event", "seq": seq, "fill": ""}, separators=(",", ":"))
                payload = payload[:-2] + "x" * (PAYLOAD_BYTES - len(payload)) + '"}'
                sent_at[seq] = asyncio.get_running_loop().time()
                writer.write(f"PUB alert {len(payload)}\r\n{payload}\r\n".encode())
            return sent_at

        yield web, "/", send
        writer.close()
    finally:
        server.terminate()
        server.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])

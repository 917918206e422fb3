"""
Strangers who only want to be a burden: sign-ins that fail, or sockets that say nothing. A process of its own.

They come from many addresses of the loopback network, as a real flood comes from many addresses, so that no
cap on one address spares the server the work.
"""

import argparse
import asyncio
import itertools
import json
import os
import sys
import time
from collections import Counter
from contextlib import AsyncExitStack

import httpx

ADDRESSES = 50
STATEMENT_S = 1.0
WORKERS = 40


async def flood_sign_ins(url: str, *, per_s: float, usernames: list[str], until_s: float) -> None:
    """Send sign-ins with wrong passwords at a steady pace, half of them for accounts that exist."""
    answers: Counter[int] = Counter()
    turn = itertools.count()
    began_s = time.monotonic()

    async def worker(door: httpx.AsyncClient) -> None:
        while time.monotonic() < until_s:
            number = next(turn)
            await asyncio.sleep(max(0.0, began_s + number / per_s - time.monotonic()))
            username = usernames[number % len(usernames)] if number % 2 else f"nobody{number}"
            body = {"username": username, "password": f"wrong password {number}"}
            try:
                answers[(await door.post("/api/session", json=body)).status_code] += 1
            except httpx.HTTPError:
                answers[0] += 1

    async with AsyncExitStack() as doors:
        clients = [
            await doors.enter_async_context(
                httpx.AsyncClient(
                    base_url=url,
                    timeout=30,
                    trust_env=False,
                    transport=httpx.AsyncHTTPTransport(local_address=f"127.0.1.{number % ADDRESSES + 1}"),
                )
            )
            for number in range(WORKERS)
        ]
        await asyncio.gather(*(worker(client) for client in clients))
    _say({"answers": dict(sorted(answers.items()))})


class Idler(asyncio.Protocol):
    """A socket that asks to be one and then says nothing."""

    def __init__(self, port: int, open_now: set["Idler"]) -> None:
        self._port = port
        self._open_now = open_now
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a socket."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP gives nothing else
        self._transport = transport
        self._open_now.add(self)
        transport.write(
            f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{self._port}\r\nConnection: Upgrade\r\n"
            "Upgrade: websocket\r\n"
            "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
        )

    def connection_lost(self, _: Exception | None) -> None:
        """Count it no more."""
        self._open_now.discard(self)


async def keep_idlers(port: int, *, count: int, per_s: float, until_s: float) -> None:
    """Open so many sockets, and open anew, no faster than the pace, what the server has closed."""
    loop = asyncio.get_running_loop()
    open_now: set[Idler] = set()
    opened = 0
    held: list[int] = []
    next_s = time.monotonic()
    said_s = next_s
    while time.monotonic() < until_s:
        batch = min(count - len(open_now), 50)
        for _ in range(batch):
            address = (f"127.0.2.{opened % ADDRESSES + 1}", 0)
            opened += 1
            try:
                await loop.create_connection(
                    lambda: Idler(port, open_now), "127.0.0.1", port, local_addr=address
                )
            except OSError:
                break
        next_s = max(next_s + max(batch, 1) / per_s, time.monotonic())
        if time.monotonic() - said_s > STATEMENT_S:
            said_s = time.monotonic()
            held.append(len(open_now))
        await asyncio.sleep(max(0.0, next_s - time.monotonic()))
    _say({"opened": opened, "held_most": max(held, default=0), "held_median": sorted(held)[len(held) // 2]})


def _say(found: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(found) + "\n")


def main() -> None:
    """Do one of the two for so many seconds."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("what", choices=["sign-ins", "idlers"])
    arguments.add_argument("--port", type=int, required=True)
    arguments.add_argument("--seconds", type=float, required=True)
    arguments.add_argument("--per-s", type=float, required=True)
    arguments.add_argument("--count", type=int, default=0)
    arguments.add_argument("--usernames", nargs="*", default=["nobody"])
    chosen = arguments.parse_args()
    # The attackers' machines are elsewhere: their work shall not be taken for the server's.
    os.nice(10)
    until_s = time.monotonic() + chosen.seconds
    if chosen.what == "sign-ins":
        url = f"http://127.0.0.1:{chosen.port}"
        asyncio.run(flood_sign_ins(url, per_s=chosen.per_s, usernames=chosen.usernames, until_s=until_s))
    else:
        asyncio.run(keep_idlers(chosen.port, count=chosen.count, per_s=chosen.per_s, until_s=until_s))


if __name__ == "__main__":
    main()

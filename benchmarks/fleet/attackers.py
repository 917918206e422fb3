"""
Strangers who only want to be a burden: sign-ins that fail, or sockets that say nothing. A process of its own.

They come from many addresses of the loopback network, as a real flood comes from many addresses, so that no
cap on one address spares the server the work. They go on until their standard input ends, and then say what
they did. Each attempt begins when it is due, however long the server takes over those before it.
"""

import argparse
import asyncio
import json
import os
import select
import socket
import statistics
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from pathlib import Path

MOST_AT_ONCE = 2000
"""Sign-ins that may wait for an answer; a server that is slower than that is flooded no further."""
TICK_S = 0.02
NICENESS = 15
"""A thirtieth of a core that the server wants too; a machine with no time to spare is flooded little."""


class SignIn(asyncio.Protocol):
    """One sign-in with a wrong password: a connection, a request, the status of its answer."""

    def __init__(self, port: int, body: bytes, *, told: Callable[[int], None]) -> None:
        self._request = (
            b"POST /api/session HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (port, len(body), body)
        )
        self._told = told
        self._answer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask to be let in."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP gives nothing else
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        """Keep what the answer begins with."""
        self._answer = (self._answer + data)[:16]

    def connection_lost(self, _: Exception | None) -> None:
        """Count the answer; none is 0."""
        words = self._answer.split()
        self._told(int(words[1]) if len(words) > 1 else 0)


async def flood_sign_ins(port: int, *, per_s: float, usernames: list[str], addresses: int) -> None:
    """Send sign-ins with wrong passwords at a steady pace, half of them for accounts that exist."""
    answers: Counter[int] = Counter()
    begun = 0

    async def begin() -> None:
        nonlocal begun
        number = begun
        begun += 1
        username = usernames[number % len(usernames)] if number % 2 else f"nobody{number}"
        body = json.dumps({"username": username, "password": f"wrong password {number}"}).encode()
        if not await _connect(
            port,
            lambda: SignIn(port, body, told=lambda status: answers.update([status])),
            address=_address(number % addresses),
        ):
            answers.update([0])

    began_s = time.monotonic()
    await _at_pace(begin, per_s=per_s, room=lambda: MOST_AT_ONCE - (begun - answers.total()))
    took_s = time.monotonic() - began_s
    _say({"sent_per_s": round(begun / took_s, 1), "answers": dict(sorted(answers.items()))})


class Refusal(asyncio.Protocol):
    """What a listener does that does nothing else: it answers that there were too many, and closes."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember whom to answer."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - TCP gives nothing else
        self._transport = transport

    def data_received(self, _: bytes) -> None:
        """Answer."""
        self._transport.write(b"HTTP/1.1 429 Too Many Requests\r\nContent-Length: 0\r\n\r\n")
        self._transport.close()


async def flood_themselves(*, per_s: float, usernames: list[str], addresses: int) -> None:
    """Send the same sign-ins to a listener in this very process."""
    server = await asyncio.get_running_loop().create_server(Refusal, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        await flood_sign_ins(port, per_s=per_s, usernames=usernames, addresses=addresses)


class Idlers:
    """
    Sockets that ask to be one and then say nothing.

    On bare system calls: what opening thousands costs here is taken from the server's machine.
    """

    def __init__(self, port: int, *, addresses: int) -> None:
        self._port = port
        self._addresses = addresses
        self._request = (
            b"GET /live HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n" % port
        )
        self._poll = select.epoll()
        self._open: dict[int, socket.socket] = {}
        self.opened = 0

    def __len__(self) -> int:
        return len(self._open)

    def open(self) -> None:
        """Open one more."""
        one = socket.socket()
        one.settimeout(0)
        one.bind((_address(self.opened % self._addresses), 0))
        one.connect_ex(("127.0.0.1", self._port))
        self.opened += 1
        self._open[one.fileno()] = one
        # Both are told once: that it can be asked, and that it was answered or closed.
        self._poll.register(one, select.EPOLLIN | select.EPOLLOUT | select.EPOLLET)

    def look(self) -> None:
        """Ask where somebody has opened, and forget what was closed."""
        for number, event in self._poll.poll(0):
            one = self._open[number]
            try:
                if event & (select.EPOLLIN | select.EPOLLHUP | select.EPOLLERR) == 0:
                    one.send(self._request)
                elif one.recv(4096):
                    continue
                else:
                    self._close(one)
            except BlockingIOError:
                continue
            except OSError:
                self._close(one)

    def _close(self, one: socket.socket) -> None:
        del self._open[one.fileno()]
        one.close()


async def keep_idlers(port: int, *, count: int, per_s: float, addresses: int) -> None:
    """Open so many sockets, and open anew, no faster than the pace, what the server has closed."""
    idlers = Idlers(port, addresses=addresses)
    held: list[int] = []

    async def begin() -> None:
        idlers.open()

    def room() -> int:
        idlers.look()
        held.append(len(idlers))
        return count - len(idlers)

    began_s = time.monotonic()
    await _at_pace(begin, per_s=per_s, room=room)
    took_s = time.monotonic() - began_s
    _say(
        {
            "opened_per_s": round(idlers.opened / took_s, 1),
            "held_most": max(held, default=0),
            "held_median": statistics.median(held or [0]),
        }
    )


async def _at_pace(begin: Callable[[], Awaitable[None]], *, per_s: float, room: Callable[[], int]) -> None:
    """Begin so many in a second, as far as there is room for them, until standard input ends."""
    over = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    due_s = time.monotonic()
    owed = 0.0
    while not over.done():
        await asyncio.sleep(TICK_S)
        now_s = time.monotonic()
        # What could not be begun for a second is not made up for later.
        owed = min(owed + (now_s - due_s) * per_s, per_s)
        due_s = now_s
        for _ in range(min(int(owed), max(0, room()))):
            owed -= 1
            await begin()


def _address(number: int) -> str:
    """Return one of the loopback network's addresses: 250 in each of the nets 127.0.1 and on."""
    net, host = divmod(number, 250)
    return f"127.0.{net + 1}.{host + 1}"


async def _connect(port: int, protocol: Callable[[], asyncio.Protocol], *, address: str) -> bool:
    """Connect from an address, and tell whether somebody was there."""
    with suppress(OSError):
        await asyncio.get_running_loop().create_connection(
            protocol, "127.0.0.1", port, local_addr=(address, 0)
        )
        return True
    return False


def _say(found: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(found) + "\n")


def _be_elsewhere() -> None:
    """
    Take only the time that nobody else wants: the attackers' machines are not the server's.

    Where Linux groups processes by session, a priority counts within the session alone, and the session's own
    has to be lowered.
    """
    os.nice(NICENESS)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICENESS))


def main() -> None:
    """Do one of the two until standard input ends."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("what", choices=["sign-ins", "idlers"])
    where = arguments.add_mutually_exclusive_group(required=True)
    where.add_argument("--port", type=int)
    where.add_argument("--themselves", action="store_true", help="to see what they cost that attacks nobody")
    arguments.add_argument("--per-s", type=float, required=True)
    arguments.add_argument("--addresses", type=int, default=50)
    arguments.add_argument("--count", type=int, default=0)
    arguments.add_argument("--usernames", nargs="*", default=["nobody"])
    chosen = arguments.parse_args()
    _be_elsewhere()
    if chosen.themselves:
        work = flood_themselves(per_s=chosen.per_s, usernames=chosen.usernames, addresses=chosen.addresses)
    elif chosen.what == "sign-ins":
        work = flood_sign_ins(
            chosen.port, per_s=chosen.per_s, usernames=chosen.usernames, addresses=chosen.addresses
        )
    else:
        work = keep_idlers(chosen.port, count=chosen.count, per_s=chosen.per_s, addresses=chosen.addresses)
    asyncio.run(work)


if __name__ == "__main__":
    main()

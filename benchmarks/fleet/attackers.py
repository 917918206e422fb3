"""
Strangers who only want to be a burden: sign-ins that fail, sockets that say nothing, requests without an end.

A process of its own.

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
from collections import Counter, deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

MOST_AT_ONCE = 2000
"""Sign-ins that may wait for an answer; a server that is slower than that is flooded no further."""
TICK_S = 0.02
TRICKLE_S = 1.0
SMALL_BYTES = 4096
ASSETS = Path(__file__).resolve().parents[2] / "static" / "dist" / "assets"
UNBUILT = b"/node_modules/maplibre-gl/dist/maplibre-gl.mjs"
"""What is large of a page that is served unbuilt."""
KEPT = 200
"""About as many as a server with few files."""
NICENESS = 15
"""A thirtieth of a core that the server wants too; a machine with no time to spare is flooded little."""


class Sockets:
    """
    Sockets from many addresses that ask one thing each.

    On bare system calls: what opening thousands costs here is taken from the server's machine.
    """

    def __init__(self, port: int, *, addresses: int) -> None:
        self._port = port
        self._addresses = addresses
        self._poll = select.epoll()
        self._open: dict[int, socket.socket] = {}
        self._to_ask: dict[int, bytes] = {}
        self._unanswered: set[int] = set()
        self._trickles: dict[int, bytes] = {}
        self._deaf: set[int] = set()
        self.opened = 0
        self.statuses: Counter[int] = Counter()
        """What each was answered first; 0 when nothing."""

    def __len__(self) -> int:
        return len(self._open)

    def open(self, request: bytes, *, trickle: bytes = b"", takes_answer: bool = True) -> None:
        """Open one more, and ask as soon as a server is there; `trickle` is sent each time that is wanted."""
        one = socket.socket()
        one.settimeout(0)
        if not takes_answer:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL_BYTES)
        net, host = divmod(self.opened % self._addresses, 250)
        # The loopback network has addresses for all: 250 in each of the nets 127.0.1 and on.
        one.bind((f"127.0.{net + 1}.{host + 1}", 0))
        one.connect_ex(("127.0.0.1", self._port))
        self.opened += 1
        number = one.fileno()
        self._open[number] = one
        self._to_ask[number] = request
        self._unanswered.add(number)
        if trickle:
            self._trickles[number] = trickle
        if not takes_answer:
            self._deaf.add(number)
        # Both are told once: that it can be asked, and that it was answered or closed.
        self._poll.register(one, select.EPOLLIN | select.EPOLLOUT | select.EPOLLET)
        self._ask(number)

    def look(self) -> None:
        """Send requests on open connections, read the answers, and drop those that were closed."""
        for number, event in self._poll.poll(0):
            if not self._ask(number):
                continue
            ended = event & (select.EPOLLHUP | select.EPOLLERR)
            if ended or (event & select.EPOLLIN and number not in self._deaf):
                self._hear(number)

    def trickle(self) -> None:
        """Send a little more where that was said."""
        for number, piece in tuple(self._trickles.items()):
            if number not in self._to_ask:
                try:
                    self._open[number].send(piece)
                except BlockingIOError:
                    continue
                except OSError:
                    self._close(number)

    def close(self) -> None:
        """Close those that are open."""
        for one in self._open.values():
            one.close()
        self._poll.close()

    def _ask(self, number: int) -> bool:
        """Return whether it has been asked and is open."""
        if request := self._to_ask.get(number):
            try:
                self._open[number].send(request)
            except BlockingIOError:
                return False
            except OSError:
                self._close(number)
                return False
            del self._to_ask[number]
        return True

    def _hear(self, number: int) -> None:
        try:
            while answer := self._open[number].recv(4096):
                if number in self._unanswered:
                    self._unanswered.discard(number)
                    self.statuses[int(answer.split(maxsplit=2)[1])] += 1
        except BlockingIOError:
            return
        except OSError:
            pass
        self._close(number)

    def _close(self, number: int) -> None:
        if number in self._unanswered:
            self._unanswered.discard(number)
            self.statuses[0] += 1
        self._to_ask.pop(number, None)
        self._trickles.pop(number, None)
        self._deaf.discard(number)
        self._open.pop(number).close()


async def flood_sign_ins(port: int, *, per_s: float, usernames: list[str], addresses: int) -> None:
    """Send sign-ins with wrong passwords at a steady pace, half of them for accounts that exist."""
    sockets = Sockets(port, addresses=addresses)

    def begin() -> None:
        number = sockets.opened
        username = usernames[number % len(usernames)] if number % 2 else f"nobody{number}"
        body = json.dumps({"username": username, "password": f"wrong password {number}"}).encode()
        sockets.open(
            b"POST /api/session HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n"
            b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (port, len(body), body)
        )

    def room() -> int:
        sockets.look()
        return MOST_AT_ONCE - len(sockets)

    began_s = time.monotonic()
    await _at_pace(begin, per_s=per_s, room=room)
    took_s = time.monotonic() - began_s
    sockets.close()
    answers = dict(sorted(sockets.statuses.items()))
    _say({"sent_per_s": round(sockets.opened / took_s, 1), "answers": answers})


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


async def keep_idlers(port: int, *, count: int, per_s: float, addresses: int) -> None:
    """Open so many silent sockets, and reopen closed ones no faster than the pace."""
    sockets = Sockets(port, addresses=addresses)
    request = (
        b"GET /live HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n" % port
    )
    held: list[int] = []

    def room() -> int:
        sockets.look()
        held.append(len(sockets))
        return count - len(sockets)

    began_s = time.monotonic()
    await _at_pace(lambda: sockets.open(request), per_s=per_s, room=room)
    took_s = time.monotonic() - began_s
    sockets.close()
    _say(
        {
            "opened_per_s": round(sockets.opened / took_s, 1),
            "held_most": max(held, default=0),
            "held_median": statistics.median(held or [0]),
        }
    )


class Shedder:
    """What a listener does that only sheds: it keeps the newest connections, and closes the others unread."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0), backlog=2048)
        self._listening.settimeout(0)
        self.port: int = self._listening.getsockname()[1]
        self._kept: deque[socket.socket] = deque()

    def accept(self) -> None:
        """Accept all that have come."""
        with suppress(BlockingIOError):
            while True:
                self._kept.append(self._listening.accept()[0])
                if len(self._kept) > KEPT:
                    self._kept.popleft().close()


def large_file() -> bytes:
    """Return the address of a file larger than what the system keeps for a client that takes nothing."""
    sizes = {file.name: file.stat().st_size for file in ASSETS.glob("*.js")}
    return f"/assets/{max(sizes, key=sizes.__getitem__)}".encode() if sizes else UNBUILT


async def keep_unfinished(port: int | None, *, count: int, per_s: float, addresses: int) -> None:
    """
    Keep so many requests open that never come to an end, of every kind; and open again what was closed.

    Without a port they come to a listener in this very process.
    """
    shedder = Shedder() if port is None else None
    if shedder is not None:
        port = shedder.port
    assert port is not None  # noqa: S101 - one of both
    sockets = Sockets(port, addresses=addresses)
    head = b"POST /api/session HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Type: application/json\r\n" % port
    whole = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % port
    large = b"GET %b HTTP/1.1\r\nHost: 127.0.0.1:%d\r\n\r\n" % (large_file(), port)
    kinds = (
        (b"", b"", True),
        (head, b"", True),
        (head, b"X: y\r\n", True),
        (head + b"Content-Length: 1000\r\n\r\n", b"", True),
        (head + b"Content-Length: 1000\r\n\r\n", b"x", True),
        (head + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\nx\r\n", True),
        (whole, b"", True),
        (whole, b"\r\n", True),
        (large, b"", False),
    )
    held: list[int] = []
    next_trickle_s = time.monotonic()

    def begin() -> None:
        request, trickle, takes_answer = kinds[sockets.opened % len(kinds)]
        sockets.open(request, trickle=trickle, takes_answer=takes_answer)

    def room() -> int:
        nonlocal next_trickle_s
        if shedder is not None:
            shedder.accept()
        sockets.look()
        if time.monotonic() >= next_trickle_s:
            next_trickle_s = time.monotonic() + TRICKLE_S
            sockets.trickle()
        held.append(len(sockets))
        return count - len(sockets)

    began_s = time.monotonic()
    await _at_pace(begin, per_s=per_s, room=room)
    took_s = time.monotonic() - began_s
    sockets.close()
    _say(
        {
            "opened_per_s": round(sockets.opened / took_s, 1),
            "held_most": max(held, default=0),
            "held_median": statistics.median(held or [0]),
            "answers": dict(sorted(sockets.statuses.items())),
        }
    )


async def _at_pace(begin: Callable[[], None], *, per_s: float, room: Callable[[], int]) -> None:
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
            begin()


def _say(found: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(found) + "\n")


def _be_elsewhere() -> None:
    """
    Run at the lowest priority: the attackers' machines are not the server's.

    Where Linux groups processes by session, a priority counts within the session alone, and the session's own
    has to be lowered.
    """
    os.nice(NICENESS)
    with suppress(OSError):
        Path("/proc/self/autogroup").write_text(str(NICENESS))


def main() -> None:
    """Do one of the three until standard input ends."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("what", choices=["sign-ins", "idlers", "unfinished"])
    where = arguments.add_mutually_exclusive_group(required=True)
    where.add_argument("--port", type=int)
    where.add_argument(
        "--themselves", action="store_true", help="attack nothing, to measure the cost of the attackers"
    )
    arguments.add_argument("--per-s", type=float, required=True)
    arguments.add_argument("--addresses", type=int, default=50)
    arguments.add_argument("--count", type=int, default=0)
    arguments.add_argument("--usernames", nargs="*", default=["nobody"])
    chosen = arguments.parse_args()
    _be_elsewhere()
    if chosen.themselves and chosen.what == "sign-ins":
        work = flood_themselves(per_s=chosen.per_s, usernames=chosen.usernames, addresses=chosen.addresses)
    elif chosen.what == "sign-ins":
        work = flood_sign_ins(
            chosen.port, per_s=chosen.per_s, usernames=chosen.usernames, addresses=chosen.addresses
        )
    elif chosen.what == "unfinished":
        work = keep_unfinished(
            chosen.port, count=chosen.count, per_s=chosen.per_s, addresses=chosen.addresses
        )
    else:
        work = keep_idlers(chosen.port, count=chosen.count, per_s=chosen.per_s, addresses=chosen.addresses)
    asyncio.run(work)


if __name__ == "__main__":
    main()

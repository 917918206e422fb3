"""
The least that an alert can cost, with the same tools: a server that calls people and stores their receipts.

An alert is one INSERT of an array of people and a `broadcast()`. Receipts are collected while the last
UPDATE runs; the next one stores all of them by one array, and each sender is told after the commit. There
are no rights, no map, no ladder and no history, and nobody who comes later hears of it. The database is as
an installation's.
"""

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from uuid import uuid4

import psycopg
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

from benchmarks.fleet.sockets import Socket, raise_open_file_limit
from responder.live.connection.gc_pause import GcScheduler

ALERT_BYTES = 1024
"""About what a called person is sent of an alert."""
ID_AT = len(b'{"type":"alert","id":"')
TABLES = """
    CREATE TABLE IF NOT EXISTS person (id uuid PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS alert (id uuid PRIMARY KEY, raised_at timestamptz NOT NULL DEFAULT now());
    CREATE TABLE IF NOT EXISTS delivery (
        alert_id uuid NOT NULL REFERENCES alert, recipient_id uuid NOT NULL REFERENCES person,
        state text NOT NULL, delivered_at timestamptz, PRIMARY KEY (alert_id, recipient_id));
"""
CALL = """
    WITH raised AS (INSERT INTO alert (id) VALUES (%s) RETURNING id)
    INSERT INTO delivery (alert_id, recipient_id, state)
    SELECT raised.id, called.id, 'queued' FROM raised, unnest(%s::uuid[]) AS called (id)
"""
STORE = """
    UPDATE delivery SET state = 'delivered', delivered_at = given.at
    FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[]) AS given (alert_id, recipient_id, at)
    WHERE delivery.alert_id = given.alert_id AND delivery.recipient_id = given.recipient_id
"""


@dataclass
class FloorServer:
    """Connections by person, and receipts that are not stored yet."""

    database: psycopg.AsyncConnection
    """Each statement is a transaction; psycopg lets one wait for the other."""
    people: dict[str, ServerConnection] = field(default_factory=dict)
    waiting: list[tuple[ServerConnection, dict[str, str]]] = field(default_factory=list)
    woken: asyncio.Event = field(default_factory=asyncio.Event)

    async def handle(self, connection: ServerConnection) -> None:
        """Serve a person, who says first who it is, or the staff, until they are gone."""
        with suppress(ConnectionClosed):
            await self._serve(connection)

    async def _serve(self, connection: ServerConnection) -> None:
        who = str(await connection.recv())
        if who == "staff":
            async for _ in connection:
                await connection.send(await self.call())
            return
        self.people[who] = connection
        await connection.send('{"type":"welcome"}')
        async for text in connection:
            self.waiting.append((connection, json.loads(text)))
            self.woken.set()

    async def call(self) -> str:
        """Call all people; return what is said of it."""
        alert_id = str(uuid4())
        await self.database.execute(CALL, [alert_id, list(self.people)])
        head = f'{{"type":"alert","id":"{alert_id}","fill":"'
        broadcast(self.people.values(), head + "x" * (ALERT_BYTES - len(head) - 2) + '"}')
        return f'{{"type":"raised","id":"{alert_id}"}}'

    async def store(self) -> None:
        """Store receipts, all that have come meanwhile at once, until cancelled."""
        while True:
            await self.woken.wait()
            self.woken.clear()
            batch, self.waiting = self.waiting, []
            receipts = [receipt for _, receipt in batch]
            columns = [[each[name] for each in receipts] for name in ("alert_id", "recipient_id", "at")]
            await self.database.execute(STORE, columns)
            for connection, receipt in batch:
                await connection.send(f'{{"type":"stored","alert_id":"{receipt["alert_id"]}"}}')


def run_floor(pipe: Connection, url: str, people: Sequence[str]) -> None:
    """Serve in this process until it is ended; says its port first."""
    asyncio.run(_serve(pipe, url, people))


async def _serve(pipe: Connection, url: str, people: Sequence[str]) -> None:
    raise_open_file_limit()
    # As the gateway does; this server is to have the same good of it.
    collecting = asyncio.create_task(GcScheduler(is_idle=lambda: True, closed=lambda: 0).run())
    async with await psycopg.AsyncConnection.connect(url, autocommit=True) as database:
        await database.execute(TABLES)
        await database.execute("INSERT INTO person SELECT unnest(%s::uuid[])", [list(people)])
        server = FloorServer(database)
        storing = asyncio.create_task(server.store())
        async with serve(server.handle, "127.0.0.1", 0, compression=None, ping_interval=None) as listening:
            pipe.send(next(iter(listening.sockets)).getsockname()[1])
            # The parent's end breaks with it.
            await asyncio.to_thread(pipe.poll, None)
        storing.cancel()
    collecting.cancel()


@dataclass
class FloorDevices:
    """Devices that confirm every alert at once, as those of an installation do."""

    people: Sequence[str]
    raised: "asyncio.Future[float]" = field(init=False)
    """When the alert was answered."""
    welcomed: int = 0
    heard_at: dict[int, float] = field(default_factory=dict)
    stored_at: dict[int, float] = field(default_factory=dict)
    all_welcomed: asyncio.Event = field(default_factory=asyncio.Event)
    all_stored: asyncio.Event = field(default_factory=asyncio.Event)

    def begin(self) -> None:
        """Begin a round."""
        self.raised = asyncio.get_running_loop().create_future()
        self.heard_at.clear()
        self.stored_at.clear()
        self.all_stored.clear()

    def greet(self, socket: Socket) -> None:
        """Say who it is."""
        socket.send(self.people[socket.number].encode())

    def on_message(self, socket: Socket, payload: bytes, now: float) -> None:
        """Confirm an alert, and note what has come."""
        if payload.startswith(b'{"type":"alert"'):
            self.heard_at[socket.number] = now
            alert_id, person = payload[ID_AT : ID_AT + 36], self.people[socket.number].encode()
            socket.send(
                b'{"type":"receipt","alert_id":"%b","recipient_id":"%b","at":"2026-01-01T00:00:00Z"}'
                % (alert_id, person)
            )
        elif payload.startswith(b'{"type":"stored"'):
            self.stored_at[socket.number] = now
            if len(self.stored_at) == len(self.people):
                self.all_stored.set()
        elif payload.startswith(b'{"type":"welcome"'):
            self.welcomed += 1
            if self.welcomed == len(self.people):
                self.all_welcomed.set()

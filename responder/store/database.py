"""The connection pool, as a source of transactions."""

import select
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import cast

import psycopg
from pydantic_core import from_json
from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import DBAPIError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry

from responder.domain.errors import BusyError
from responder.ports import DatabaseAwayError, Transaction
from responder.ports.database import DatabaseImpairedError, Impairment, StatementAbortedError
from responder.services.security_context import current_principal
from responder.store.faults import first_line, impairment_of, without_values
from responder.store.impaired import Impaired
from responder.store.limits import IDLE_IN_TRANSACTION_TIMEOUT_MS, STATEMENT_TIMEOUT_MS
from responder.store.outage import Outage
from responder.store.transaction import PostgresTransaction

APPLICATION_ROLE = "responder_app"
"""Role of all work, whichever role the connection signs in with: it owns nothing. See migration 0004."""
_AS_SYSTEM = "SELECT act_as_system(%s)"
_FOR_ACCOUNT = "SELECT act_for(%s, %s)"
_SPILL = "SELECT count(*) FROM (SELECT g FROM generate_series(1, 40000) AS g ORDER BY random()) AS spilled"
"""Writes a megabyte of temporary files and removes them: what fits into half a page would say nothing."""
POOL_SIZE = 10
POOL_OVERFLOW = 10
POOL_WAIT_S = 20.0


class PostgresDatabase:
    """PostgreSQL with PostGIS, where everything is kept."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.outage = Outage()
        self._impaired = Impaired()
        event.listen(engine.sync_engine, "handle_error", without_values)
        event.listen(engine.sync_engine, "checkout", _refuse_closed)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[Transaction]:
        """
        Begin a transaction that ends with the block: committed, or undone when the block raises.

        Row-level security shows it what the current principal may see; see `services.security_context`.
        """
        async with self._connected() as connection, connection.begin():
            await _name(connection)
            yield PostgresTransaction(connection)

    @asynccontextmanager
    async def snapshot(self) -> AsyncIterator[Transaction]:
        async with self._connected() as connection:
            await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            async with connection.begin():
                await _name(connection)
                yield PostgresTransaction(connection)

    @asynccontextmanager
    async def _connected(self) -> AsyncIterator[AsyncConnection]:
        async with AsyncExitStack() as stack:
            try:
                connection = await stack.enter_async_context(self._engine.connect())
            except PoolTimeoutError as error:
                raise BusyError from error
            except OperationalError as error:
                raise self._away(error) from error.orig
            self.outage.recovered()
            self._impaired.recovered(Impairment.CONNECTIONS)
            if self._impaired.is_due(asked=False):
                await self._try(connection)
            try:
                yield connection
            except DBAPIError as error:
                if error.connection_invalidated or impairment_of(error.orig) is not None:
                    raise self._away(error) from error.orig
                if isinstance(error, OperationalError):
                    raise StatementAbortedError(first_line(error.orig or error)) from error.orig
                raise

    @property
    def impaired(self) -> Impairment | None:
        return self._impaired.now

    async def check(self) -> None:
        async with self._connected() as connection:
            if self._impaired.is_due(asked=True):
                await self._try(connection)
            async with connection.begin():
                await _name(connection)
                await connection.exec_driver_sql("SELECT 1 FROM circle LIMIT 1")
        if self._impaired.now is not None:
            raise DatabaseImpairedError(self._impaired.now)

    async def _try(self, connection: AsyncConnection) -> None:
        """Find out what the database can do, in a transaction of its own that leaves nothing behind."""
        self._impaired.checked()
        try:
            async with connection.begin():
                await connection.exec_driver_sql("SET LOCAL work_mem = '64kB'")
                await connection.exec_driver_sql(_SPILL)
                answer = await connection.exec_driver_sql("SHOW transaction_read_only")
                read_only = answer.scalar_one() == "on"
        except DBAPIError as error:
            found = impairment_of(error.orig)
            if found is None:
                raise self._away(error) from error.orig
            self._impaired.record_failure(found, error.orig or error)
            return
        self._impaired.recovered(Impairment.DISK, Impairment.MEMORY)
        if read_only:
            self._impaired.record_failure(Impairment.READ_ONLY, ConnectionError("the database is read-only"))
        else:
            self._impaired.recovered(Impairment.READ_ONLY)

    def _away(self, error: DBAPIError) -> DatabaseAwayError:
        cause = error.orig or error
        impairment = impairment_of(cause)
        if impairment is not None:
            self._impaired.record_failure(impairment, cause)
            return DatabaseImpairedError(impairment, first_line(cause))
        self.outage.record_failure(cause)
        return DatabaseAwayError(str(cause))

    async def dispose(self) -> None:
        await self._engine.dispose()


def connect(
    url: str,
    *,
    pool_size: int = POOL_SIZE,
    overflow: int = POOL_OVERFLOW,
    wait_s: float = POOL_WAIT_S,
    idle_in_transaction_ms: int = IDLE_IN_TRANSACTION_TIMEOUT_MS,
) -> PostgresDatabase:
    """
    Return the database at a `postgresql://` URL; connections are made when they are needed.

    There are `pool_size` connections, and `overflow` more at peaks. Waiting longer than `wait_s` for one
    raises BusyError. The server rolls back a transaction that is idle for `idle_in_transaction_ms`, so that
    a process that hangs does not keep its locks.
    """
    settings = {
        "timezone": "UTC",
        "statement_timeout": STATEMENT_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": idle_in_transaction_ms,
        # Our queries take milliseconds; compiling one takes hundreds.
        "jit": "off",
        "role": APPLICATION_ROLE,
        # Only what a transaction says counts, also where the role that signed in has another habit.
        "responder.system": "off",
    }
    engine = create_async_engine(
        driver_url(url),
        pool_size=pool_size,
        max_overflow=overflow,
        pool_timeout=wait_s,
        # The one that was used last has its statements prepared.
        pool_use_lifo=True,
        # Names and notes are not for logs.
        hide_parameters=True,
        # Reads the JSON of a thousand deliveries in half the time of the standard library's.
        json_deserializer=from_json,
        connect_args={
            "application_name": "responder",
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
        },
    )
    return PostgresDatabase(engine)


def _refuse_closed(_connection: object, record: ConnectionPoolEntry, _proxy: object) -> None:
    """
    Have connections made again that the server has closed: it says so before, on a socket otherwise silent.

    Asking it whether it is there would cost each transaction as much as one of its statements.
    """
    driver = cast("psycopg.AsyncConnection", record.driver_connection)
    if not driver.closed:
        poll = select.poll()
        poll.register(driver.fileno(), select.POLLIN)
        if not poll.poll(0):
            return
    raise InvalidatePoolError


async def _name(connection: AsyncConnection) -> None:
    """Tell the database for whom the transaction is, so that row-level security shows no more than that."""
    who = current_principal()
    # Every transaction begins so: as the driver takes it, without anything being compiled.
    if who.system:
        await connection.exec_driver_sql(_AS_SYSTEM, (who.circle_id,))
    else:
        await connection.exec_driver_sql(_FOR_ACCOUNT, (who.account_id, who.circle_id))


def driver_url(url: str) -> URL:
    """Return the URL with the one driver that is used, whatever other was named."""
    return make_url(url).set(drivername="postgresql+psycopg")

"""Which database the commands work on: the one given, or the private one under the data folder."""

import asyncio
import secrets
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import psycopg

from responder.embedded import Cluster
from responder.ports import Database
from responder.settings import Settings
from responder.store.install_state import libpq_url
from responder.terminal.console import working

Result = TypeVar("Result")

PASSWORD_FILE = "demo-password"  # noqa: S105 - the name of a file
_PASSWORD_BYTES = 9


@contextmanager
def database_at_hand(settings: Settings) -> Iterator[str]:
    """
    Give the URL of the database.

    A private server that stood still is started for the time being, and stopped again unless another
    process has begun to use it.
    """
    if settings.database_url is not None:
        yield settings.database_url.get_secret_value()
        return
    cluster = Cluster(settings.data_dir)
    with working("准备数据库", "preparing the database"):
        started = cluster.start()
        url = cluster.ensure()
    try:
        yield url
    finally:
        if started and not _in_use(url):
            cluster.stop()


def with_database(url: str, work: Callable[[Database], Coroutine[Any, Any, Result]]) -> Result:
    """Run `work` with the database open, and close it whatever happens."""
    # Brings SQLAlchemy: half a start, when all that is wanted is where the database is.
    from responder.store.database import connect  # noqa: PLC0415 - see above

    async def opened() -> Result:
        database = connect(url)
        try:
            return await work(database)
        finally:
            await database.dispose()

    return asyncio.run(opened())


def demo_password(data_dir: Path) -> str:
    """
    Return the password of this installation's demo accounts, made up once and kept beside the data.

    For when the accounts are made: existing accounts keep their own passwords.
    """
    kept = data_dir / PASSWORD_FILE
    if not kept.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(_PASSWORD_BYTES) + "\n", encoding="ascii")
    return kept.read_text(encoding="ascii").strip()


def kept_demo_password(data_dir: Path) -> str | None:
    """Return the password that was made up when the demo accounts were made; None when it is not here."""
    try:
        return (data_dir / PASSWORD_FILE).read_text(encoding="ascii").strip() or None
    except OSError:
        return None


def _in_use(url: str) -> bool:
    query = (
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE backend_type = 'client backend' AND datname IS NOT NULL AND pid <> pg_backend_pid()"
    )
    try:
        with psycopg.connect(libpq_url(url)) as connection:
            found = connection.execute(query).fetchone()
    except psycopg.OperationalError:
        return False
    return found is not None and found[0] > 0

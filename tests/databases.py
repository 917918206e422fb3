"""Copies of prepared databases: to copy their files is far quicker than to prepare another."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import psycopg
from psycopg import sql

from responder.embedded import Cluster
from responder.embedded.database import ADMIN, ROLE, url
from responder.store.install_state import libpq_url

DEMO_PASSWORD = "a long enough password"  # noqa: S105 - of accounts that live as long as the test
STRATEGY_SINCE = 150_000
"""PostgreSQL from here on writes each copied page to its log, unless told to copy files as before."""

_numbers = count(1)


@contextmanager
def copy_of(cluster: Cluster, template: str) -> Iterator[str]:
    """Give the URL of a copy of a database of the cluster, which nobody may be connected to."""
    name = f"copy_{next(_numbers)}"
    socket_dir = cluster.status().socket_dir
    assert socket_dir is not None
    with _as_admin(cluster) as admin:
        statement = sql.SQL("CREATE DATABASE {} OWNER {} TEMPLATE {}").format(
            sql.Identifier(name), sql.Identifier(ROLE), sql.Identifier(template)
        )
        if admin.info.server_version >= STRATEGY_SINCE:
            statement += sql.SQL(" STRATEGY file_copy")
        admin.execute(statement)
    yield url(socket_dir, name=name)
    with _as_admin(cluster) as admin:
        admin.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _as_admin(cluster: Cluster) -> Iterator[psycopg.Connection]:
    there = cluster.status().url
    assert there is not None
    with psycopg.connect(libpq_url(there), user=ADMIN, dbname="postgres", autocommit=True) as connection:
        yield connection

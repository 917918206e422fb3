"""The databases inside the cluster: roles, ownership and PostGIS."""

from pathlib import Path
from typing import LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql

NAME = "responder"
ROLE = "responder"
"""Owner of the application's database, and no superuser: migrations and people at `psql` come in as this."""
APPLICATION_ROLE = "responder_app"
"""What the application works as once it is in: it owns nothing, so row-level security binds it."""
ADMIN = "postgres"


def url(socket_dir: Path, *, name: str = NAME) -> str:
    """Return a database URL for SQLAlchemy; it names the port so that PGPORT of the shell does not count."""
    return f"postgresql+psycopg://{ROLE}@/{name}?host={quote(str(socket_dir))}&port=5432"


def create(socket_dir: Path, *, name: str, template: str | None = None) -> None:
    """Make what is missing of a database: the role, the database itself, PostGIS in its present version."""
    with _connect(socket_dir, name="postgres") as admin:
        _ensure_roles(admin)
        if not _exists(admin, "SELECT FROM pg_database WHERE datname = %s", name):
            _create(admin, name=name, template=template)
    if template is None:
        _ensure_postgis(socket_dir, name=name)


def drop(socket_dir: Path, *, name: str) -> None:
    """Remove a database, ending whatever sessions it has."""
    with _connect(socket_dir, name="postgres") as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def _create(admin: psycopg.Connection, *, name: str, template: str | None) -> None:
    statement = sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(name), sql.Identifier(ROLE))
    if template is not None:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    admin.execute(statement)


def _ensure_roles(admin: psycopg.Connection) -> None:
    for role in (ROLE, APPLICATION_ROLE):
        if not _exists(admin, "SELECT FROM pg_roles WHERE rolname = %s", role):
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    owner, application = sql.Identifier(ROLE), sql.Identifier(APPLICATION_ROLE)
    admin.execute(sql.SQL("GRANT {} TO {}").format(application, owner))
    # The operator sees all circles in `psql`; connections of the application do not.
    admin.execute(sql.SQL("ALTER ROLE {} SET responder.system = 'on'").format(owner))


def _ensure_postgis(socket_dir: Path, *, name: str) -> None:
    with _connect(socket_dir, name=name) as admin:
        versions = admin.execute(
            "SELECT installed_version, default_version FROM pg_available_extensions WHERE name = 'postgis'"
        ).fetchone()
        installed, available = versions or (None, None)
        if installed is None:
            admin.execute("CREATE EXTENSION postgis")
        elif installed != available:
            admin.execute("ALTER EXTENSION postgis UPDATE")
        # Row-level security comes before everything that might tell of a hidden row, save what is marked as
        # discreet. Comparing two boxes is: it has no words and cannot fail. Unmarked, it would have to wait,
        # and no spatial index would be used. An update of PostGIS takes the mark away.
        admin.execute("ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF")


def _exists(admin: psycopg.Connection, query: LiteralString, name: str) -> bool:
    return admin.execute(query, (name,)).fetchone() is not None


def _connect(socket_dir: Path, *, name: str) -> psycopg.Connection:
    """Connect as the cluster's administrator."""
    return psycopg.connect(
        host=str(socket_dir), port=5432, user=ADMIN, dbname=name, autocommit=True, connect_timeout=10
    )

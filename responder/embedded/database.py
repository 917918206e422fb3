"""The databases inside the cluster: roles, ownership and PostGIS."""

from pathlib import Path
from typing import LiteralString
from urllib.parse import quote

import psycopg
from psycopg import sql

NAME = "responder"
ROLE = "responder"
"""The application's role: owner of its database, and no superuser."""
ADMIN = "postgres"


def url(socket_dir: Path, *, name: str = NAME) -> str:
    """Name a database as SQLAlchemy wants it; the port is said so that nobody's PGPORT counts."""
    return f"postgresql+psycopg://{ROLE}@/{name}?host={quote(str(socket_dir))}&port=5432"


def create(socket_dir: Path, *, name: str, template: str | None = None) -> None:
    """Make what is missing of a database: the role, the database itself, PostGIS in its present version."""
    with _connect(socket_dir, name="postgres") as admin:
        if not _exists(admin, "SELECT FROM pg_roles WHERE rolname = %s", ROLE):
            admin.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(ROLE)))
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


def _exists(admin: psycopg.Connection, query: LiteralString, name: str) -> bool:
    return admin.execute(query, (name,)).fetchone() is not None


def _connect(socket_dir: Path, *, name: str) -> psycopg.Connection:
    """Connect as the cluster's administrator."""
    return psycopg.connect(
        host=str(socket_dir), port=5432, user=ADMIN, dbname=name, autocommit=True, connect_timeout=10
    )

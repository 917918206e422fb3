"""What a start finds in the database, asked with the bare driver: SQLAlchemy takes longer to load."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg

from geo.tags.attributes import RULES_VERSION

VERSIONS = Path(__file__).parent / "migrations" / "versions"
CONNECT_LIMIT_S = 10
# Without an error also where an earlier version kept the highest number alone.
_APPLIED = "SELECT to_jsonb(alembic_version) -> 'applied' FROM alembic_version"
_EARLIER_ROADS = """
    SELECT name FROM circle
    WHERE roads_hash IS NOT NULL AND coalesce((roads_summary ->> 'rules_version')::integer, 0) < %s
    ORDER BY name
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstallState:
    """How far a database has come."""

    current: bool
    """It has had every migration that this version has."""
    has_circle: bool
    """It has a circle of the name that was asked for."""


def read_install_state(url: str, *, circle_name: str) -> InstallState:
    """Look at a database of any age, without changing it."""
    with psycopg.connect(libpq_url(url), connect_timeout=CONNECT_LIMIT_S) as connection:
        try:
            had = connection.execute(_APPLIED).fetchall()
            found = connection.execute("SELECT 1 FROM circle WHERE name = %s", (circle_name,)).fetchone()
        except psycopg.errors.UndefinedTable:
            return InstallState(current=False, has_circle=False)
    return InstallState(current=had == [(list(migrations()),)], has_circle=found is not None)


def password_hashes(url: str, *, usernames: Sequence[str]) -> list[str]:
    """Return what is stored of the passwords of these accounts, as far as there are such accounts."""
    with psycopg.connect(libpq_url(url), connect_timeout=CONNECT_LIMIT_S) as connection:
        found = connection.execute(
            "SELECT password_hash FROM account WHERE username = ANY(%s)", (list(usernames),)
        )
        return [str(row[0]) for row in found]


def circles_on_earlier_roads(url: str) -> list[str]:
    """Return the names of the circles whose roads were read by earlier rules; none without tables."""
    with psycopg.connect(libpq_url(url), connect_timeout=CONNECT_LIMIT_S) as connection:
        # Row-level security binds the owner too, and this is about all circles.
        connection.execute("SELECT set_config('responder.system', 'on', true)")
        try:
            found = connection.execute(_EARLIER_ROADS, (RULES_VERSION,)).fetchall()
        except psycopg.errors.UndefinedTable:
            return []
        return [str(row[0]) for row in found]


def migrations() -> dict[str, Path]:
    """Return the migrations in their order, by the number that a file's name begins with."""
    return {path.name[1:5]: path for path in sorted(VERSIONS.glob("v[0-9]*_*.sql"))}


def libpq_url(url: str) -> str:
    """Return the URL as the driver itself reads it."""
    return url.replace("postgresql+psycopg://", "postgresql://", 1)

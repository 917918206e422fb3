"""Bring a database to the shape that this version needs."""

from typing import Final

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from responder.store.database import driver_url
from responder.store.install_state import migrations

_LOCK = 0x7265_7370_6F6E_6465
"""Key of the advisory lock that lets only one process migrate: `responde` in ASCII."""
_LANDED_EARLY: Final = "0031"
"""A database that has had it, and of which the highest number alone is kept, may lack some before it."""
_LANDED_AFTER_IT: Final = {
    "0022": ("channel_service", "id"),
    "0023": ("outgoing_message", "id"),
    "0024": ("receipt", "channel"),
    "0025": ("alert_catalogue", "version"),
    "0026": ("incident", "stage"),
    "0028": ("ladder", "body"),
    "0029": ("neighbour", "unit_ids"),
    "0030": ("outgoing_message", "insists"),
}
"""Migrations that came into the product after that one, and a column by which each is recognized."""


def upgrade(url: str) -> None:
    """Run the migrations that the database has not had yet; several processes may do so at once."""
    engine = create_engine(driver_url(url), poolclass=NullPool, hide_parameters=True)
    try:
        with engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            # Row-level security binds the owner too, and migrations are for all circles.
            connection.execute(text("SELECT set_config('responder.system', 'on', true)"))
            migrate(connection)
    finally:
        engine.dispose()


def migrate(connection: Connection, *, to: str | None = None) -> None:
    """
    Run the migrations that the database has not had yet, each a file of SQL; with `to` none after it.

    All that it has had are kept, not only the last: one that lands after others of higher numbers runs, too.
    The table is named after Alembic, which earlier versions used; they refuse a later `version_num`.

    Raises
    ------
    LookupError
        A later version of the product has migrated the database.
    """
    connection.execute(
        text(
            "CREATE TABLE IF NOT EXISTS alembic_version"
            " (version_num VARCHAR(32) NOT NULL CONSTRAINT alembic_version_pkc PRIMARY KEY)"
        )
    )
    connection.execute(text("ALTER TABLE alembic_version ADD COLUMN IF NOT EXISTS applied TEXT[]"))
    had = _applied(connection)
    known = migrations()
    if later := had - known.keys():
        message = f"the database has had migration {max(later)}, which is not among those up to {max(known)}"
        raise LookupError(message)
    for number, path in known.items():
        if number not in had and (to is None or number <= to):
            # Without parameters the driver takes many statements at once, and a percent sign is just one.
            connection.execution_options(no_parameters=True).exec_driver_sql(path.read_text(encoding="utf-8"))
            had.add(number)
    connection.execute(text("DELETE FROM alembic_version"))
    connection.execute(
        text("INSERT INTO alembic_version (version_num, applied) VALUES (:last, :applied)"),
        {"last": max(had), "applied": sorted(had)},
    )


def _applied(connection: Connection) -> set[str]:
    """Return the migrations that the database has had, also where only the highest number is kept."""
    kept = connection.execute(text("SELECT version_num, applied FROM alembic_version")).one_or_none()
    if kept is None:
        return set()
    if kept.applied is not None:
        return set(kept.applied)
    had = {number for number in migrations() if number <= kept.version_num} | {kept.version_num}
    if kept.version_num >= _LANDED_EARLY:
        column = text("SELECT FROM pg_attribute WHERE attrelid = to_regclass(:table) AND attname = :column")
        for number, (table, name) in _LANDED_AFTER_IT.items():
            if connection.execute(column, {"table": table, "column": name}).first() is None:
                had.remove(number)
    return had


def spatial_indexes_serve(url: str) -> bool:
    """
    Tell whether spatial indexes are used behind row-level security.

    They are where an administrator of the server has marked the comparison of two boxes as LEAKPROOF, which
    the owner of a database may not.
    """
    box_comparison = "to_regprocedure('geometry_overlaps(geometry, geometry)')"
    marked = f"SELECT proleakproof FROM pg_proc WHERE oid = {box_comparison}"  # noqa: S608 - said above
    engine = create_engine(driver_url(url), poolclass=NullPool, hide_parameters=True)
    try:
        with engine.connect() as connection:
            return connection.scalar(text(marked)) is True
    finally:
        engine.dispose()

"""Bring a database to the shape that this version needs."""

from sqlalchemy import Connection, create_engine, text
from sqlalchemy.pool import NullPool

from responder.store.database import driver_url
from responder.store.install_state import latest_revision, migrations

_LOCK = 0x7265_7370_6F6E_6465
"""Key of the advisory lock that lets only one process migrate: `responde` in ASCII."""


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

    The table that says how far the database has come is named after Alembic, which earlier versions used.

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
    had = connection.scalar(text("SELECT version_num FROM alembic_version"))
    known = migrations()
    if had is not None and had not in known:
        message = f"the database has had migration {had}, later than {latest_revision()}"
        raise LookupError(message)
    for number, path in known.items():
        if (had is None or number > had) and (to is None or number <= to):
            # Without parameters the driver takes many statements at once, and a percent sign is just one.
            connection.execution_options(no_parameters=True).exec_driver_sql(path.read_text(encoding="utf-8"))
            connection.execute(text("DELETE FROM alembic_version"))
            connection.execute(text("INSERT INTO alembic_version VALUES (:number)"), {"number": number})


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

"""Run the statements that lie beside a migration."""

from pathlib import Path

from alembic import op


def run_beside(migration: str) -> None:
    """Run the `.sql` file of the same name as the migration's own file."""
    statements = Path(migration).with_suffix(".sql").read_text(encoding="utf-8")
    # Without parameters the driver takes many statements at once, and a percent sign is just one.
    op.get_bind().execution_options(no_parameters=True).exec_driver_sql(statements)

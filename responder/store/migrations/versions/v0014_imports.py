"""Imports are records: source keys, what each import brought, and how a source is read."""

from responder.store.migrations.statements import run_beside

revision = "0014"
down_revision = "0013"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Add the tables."""
    run_beside(__file__)

"""A facility that does not work is kept and never offered."""

from responder.store.migrations.statements import run_beside

revision = "0017"
down_revision = "0016"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Add the column."""
    run_beside(__file__)

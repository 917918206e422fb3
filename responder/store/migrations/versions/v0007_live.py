"""How often who is what in a circle has changed."""

from responder.store.migrations.statements import run_beside

revision = "0007"
down_revision = "0006"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Make the table and what counts."""
    run_beside(__file__)

"""Tables of circles and people."""

from responder.store.migrations.statements import run_beside

revision = "0001"
down_revision: None = None
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Make the tables."""
    run_beside(__file__)

"""Each circle's own profiles, and what closed roads cost."""

from responder.store.migrations.statements import run_beside

revision = "0006"
down_revision = "0005"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Make the tables."""
    run_beside(__file__)

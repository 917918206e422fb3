"""Tables of incidents."""

from responder.store.migrations.statements import run_beside

revision = "0003"
down_revision = "0002"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Make the tables."""
    run_beside(__file__)

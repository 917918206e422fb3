"""Tables of what is on the map."""

from responder.store.migrations.statements import run_beside

revision = "0002"
down_revision = "0001"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Make the tables."""
    run_beside(__file__)

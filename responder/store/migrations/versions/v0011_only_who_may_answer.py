"""Only people who may answer alerts are in units."""

from responder.store.migrations.statements import run_beside

revision = "0011"
down_revision = "0010"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Take planners and observers out of units."""
    run_beside(__file__)

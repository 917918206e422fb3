"""Only whoever may answer alerts is in a unit."""

from responder.store.migrations.statements import run_beside

revision = "0011"
down_revision = "0010"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Take planners and observers out of units."""
    run_beside(__file__)

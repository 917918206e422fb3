"""People who accepted may withdraw."""

from responder.store.migrations.statements import run_beside

revision = "0009"
down_revision = "0008"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Let deliveries have the state."""
    run_beside(__file__)

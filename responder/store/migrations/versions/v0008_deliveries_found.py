"""How deliveries are found."""

from responder.store.migrations.statements import run_beside

revision = "0008"
down_revision = "0007"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Rebuild the index."""
    run_beside(__file__)

"""Events have the names of the protocol, and one kind tells of deliveries."""

from responder.store.migrations.statements import run_beside

revision = "0018"
down_revision = "0017"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Rename the kinds of the events that are stored."""
    run_beside(__file__)

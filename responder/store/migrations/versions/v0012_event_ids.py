"""Every event has a random id, and a place words in two languages."""

from responder.store.migrations.statements import run_beside

revision = "0012"
down_revision = "0011"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Give every event an id, each circle that of its last event, and places words in English."""
    run_beside(__file__)

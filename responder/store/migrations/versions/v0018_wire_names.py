"""Events, columns and stored results have the names of the protocol and the interface."""

from responder.store.migrations.statements import run_beside

revision = "0018"
down_revision = "0017"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Rename the kinds of stored events, two tables' columns, and the keys of stored results."""
    run_beside(__file__)

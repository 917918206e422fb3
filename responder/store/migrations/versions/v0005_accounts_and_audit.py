"""Sessions that can be told apart, invitations, failed tries, the audit log, and the clock's chores."""

from responder.store.migrations.statements import run_beside

revision = "0005"
down_revision = "0004"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Make the tables."""
    run_beside(__file__)

"""The second wall between circles: row-level security, and a role of the application's own."""

from responder.store.migrations.statements import run_beside

revision = "0004"
down_revision = "0003"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Raise the wall."""
    run_beside(__file__)

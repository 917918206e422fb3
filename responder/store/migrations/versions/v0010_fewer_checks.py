"""Deliveries and receipts are checked once against what they belong to."""

from responder.store.migrations.statements import run_beside

revision = "0010"
down_revision = "0009"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Drop the keys that say what another says."""
    run_beside(__file__)

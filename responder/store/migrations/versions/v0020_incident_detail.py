"""Stored events name the incident's detail as the protocol does."""

from responder.store.migrations.statements import run_beside

revision = "0020"
down_revision = "0019"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Rename the key of the bodies of alert_raised and alert_extended."""
    run_beside(__file__)

"""One person has one delivery of an alert, however many of the called units they are in."""

from responder.store.migrations.statements import run_beside

revision = "0013"
down_revision = "0012"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Keep all units that a person was called in with their one delivery."""
    run_beside(__file__)

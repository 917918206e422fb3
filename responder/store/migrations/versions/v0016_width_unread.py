"""Roads tell whether a width was written that cannot be read."""

from responder.store.migrations.statements import run_beside

revision = "0016"
down_revision = "0014"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Add the column; roads that are there have no such width until their map is imported again."""
    run_beside(__file__)

"""One number grows with everything that changes who can be there in time."""

from responder.store.migrations.statements import run_beside

revision = "0019"
down_revision = "0018"
branch_labels: None = None
depends_on: None = None


def upgrade() -> None:
    """Add the number and what counts it up."""
    run_beside(__file__)

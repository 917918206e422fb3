"""How long the database may take."""

from typing import Final

STATEMENT_TIMEOUT_MS: Final = 2000
"""For every statement that asks for nothing else."""
TURN_TIMEOUT_MS: Final = 20_000
"""For one's turn at a circle's log, when many write at once."""
IDLE_IN_TRANSACTION_TIMEOUT_MS: Final = 60_000

"""Why the gateway closes a socket, and so what the client should do."""

RESTART = 1012
"""The gateway stops: come back after a moment, and resume."""
TRY_AGAIN = 1013
"""The database cannot be reached: come back after a while, and resume."""
NOT_SIGNED_IN = 4001
"""The ticket was refused or the session has ended: sign in, or get a new ticket."""
NOT_ALLOWED = 4003
"""There is no such circle for this account: do not come back."""
TOO_SLOW = 4008
"""The client does not read as fast as it must, or sends too much: come back and resume."""
TOO_LATE = 4009
"""Ticket or hello did not come in time: come back."""
RESYNC = 4010
"""The client's state is no longer valid: drop it and come back without a position."""

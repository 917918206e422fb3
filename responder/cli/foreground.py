"""How a process begins that serves in the foreground until it is told to stop."""

from responder.cli.logs import log_as, log_events
from responder.cli.supervised import leave_with_parent


def begin(process: str) -> None:
    """Log to standard error, and leave with the supervisor when there is one."""
    log_as(process)
    log_events()
    leave_with_parent()

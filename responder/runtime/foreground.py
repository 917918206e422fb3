"""Start-up of processes that serve in the foreground until they are stopped."""

from responder.runtime.open_files import allow_all_files
from responder.runtime.supervised import leave_with_parent
from responder.terminal.logs import log_as, log_events


def init_process(process: str) -> int:
    """
    Log to standard error, and leave with the supervisor when there is one.

    Return how many files may be opened.
    """
    log_as(process)
    log_events()
    leave_with_parent()
    return allow_all_files()

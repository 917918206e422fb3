"""How a process begins that serves in the foreground until it is told to stop."""

import logging

from responder.cli.supervised import leave_with_parent

_FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def begin() -> None:
    """Log to standard error, and leave with the supervisor when there is one."""
    logging.basicConfig(level=logging.WARNING, format=_FORMAT)
    logging.getLogger("responder").setLevel(logging.INFO)
    leave_with_parent()

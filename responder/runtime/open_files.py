"""How many files a process may have open: each connection is one."""

import logging
import resource
from contextlib import suppress
from pathlib import Path
from typing import Final

FEW: Final = 4096

_log = logging.getLogger(__name__)


def allow_all_files() -> int:
    """
    Raise the soft limit of open files to the hard one; return how many more may be opened.

    The log says when these are few.
    """
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # Where the hard limit is none, the system has one of its own, and what stands is left.
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    left = soft - sum(1 for _ in Path("/dev/fd").iterdir())
    if left < FEW:
        _log.warning("few_open_files left=%d: raise the hard limit of open files (ulimit -Hn)", left)
    return left

"""Which servers work on a cluster's files, as the kernel sees it."""

import os
from pathlib import Path

_STATUS_LINE = 7
"""Of `postmaster.pid`, counted from 0: how the server is, in its own words."""


def serves(pid: int, files: Path) -> bool:
    """
    Tell whether a process is a PostgreSQL server, or a part of one, on `files`.

    Every PostgreSQL process stays in its data folder. A process number alone proves nothing: after a crash or
    a reboot it may belong to something else entirely.
    """
    process = Path(f"/proc/{pid}")
    try:
        is_postgres = (process / "comm").read_text().strip() == "postgres"
        return is_postgres and os.path.samestat((process / "cwd").stat(), files.stat())
    except OSError:
        return False


def servers_of(files: Path) -> list[int]:
    """Find every process of a server on `files`, orphans of a killed one included."""
    numbers = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
    return [pid for pid in numbers if serves(pid, files)]


def recorded_pid(record: Path) -> int | None:
    """Read the process number in `postmaster.pid` or in a socket's lock file; it may be stale."""
    try:
        return int(record.read_text().split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def postmaster(files: Path) -> int | None:
    """Return the process number of the server that really runs on `files`."""
    pid = recorded_pid(files / "postmaster.pid")
    return pid if pid is not None and serves(pid, files) else None


def is_stopping(files: Path) -> bool:
    """Tell whether the server on `files` was asked to stop: it takes no new connections."""
    try:
        return (files / "postmaster.pid").read_text().splitlines()[_STATUS_LINE].strip() == "stopping"
    except (OSError, IndexError):
        return False

"""What is known about the private database without touching it."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class ClusterState(StrEnum):
    """Whether there is a private database, and whether it serves."""

    ABSENT = "absent"
    STOPPED = "stopped"
    RUNNING = "running"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterStatus:
    """One look at the private database."""

    state: ClusterState
    data_dir: Path
    home: Path | None = None
    """Where the cluster's files are: inside `data_dir` wherever the server's user can enter it."""
    major: int | None = None
    """PostgreSQL's major version that the files belong to."""
    pid: int | None = None
    socket_dir: Path | None = None
    url: str | None = None

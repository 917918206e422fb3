"""How much processor time processes have used: unlike a wait, that does not depend on what else runs."""

import os
from pathlib import Path

_TICKS_PER_S = os.sysconf("SC_CLK_TCK")


def used_s(pid: int, *, with_descendants: bool = False) -> float:
    """Return the seconds of processor time, user and system, that a process has used; 0 when it is gone."""
    processes = {pid, *_descendants(pid)} if with_descendants else {pid}
    return sum(_ticks(each, reaped=with_descendants) for each in processes) / _TICKS_PER_S


def _ticks(pid: int, *, reaped: bool) -> int:
    """Return the ticks of a process, and of its children that have ended if wanted."""
    fields = _stat(pid)
    return sum(int(field) for field in fields[11 : 15 if reaped else 13])


def _descendants(pid: int) -> set[int]:
    parents = {
        int(entry.name): int(fields[1])
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and (fields := _stat(int(entry.name)))
    }
    found: set[int] = set()
    while more := {child for child, parent in parents.items() if parent in {pid, *found}} - found:
        found |= more
    return found


def _stat(pid: int) -> list[str]:
    """Return the fields of `/proc/PID/stat` from the third on: the second, a name, may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []

"""Which tests stay together, and in which order the processes of a whole run take them."""

from collections.abc import Mapping, Sequence

PLAYED_TOGETHER: Mapping[str, str] = {
    "tests/faults/": "faults",
}
"""By where tests lie, the first that fits: tests that share what is dear to start, or disturb one another."""
LONGEST_FIRST: Sequence[str] = (
    "faults",
    "tests/api/test_schema.py",
    "tests/cli/runtime/",
    "tests/embedded/",
    "tests/e2e/",
    "tests/cli/",
    "tests/services/",
    "tests/live/",
    "tests/static/",
    "tests/store/",
    "tests/api/",
)
"""Beginnings of groups: those that take minutes come first, so that the last ones are short."""


def group_of(nodeid: str) -> str:
    """Return what a test belongs to, which one process runs: its file, or what it is played together with."""
    together = (group for place, group in PLAYED_TOGETHER.items() if nodeid.startswith(place))
    return next(together, nodeid.split("::", 1)[0])


def rank_of(nodeid: str) -> int:
    """Return when a test's group comes; what is not named is quick and comes last."""
    group = group_of(nodeid)
    ranks = (rank for rank, beginning in enumerate(LONGEST_FIRST) if group.startswith(beginning))
    return next(ranks, len(LONGEST_FIRST))

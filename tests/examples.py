"""How many examples a property is tried with: few that are the same in every run, or many new ones."""

from hypothesis import settings

NIGHTLY, CI = "nightly", "ci"
TIMES_AS_MANY = 25
"""Examples of a night for one of a run in between."""

settings.register_profile(CI, max_examples=40, deadline=None, derandomize=True)
settings.register_profile(NIGHTLY, max_examples=40 * TIMES_AS_MANY, deadline=None)


def choose(*, nightly: bool) -> None:
    """Choose the profile of this run, before the tests are read."""
    settings.load_profile(NIGHTLY if nightly else CI)


def number(by_day: int) -> int:
    """Return how many examples a property gets that needs more or fewer than others."""
    return by_day * TIMES_AS_MANY if settings.get_current_profile_name() == NIGHTLY else by_day


def size(by_night: int, *, by_day: int) -> int:
    """Return how large something is that takes long at full size, where a smaller one shows the same."""
    return by_night if settings.get_current_profile_name() == NIGHTLY else by_day

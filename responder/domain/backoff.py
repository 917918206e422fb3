"""How much guessing is let pass before each further try has to wait, and longer each time."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

FIRST_DELAY_S: Final = 1.0
FORGET_AFTER: Final = timedelta(hours=1)
"""How long a failure counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BackoffPolicy:
    """Exponential back-off after failures."""

    free_attempts: int
    """Failures that cost nothing: people mistype."""
    longest_delay_s: float

    def delay_s(self, failures: int) -> float:
        """How long to wait after so many failures, in seconds: doubling from the first that counts."""
        beyond = failures - self.free_attempts
        if beyond <= 0:
            return 0.0
        return min(self.longest_delay_s, FIRST_DELAY_S * 2.0 ** min(beyond - 1, 30))


PER_ACCOUNT_AND_ADDRESS: Final = BackoffPolicy(free_attempts=4, longest_delay_s=900)
PER_ADDRESS: Final = BackoffPolicy(free_attempts=40, longest_delay_s=300)
"""Looser: a whole office may sit behind one address."""
PER_ACCOUNT: Final = BackoffPolicy(free_attempts=40, longest_delay_s=30)
"""Against many addresses at once; too short for a stranger to lock an account out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """What failures are counted by, and how much of them is let pass."""

    key: str
    policy: BackoffPolicy
    resets_on_success: bool
    """True when one success makes all earlier failures good; otherwise it only takes back its own count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failures:
    """Failures so far."""

    count: int
    last_at: datetime


def sign_in_counters(username: str, address: str) -> tuple[Counter, ...]:
    """Return what a try to sign in is counted by."""
    return (
        _counter(PER_ACCOUNT_AND_ADDRESS, "account and address", username, address, resets_on_success=True),
        _counter(PER_ADDRESS, "address", address),
        _counter(PER_ACCOUNT, "account", username),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Lockout:
    """Tries in the name of an account that have to wait from now on."""

    failures: int
    everywhere: bool
    """True when they have to wait from wherever they come, otherwise from one address."""


def lockout_after(username: str, address: str, failures: Mapping[str, int]) -> Lockout | None:
    """
    Return the lock that a failed try to sign in was the first to bring about.

    Once an account is locked everywhere, locks of single addresses are no news: so however many addresses
    guess, there are few for an account in the time that failures are remembered.
    """
    of_both, _, of_account = (failures.get(counter.key, 0) for counter in sign_in_counters(username, address))
    if of_account == PER_ACCOUNT.free_attempts + 1:
        return Lockout(failures=of_account, everywhere=True)
    if of_account <= PER_ACCOUNT.free_attempts and of_both == PER_ACCOUNT_AND_ADDRESS.free_attempts + 1:
        return Lockout(failures=of_both, everywhere=False)
    return None


def password_counters(account: str) -> tuple[Counter, ...]:
    """Return what a try to say one's present password is counted by."""
    return (_counter(PER_ACCOUNT_AND_ADDRESS, "own password", account, resets_on_success=True),)


def invitation_counters(address: str) -> tuple[Counter, ...]:
    """Return what a try to show an invitation is counted by."""
    return (_counter(PER_ADDRESS, "invitation", address),)


def failures_after(before: Failures | None, *, now: datetime) -> int:
    """Return the number of failures when there is one more now."""
    return 1 + (0 if before is None or now - before.last_at > FORGET_AFTER else before.count)


def delay_s(before: Failures | None, counter: Counter, *, now: datetime) -> float:
    """Return how long the next try has to wait, in seconds; none to wait is not above zero."""
    if before is None or now - before.last_at > FORGET_AFTER:
        return 0.0
    due_s = counter.policy.delay_s(before.count)
    # Attempts may be recorded out of order; never return a delay when none is due.
    return due_s - (now - before.last_at).total_seconds() if due_s > 0 else 0.0


def _counter(policy: BackoffPolicy, *words: str, resets_on_success: bool = False) -> Counter:
    # Hashed: people type passwords where their name belongs.
    text = "\n".join(words).encode("utf-8", "surrogatepass")
    return Counter(key=hashlib.sha256(text).hexdigest(), policy=policy, resets_on_success=resets_on_success)

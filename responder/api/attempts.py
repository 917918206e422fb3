"""Make guessing passwords slow: after some failures each further try has to wait, and longer each time."""

from collections import OrderedDict
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from responder.domain.errors import TooManyAttemptsError


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How much is let pass."""

    free_tries: int
    """Failures that cost nothing: people mistype."""
    first_wait_s: float
    longest_wait_s: float
    forget_after_s: float

    def wait_s(self, failures: int) -> float:
        """How long to wait after so many failures, in seconds: doubling from the first that counts."""
        beyond = failures - self.free_tries
        if beyond <= 0:
            return 0.0
        return min(self.longest_wait_s, self.first_wait_s * 2.0 ** min(beyond - 1, 30))


PER_ACCOUNT_AND_ADDRESS = Patience(free_tries=4, first_wait_s=1, longest_wait_s=900, forget_after_s=3600)
PER_ADDRESS = Patience(free_tries=40, first_wait_s=1, longest_wait_s=300, forget_after_s=3600)
"""Looser: a whole office may sit behind one address."""
PER_ACCOUNT = Patience(free_tries=40, first_wait_s=1, longest_wait_s=30, forget_after_s=3600)
"""Against many addresses at once; never so long that a stranger could lock somebody out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Failures:
    count: int
    last_at: datetime


class Attempts:
    """
    Failed sign-ins of this process, by account and address.

    Kept in memory and bounded: a restart forgives, and a flood pushes out the oldest.
    """

    def __init__(self, *, kept: int = 20_000) -> None:
        self._kept = kept
        self._failures: OrderedDict[tuple[str, str], _Failures] = OrderedDict()

    def begin(self, username: str, address: str, *, now: datetime) -> None:
        """
        Count a try as failed until it is known to be none, so that many at once do not slip through together.

        Raises
        ------
        TooManyAttemptsError
            It comes too early; `retry_after_s` says how long to wait.
        """
        keys = _keys(username, address)
        wait_s = max(self._wait_s(key, patience, now=now) for key, patience in keys)
        if wait_s > 0:
            raise TooManyAttemptsError(retry_after_s=round(wait_s, 1))
        for key, patience in keys:
            before = self._recent(key, patience, now=now)
            self._failures[key] = _Failures(count=before.count + 1 if before else 1, last_at=now)
            self._failures.move_to_end(key)
        while len(self._failures) > self._kept:
            self._failures.popitem(last=False)

    def succeeded(self, username: str, address: str) -> None:
        """Take back what `begin` counted, and forget the earlier failures of this account at this address."""
        for key, _ in _keys(username, address):
            found = self._failures.pop(key, None)
            if found is not None and found.count > 1 and key != (username, address):
                self._failures[key] = replace(found, count=found.count - 1)

    def forget(self) -> None:
        """Forgive everybody everything."""
        self._failures.clear()

    def __len__(self) -> int:
        return len(self._failures)

    def _recent(self, key: tuple[str, str], patience: Patience, *, now: datetime) -> _Failures | None:
        found = self._failures.get(key)
        if found is None or now - found.last_at > timedelta(seconds=patience.forget_after_s):
            return None
        return found

    def _wait_s(self, key: tuple[str, str], patience: Patience, *, now: datetime) -> float:
        found = self._recent(key, patience, now=now)
        if found is None:
            return 0.0
        return patience.wait_s(found.count) - (now - found.last_at).total_seconds()


def _keys(username: str, address: str) -> tuple[tuple[tuple[str, str], Patience], ...]:
    return (
        ((username, address), PER_ACCOUNT_AND_ADDRESS),
        (("", address), PER_ADDRESS),
        ((username, ""), PER_ACCOUNT),
    )

"""
How many alerts or imports one account, and one address, may begin in a minute.

Counted in memory, by each process for itself: several processes let through as much each, and a restart
forgives. It keeps a script that runs wild from waking a whole district again and again, and no person from
calling for help: what comes too fast is answered 429 with the time to wait. Guesses of passwords are counted
elsewhere, in the database.
"""

from collections.abc import Callable
from time import monotonic
from typing import Final

from geo.lru import LruCache
from responder.domain.errors import TooManyAttemptsError
from responder.domain.ids import AccountId

ADDRESS_TIMES: Final = 4
"""A whole office may sit behind one address."""
KEPT: Final = 20_000


class RateLimiter:
    """
    Lets a minute's worth begin at once, and after that so many in every minute.

    Bounded: a flood of accounts or addresses pushes out who came longest ago.
    """

    def __init__(
        self, per_minute: int, *, address_times: int = ADDRESS_TIMES, now_s: Callable[[], float] = monotonic
    ) -> None:
        self._per_minute = per_minute
        self._address_times = address_times
        self._now_s = now_s
        self._free_at_s: LruCache[str, float] = LruCache(KEPT)
        """When everything that began will have been worked off."""
        self._known: LruCache[tuple[AccountId, str], bool] = LruCache(KEPT)

    def begin(self, account_id: AccountId, address: str, *, key: str | None = None) -> None:
        """
        Count something that begins; the same `key` again is the same thing again, and counts once.

        Raises
        ------
        TooManyAttemptsError
            It comes too early; `retry_after_s` says how long to wait.
        """
        if key is not None and self._known.get((account_id, key)):
            return
        now_s = self._now_s()
        paces = {
            f"account {account_id}": self._per_minute,
            f"address {address}": self._address_times * self._per_minute,
        }
        free_at_s = {
            who: max(now_s, self._free_at_s.get(who) or 0.0) + 60 / per_minute
            for who, per_minute in paces.items()
        }
        # With this one too, not more than a minute's worth may be ahead.
        wait_s = max(free_at_s.values()) - now_s - 60
        if wait_s > 0:
            raise TooManyAttemptsError(retry_after_s=wait_s)
        for who, then_s in free_at_s.items():
            self._free_at_s.put(who, then_s)
        if key is not None:
            self._known.put((account_id, key), value=True)

"""Origins joined to the roads, and sorted into those in time and those not."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Floats
from geo.lru import LruCache
from geo.network.snap import RoadIndex, Snaps
from geo.network.weighting import Costs
from geo.reach.results import Missing, Origin, Reached
from geo.reach.unreachable import reasons_for
from geo.search.origin_index import OriginIndex
from geo.search.travel_times import TravelTimes

_MOST_KEPT = 100_000
_MOST_GROUPS = 32
_Found = tuple[int, float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OriginTimes:
    """Origins of one profile, and the seconds that each needs."""

    origins: Sequence[Origin]
    times: TravelTimes
    posts: OriginIndex
    drive_s: Floats
    walk_s: Floats
    travel_s: Sequence[float]
    """On the way, by the faster of setting out by vehicle and walking all the way."""
    response_s: Floats
    """From the call to arriving."""

    @classmethod
    def of(cls, origins: Sequence[Origin], times: TravelTimes, posts: OriginIndex) -> "OriginTimes":
        """Read the seconds of origins that have joined the roads off a search."""
        drive_s, walk_s = times.of_posts(posts)
        turnout_s = np.array([origin.turnout_s for origin in origins], dtype=np.float64)
        travel_s = np.minimum(drive_s, walk_s)
        return cls(
            origins=origins,
            times=times,
            posts=posts,
            drive_s=drive_s,
            walk_s=walk_s,
            travel_s=travel_s.tolist(),
            response_s=turnout_s + travel_s,
        )

    def again(self, times: TravelTimes) -> "OriginTimes":
        """Read the seconds of the same origins off another search."""
        return OriginTimes.of(self.origins, times, self.posts)

    def untold(self, number: int) -> Reached:
        """Give the bare answer for one of them, without legs."""
        origin = self.origins[number]
        return Reached(origin.id, origin.profile, origin.turnout_s, self.travel_s[number])

    def late(self, limit_s: float) -> dict[str, Missing]:
        """Give the reason for each of those not in time."""
        lost = np.flatnonzero(~(self.response_s <= limit_s))
        if not len(lost):
            return {}
        reasons = reasons_for(lost, self.posts, self.times.search)
        ids = [self.origins[number].id for number in lost.tolist()]
        return dict(zip(ids, reasons, strict=True))


class OriginSnaps:
    """
    Joins origins to the roads and remembers where, since most posts never move.

    Parameters
    ----------
    index
        The roads.
    """

    def __init__(self, index: RoadIndex) -> None:
        self._index = index
        self._kept: dict[tuple[str, int, float, float], _Found] = {}
        self._groups: LruCache[tuple[Costs, Costs, bytes], OriginIndex] = LruCache(_MOST_GROUPS)

    def asked(self, origins: Sequence[Origin], times: TravelTimes) -> OriginTimes:
        """Find the seconds that each origin of one profile needs."""
        search = times.search
        numbers = chain.from_iterable([(o.place.lon, o.place.lat) for o in origins])
        lonlat = np.fromiter(numbers, np.float64, 2 * len(origins)).reshape(-1, 2)
        walker = search.walking.layer.costs
        posts = self._posts(lonlat, search.driving.layer.costs if search.driving else walker, walker)
        return OriginTimes.of(origins, times, posts)

    def _posts(self, lonlat: NDArray[np.float64], vehicle: Costs, walker: Costs) -> OriginIndex:
        key = vehicle, walker, lonlat.tobytes()
        kept = self._groups.get(key)
        if kept is not None:
            return kept
        on_foot = self._snaps(lonlat, walker)
        by_vehicle = on_foot if vehicle is walker else self._snaps(lonlat, vehicle)
        return self._groups.put(key, OriginIndex(by_vehicle=by_vehicle, on_foot=on_foot))

    def _snaps(self, lonlat: NDArray[np.float64], costs: Costs) -> Snaps:
        """Join places to the nearest roads that a profile can use, looking up only those not seen before."""
        name = costs.profile.name
        if len(self._kept) > _MOST_KEPT:
            self._kept.clear()
        keys = [(name, id(costs), lon, lat) for lon, lat in lonlat.tolist()]
        known = {key: self._kept.get(key) for key in keys}
        new = [key for key, found in known.items() if found is None]
        if new:
            made = self._index.snap_lonlat(np.array([key[2:] for key in new]), usable=costs.usable)
            found = zip(made.road.tolist(), made.fraction.tolist(), made.distance_m.tolist(), strict=True)
            fresh = dict(zip(new, found, strict=True))
            self._kept.update(fresh)
            known.update(fresh)
        road, fraction, distance_m = np.array([known[key] for key in keys], dtype=np.float64).T
        return Snaps(road=road.astype(np.int64), fraction=fraction, distance_m=distance_m)


def in_order(asked: Sequence[OriginTimes], *, limit_s: float) -> list[tuple[OriginTimes, int]]:
    """List those in time, the soonest first and then by name, each as one of some origins."""
    rows: list[tuple[float, str, int, int]] = []
    for which, some in enumerate(asked):
        numbers = np.flatnonzero(some.response_s <= limit_s)
        in_time = zip(numbers.tolist(), some.response_s[numbers].tolist(), strict=True)
        rows += [(seconds, some.origins[number].id, which, number) for number, seconds in in_time]
    return [(asked[which], number) for _, _, which, number in sorted(rows)]

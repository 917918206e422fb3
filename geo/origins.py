"""Origins joined to the roads, and sorted into those in time and those not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geo.layer import Layer
from geo.place import LonLat
from geo.reached import Missing, NotReached, Origin, Reached
from geo.search import Search
from geo.snap import RoadIndex, Snaps
from geo.travel_times import TravelTimes

_MOST_KEPT = 100_000
_Found = tuple[int, float, float]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Asked:
    """An origin in time, with what is needed to tell how it travels."""

    origin: Origin
    times: TravelTimes
    number: int
    """Position among the origins of `by_vehicle` and `on_foot`."""
    by_vehicle: Snaps
    on_foot: Snaps
    drive_s: float
    walk_s: float

    @property
    def travel_s(self) -> float:
        """The faster of setting out by vehicle and walking all the way."""
        return min(self.drive_s, self.walk_s)

    @property
    def response_s(self) -> float:
        """From the call to arriving."""
        return self.origin.turnout_s + self.travel_s

    @property
    def untold(self) -> Reached:
        """The bare answer, without legs."""
        return Reached(
            origin_id=self.origin.id,
            profile=self.origin.profile,
            turnout_s=self.origin.turnout_s,
            travel_s=self.travel_s,
        )


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
        self._kept: dict[tuple[str, LonLat], _Found] = {}

    def sort_out(
        self, origins: Sequence[Origin], times: TravelTimes, *, limit_s: float
    ) -> tuple[list[Asked], list[NotReached]]:
        """Sort origins of one profile into those within the limit and the others, with the reason."""
        search = times.search
        places = [origin.place for origin in origins]
        on_foot = self.snaps(places, search.walking.layer)
        by_vehicle = self.snaps(places, search.driving.layer) if search.driving else on_foot
        drive_s, walk_s = times.of_snaps(by_vehicle, on_foot)
        response_s = np.minimum(drive_s, walk_s) + np.array([origin.turnout_s for origin in origins])
        in_time = response_s <= limit_s
        asked = [
            Asked(
                origin=origins[i],
                times=times,
                number=i,
                by_vehicle=by_vehicle,
                on_foot=on_foot,
                drive_s=float(drive_s[i]),
                walk_s=float(walk_s[i]),
            )
            for i in np.flatnonzero(in_time).tolist()
        ]
        lost = np.flatnonzero(~in_time)
        reasons = _reasons(search, by_vehicle, on_foot, lost)
        missing = [
            NotReached(origin_id=origins[i].id, reason=reason)
            for i, reason in zip(lost.tolist(), reasons, strict=True)
        ]
        return asked, missing

    def snaps(self, places: Sequence[LonLat], layer: Layer) -> Snaps:
        """Join places to the nearest roads that a layer's profile can use."""
        name = f"{layer.costs.profile.name}/{id(layer.costs)}"
        if len(self._kept) > _MOST_KEPT:
            self._kept.clear()
        new = list({place for place in places if (name, place) not in self._kept})
        if new:
            made = self._index.snap(new, usable=layer.costs.usable)
            found = zip(made.road.tolist(), made.fraction.tolist(), made.distance_m.tolist(), strict=True)
            self._kept.update(zip(((name, place) for place in new), found, strict=True))
        rows = [self._kept[name, place] for place in places]
        return Snaps(
            road=np.array([row[0] for row in rows], dtype=np.int64),
            fraction=np.array([row[1] for row in rows], dtype=np.float64),
            distance_m=np.array([row[2] for row in rows], dtype=np.float64),
        )


def _reasons(search: Search, by_vehicle: Snaps, on_foot: Snaps, lost: NDArray[np.int64]) -> list[Missing]:
    """Tell those out of time from those with no road and those with no way at all."""
    if not len(lost):
        return []
    joined = np.zeros(len(lost), dtype=bool)
    linked = np.zeros(len(lost), dtype=bool)
    layers = [(search.walking, on_foot)] + ([(search.driving, by_vehicle)] if search.driving else [])
    for times, snaps in layers:
        exits = times.layer.exits(snaps).node[lost]
        parts = times.layer.parts
        near = snaps.road[lost] >= 0
        joined |= near
        own = {int(parts[seed.node]) for some, _ in layers for seed in some.seeds}
        there = np.isin(parts[exits], list(own)) & (exits >= 0)
        linked |= near & there.any(axis=1)
    return [
        "no_road_nearby" if not j else "beyond_limit" if k else "cut_off"
        for j, k in zip(joined.tolist(), linked.tolist(), strict=True)
    ]

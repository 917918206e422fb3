"""What each road is worth: who would be out of reach were it closed."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np

from geo.arrays import Floats
from geo.criticality.losses import (
    CriticalClosure,
    CriticalRoad,
    Dwelling,
    Judge,
    NetworkCriticality,
    ReachLoss,
)
from geo.criticality.one_to_many import OneToMany
from geo.errors import InvalidLimitError
from geo.network.closures import RoadClosure
from geo.network.profiles import profile_named
from geo.network.snap import Snaps
from geo.reach.model import ReachModel, checked_limit_s
from geo.reach.results import Origin
from geo.search.access_points import Start, Targets
from geo.search.query import RoutingContext
from geo.search.weighted_graph import WeightedGraph

__all__ = ["CriticalClosure", "CriticalRoad", "Dwelling", "NetworkCriticality", "ReachLoss", "criticality"]

Progress = Callable[[str, float], None]
_TELL_EVERY = 50


def criticality(
    model: ReachModel,
    dwellings: Sequence[Dwelling],
    units: Mapping[str, Sequence[Origin]],
    *,
    limits_s: Sequence[float] = (180.0, 300.0, 900.0),
    hazards: Sequence[RoadClosure] = (),
    in_force: Sequence[RoadClosure] = (),
    at: datetime | None = None,
    pedestrians_pass: bool = True,
    progress: Progress | None = None,
) -> NetworkCriticality:
    """
    Rank roads, and closures that may come, by the households they would put out of reach.

    A building is in the circle of a kind of partner when the soonest of its units arrives within
    the limit, by whichever entrance is reached first. Every road that lies on a fastest way is
    closed in turn, from end to end, and only what lies behind it is searched again.

    Parameters
    ----------
    model
        The network and profiles.
    dwellings
        Buildings with their entrances and households.
    units
        Units by kind of partner.
    limits_s
        Limits on the response, turnout included, in seconds.
    hazards
        Closures that are not in force, each judged on its own.
    in_force
        Closures that hold throughout.
    at
        The moment, for peak hours and for closures with times.
    pedestrians_pass
        People on foot get past a closed road; a parked lorry stops engines, not crews.
    progress
        Called now and then with the step and the share of the whole done, 0 to 1.

    Raises
    ------
    InvalidLimitError
        There is no limit, or one is not above 0 or above 7,200 s.
    UnknownProfileError
        A unit names a profile the model does not have.
    """
    limits = sorted(checked_limit_s(limit) for limit in limits_s)
    if not limits:
        message = "there is no limit"
        raise InvalidLimitError(message)
    tell = progress or (lambda _step, _share: None)
    held = tuple(closure for closure in in_force if closure.in_force(at))
    study = _Study(model, dwellings, units, limit_s=limits[-1], at=at, pedestrians_pass=pedestrians_pass)
    tell("times with everything open", 0.0)
    spreads = study.spreads(held)
    base = study.by_kind({key: spread.doors_s for key, spread in spreads.items()})
    judge = Judge(dwellings, limits, base)
    roads = [
        study.critical_road(road, losses)
        for road, after in _without_each_road(spreads, base, tell)
        if (losses := judge.losses(after))
    ]
    closures = []
    for number, hazard in enumerate(hazards):
        tell("hazards", 0.9 + 0.1 * number / len(hazards))
        after_all = study.by_kind(
            {key: spread.doors_s for key, spread in study.spreads((*held, hazard)).items()}
        )
        losses = judge.losses(after_all)
        if losses:
            closures.append(CriticalClosure(closure_id=hazard.id, name=hazard.name, losses=losses))
    tell("done", 1.0)
    return NetworkCriticality(
        roads=tuple(sorted(roads, key=lambda one: (-one.households, one.road))),
        closures=tuple(sorted(closures, key=lambda one: (-one.households, one.closure_id))),
        reached=judge.reached(),
    )


Key = tuple[str, str]
"""Kind of partner and profile."""


class _Study:
    """Units and buildings joined to the roads once, for many searches."""

    def __init__(
        self,
        model: ReachModel,
        dwellings: Sequence[Dwelling],
        units: Mapping[str, Sequence[Origin]],
        *,
        limit_s: float,
        at: datetime | None,
        pedestrians_pass: bool,
    ) -> None:
        self._model = model
        self._ground: RoutingContext = model.outbound.ground
        self._limit_s = limit_s
        self._at = at
        self._pedestrians_pass = pedestrians_pass
        self._by_key: dict[Key, list[Origin]] = defaultdict(list)
        for kind, some in units.items():
            for origin in some:
                profile_named(model.profiles, origin.profile)
                self._by_key[kind, origin.profile].append(origin)
        self._doors = self._joined(dwellings)

    def _joined(self, dwellings: Sequence[Dwelling]) -> Targets:
        index = self._ground.index
        places = [place for dwelling in dwellings for place in dwelling.places]
        doors = np.array([len(dwelling.places) for dwelling in dwellings], dtype=np.int64)
        nearest = index.snap(places)
        on_foot = index.snap(places, usable=self._ground.layers.costs(self._ground.walker).usable)
        mps = self._ground.walking_mps
        return Targets(
            building=np.repeat(np.arange(len(dwellings)), doors),
            n_buildings=len(dwellings),
            by_vehicle=nearest,
            on_foot=on_foot,
            vehicle_gap_s=nearest.distance_m / mps,
            foot_gap_s=on_foot.distance_m / mps,
        )

    def spreads(self, closures: tuple[RoadClosure, ...]) -> dict[Key, OneToMany]:
        """Search from the units of each kind and profile."""
        return {key: self._spread(key, closures) for key in self._by_key}

    def _spread(self, key: Key, closures: tuple[RoadClosure, ...]) -> OneToMany:
        ground, origins = self._ground, self._by_key[key]
        profile = profile_named(self._model.profiles, key[1])
        walker = ground.layers.layer(profile if profile.on_foot else ground.walker, closures, self._at)
        vehicle: WeightedGraph | None = None
        if not profile.on_foot:
            vehicle = ground.layers.layer(profile, closures, self._at)
        places = [origin.place for origin in origins]
        on_foot = ground.index.snap(places, usable=walker.costs.usable)
        by_vehicle: Snaps = ground.index.snap(places, usable=vehicle.costs.usable) if vehicle else on_foot
        slow_mps = profile.speed_kph("service") / 3.6
        starts = [
            Start(
                by_vehicle=by_vehicle.one(i),
                on_foot=on_foot.one(i),
                vehicle_s=origin.turnout_s + by_vehicle.distance_m[i] / slow_mps,
                foot_s=origin.turnout_s + on_foot.distance_m[i] / ground.walking_mps,
            )
            for i, origin in enumerate(origins)
        ]
        return OneToMany(
            vehicle=vehicle,
            walker=walker,
            starts=starts,
            doors=self._doors,
            dismount_s=profile.dismount_s,
            limit_s=self._limit_s,
            pedestrians_pass=self._pedestrians_pass,
        )

    def by_kind(self, doors_s: Mapping[Key, Floats]) -> dict[str, Floats]:
        """Seconds of the soonest unit of each kind to each building."""
        found: dict[str, Floats] = {}
        for (kind, _), seconds in doors_s.items():
            found[kind] = np.minimum(found[kind], seconds) if kind in found else seconds
        return found

    def critical_road(self, road: int, losses: tuple[ReachLoss, ...]) -> CriticalRoad:
        """Say which road it is."""
        network = self._model.network
        return CriticalRoad(
            road=road,
            name=network.names[network.road_name[road]],
            coordinates=tuple((lon, lat) for lon, lat in network.coordinates(road).round(7).tolist()),
            losses=losses,
        )


def _without_each_road(
    spreads: Mapping[Key, OneToMany], base: Mapping[str, Floats], tell: Progress
) -> Iterator[tuple[int, dict[str, Floats]]]:
    """Close one road after the other and give the new times by kind."""
    roads = sorted({road for spread in spreads.values() for road in spread.roads})
    for number, road in enumerate(roads):
        if number % _TELL_EVERY == 0:
            tell("closing one road after the other", 0.05 + 0.85 * number / len(roads))
        slower = {key: spread.without(road) for key, spread in spreads.items()}
        touched = {building for some in slower.values() for building in some}
        if not touched:
            continue
        after = {kind: seconds.copy() for kind, seconds in base.items()}
        for building in touched:
            for kind, seconds in after.items():
                seconds[building] = min(
                    slower[key].get(building, float(spread.doors_s[building]))
                    for key, spread in spreads.items()
                    if key[0] == kind
                )
        yield road, after

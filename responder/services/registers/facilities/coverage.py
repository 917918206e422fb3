"""How far each building is from the nearest facility of a kind that can be used now."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from geo.network.opening_hours import opening
from responder.domain.errors import InvalidValueError
from responder.domain.ids import BuildingId, FacilityId
from responder.domain.map.closure import Closure
from responder.domain.map.facility import Facility, FacilityKind
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Roads
from responder.ports.clock import moment
from responder.ports.reach import Home
from responder.services.incidents.response_circle import road_closures
from responder.services.registers.facilities.nearest import (
    BY_HOSE,
    FARTHEST_M,
    FARTHEST_S,
    OFFERED,
    local_minute,
)

if TYPE_CHECKING:
    from geo.reach.model import ReachModel

MOST_BUILDINGS: Final = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredBuilding:
    """A building and the facility nearest to the best of its doors."""

    building_id: BuildingId
    facility_id: FacilityId | None
    """None where none is within a quarter of an hour on foot, or a kilometre by hose."""
    seconds: float | None
    """On foot, one way; None for a hose and where there is none."""
    length_m: float | None
    """Of the hose; None on foot and where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """How far each lived-in building is from the nearest facility of a kind, the farthest first."""

    kind: FacilityKind
    computed_at: datetime
    facilities: int
    """How many are in service and not closed now."""
    hours_unknown: int
    """How many of them have opening hours that cannot be read or are not certain."""
    buildings: tuple[CoveredBuilding, ...]


async def show_coverage(
    database: Database, roads: Roads, *, viewer: Viewer, kind: FacilityKind, clock: Clock
) -> Coverage:
    """
    Return how far each lived-in building is from the nearest facility of a kind that can be used now.

    Raises
    ------
    InvalidValueError
        Facilities of this kind are not looked for around a scene.
    NoRoadNetworkError
        The circle has no roads yet.
    """
    viewer.must(Action.VIEW)
    if kind not in OFFERED:
        message = "facilities of this kind are not looked for"
        raise InvalidValueError(message, field="kind")
    now = moment(clock)
    async with database.snapshot() as transaction:
        local = await local_minute(transaction, viewer.circle_id, now)
        every = await transaction.layer(Facility).of_circle(viewer.circle_id)
        states = {each.id: opening(each.opening_hours, local) for each in every if each.kind is kind}
        usable = [
            each for each in every if each.kind is kind and each.in_service and states[each.id] != "closed"
        ]
        homes = await transaction.criticalities.homes(viewer.circle_id, most=MOST_BUILDINGS)
        closures = [
            closure
            for closure in await transaction.layer(Closure).of_circle(viewer.circle_id)
            if closure.is_in_force(now=now)
        ]
    model = await roads.model(viewer.circle_id)
    buildings = await asyncio.to_thread(
        _covered,
        model,
        usable,
        homes.homes,
        by_hose=kind in BY_HOSE,
        closures=road_closures(closures),
        at=now,
    )
    return Coverage(
        kind=kind,
        computed_at=now,
        facilities=len(usable),
        hours_unknown=sum(states[each.id] == "unknown" for each in usable),
        buildings=buildings,
    )


def _covered(
    model: "ReachModel",
    facilities: Sequence[Facility],
    homes: Sequence[Home],
    *,
    by_hose: bool,
    closures: Sequence[RoadClosure],
    at: datetime,
) -> tuple[CoveredBuilding, ...]:
    # Comes with SciPy, which a process loads with its first road network.
    from geo.reach.nearest import HOSE, SiteIndex  # noqa: PLC0415 - see above

    doors = [(number, LonLat(*door)) for number, home in enumerate(homes) for door in home.doors]
    sites = [LonLat(each.lon, each.lat) for each in facilities]
    best: dict[int, tuple[float, int]] = {}
    if sites and doors:
        index = SiteIndex(
            model=model, sites=sites, doors=[door for _, door in doors], walker=HOSE if by_hose else None
        )
        found = index.nearest(limit=FARTHEST_M if by_hose else FARTHEST_S, closures=closures, at=at)
        for (number, _), site, cost in zip(doors, found.site.tolist(), found.cost.tolist(), strict=True):
            if site >= 0 and (number not in best or cost < best[number][0]):
                best[number] = (cost, site)
    covered = []
    for number, home in enumerate(homes):
        cost, site = best.get(number, (None, None))
        covered.append(
            CoveredBuilding(
                building_id=home.id,
                facility_id=None if site is None else facilities[site].id,
                seconds=None if by_hose else cost,
                length_m=cost if by_hose else None,
            )
        )
    return tuple(sorted(covered, key=_farthest_first))


def _farthest_first(one: CoveredBuilding) -> tuple[float, str]:
    cost = one.length_m if one.seconds is None else one.seconds
    return (-float("inf") if cost is None else -cost, str(one.building_id))

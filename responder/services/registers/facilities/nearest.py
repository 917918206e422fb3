"""The nearest facilities to a place that can be used now, by path: on foot, and as a hose lies."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final, Literal
from zoneinfo import ZoneInfo

from geo.lonlat import LonLat
from geo.lru import LruCache
from geo.network.closures import RoadClosure
from geo.network.opening_hours import opening
from responder.domain.ids import BuildingId, CircleId, FacilityId
from responder.domain.map.closure import Closure
from responder.domain.map.facility import Facility, FacilityKind
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.ports.people import Bbox
from responder.services.incidents.catalogue import catalogue_of
from responder.services.incidents.response_circle import road_closures
from responder.services.incidents.scene import find_scene

if TYPE_CHECKING:
    from geo.reach.model import ReachModel
    from geo.reach.nearest import SiteWay

OFFERED: Final = (
    FacilityKind.HYDRANT,
    FacilityKind.AED,
    FacilityKind.EXTINGUISHER,
    FacilityKind.HOSE_BOX,
    FacilityKind.FIRST_AID,
    FacilityKind.ASSEMBLY_POINT,
)
"""Kinds that are looked for around a scene."""
BY_HOSE: Final = frozenset({FacilityKind.HYDRANT})
"""Kinds that are reached by a hose along the lane, and not fetched on foot."""
FARTHEST_S: Final = 900.0
"""On foot, one way."""
FARTHEST_M: Final = 1000.0
"""By hose: far beyond what one engine carries, so that the answer says how far the water is."""
AROUND_DEGREES: Final = 0.013
"""North and south of the scene, a good kilometre; east and west more degrees are as far."""
MOST_CANDIDATES: Final = 200
"""Of one kind, the nearest in a straight line."""
_KEPT: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestFacility:
    """The nearest facility of a kind, and the way there."""

    kind: FacilityKind
    facility_id: FacilityId
    seconds: float | None
    """On foot, one way; None for a hose."""
    length_m: float
    """Along the way: for a hydrant the hose that has to be laid."""
    hours: Literal["open", "unknown"]
    """`unknown` when its opening hours cannot be read or are not certain: call before fetching it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NearestFacilities:
    """What is near a place and can be used now; kinds that have none near are not named."""

    computed_at: datetime
    found: tuple[NearestFacility, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """All that the answer rests on: the same question is answered once."""

    circle_id: CircleId
    reach_version: int
    doors: tuple[LonLat, ...]
    candidates: tuple[tuple[FacilityKind, FacilityId, LonLat, Literal["open", "unknown"]], ...]
    closures: tuple[str, ...]
    model: int


class NearestAnswers:
    """Answers that many ask for at once: all who look at an alert ask the same."""

    def __init__(self) -> None:
        self._kept: LruCache[_Asked, asyncio.Task[tuple[NearestFacility, ...]]] = LruCache(_KEPT)

    async def answer(
        self, model: "ReachModel", asked: _Asked, closures: Sequence[RoadClosure], now: datetime
    ) -> tuple[NearestFacility, ...]:
        """Return what was found before for the same question, or find it beside the event loop."""
        task = self._kept.get(asked)
        if task is None or (task.done() and (task.cancelled() or task.exception() is not None)):
            # A task of its own, so that the first caller may give up without cancelling it for the others.
            task = asyncio.create_task(asyncio.to_thread(_nearest, model, asked, closures, now))
            self._kept.put(asked, task)
        return await asyncio.shield(task)


async def show_nearest(
    database: Database,
    roads: Roads,
    answers: NearestAnswers,
    *,
    viewer: Viewer,
    building_id: BuildingId | None = None,
    entrance: str | None = None,
    lonlat: LonLat | None = None,
    clock: Clock,
) -> NearestFacilities:
    """
    Return the nearest facility of each kind that is in service and open now.

    Raises
    ------
    InvalidValueError, NotFoundError
        The place is neither a building of the circle nor a point.
    NoRoadNetworkError, NoRoadNearbyError, OutsideNetworkError
        No way to the place can be found.
    """
    viewer.must(Action.VIEW)
    now = moment(clock)
    async with database.snapshot() as transaction:
        scene = await find_scene(
            transaction, viewer.circle_id, building_id=building_id, entrance=entrance, lonlat=lonlat
        )
        settings = await transaction.circles.alert_settings(viewer.circle_id)
        candidates = await _candidates(transaction, viewer.circle_id, scene.doors[0], now=now)
        closures = [
            closure
            for closure in await transaction.layer(Closure).of_circle(viewer.circle_id)
            if closure.is_in_force(now=now)
        ]
    model = await roads.model(viewer.circle_id)
    asked = _Asked(
        circle_id=viewer.circle_id,
        reach_version=settings.reach_version,
        doors=scene.doors,
        candidates=candidates,
        closures=tuple(str(closure.id) for closure in closures),
        model=id(model),
    )
    found = await answers.answer(model, asked, road_closures(closures), now)
    return NearestFacilities(computed_at=now, found=found)


async def _candidates(
    transaction: Transaction, circle_id: CircleId, near: LonLat, *, now: datetime
) -> tuple[tuple[FacilityKind, FacilityId, LonLat, Literal["open", "unknown"]], ...]:
    """Return what is in service around a place and not closed now."""
    local = await local_minute(transaction, circle_id, now)
    found = await transaction.layer(Facility).of_circle(circle_id, bbox=_around(near))
    usable = []
    for each in found:
        state = opening(each.opening_hours, local)
        if each.kind in OFFERED and each.in_service and state != "closed":
            usable.append((each.kind, each.id, LonLat(each.lon, each.lat), state))
    return tuple(usable)


async def local_minute(transaction: Transaction, circle_id: CircleId, now: datetime) -> datetime:
    """Return the minute that the circle's clock shows, without a time zone."""
    zone = ZoneInfo((await catalogue_of(transaction, circle_id)).time_zone)
    return now.astimezone(zone).replace(tzinfo=None, second=0, microsecond=0)


def _around(place: LonLat) -> Bbox:
    high = min(90.0, place.lat + AROUND_DEGREES)
    low = max(-90.0, place.lat - AROUND_DEGREES)
    # Beyond 60 degrees a degree of longitude is less than half of one of latitude.
    wide = 2 * AROUND_DEGREES
    return (max(-180.0, place.lon - wide), low, min(180.0, place.lon + wide), high)


def _nearest(
    model: "ReachModel", asked: _Asked, closures: Sequence[RoadClosure], now: datetime
) -> tuple[NearestFacility, ...]:
    # Comes with SciPy, which a process loads with its first road network.
    from geo.reach.nearest import HOSE, ways_to_sites  # noqa: PLC0415 - see above

    found = []
    for kind in OFFERED:
        own = [each for each in asked.candidates if each[0] is kind]
        own.sort(key=lambda each: _gap(asked.doors[0], each[2]))
        own = own[:MOST_CANDIDATES]
        by_hose = kind in BY_HOSE
        ways: Sequence[SiteWay] = ways_to_sites(
            model,
            asked.doors,
            [each[2] for each in own],
            walker=HOSE if by_hose else None,
            limit=FARTHEST_M if by_hose else FARTHEST_S,
            closures=closures,
            at=now,
        )
        found += [
            NearestFacility(
                kind=kind,
                facility_id=own[way.site][1],
                seconds=None if by_hose else way.cost,
                length_m=way.length_m,
                hours=own[way.site][3],
            )
            for way in ways
        ]
    return tuple(found)


def _gap(one: LonLat, other: LonLat) -> float:
    return (one.lon - other.lon) ** 2 + (one.lat - other.lat) ** 2

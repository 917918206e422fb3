"""Preview who could be there in time, and how far one comes, without calling anyone."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geo.lonlat import LonLat
from geo.network.closures import RoadClosure
from responder.domain.ids import BuildingId
from responder.domain.incidents.response_circle import ReachPreview
from responder.domain.map.closure import Closure
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Roads
from responder.ports.clock import moment
from responder.services.incidents.response_circle import ReachInputs, compute, read_inputs, road_closures
from responder.services.incidents.scene import find_scene
from responder.services.validation.geometry import to_geojson

if TYPE_CHECKING:
    from geo.reach.model import ReachModel


async def show_reach(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    building_id: BuildingId | None = None,
    entrance: str | None = None,
    lonlat: LonLat | None = None,
    limit_s: float | None = None,
    clock: Clock,
) -> ReachPreview:
    """
    Return who could be at a building or point within `limit_s`, or within the circle's own limit.

    Units that could be there but have no one on record are listed apart: an alert would call no one there.

    Raises
    ------
    InvalidValueError, NotFoundError
        The place is neither a building of the circle nor a point.
    InvalidLimitError
        The limit is not above zero, or above two hours.
    NoRoadNetworkError, NoRoadNearbyError, OutsideNetworkError
        No way to the place can be found.
    """
    viewer.must(Action.VIEW)
    now = moment(clock)
    async with database.snapshot() as transaction:
        scene = await find_scene(
            transaction, viewer.circle_id, building_id=building_id, entrance=entrance, lonlat=lonlat
        )
        inputs = await read_inputs(transaction, viewer.circle_id)
        units = [unit.id for unit in inputs.units]
        responders = await transaction.responders.of_units(viewer.circle_id, units)
    if limit_s is not None:
        inputs = replace(inputs, limit_s=limit_s)
    model = await roads.model(viewer.circle_id)
    found = await asyncio.to_thread(compute, model, scene.doors, inputs=inputs, now=now)
    people = Counter(person.unit_id for person in responders)
    in_reach = {member.unit_id for member in found.members}
    return ReachPreview(
        limit_s=found.limit_s,
        computed_at=found.computed_at,
        members=found.members,
        non_members=found.non_members,
        people={unit: people[unit] for unit in units},
        unannounced_year=_unannounced_year(model, inputs, now),
        called=len({each.person for each in responders if each.unit_id in in_reach}),
    )


def _unannounced_year(model: "ReachModel", inputs: ReachInputs, now: datetime) -> int | None:
    """Return the year when peak hours matter to a unit on duty and the working days are not announced."""
    profiles = {unit.profile for unit in inputs.units if unit.on_duty}
    years = (model.profiles[name].unannounced_year(now) for name in profiles if name in model.profiles)
    return next((year for year in years if year), None)


async def draw_isochrones(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    lonlat: LonLat,
    profile: str,
    limits_s: Sequence[float],
    clock: Clock,
) -> list[tuple[float, dict[str, Any]]]:
    """
    Return the areas from which `profile` comes to the point within each limit, as GeoJSON, the largest first.

    Raises
    ------
    InvalidLimitError, UnknownProfileError
        A limit or the profile cannot be.
    NoRoadNetworkError, NoRoadNearbyError, OutsideNetworkError
        No way to the point can be found.
    """
    viewer.must(Action.VIEW)
    now = moment(clock)
    async with database.begin() as transaction:
        closures = await transaction.layer(Closure).of_circle(viewer.circle_id)
    model = await roads.model(viewer.circle_id)
    bands = await asyncio.to_thread(
        _drawn, model, lonlat, profile=profile, limits_s=limits_s, closures=road_closures(closures), at=now
    )
    return sorted(bands, key=lambda band: band[0], reverse=True)


def _drawn(
    model: "ReachModel",
    lonlat: LonLat,
    *,
    profile: str,
    limits_s: Sequence[float],
    closures: Sequence[RoadClosure],
    at: datetime,
) -> list[tuple[float, dict[str, Any]]]:
    # Imports SciPy: late, so that starting does not wait for it.
    from geo.reach.isochrones import isochrones  # noqa: PLC0415 - see above

    drawn = isochrones(model, [lonlat], profile=profile, limits_s=limits_s, closures=closures, at=at)
    return [(band.limit_s, to_geojson(band.geometry)) for band in drawn]

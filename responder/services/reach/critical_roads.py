"""Work out what shutting each road, hazard and closure costs. It may take a minute of a core."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from uuid import UUID

from pyproj import Geod
from shapely.geometry import shape

from geo.errors import GeoError
from geo.network.closures import RoadClosure
from responder.domain.ids import BuildingId
from responder.domain.map.hazard import Hazard
from responder.domain.people.partner import PartnerKind
from responder.domain.reach.criticality import Criticality, FeatureCost, Loss, RoadCost, Shut, weight
from responder.services.incidents.response_circle import road_closures
from responder.services.reach.inputs import Study

if TYPE_CHECKING:
    from geo.criticality.losses import CriticalRoad
    from geo.criticality.losses import NetworkCriticality as Found
    from geo.criticality.losses import ReachLoss as FoundLoss
    from geo.reach.model import ReachModel

MOST_ROADS = 50
_SHARE_OF_ROADS = 0.9
_ELLIPSOID = Geod(ellps="WGS84")

Progress = Callable[[str, float], None]


def find_criticality(
    model: "ReachModel",
    study: Study,
    *,
    building_id: BuildingId | None,
    pedestrians_pass: bool,
    progress: Progress,
) -> Criticality:
    """
    Work out what shutting each road, hazard and closure costs, outside peak hours.

    Roads and hazards are shut in turn on top of what is closed; each closure is judged by itself, against
    roads that are all open.
    """
    # Imports SciPy: late, so that starting does not wait for it.
    from geo.criticality.criticality import criticality  # noqa: PLC0415 - see above

    dwellings, units = study.dwellings(), study.origins()
    households = {dwelling.id: dwelling.households for dwelling in dwellings}
    share = _SHARE_OF_ROADS if study.closures else 1.0
    found = criticality(
        model,
        dwellings,
        units,
        limits_s=study.limits_s,
        hazards=[
            shut
            for hazard in study.hazards
            if (shut := _shut_at(hazard, model, pedestrians_pass=pedestrians_pass))
        ],
        in_force=road_closures(study.closures),
        pedestrians_pass=pedestrians_pass,
        progress=lambda step, part: progress(step, part * share),
    )
    features = _features(
        found, households, type_=Shut.HAZARD, names={h.id: (h.name, h.name_en) for h in study.hazards}
    )
    if study.closures:
        alone = criticality(
            model,
            dwellings,
            units,
            limits_s=study.limits_s,
            hazards=road_closures(study.closures),
            pedestrians_pass=pedestrians_pass,
            progress=lambda step, part: progress(step, share + part * (1 - share)),
        )
        names = {closure.id: (closure.name, closure.name) for closure in study.closures}
        features += _features(alone, households, type_=Shut.CLOSURE, names=names)
    roads = sorted((_road(road, households) for road in found.roads), key=lambda road: weight(road.losses))
    return Criticality(
        building_id=building_id,
        pedestrians_pass=pedestrians_pass,
        limits_s=study.limits_s,
        counted=study.counted,
        buildings=len(study.homes),
        households=study.households,
        excluded=study.excluded,
        reached=_losses(found.reached),
        roads=tuple(roads[:MOST_ROADS]),
        roads_excluded=max(0, len(roads) - MOST_ROADS),
        features=tuple(sorted(features, key=lambda thing: weight(thing.losses))),
    )


def shut_to_vehicles(hazard: Hazard, model: "ReachModel") -> RoadClosure:
    """
    Return the closure that there would be if the road were shut at a hazard to whatever drives or rides.

    Raises
    ------
    InvalidGeometryError, GeometryTooLargeError
        The hazard's geometry cannot close anything.
    """
    vehicles = frozenset(name for name, profile in model.profiles.items() if not profile.on_foot)
    return RoadClosure(
        id=str(hazard.id), geometry=shape(hazard.geometry), profiles=vehicles, name=hazard.name
    )


def _shut_at(hazard: Hazard, model: "ReachModel", *, pedestrians_pass: bool) -> RoadClosure | None:
    try:
        if pedestrians_pass:
            return shut_to_vehicles(hazard, model)
        return RoadClosure(id=str(hazard.id), geometry=shape(hazard.geometry), name=hazard.name)
    except GeoError:
        return None


def _features(
    found: "Found", households: dict[str, int], *, type_: Shut, names: Mapping[Any, tuple[str, str]]
) -> list[FeatureCost]:
    return [
        FeatureCost(
            type=type_,
            id=UUID(one.closure_id),
            name=names[UUID(one.closure_id)][0],
            name_en=names[UUID(one.closure_id)][1],
            households=_once(one.losses, households),
            losses=_losses(one.losses),
        )
        for one in found.closures
    ]


def _road(road: "CriticalRoad", households: dict[str, int]) -> RoadCost:
    return RoadCost(
        road_id=road.road,
        name=road.name,
        length_m=round(_length_m(road.coordinates), 1),
        coordinates=road.coordinates,
        households=_once(road.losses, households),
        losses=_losses(road.losses),
    )


def _once(losses: Iterable["FoundLoss"], households: dict[str, int]) -> int:
    """Count households that lose anything, each once."""
    return sum(households[dwelling] for dwelling in {id_ for loss in losses for id_ in loss.dwellings})


def _losses(losses: Iterable["FoundLoss"]) -> tuple[Loss, ...]:
    return tuple(
        Loss(kind=PartnerKind(loss.kind), limit_s=loss.limit_s, households=loss.households) for loss in losses
    )


def _length_m(coordinates: Sequence[tuple[float, float]]) -> float:
    return float(sum(_ELLIPSOID.inv(*a, *b)[2] for a, b in pairwise(coordinates)))

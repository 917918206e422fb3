"""What a finding comes from, and what on the map it is about."""

from dataclasses import dataclass, field, replace
from datetime import datetime

from responder.domain.drills.finding import Finding
from responder.domain.errors import InvalidValueError
from responder.domain.ids import ClosureId, DrillId, HazardId, ObservationId
from responder.domain.map.closure import Closure
from responder.domain.map.hazard import Hazard, HazardGrade
from responder.domain.people.access import Viewer
from responder.domain.registers.hazard_life import HazardSource
from responder.ports import Roads, Transaction
from responder.services.map.hazards import NewHazard, record_hazard


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingHazard:
    """A hazard that a finding puts on the map."""

    kind: str
    name: str
    lon: float
    """Degrees east, WGS 84."""
    lat: float
    grade: HazardGrade = HazardGrade.GENERAL


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLinks:
    """What on the map a finding is about."""

    hazard: FindingHazard | None = None
    """Put on the map with the finding."""
    hazard_id: HazardId | None = None
    """One that is on the map already."""
    closure_id: ClosureId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingSource:
    """What a finding comes from."""

    drill_id: DrillId | None = None
    objective: str | None = None
    observation_id: ObservationId | None = None
    links: FindingLinks = field(default_factory=FindingLinks)


async def with_source(transaction: Transaction, finding: Finding, source: FindingSource) -> Finding:
    """
    Return the finding with what it comes from, and where that is; without words it takes those observed.

    Raises
    ------
    NotFoundError
        The circle has no such drill.
    InvalidValueError
        The drill has no such objective or observation.
    """
    circle_id, lon, lat, text = finding.circle_id, None, None, finding.text
    if source.drill_id is None and (source.objective is not None or source.observation_id is not None):
        message = "objectives and observations belong to a drill"
        raise InvalidValueError(message, field="drill_id")
    if source.drill_id is not None:
        plan = (await transaction.drills.get(circle_id, source.drill_id)).plan
        lon, lat = plan.place.lon, plan.place.lat
        if source.objective is not None and plan.objective(source.objective) is None:
            message = "the plan has no such objective"
            raise InvalidValueError(message, field="objective")
    if source.observation_id is not None:
        seen = await transaction.observations.find(circle_id, source.observation_id)
        if seen is None or seen.drill_id != source.drill_id:
            message = "the drill has no such observation"
            raise InvalidValueError(message, field="observation_id")
        text = text.strip() or seen.text
        if seen.lon is not None:
            lon, lat = seen.lon, seen.lat
    return replace(
        finding,
        text=text,
        drill_id=source.drill_id,
        objective=source.objective,
        observation_id=source.observation_id,
        lon=lon,
        lat=lat,
    )


async def with_links(
    transaction: Transaction,
    roads: Roads,
    finding: Finding,
    links: FindingLinks,
    *,
    viewer: Viewer,
    at: datetime,
) -> Finding:
    """
    Return the finding with its hazard, which is put on the map if it is new, and its closure.

    Raises
    ------
    NotAllowedError
        The role may not edit the map that a hazard is put on.
    NotFoundError
        The circle has no such hazard or closure. What the finding has already may be gone.
    InvalidValueError
        There are two hazards, or the new one cannot be.
    """
    if links.hazard is not None and links.hazard_id is not None:
        message = "a finding has one hazard"
        raise InvalidValueError(message, field="hazard_id")
    if links.hazard_id not in {None, finding.hazard_id}:
        await transaction.layer(Hazard).get(finding.circle_id, links.hazard_id)
    if links.closure_id not in {None, finding.closure_id}:
        await transaction.layer(Closure).get(finding.circle_id, links.closure_id)
    finding = replace(finding, hazard_id=links.hazard_id, closure_id=links.closure_id)
    if links.hazard is None:
        return finding
    new = NewHazard(
        kind=links.hazard.kind,
        name=links.hazard.name,
        grade=links.hazard.grade,
        geometry={"type": "Point", "coordinates": [links.hazard.lon, links.hazard.lat]},
        source=HazardSource.DRILL,
    )
    # It narrows no lane: its closure, if it has one, is the finding's own.
    hazard = await record_hazard(transaction, roads, viewer=viewer, model=None, new=new, at=at)
    return replace(finding, hazard_id=hazard.id, lon=links.hazard.lon, lat=links.hazard.lat)

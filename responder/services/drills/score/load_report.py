"""All that a report on a drill shows."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from geo.coordinates.local_plane import LocalPlane
from responder.domain.audit import AuditAction
from responder.domain.drills.finding import Finding
from responder.domain.drills.track import TrackPoint
from responder.domain.ids import DrillId, ObservationId
from responder.domain.incidents.event import DrillRunChanged
from responder.domain.map.attribution import OPENSTREETMAP
from responder.domain.map.building import Building
from responder.domain.map.circle import Circle
from responder.domain.map.facility import Facility, FacilityKind
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.ports.drills.findings import FindingQuery
from responder.ports.people import Bbox
from responder.ports.photos import Photo
from responder.services.drills.running.keep_run import note
from responder.services.drills.score.feedback import ShownFeedback, feedback_of
from responder.services.drills.score.score_drill import ScoredDrill, load_scored
from responder.services.incidents.catalogue import catalogue_of

AROUND_M: Final = 250.0
"""The map shows so much around the place at least."""
_FURTHEST_M: Final = 600.0
"""It does not follow units from further away."""
MOST_ROADS: Final = 3000
MOST_BUILDINGS: Final = 2000
_MOST_FINDINGS: Final = 100
MOST_PHOTOS: Final = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillReport:
    """All that a report on a drill shows."""

    circle: Circle
    scored: ScoredDrill
    findings: tuple[Finding, ...]
    bbox: Bbox
    """What the map shows."""
    roads: tuple[tuple[tuple[float, float], ...], ...]
    """Lines of longitude and latitude, WGS 84."""
    buildings: tuple[Building, ...]
    assembly_points: tuple[Facility, ...]
    closures: tuple[dict[str, Any], ...]
    """GeoJSON of the lanes that were closed at any time."""
    track: tuple[TrackPoint, ...]
    attribution: str | None
    """Whom the map credits."""
    time_zone: str
    """IANA name."""
    photos: Mapping[ObservationId, Photo]
    """Pictures of observations, the first `MOST_PHOTOS`; none without names, since people are on them."""
    feedback: ShownFeedback
    page_url: str
    """Address of the page to tell people, with / at its end."""


async def load_report(
    database: Database,
    *,
    viewer: Viewer,
    drill_id: DrillId,
    names: bool,
    form: str,
    page_url: str,
    clock: Clock,
) -> DrillReport:
    """
    Read what a report shows. That it was taken is recorded; one with `names` may be taken by few.

    `form` is html or pdf.

    Raises
    ------
    NotAllowedError
        The role may not see plans of drills, or may take no names away.
    NotFoundError
        The circle has no such drill.
    DrillNotRunningError
        It was not started.
    """
    viewer.must(Action.SEE_DRILL_PLAN)
    if names:
        viewer.must(Action.EXPORT)
    now, circle_id = moment(clock), viewer.circle_id
    async with database.snapshot() as transaction:
        scored = await load_scored(transaction, viewer, drill_id, now=now)
        track = await transaction.drill_replays.track(circle_id, drill_id)
        bbox = _bbox(scored, track)
        openstreetmap = await transaction.circles.rests_on_openstreetmap(circle_id)
        facilities = await transaction.layer(Facility).of_circle(circle_id, bbox=bbox)
        found = await transaction.findings.search(
            circle_id, FindingQuery(drill_id=drill_id, limit=_MOST_FINDINGS)
        )
        report = DrillReport(
            circle=await transaction.circles.get(circle_id),
            scored=scored,
            findings=found,
            bbox=bbox,
            roads=tuple(
                road.coordinates
                for road in await transaction.road_networks.lines(circle_id, bbox=bbox, most=MOST_ROADS)
            ),
            buildings=(await transaction.layer(Building).of_circle(circle_id, bbox=bbox))[:MOST_BUILDINGS],
            assembly_points=tuple(each for each in facilities if each.kind is FacilityKind.ASSEMBLY_POINT),
            closures=_closures(scored),
            track=track,
            attribution=OPENSTREETMAP if openstreetmap else None,
            time_zone=(await catalogue_of(transaction, circle_id)).time_zone,
            photos=await _photos(transaction, scored) if names else {},
            feedback=await feedback_of(transaction, viewer, drill_id, now=now),
            page_url=page_url,
        )
    async with database.begin() as transaction:
        detail: dict[str, str | bool] = {"form": form, "names": names}
        await note(transaction, viewer, AuditAction.DRILL_REPORT_EXPORTED, drill_id, detail, at=now)
    return report


async def _photos(transaction: Transaction, scored: ScoredDrill) -> dict[ObservationId, Photo]:
    found = {}
    for each in [each for each in scored.observations if each.has_photo][:MOST_PHOTOS]:
        photo = await transaction.observations.photo(each.circle_id, each.id)
        if photo is not None:
            found[each.id] = photo
    return found


def _bbox(scored: ScoredDrill, track: tuple[TrackPoint, ...]) -> Bbox:
    """Return what the map shows: a square around the place, with where units were nearby."""
    place = scored.drill.plan.place
    east_m, north_m = LocalPlane(lon=place.lon, lat=place.lat).metres_per_degree
    around = AROUND_M
    for point in track:
        away = max(abs(point.lon - place.lon) * east_m, abs(point.lat - place.lat) * north_m)
        if away <= _FURTHEST_M:
            around = max(around, away)
    east, north = around / east_m, around / north_m
    return (place.lon - east, place.lat - north, place.lon + east, place.lat + north)


def _closures(scored: ScoredDrill) -> tuple[dict[str, Any], ...]:
    """Return the lanes that the drill closed at any time: an ended run has none any more."""
    found = {
        closure.id: closure.geometry
        for recorded in scored.events
        if isinstance(recorded.event, DrillRunChanged) and recorded.event.run.drill_id == scored.drill.id
        for closure in recorded.event.run.closures
    }
    return tuple(found.values())

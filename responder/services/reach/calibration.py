"""Learn from drills and alerts: propose turnouts and speeds as they were, apply what a planner accepts."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from responder.domain.audit import AuditAction, audit_entry
from responder.domain.errors import EditConflictError
from responder.domain.ids import UnitId
from responder.domain.incidents.delivery import Delivery, DeliveryState
from responder.domain.incidents.event import UnitChanged
from responder.domain.incidents.response_circle import Member
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.unit import Unit
from responder.domain.people.access import Action, Viewer
from responder.domain.reach.calibration import Calibration, MeasuredJourney, calibrate
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.ports.incidents import IncidentQuery
from responder.services.incidents.recompute import model_if_any, recompute_open_incidents
from responder.services.incidents.waves import current_calls
from responder.services.reach.profiles import set_profiles, show_profiles

MOST_INCIDENTS: Final = 300
"""The last so many that ended are looked at."""
LOOKED_BACK: Final = timedelta(days=730)
SOURCE: Final = "measured"
"""Under which the speeds that were applied say where they come from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownCalibration:
    """What is proposed, from which journeys."""

    calibration: Calibration
    journeys: tuple[MeasuredJourney, ...]
    profiles_version: str
    """Of the speeds in force: what is applied names it."""


async def show_calibration(database: Database, *, viewer: Viewer, clock: Clock) -> ShownCalibration:
    """Return what past drills and alerts propose for turnouts and speeds, and what that is worth."""
    viewer.must(Action.SEE_DRILL_PLAN)
    profiles = await show_profiles(database, viewer=viewer)
    async with database.snapshot() as transaction:
        units = await transaction.layer(Unit).of_circle(viewer.circle_id)
        journeys = await _journeys(
            transaction, viewer, since=moment(clock) - LOOKED_BACK, speeds_since=profiles.set_at
        )
    turnouts_s = {unit.id: unit.turnout_s for unit in units}
    return ShownCalibration(
        calibration=calibrate(journeys, turnouts_s),
        journeys=tuple(journeys),
        profiles_version=profiles.version,
    )


async def apply_calibration(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    unit_ids: Collection[UnitId],
    profiles: Collection[str],
    profiles_version: str | None,
    clock: Clock,
) -> ShownCalibration:
    """
    Apply the turnouts of these units and the speeds of these profiles that are proposed, and return the rest.

    Raises
    ------
    EditConflictError
        One of them is not proposed any more, or the speeds were changed since. Nothing is applied then.
    NotAllowedError
        The role may not change units and profiles.
    """
    viewer.must(Action.EDIT_MAP)
    shown = await show_calibration(database, viewer=viewer, clock=clock)
    turnouts = {each.unit_id: each.after_s for each in shown.calibration.turnouts}
    factors = {each.profile: each.factor for each in shown.calibration.speeds}
    if not (turnouts.keys() >= set(unit_ids) and factors.keys() >= set(profiles)):
        raise EditConflictError(by=None)
    if profiles and profiles_version not in {None, shown.profiles_version}:
        raise EditConflictError(by=None)
    now = moment(clock)
    if unit_ids:
        model = await model_if_any(roads, viewer.circle_id)
        async with database.begin() as transaction:
            await transaction.circles.lock(viewer.circle_id)
            for unit_id in sorted(set(unit_ids)):
                unit = await transaction.layer(Unit).get(viewer.circle_id, unit_id)
                changed = replace(unit, turnout_s=turnouts[unit_id])
                await transaction.layer(Unit).add(viewer.circle_id, [changed])
                await transaction.record(viewer.circle_id, UnitChanged(unit=changed), at=now)
            await recompute_open_incidents(transaction, roads, model, circle_id=viewer.circle_id, now=now)
            act = audit_entry(viewer, AuditAction.CALIBRATION_APPLIED, detail={"units": len(set(unit_ids))})
            await transaction.audit.append(viewer.circle_id, act, at=now)
    if profiles:
        table = (await show_profiles(database, viewer=viewer)).table
        await set_profiles(
            database,
            roads,
            viewer=viewer,
            table=_faster(table, {name: factors[name] for name in profiles}, now=now),
            expected_version=shown.profiles_version,
            clock=clock,
        )
    return await show_calibration(database, viewer=viewer, clock=clock)


async def _journeys(
    transaction: Transaction, viewer: Viewer, *, since: datetime, speeds_since: datetime | None
) -> list[MeasuredJourney]:
    """Return the journeys of incidents that ended; travel only where today's speeds had predicted it."""
    ended = await transaction.incidents.search(viewer, IncidentQuery(open=False, limit=MOST_INCIDENTS))
    journeys = [
        journey if speeds_since is None or journey.at >= speeds_since else replace(journey, travel_s=None)
        for detail in ended
        if detail.incident.raised_at >= since
        for journey in _of(detail)
    ]
    return sorted(journeys, key=lambda each: (each.at, each.incident_id, each.unit_id))


def _of(detail: IncidentDetail) -> Iterable[MeasuredJourney]:
    by_unit: dict[UnitId, list[Delivery]] = {}
    for delivery in current_calls(detail):
        by_unit.setdefault(delivery.unit_id, []).append(delivery)
    for member in detail.response_circle.members:
        people = by_unit.get(member.unit_id, [])
        left = _first(people, DeliveryState.EN_ROUTE)
        if left is not None:
            yield _journey(detail, member, people, left)


def _journey(
    detail: IncidentDetail, member: Member, people: list[Delivery], left: datetime
) -> MeasuredJourney:
    called = _first(people, DeliveryState.QUEUED)
    arrived = _first(people, DeliveryState.ON_SCENE)
    return MeasuredJourney(
        incident_id=detail.incident.id,
        at=detail.incident.raised_at,
        exercise=detail.incident.exercise,
        unit_id=member.unit_id,
        profile=member.profile,
        turnout_s=None if called is None else max(0.0, (left - called).total_seconds()),
        travel_s=None if arrived is None or arrived < left else (arrived - left).total_seconds(),
        predicted_turnout_s=member.turnout_s,
        predicted_travel_s=member.travel_s,
    )


def _first(people: Iterable[Delivery], state: DeliveryState) -> datetime | None:
    return min((each.times[state] for each in people if state in each.times), default=None)


def _faster(table: dict[str, Any], factors: dict[str, float], *, now: datetime) -> dict[str, Any]:
    """Return a profile table with the speeds of some profiles multiplied, and where they come from."""
    rows = dict(table["profiles"])
    for name, factor in factors.items():
        row = rows[name]
        speeds = {road: round(kph * factor, 1) for road, kph in row["speeds_kph"].items()}
        rows[name] = {**row, "speeds_kph": speeds, "sources": {**row["sources"], "speeds_kph": SOURCE}}
    text = f"本圈演练与警情实测 · measured in drills and alerts of this circle, {now:%Y-%m-%d}"
    sources = {**table["sources"], SOURCE: {"text": text, "standing": "A"}}
    return {**table, "profiles": rows, "sources": sources}

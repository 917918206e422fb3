"""Recompute who can be there in time for open incidents, when roads or units have changed."""

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from geo.errors import NoRoadNearbyError, OutsideNetworkError
from responder.domain.errors import NoRoadNetworkError
from responder.domain.ids import CircleId
from responder.domain.incidents.event import ResponseCircleUpdated
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import HELP
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.security.alert_priority import LONGEST_WAIT_S, AlertPriority
from responder.services.concurrency import GivingWay
from responder.services.incidents.extend_alert import extension_for, put_extension
from responder.services.incidents.response_circle import (
    ReachInputs,
    compute,
    read_inputs,
    within_drill,
    without_members,
)
from responder.services.incidents.scene import scene_of
from responder.services.incidents.waves import people_to_call

if TYPE_CHECKING:
    from geo.reach.model import ReachModel


async def recompute_due(
    database: Database, roads: Roads, *, clock: Clock, priority: AlertPriority | None = None
) -> int:
    """
    Recompute open incidents whose response circle rests on what is no longer so.

    A closure may have started or ended by the clock, or the circle's reach version was raised without a
    recomputation, such as by new roads.
    To be called every second or so, by any number of processes; returns how many circles were due. Each waits
    while an alert is in hand, all of them for a second at most.
    """
    now = moment(clock)
    async with database.snapshot() as transaction:
        due = await transaction.incidents.due(now=now) | await transaction.incidents.outdated()
    waiting = GivingWay(priority or AlertPriority(), for_s=LONGEST_WAIT_S)
    for circle_id in due:
        await waiting.until_idle()
        model = await model_if_any(roads, circle_id)
        async with database.begin() as transaction:
            await transaction.circles.lock(circle_id)
            # Looked at again, for another process may have been quicker.
            is_due = circle_id in await transaction.incidents.due(now=now)
            if is_due or circle_id in await transaction.incidents.outdated():
                await recompute_open_incidents(
                    transaction, roads, model, circle_id=circle_id, now=now, tell_all=is_due
                )
    return len(due)


async def model_if_any(roads: Roads, circle_id: CircleId) -> "ReachModel | None":
    """Return the circle's prepared roads; None while it has none."""
    try:
        return await roads.model(circle_id)
    except NoRoadNetworkError:
        return None


async def recompute_open_incidents(
    transaction: Transaction,
    roads: Roads,
    model: "ReachModel | None",
    *,
    circle_id: CircleId,
    now: datetime,
    tell_all: bool = False,
) -> None:
    """
    Recompute who can be there in time for every open incident, and call those who newly can.

    Calls stay in force: the crew that is on its way decides with the staff, not a computation. The circle's
    lock is held until then, so that no answer rests on what has changed since. When roads or figures changed
    after `model` was taken, nothing is done: `recompute_due` does it within a second.

    Parameters
    ----------
    tell_all
        Record a new response circle also when its members are the same.
    """
    details = await transaction.incidents.open_details(circle_id)
    if not details or model is None or not await roads.is_current(transaction, circle_id, model):
        return
    inputs = await read_inputs(transaction, circle_id)
    exercises = [detail.incident.id for detail in details if detail.incident.exercise]
    drills = await transaction.drill_runs.of_incidents(circle_id, exercises) if exercises else {}
    for detail in details:
        if detail.ladder == HELP:
            # Those who help a neighbouring circle were chosen by people, not by their way.
            continue
        run = drills.get(detail.incident.id)
        known = inputs if run is None else within_drill(inputs, run)
        found = await _find(transaction, model, detail, inputs=known, now=now)
        before = detail.response_circle
        if tell_all or (found.members, found.non_members) != (before.members, before.non_members):
            await _record(transaction, detail, found, now=now)
    await transaction.incidents.put_reach_version(circle_id, inputs.reach_version)


async def _find(
    transaction: Transaction,
    model: "ReachModel",
    detail: IncidentDetail,
    *,
    inputs: ReachInputs,
    now: datetime,
) -> ResponseCircle:
    scene = await scene_of(transaction, detail.incident.circle_id, detail.incident.place)
    try:
        return await asyncio.to_thread(compute, model, scene.doors, inputs=inputs, now=now)
    except (NoRoadNearbyError, OutsideNetworkError) as error:
        return without_members(inputs, reason=error.code, now=now)


async def _record(
    transaction: Transaction, detail: IncidentDetail, found: ResponseCircle, *, now: datetime
) -> None:
    incident = detail.incident
    await transaction.incidents.put_response_circle(incident.circle_id, incident.id, found)
    people = await people_to_call(transaction, detail, found)
    extension = await extension_for(transaction, detail, people, found=found, now=now)
    if not extension.calls:
        recomputed = ResponseCircleUpdated(incident_id=incident.id, response_circle=found)
        await transaction.record(incident.circle_id, recomputed, at=now, incident_id=incident.id)
    await put_extension(transaction, detail, extension, now=now)

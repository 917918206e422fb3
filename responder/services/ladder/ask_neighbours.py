"""Ask neighbouring circles for help, and call their people."""

import asyncio
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from geo.errors import NoRoadNearbyError, OutsideNetworkError
from geo.lonlat import LonLat
from responder.domain.errors import NoRoadNetworkError
from responder.domain.ids import AlertId, IncidentId
from responder.domain.incidents.alert import Alert, MessageType, headline
from responder.domain.incidents.event import AlertRaised
from responder.domain.incidents.incident import Incident
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import HELP, CircleHelp, HelpState, LadderStep
from responder.domain.ladder.neighbour import NeighbourCall
from responder.domain.map.circle import Circle
from responder.domain.map.place import Place
from responder.domain.people.access import OPERATOR
from responder.ports import Transaction
from responder.services.incidents.call_people import call as calls_of
from responder.services.incidents.catalogue import catalogue_of
from responder.services.incidents.response_circle import ReachInputs, compute, read_inputs, without_members

if TYPE_CHECKING:
    from geo.reach.model import ReachModel


async def ask_neighbours(
    transaction: Transaction, detail: IncidentDetail, step: LadderStep, *, now: datetime
) -> tuple[CircleHelp, ...]:
    """
    Ask all circles that have agreed to help, within the transaction of the step; `help_neighbours` calls.

    The transaction has to be the system's: it writes into other circles. It takes no lock but its own, so
    that two circles that ask each other never wait for one another.
    """
    incident = detail.incident
    asked = []
    for other in await transaction.neighbours.agreed_with(incident.circle_id):
        if not other.unit_ids:
            continue
        circle = await transaction.circles.get(other.circle_id)
        call = NeighbourCall(
            circle_id=other.circle_id,
            from_circle_id=incident.circle_id,
            from_incident_id=incident.id,
            asked_at=now,
            expires_at=max(step.expires_at, now),
            state=HelpState.ASKED,
        )
        if not await transaction.neighbours.ask(call):
            # By an incident that was merged into this one.
            call = await transaction.neighbours.find(call) or call
        asked.append(shown_help(circle, call))
    return tuple(asked)


async def call_people(
    transaction: Transaction, call: NeighbourCall, model: "ReachModel | None", *, now: datetime
) -> IncidentDetail:
    """Call the units that were agreed on, all at once, however far they are: they were chosen by people."""
    circle_id = call.circle_id
    asked = await transaction.incidents.get(call.from_circle_id, call.from_incident_id)
    asking = await transaction.circles.get(call.from_circle_id)
    inputs = await agreed_inputs(transaction, call)
    kind = (await catalogue_of(transaction, call.from_circle_id)).kind(asked.kind)
    incident = Incident(
        id=IncidentId(uuid4()),
        circle_id=circle_id,
        exercise=asked.exercise,
        kind=asked.kind,
        severity=asked.severity,
        place=seen_from_outside(asked.place),
        note=f"相邻响应圈「{asking.name}」请求支援 · {asking.name_en or asking.name} asks for help",
        raised_at=now,
        raised_by=OPERATOR,
        raised_by_name=asking.name,
    )
    alert = Alert(
        id=AlertId(uuid4()),
        incident_id=incident.id,
        message_type=MessageType.ALERT,
        exercise=incident.exercise,
        headline=headline(
            kind.name_zh,
            incident.place.label,
            exercise=incident.exercise,
        ),
        sent_at=now,
    )
    people = await transaction.responders.of_units(circle_id, [unit.id for unit in inputs.units])
    place = LonLat(incident.place.lon, incident.place.lat)
    found = await asyncio.to_thread(ways, model, place, inputs=inputs, now=now)
    deliveries = calls_of(people, alert.id, members=found.members, now=now)
    detail = IncidentDetail(
        incident=incident,
        alerts=(alert,),
        response_circle=found,
        deliveries=deliveries,
        ladder=HELP,
    )
    await transaction.incidents.begin(detail, reach_version=inputs.reach_version)
    await transaction.deliveries.add(circle_id, incident.id, deliveries)
    await transaction.record(circle_id, AlertRaised(detail=detail), at=now, incident_id=incident.id)
    return detail


async def agreed_inputs(transaction: Transaction, call: NeighbourCall) -> ReachInputs:
    """Return what reach rests on in the circle that helps, with the units that were agreed on alone."""
    agreed = await transaction.neighbours.agreed_with(call.from_circle_id)
    unit_ids = next((each.unit_ids for each in agreed if each.circle_id == call.circle_id), ())
    inputs = await read_inputs(transaction, call.circle_id)
    return replace(inputs, units=tuple(unit for unit in inputs.units if unit.id in unit_ids))


def seen_from_outside(place: Place) -> Place:
    """Return a place as another circle knows it: a building or entrance would be one of this circle."""
    return replace(place, building_id=None, entrance=None)


def shown_help(circle: Circle, call: NeighbourCall) -> CircleHelp:
    """Return how a call for help stands, for the staff of the circle that asked."""
    return CircleHelp(
        circle_id=circle.id,
        name=circle.name,
        name_en=circle.name_en,
        state=call.state,
        called=call.called,
        coming=call.coming,
    )


def ways(model: "ReachModel | None", place: LonLat, *, inputs: ReachInputs, now: datetime) -> ResponseCircle:
    """Return how the units get there; the roads of their circle may end before the place."""
    if model is None:
        return without_members(inputs, reason=NoRoadNetworkError.code, now=now)
    try:
        return compute(model, [place], inputs=inputs, now=now)
    except (NoRoadNearbyError, OutsideNetworkError) as error:
        return without_members(inputs, reason=error.code, now=now)

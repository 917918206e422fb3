"""Ask neighbouring circles for help, call their people, and tell the circle that asked who comes."""

import asyncio
import logging
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
from responder.domain.incidents.incident import EndReason, Incident
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import HELP, CircleHelp, HelpState, LadderStep
from responder.domain.ladder.neighbour import NeighbourCall
from responder.domain.ladder.profile import StepKind
from responder.domain.people.access import OPERATOR
from responder.ports import Clock, Database, DatabaseAwayError, Roads, Transaction
from responder.ports.clock import moment
from responder.ports.neighbours import OpenCall
from responder.services.incidents.call_people import call as calls_of
from responder.services.incidents.catalogue import catalogue_of
from responder.services.incidents.end_incident import end_with
from responder.services.incidents.recompute import model_if_any
from responder.services.incidents.response_circle import ReachInputs, compute, read_inputs, without_members
from responder.services.ladder.record import record_ladder

if TYPE_CHECKING:
    from geo.reach.model import ReachModel

_log = logging.getLogger(__name__)


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
        await transaction.neighbours.ask(
            NeighbourCall(
                circle_id=other.circle_id,
                from_circle_id=incident.circle_id,
                from_incident_id=incident.id,
                asked_at=now,
                expires_at=max(step.expires_at, now),
                state=HelpState.ASKED,
            )
        )
        asked.append(
            CircleHelp(circle_id=circle.id, name=circle.name, name_en=circle.name_en, state=HelpState.ASKED)
        )
    return tuple(asked)


async def help_neighbours(database: Database, roads: Roads, *, clock: Clock) -> int:
    """
    Bring every call for help one step further; return how many moved. Safe in any number of processes.

    The people of the circle that helps are called by an incident of their own circle, which holds kind,
    severity and place and nothing else of the other. It ends with the one that it helps.
    """
    async with database.snapshot() as transaction:
        waiting = await transaction.neighbours.open_calls()
    moved = 0
    for each in waiting:
        try:
            moved += await _move(database, roads, each, now=moment(clock))
        except DatabaseAwayError:
            raise
        except Exception:  # noqa: BLE001 - one circle may be at fault: the others go on
            _log.exception("a neighbouring circle could not be called, circle=%s", each.call.circle_id)
    return moved


async def _move(database: Database, roads: Roads, found: OpenCall, *, now: datetime) -> int:
    call = found.call
    moved = 0
    model = await model_if_any(roads, call.circle_id) if call.state is HelpState.ASKED else None
    if call.state is HelpState.ASKED or found.is_over:
        async with database.begin() as transaction:
            # The circle that helps; the other is locked by a transaction of its own, below.
            await transaction.circles.lock(call.circle_id)
            again = await _again(transaction, call)
            if again is None:
                return 0
            call = await _act(transaction, again, model, now=now)
            await transaction.neighbours.put_call(call)
        moved = 1
    async with database.begin() as transaction:
        await transaction.circles.lock(call.from_circle_id)
        again = await _again(transaction, call) if call.state is HelpState.CALLED else None
        counted = (call.called, call.coming) if again is None else (again.called_now, again.coming_now)
        if moved == 0 and counted == (call.called, call.coming):
            return 0
        call = replace(call, called=counted[0], coming=counted[1])
        await transaction.neighbours.put_call(call)
        await _tell(transaction, call, now=now)
    return 1


async def _again(transaction: Transaction, call: NeighbourCall) -> OpenCall | None:
    """Return the call as it stands now, with the lock held; None when it is over."""
    for found in await transaction.neighbours.open_calls(only=[call.circle_id]):
        if (found.call.from_circle_id, found.call.from_incident_id) == (
            call.from_circle_id,
            call.from_incident_id,
        ):
            return found
    return None


async def _act(
    transaction: Transaction, found: OpenCall, model: "ReachModel | None", *, now: datetime
) -> NeighbourCall:
    call = found.call
    if call.state is HelpState.ASKED:
        if found.is_over or now > call.expires_at:
            return replace(call, state=HelpState.EXPIRED)
        detail = await _call_people(transaction, call, model, now=now)
        return replace(call, state=HelpState.CALLED, incident_id=detail.incident.id)
    if not found.is_over or call.incident_id is None:
        return call
    own = await transaction.incidents.detail(call.circle_id, call.incident_id)
    if own.incident.is_open:
        asked = await transaction.incidents.get(call.from_circle_id, call.from_incident_id)
        asking = await transaction.circles.get(call.from_circle_id)
        await end_with(transaction, own, reason=_reason(asked), by_name=asking.name, now=now)
    return replace(call, state=HelpState.ENDED)


def _reason(asked: Incident) -> EndReason:
    """Return why help is no longer needed; what was merged goes on and asks for help itself."""
    if asked.end_reason is None or asked.end_reason is EndReason.MERGED:
        return EndReason.RESOLVED
    return asked.end_reason


async def _call_people(
    transaction: Transaction, call: NeighbourCall, model: "ReachModel | None", *, now: datetime
) -> IncidentDetail:
    """Call the units that were agreed on, all at once, however far they are: they were chosen by people."""
    circle_id = call.circle_id
    asked = await transaction.incidents.get(call.from_circle_id, call.from_incident_id)
    asking = await transaction.circles.get(call.from_circle_id)
    agreed = await transaction.neighbours.agreed_with(call.from_circle_id)
    unit_ids = next((each.unit_ids for each in agreed if each.circle_id == circle_id), ())
    inputs = await read_inputs(transaction, circle_id)
    inputs = replace(inputs, units=tuple(unit for unit in inputs.units if unit.id in unit_ids))
    kind = (await catalogue_of(transaction, call.from_circle_id)).kind(asked.kind)
    incident = Incident(
        id=IncidentId(uuid4()),
        circle_id=circle_id,
        exercise=asked.exercise,
        kind=asked.kind,
        severity=asked.severity,
        # A building or entrance would be one of the other circle.
        place=replace(asked.place, building_id=None, entrance=None),
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
    people = await transaction.responders.of_units(circle_id, unit_ids)
    place = LonLat(incident.place.lon, incident.place.lat)
    found = await asyncio.to_thread(_ways, model, place, inputs=inputs, now=now)
    deliveries = calls_of(people, alert.id, members=found.members, now=now)
    detail = IncidentDetail(
        incident=incident,
        alerts=(alert,),
        response_circle=found,
        deliveries=deliveries,
        ladder=HELP,
    )
    await transaction.incidents.add(incident, found, reach_version=inputs.reach_version)
    await transaction.ladders.add(circle_id, incident.id, HELP)
    await transaction.alerts.add(circle_id, alert)
    await transaction.deliveries.add(circle_id, incident.id, deliveries)
    await transaction.record(circle_id, AlertRaised(detail=detail), at=now, incident_id=incident.id)
    return detail


def _ways(model: "ReachModel | None", place: LonLat, *, inputs: ReachInputs, now: datetime) -> ResponseCircle:
    """Return how the units get there; the roads of their circle may end before the place."""
    if model is None:
        return without_members(inputs, reason=NoRoadNetworkError.code, now=now)
    try:
        return compute(model, [place], inputs=inputs, now=now)
    except (NoRoadNearbyError, OutsideNetworkError) as error:
        return without_members(inputs, reason=error.code, now=now)


async def _tell(transaction: Transaction, call: NeighbourCall, *, now: datetime) -> None:
    """Tell the staff of the circle that asked how the call stands."""
    detail = await transaction.incidents.detail(call.from_circle_id, call.from_incident_id)
    changed = []
    for step in () if detail.ladder is None else detail.ladder.steps:
        if step.rung.kind is StepKind.NEIGHBOURS and any(
            each.circle_id == call.circle_id for each in step.circles
        ):
            circles = tuple(
                replace(each, state=call.state, called=call.called, coming=call.coming)
                if each.circle_id == call.circle_id
                else each
                for each in step.circles
            )
            changed.append(replace(step, circles=circles))
    if changed:
        await transaction.ladders.put_steps(call.from_circle_id, call.from_incident_id, changed)
        await record_ladder(transaction, detail, changed, now=now)

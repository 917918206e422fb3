"""Whom a wave of the ladder calls."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from responder.domain.ids import CircleId
from responder.domain.incidents.catalogue import CountedBy, IncidentKind
from responder.domain.incidents.delivery import COMING, RANK, Delivery, DeliveryState
from responder.domain.incidents.event import LadderUpdated
from responder.domain.incidents.incident import Severity
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder.ladder import Answers, Ladder, LadderStep, StepReason, StepState, Wanted, plan
from responder.domain.ladder.profile import LadderProfile, Rung, StepKind
from responder.domain.ladder.waves import is_in_first_wave, missing_among, wave_units
from responder.domain.map.unit import Responder, Unit
from responder.domain.people.partner import Partner
from responder.ports import Transaction


def planned_for(
    kind: IncidentKind, profile: LadderProfile, *, severity: Severity, raised_at: datetime
) -> Ladder:
    """
    Return the ladder of a new incident: for red, everyone who can be there in time is called at once.

    Those who cannot are not, whatever the colour: they are a wave of the ladder, when too few come.
    """
    wanted = tuple(
        Wanted(capability=each.capability, count=each.count, by_units=each.counted is CountedBy.UNITS)
        for each in kind.wanted
    )
    red = severity is Severity.RED
    return plan(profile, raised_at=raised_at, everyone_at_once=red, wanted=wanted)


async def first_wave(
    transaction: Transaction,
    circle_id: CircleId,
    ladder: Ladder,
    *,
    found: ResponseCircle,
    units: Sequence[Unit],
    partners: Sequence[Partner],
) -> tuple[list[Responder], Ladder]:
    """
    Return whom the first wave calls, and the ladder with the waves that it is.

    A wave that finds no one does not wait: the next of those in time is called at once.
    """
    people: list[Responder] = []
    taken: list[LadderStep] = []
    missing = {wanted.capability for wanted in ladder.wanted}
    for step in ladder.steps:
        if not is_in_first_wave(step.rung):
            continue
        if people and step.due_at > ladder.steps[0].due_at:
            break
        unit_ids = wave_units(step.rung, found=found, units=units, partners=partners, missing=missing)
        called = await transaction.responders.of_units(circle_id, unit_ids, roles=step.rung.roles)
        people += called
        taken.append(step.taken(at=ladder.steps[0].due_at, called=len({each.person for each in called})))
    return people, ladder.with_steps(taken)


async def wave_people(
    transaction: Transaction,
    circle_id: CircleId,
    rung: Rung,
    *,
    found: ResponseCircle,
    missing: Collection[str] = (),
) -> tuple[Responder, ...]:
    """Return whom a call of the ladder concerns, as units and people are now."""
    asks_units = rung.wanted_only or bool(rung.capabilities)
    units = await transaction.layer(Unit).of_circle(circle_id) if asks_units else ()
    partners = await transaction.partners.of_circle(circle_id) if rung.partner_kinds else ()
    unit_ids = wave_units(rung, found=found, units=units, partners=partners, missing=missing)
    if not unit_ids:
        return ()
    return await transaction.responders.of_units(circle_id, unit_ids, roles=rung.roles)


async def people_to_call(
    transaction: Transaction, detail: IncidentDetail, found: ResponseCircle
) -> tuple[Responder, ...]:
    """
    Return whom an open incident calls by the waves so far, with `found` as its response circle.

    Without a ladder that is everyone in its members.
    """
    circle_id = detail.incident.circle_id
    if detail.ladder is None:
        units = [member.unit_id for member in found.members]
        return await transaction.responders.of_units(circle_id, units)
    people: dict[object, Responder] = {}
    for step in detail.ladder.steps:
        if step.rung.kind is StepKind.CALL and step.state is StepState.TAKEN:
            for person in await wave_people(transaction, circle_id, step.rung, found=found):
                people.setdefault(person.id, person)
    return tuple(people.values())


async def answers_of(transaction: Transaction, detail: IncidentDetail) -> Answers:
    """Tell how those who were called stand, those of neighbouring circles with them."""
    calls = current_calls(detail)
    steps = () if detail.ladder is None else detail.ladder.steps
    helping = sum(circle.coming for step in steps for circle in step.circles)
    coming = [delivery for delivery in calls if delivery.state in COMING]
    missing: frozenset[str] = frozenset()
    if detail.ladder is not None and detail.ladder.wanted:
        units = await transaction.layer(Unit).of_circle(detail.incident.circle_id)
        missing = missing_among([each.unit_id for each in coming], detail.ladder.wanted, units)
    return Answers(coming=len(coming) + helping, silent=len(silent(calls)), missing=missing)


def current_calls(detail: IncidentDetail) -> list[Delivery]:
    """Return the deliveries of the call itself, one for each person."""
    first = detail.alerts[0].id
    return [delivery for delivery in detail.deliveries if delivery.alert_id == first]


def silent(deliveries: Iterable[Delivery]) -> list[Delivery]:
    """Return those to people who have said neither yes nor no: an answer stops a person's own ladder."""
    return [delivery for delivery in deliveries if RANK[delivery.state] < RANK[DeliveryState.DECLINED]]


async def stop_ladder(transaction: Transaction, detail: IncidentDetail, *, now: datetime) -> Ladder | None:
    """
    Stop the ladder of an incident that ends, and return it as it is then; None when there is none.

    With the circle's lock held: whatever step is under way elsewhere waits for it and then finds nothing due.
    """
    ladder = detail.ladder
    if ladder is None:
        return None
    stopped = [
        step.put_aside(StepState.STOPPED, StepReason.ENDED, at=now)
        for step in ladder.steps
        if step.is_planned
    ]
    circle_id, incident_id = detail.incident.circle_id, detail.incident.id
    await transaction.ladders.put_steps(circle_id, incident_id, stopped)
    await transaction.ladders.close(circle_id, incident_id)
    ladder = ladder.with_steps(stopped)
    await transaction.record(
        circle_id, LadderUpdated(incident_id=incident_id, ladder=ladder), at=now, incident_id=incident_id
    )
    return ladder

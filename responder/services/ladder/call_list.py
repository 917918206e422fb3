"""Whom to telephone about an incident, in order."""

from dataclasses import dataclass
from enum import StrEnum

from responder.domain.ids import IncidentId, PartnerId, UnitId
from responder.domain.incidents.delivery import COMING, RANK, Delivery, DeliveryState
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.map.unit import Responder, Unit
from responder.domain.people.access import Action, Viewer
from responder.domain.people.partner import Partner
from responder.ports import Database, Transaction
from responder.services.incidents.queries import visible_incident
from responder.services.incidents.waves import current_calls


class WhyCall(StrEnum):
    """Why a person, or a partner's desk, is on the list; in this order among those equally near."""

    NO_ACCOUNT = "no_account"
    """Has no device that could have told them."""
    NOT_REACHED = "not_reached"
    """No device has confirmed the alert."""
    NO_ANSWER = "no_answer"
    """The device has; the person has not answered."""
    NO_ONE_COMES = "no_one_comes"
    """Of a partner: none of its people comes."""
    NOT_CALLED = "not_called"
    """Not called so far: further away, or off duty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallListEntry:
    """A telephone to ring."""

    why: WhyCall
    name: str
    """Of the person; empty for the desk of a partner."""
    phone: str
    """Empty when none is known to the viewer."""
    partner_id: PartnerId
    partner_name: str
    partner_name_en: str
    unit_id: UnitId | None
    unit_name: str
    unit_name_en: str
    response_s: float | None
    """How long the unit takes; None when that is not known."""


async def show_call_list(
    database: Database, *, viewer: Viewer, incident_id: IncidentId
) -> tuple[CallListEntry, ...]:
    """
    Return whom to telephone: first who could be there first and has not answered, then who is not called.

    People who come or said no are not on it. A dispatcher sees the numbers of the own partner's people, and
    of others the number of their partner.

    Raises
    ------
    NotFoundError
        There is no such incident, or the viewer may not see it.
    NotAllowedError
        The role may not call people.
    """
    async with database.snapshot() as transaction:
        detail = await visible_incident(transaction, viewer, incident_id)
        viewer.must(Action.RAISE_EXERCISE if detail.incident.exercise else Action.RAISE_ALERT)
        return await _entries(transaction, viewer, detail)


async def _entries(
    transaction: Transaction, viewer: Viewer, detail: IncidentDetail
) -> tuple[CallListEntry, ...]:
    circle_id = viewer.circle_id
    units = {unit.id: unit for unit in await transaction.layer(Unit).of_circle(circle_id)}
    partners = {partner.id: partner for partner in await transaction.partners.of_circle(circle_id)}
    calls = current_calls(detail)
    known = await transaction.responders.known(circle_id, {call.recipient_id for call in calls})
    called_people = {known[call.recipient_id].person for call in calls}
    response_s = {member.unit_id: member.response_s for member in detail.response_circle.members}
    place = _Directory(viewer=viewer, units=units, partners=partners, response_s=response_s)
    silent = [
        place.entry(known[call.recipient_id], call.unit_id, _why(call, known[call.recipient_id]))
        for call in calls
        if RANK[call.state] < RANK[DeliveryState.DECLINED]
    ]
    desks = [place.desk(partner_id) for partner_id in _without_anyone(calls)]
    everyone = await transaction.responders.of_units(circle_id, list(units))
    others = {
        person.person: place.entry(person, person.unit_id, WhyCall.NOT_CALLED)
        for person in reversed(everyone)
        if person.person not in called_people
    }
    nearest = sorted(silent, key=_nearest_first)
    return (*nearest, *desks, *sorted(others.values(), key=_nearest_first))


def _why(call: Delivery, person: Responder) -> WhyCall:
    if person.account_id is None:
        return WhyCall.NO_ACCOUNT
    heard = RANK[call.state] >= RANK[DeliveryState.DELIVERED]
    return WhyCall.NO_ANSWER if heard else WhyCall.NOT_REACHED


def _without_anyone(calls: list[Delivery]) -> list[PartnerId]:
    coming = {call.partner_id for call in calls if call.state in COMING}
    return [each for each in dict.fromkeys(call.partner_id for call in calls) if each not in coming]


def _nearest_first(entry: CallListEntry) -> tuple[bool, float, int, str]:
    unknown = entry.response_s is None
    return (unknown, entry.response_s or 0.0, list(WhyCall).index(entry.why), entry.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Directory:
    viewer: Viewer
    units: dict[UnitId, Unit]
    partners: dict[PartnerId, Partner]
    response_s: dict[UnitId, float]

    def entry(self, person: Responder, unit_id: UnitId, why: WhyCall) -> CallListEntry:
        own = self.viewer.may(Action.SEE_ALL_INCIDENTS) or self.viewer.partner_id == person.partner_id
        partner = self.partners[person.partner_id]
        unit = self.units.get(unit_id)
        return CallListEntry(
            why=why,
            name=person.name,
            phone=(person.phone if own else "") or partner.phone,
            partner_id=partner.id,
            partner_name=partner.name,
            partner_name_en=partner.name_en,
            unit_id=unit_id,
            unit_name="" if unit is None else unit.name,
            unit_name_en="" if unit is None else unit.name_en,
            response_s=self.response_s.get(unit_id),
        )

    def desk(self, partner_id: PartnerId) -> CallListEntry:
        partner = self.partners[partner_id]
        return CallListEntry(
            why=WhyCall.NO_ONE_COMES,
            name="",
            phone=partner.phone,
            partner_id=partner.id,
            partner_name=partner.name,
            partner_name_en=partner.name_en,
            unit_id=None,
            unit_name="",
            unit_name_en="",
            response_s=None,
        )

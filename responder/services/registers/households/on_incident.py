"""The households of the building of an open incident, for those who come."""

from dataclasses import dataclass

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import NotComingError
from responder.domain.ids import BuildingId, IncidentId
from responder.domain.incidents.delivery import COMING
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.household import Household
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.incidents.queries import visible_incident


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentHouseholds:
    """What there is to know of the households at an incident."""

    building_id: BuildingId | None
    """None where the incident is at no building."""
    exercise: bool
    households: int
    people: int
    need_help: int
    """Households in which a person needs help."""
    listed: tuple[Household, ...] | None
    """Those that need help first, then by floor from above; None in an exercise, which shows numbers only."""


async def households_at_incident(
    database: Database, *, viewer: Viewer, incident_id: IncidentId, clock: Clock
) -> IncidentHouseholds:
    """
    Return the households of the building that an open incident is at.

    They are for coordinators and for those who accepted, are on their way or on scene. When the incident
    ends, or a person withdraws, they are hidden again. The look is recorded in the same transaction.

    Raises
    ------
    NotAllowedError
        The role may not answer alerts.
    NotFoundError
        There is no such incident, or it does not concern the viewer.
    IncidentEndedError
        The incident has ended.
    NotComingError
        The viewer has not accepted, or comes no more.
    """
    viewer.must(Action.ANSWER_ALERT)
    now = moment(clock)
    async with database.begin() as transaction:
        detail = await visible_incident(transaction, viewer, incident_id)
        detail.incident.require_open()
        if not viewer.may(Action.MANAGE_HOUSEHOLDS) and not _is_coming(viewer, detail):
            raise NotComingError
        building_id, exercise = detail.incident.place.building_id, detail.incident.exercise
        if building_id is None:
            return IncidentHouseholds(
                building_id=None, exercise=exercise, households=0, people=0, need_help=0, listed=None
            )
        households = await transaction.households.of_buildings(viewer.circle_id, (building_id,))
        if not exercise:
            act = audit_entry(
                viewer,
                AuditAction.HOUSEHOLD_DETAILS_VIEWED,
                subject=Subject(kind="building", id=building_id),
                detail={"households": len(households), "incident": str(incident_id)},
            )
            await transaction.audit.append(viewer.circle_id, act, at=now)
    return IncidentHouseholds(
        building_id=building_id,
        exercise=exercise,
        households=len(households),
        people=sum(each.people for each in households),
        need_help=sum(each.details.needs_help for each in households),
        listed=None if exercise else tuple(sorted(households, key=_urgency)),
    )


def _is_coming(viewer: Viewer, detail: IncidentDetail) -> bool:
    return any(
        each.recipient_id in viewer.responder_ids and each.state in COMING for each in detail.deliveries
    )


def _urgency(household: Household) -> tuple[bool, int, str]:
    floor = household.floor if household.floor is not None else 0
    return (not household.details.needs_help, -floor, household.door)

"""Who may do what: the one table from which checks, documentation and tests follow."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from uuid import UUID

from responder.domain.errors import NotAllowedError
from responder.domain.ids import AccountId, CircleId, PartnerId, ResponderId, UnitId
from responder.domain.people.client_info import UNKNOWN_CLIENT, ClientInfo


class Role(StrEnum):
    """What an account is in one circle."""

    COORDINATOR = "coordinator"
    DISPATCHER = "dispatcher"
    RESPONDER = "responder"
    PLANNER = "planner"
    OBSERVER = "observer"


class Action(StrEnum):
    """Something that needs a right."""

    VIEW = "view"
    RAISE_ALERT = "raise_alert"
    RAISE_EXERCISE = "raise_exercise"
    DIRECT_INCIDENT = "direct_incident"
    DIRECT_EXERCISE = "direct_exercise"
    END_INCIDENT = "end_incident"
    END_EXERCISE = "end_exercise"
    ANSWER_ALERT = "answer_alert"
    SEE_ALL_INCIDENTS = "see_all_incidents"
    SEE_LADDER = "see_ladder"
    EDIT_LADDERS = "edit_ladders"
    SET_CLOSURE = "set_closure"
    EDIT_MAP = "edit_map"
    SET_DUTY = "set_duty"
    REPORT_POSITION = "report_position"
    MANAGE_PEOPLE = "manage_people"
    CONFIGURE_ALERTS = "configure_alerts"
    MANAGE_CHANNELS = "manage_channels"
    PLAN_DRILL = "plan_drill"
    SEE_DRILL_PLAN = "see_drill_plan"
    RUN_DRILL = "run_drill"
    OBSERVE_DRILL = "observe_drill"
    SEE_FINDINGS = "see_findings"
    """Dispatchers see those that their own partner puts right."""
    MANAGE_HAZARDS = "manage_hazards"
    MEND_HAZARD = "mend_hazard"
    """Dispatchers mend those that their own partner is to mend."""
    MANAGE_HOUSEHOLDS = "manage_households"
    MANAGE_REPORTS = "manage_reports"
    """Of residents: decide on them, and open the link by which they come."""
    INSPECT_FACILITIES = "inspect_facilities"
    """And see what others found."""
    EDIT_PACT = "edit_pact"
    SIGN_PACT = "sign_pact"
    """For their own partner, if it is a party."""
    RECORD_DUTY = "record_duty"
    """Of their own partner; coordinators of any."""
    EDIT_ROSTER = "edit_roster"
    """Of their own partner; coordinators of any."""
    READ_AUDIT = "read_audit"
    EXPORT = "export"


ADMINISTRATORS_MAY: frozenset[Action] = frozenset({Action.MANAGE_PEOPLE, Action.READ_AUDIT})
"""What the platform's administrators may in every circle without belonging to it: set right who does."""

OPERATOR = AccountId(UUID(int=0))
"""Stands for no account: the operator of the machine, who uses the command line."""

_ALL_ROLES = frozenset(Role)
MAY: dict[Action, frozenset[Role]] = {
    Action.VIEW: _ALL_ROLES,
    Action.RAISE_ALERT: frozenset({Role.COORDINATOR, Role.DISPATCHER}),
    Action.RAISE_EXERCISE: frozenset({Role.COORDINATOR, Role.PLANNER}),
    Action.DIRECT_INCIDENT: frozenset({Role.COORDINATOR, Role.DISPATCHER}),
    Action.DIRECT_EXERCISE: frozenset({Role.COORDINATOR, Role.PLANNER}),
    Action.END_INCIDENT: frozenset({Role.COORDINATOR, Role.DISPATCHER}),
    Action.END_EXERCISE: frozenset({Role.COORDINATOR, Role.PLANNER}),
    Action.ANSWER_ALERT: frozenset({Role.COORDINATOR, Role.DISPATCHER, Role.RESPONDER}),
    Action.SEE_ALL_INCIDENTS: frozenset({Role.COORDINATOR, Role.PLANNER, Role.OBSERVER}),
    Action.SEE_LADDER: frozenset({Role.COORDINATOR, Role.DISPATCHER, Role.PLANNER}),
    Action.EDIT_LADDERS: frozenset({Role.COORDINATOR}),
    Action.SET_CLOSURE: frozenset({Role.COORDINATOR, Role.DISPATCHER}),
    Action.EDIT_MAP: frozenset({Role.COORDINATOR, Role.PLANNER}),
    Action.SET_DUTY: frozenset({Role.COORDINATOR, Role.DISPATCHER, Role.RESPONDER}),
    Action.REPORT_POSITION: frozenset({Role.DISPATCHER, Role.RESPONDER}),
    Action.MANAGE_PEOPLE: frozenset({Role.COORDINATOR}),
    Action.CONFIGURE_ALERTS: frozenset({Role.COORDINATOR}),
    Action.MANAGE_CHANNELS: frozenset({Role.COORDINATOR}),
    Action.PLAN_DRILL: frozenset({Role.COORDINATOR, Role.PLANNER}),
    Action.SEE_DRILL_PLAN: frozenset({Role.COORDINATOR, Role.PLANNER, Role.OBSERVER}),
    Action.RUN_DRILL: frozenset({Role.COORDINATOR, Role.PLANNER}),
    Action.OBSERVE_DRILL: _ALL_ROLES,
    Action.SEE_FINDINGS: frozenset({Role.COORDINATOR, Role.DISPATCHER, Role.PLANNER, Role.OBSERVER}),
    Action.MANAGE_HAZARDS: frozenset({Role.COORDINATOR}),
    Action.MEND_HAZARD: frozenset({Role.COORDINATOR, Role.DISPATCHER}),
    Action.MANAGE_HOUSEHOLDS: frozenset({Role.COORDINATOR}),
    Action.MANAGE_REPORTS: frozenset({Role.COORDINATOR}),
    Action.INSPECT_FACILITIES: frozenset({Role.COORDINATOR, Role.DISPATCHER, Role.RESPONDER, Role.PLANNER}),
    Action.EDIT_PACT: frozenset({Role.COORDINATOR}),
    Action.SIGN_PACT: frozenset({Role.COORDINATOR, Role.DISPATCHER}),
    Action.RECORD_DUTY: frozenset({Role.COORDINATOR, Role.DISPATCHER, Role.RESPONDER}),
    Action.EDIT_ROSTER: frozenset({Role.COORDINATOR, Role.DISPATCHER}),
    Action.READ_AUDIT: frozenset({Role.COORDINATOR}),
    Action.EXPORT: frozenset({Role.COORDINATOR, Role.PLANNER}),
}


def may_be_called(role: Role) -> bool:
    """Return whether alerts may call this role: it must have the right to answer."""
    return role in MAY[Action.ANSWER_ALERT]


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer:
    """An account in one circle: role, partner and units."""

    account_id: AccountId
    name: str
    circle_id: CircleId
    role: Role
    partner_id: PartnerId | None = None
    responder_ids: frozenset[ResponderId] = frozenset()
    """The people in units that this account is; an alert to one of them is an alert to this account."""
    unit_ids: frozenset[UnitId] = frozenset()
    as_administrator: bool = False
    """True for an administrator of the platform, who does not belong to the circle."""
    origin: ClientInfo = field(default=UNKNOWN_CLIENT, compare=False)
    """From where the account acts at the moment; it says nothing about what it may."""

    def may(self, action: Action) -> bool:
        """Tell whether the role has the right."""
        if self.as_administrator:
            return action in ADMINISTRATORS_MAY
        return self.role in MAY[action]

    def must(self, action: Action) -> None:
        """
        Raise unless the role has the right.

        Raises
        ------
        NotAllowedError
            The role does not have the right.
        """
        if not self.may(action):
            raise NotAllowedError(action=action.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewerCard:
    """A client's own account in the circle."""

    account_id: UUID
    name: str
    role: Role
    partner_id: UUID | None
    responder_ids: list[UUID]
    unit_ids: list[UUID]

    @classmethod
    def of(cls, viewer: Viewer) -> Self:
        """Describe this viewer, with sorted ids."""
        return cls(
            account_id=viewer.account_id,
            name=viewer.name,
            role=viewer.role,
            partner_id=viewer.partner_id,
            responder_ids=sorted(viewer.responder_ids),
            unit_ids=sorted(viewer.unit_ids),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """Whom an incident concerns: the people called, their partners, and the account that raised it."""

    recipient_ids: frozenset[ResponderId]
    partner_ids: frozenset[PartnerId]
    account_ids: frozenset[AccountId] = frozenset()
    """Accounts that raised the incident: they may follow it even if no one of their partner is called."""

    def includes(self, viewer: Viewer) -> bool:
        """Tell whether the viewer may see the incident and everything said about it."""
        if viewer.may(Action.SEE_ALL_INCIDENTS):
            return True
        if not viewer.responder_ids.isdisjoint(self.recipient_ids) or viewer.account_id in self.account_ids:
            return True
        return viewer.role is Role.DISPATCHER and viewer.partner_id in self.partner_ids


def operator(circle_id: CircleId) -> Viewer:
    """Return the operator of the machine: the command line acts for a circle without an account."""
    return Viewer(account_id=OPERATOR, name="命令行", circle_id=circle_id, role=Role.COORDINATOR)


def administrator(account_id: AccountId, name: str, circle_id: CircleId) -> Viewer:
    """Return an administrator of the platform, who sets right who belongs to a circle."""
    return Viewer(
        account_id=account_id, name=name, circle_id=circle_id, role=Role.OBSERVER, as_administrator=True
    )


def may_see_position(viewer: Viewer, partner_id: PartnerId, *, shared: Iterable[Audience]) -> bool:
    """
    Tell whether the viewer may see where a unit of the partner is.

    `shared` are the audiences of the open incidents: units of all who were called are shown to all
    whom that incident concerns; units of the viewer's own partner are always shown.
    """
    if viewer.may(Action.SEE_ALL_INCIDENTS) or viewer.partner_id == partner_id:
        return True
    return any(partner_id in audience.partner_ids and audience.includes(viewer) for audience in shared)

"""What a circle has agreed on: whom an alert calls at once, whom later, and what stops it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from responder.domain.ids import CircleId
from responder.domain.people.access import Role
from responder.domain.people.partner import PartnerKind

EXPIRES_AFTER_S: Final = 600.0
"""A step that could not be taken for so long, such as during an outage, is not taken any more."""


class StepKind(StrEnum):
    """What a step of the ladder does."""

    CALL = "call"
    """Calls people who are not called yet."""
    REMIND = "remind"
    """Tells those who have not answered by their next channel."""
    NEIGHBOURS = "neighbours"
    """Calls the people whom neighbouring circles have agreed to send."""
    CALL_LIST = "call_list"
    """Asks the staff to telephone, in the order of the call list."""


class UnitReach(StrEnum):
    """Which units a call looks at, by how they stand to the place."""

    IN_TIME = "in_time"
    """Those that can be there within the circle's time limit."""
    BEYOND = "beyond"
    """Those on duty that take longer, or whose way could not be found."""
    OFF_DUTY = "off_duty"
    """Deputies: those that are off duty."""


class Condition(StrEnum):
    """When a step that is due is taken."""

    ALWAYS = "always"
    NOT_ENOUGH = "not_enough"
    """Unless enough people come and nothing that is wanted is missing."""
    NOBODY = "nobody"
    """Only while no one comes."""


class Goal(StrEnum):
    """What has to be so at a mark of the clock."""

    OWN_STATION = "own_station"
    """Someone of the mini fire station or the property company is on the way or on scene."""
    NEIGHBOURS = "neighbours"
    """People of two partners or more are on the way or on scene."""
    FIRE_SERVICE = "fire_service"
    """The fire service is on scene."""
    TURNED_OUT = "turned_out"
    """Someone is on the way."""
    ON_SCENE = "on_scene"
    """Someone is on scene."""
    JOINT_ACTION = "joint_action"
    """People of two partners or more are on scene."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A moment since the alert at which a goal should be reached, such as 1-3-5."""

    after_s: float
    goal: Goal


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One planned step: what is done, how long after the alert, and whom it concerns."""

    name: str
    name_en: str
    kind: StepKind
    after_s: float
    """Since the alert was raised."""
    condition: Condition = Condition.ALWAYS
    reach: tuple[UnitReach, ...] = ()
    """Of a call: which units."""
    within_s: float | None = None
    """Of a call: only units in time that respond within so many seconds; None is the circle's limit."""
    roles: tuple[Role, ...] = ()
    """Of a call: only people of these roles; empty is everyone who may be called."""
    partner_kinds: tuple[PartnerKind, ...] = ()
    """Of a call: only units of such partners; empty is all."""
    capabilities: tuple[str, ...] = ()
    """Of a call: only units with one of these; empty is all."""
    wanted_only: bool = False
    """Of a call: only units with a capability that the incident wants and that no one who comes has."""
    expires_after_s: float = EXPIRES_AFTER_S
    """So long after it was due it can still be taken."""

    @property
    def is_narrowed(self) -> bool:
        """Tell whether a call leaves some people of its units out."""
        narrowed = self.within_s is not None or self.wanted_only
        return narrowed or bool(self.roles or self.partner_kinds or self.capabilities)


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderProfile:
    """A named ladder of a circle."""

    key: str
    name: str
    name_en: str
    enough: int
    """So many people who come stop the widening."""
    marks: tuple[Mark, ...]
    rungs: tuple[Rung, ...]
    """By `after_s`; the first calls at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderProfiles:
    """The ladders that a circle has, one of which its alerts go by."""

    default: str
    """Key of the one that alerts go by."""
    profiles: tuple[LadderProfile, ...]

    @property
    def chosen(self) -> LadderProfile:
        """The ladder that alerts go by."""
        return next(profile for profile in self.profiles if profile.key == self.default)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProfiles:
    """A circle's own ladders, with who set them when."""

    circle_id: CircleId
    content_hash: str
    """SHA-256 of the profiles."""
    profiles: LadderProfiles
    set_at: datetime
    set_by_name: str

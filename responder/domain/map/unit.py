"""Teams and vehicles that can be sent, the people in them, and where they are."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta

from responder.domain.ids import AccountId, PartnerId, ResponderId, UnitId

FRESH_POSITION = timedelta(minutes=2)
"""A position older than this is not used to decide who is in reach; the unit's post is."""

POSITION_KEPT = timedelta(hours=72)
"""A position older than this is no longer shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A team or vehicle of a partner."""

    id: UnitId
    partner_id: PartnerId
    name: str
    name_en: str
    kind: str
    """Such as fire_engine, ambulance, patrol, doctor, warden, volunteer."""
    profile: str
    """Name of the mobility profile it moves by."""
    turnout_s: float
    """From the call to leaving, in seconds."""
    people: int
    on_duty: bool
    post: tuple[float, float]
    """Where it stands by: longitude, latitude, WGS 84."""
    capabilities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Responder:
    """A person in a unit, with a phone."""

    id: ResponderId
    unit_id: UnitId
    partner_id: PartnerId
    account_id: AccountId | None
    name: str
    phone: str = ""
    has_left: bool = False
    """True when the person is not in the unit any more."""

    @property
    def person(self) -> Hashable:
        """
        Who it is: the same for one person in several units.

        That is the account. Without one it is the name and the number at one partner, for ringing that
        number once reaches them; without a number two people of one name are two.
        """
        if self.account_id is not None:
            return self.account_id
        return (self.partner_id, self.name, self.phone) if self.phone else self.id


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where a unit said it was."""

    unit_id: UnitId
    lon: float
    lat: float
    accuracy_m: float
    at: datetime

    def is_fresh(self, *, now: datetime) -> bool:
        """Tell whether the position may still decide who is in reach."""
        return now - self.at <= FRESH_POSITION

"""Invitations to become a member of a circle: used once, valid for a limited time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from responder.domain.ids import AccountId, CircleId, PartnerId, UnitId
from responder.domain.people.access import Role

INVITATION_LASTS: Final = timedelta(hours=72)


class InvitationState(StrEnum):
    """What has become of an invitation."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """An invitation to one circle. Its token is returned once and stored only as a hash."""

    id: UUID
    circle_id: CircleId
    role: Role
    partner_id: PartnerId | None
    unit_id: UnitId | None
    """The unit that the person joins, so that alerts reach them."""
    note: str
    made_by: AccountId | None
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    used_by: AccountId | None = None
    withdrawn_at: datetime | None = None

    def state(self, *, now: datetime) -> InvitationState:
        """Tell what has become of it."""
        if self.used_at is not None:
            return InvitationState.USED
        if self.withdrawn_at is not None:
            return InvitationState.WITHDRAWN
        return InvitationState.OPEN if now < self.expires_at else InvitationState.EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedInvitation:
    """An invitation with the names of what it speaks of."""

    invitation: Invitation
    partner_name: str | None
    unit_name: str | None
    made_by_name: str | None
    used_by_name: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeInvitation:
    """An invitation that was just made, with its token."""

    listed: ListedInvitation
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationCard:
    """What the holder of an open invitation is shown."""

    circle_name: str
    circle_name_en: str
    role: Role
    partner_name: str | None
    expires_at: datetime

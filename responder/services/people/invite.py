"""Invite a person to a circle: one link, used once, valid for three days."""

import secrets
from dataclasses import dataclass, replace
from uuid import UUID, uuid4

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import InvalidValueError
from responder.domain.ids import PartnerId, UnitId
from responder.domain.map.unit import Unit
from responder.domain.people.access import Action, Role, Viewer
from responder.domain.people.invitation import (
    INVITATION_LASTS,
    Invitation,
    InvitationState,
    ListedInvitation,
    MadeInvitation,
)
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.security.sign_in import TOKEN_BYTES, hash_token
from responder.services.people.change_person import must_be_callable, must_be_partner
from responder.services.validation.text import checked_text

NOTE_LENGTH = 200
SUBJECT = "invitation"


@dataclass(frozen=True, slots=True, kw_only=True)
class NewInvitation:
    """Role, partner and unit that an invitation gives."""

    role: Role
    partner_id: PartnerId | None = None
    unit_id: UnitId | None = None
    """The unit that they become part of; who is in none is not called."""
    note: str = ""


async def invite(database: Database, *, viewer: Viewer, new: NewInvitation, clock: Clock) -> MadeInvitation:
    """
    Make an invitation and return it with its token, which is told this once.

    Raises
    ------
    NotFoundError
        The circle has no such partner or unit.
    InvalidValueError
        The unit is another partner's, or goes together with a role that may not answer alerts; or the note
        may not be.
    """
    viewer.must(Action.MANAGE_PEOPLE)
    must_be_callable(new.role, () if new.unit_id is None else (new.unit_id,), field="unit_id")
    now = moment(clock)
    circle_id = viewer.circle_id
    token = secrets.token_urlsafe(TOKEN_BYTES)
    invitation = Invitation(
        id=uuid4(),
        circle_id=circle_id,
        role=new.role,
        partner_id=new.partner_id,
        unit_id=new.unit_id,
        note=checked_text(new.note, field="note", longest=NOTE_LENGTH),
        made_by=viewer.account_id,
        made_at=now,
        expires_at=now + INVITATION_LASTS,
    )
    async with database.begin() as transaction:
        await must_be_partner(transaction, circle_id, new.partner_id)
        if new.unit_id is not None:
            unit = await transaction.layer(Unit).get(circle_id, new.unit_id)
            if unit.partner_id != new.partner_id:
                message = "a person belongs to units of their own partner"
                raise InvalidValueError(message, field="unit_id")
        await transaction.invitations.add(invitation, token_hash=hash_token(token))
        act = audit_entry(
            viewer,
            AuditAction.INVITATION_CREATED,
            subject=Subject(kind=SUBJECT, id=invitation.id),
            detail={
                "role": new.role.value,
                "partner_id": None if new.partner_id is None else str(new.partner_id),
                "unit_id": None if new.unit_id is None else str(new.unit_id),
            },
        )
        await transaction.audit.append(circle_id, act, at=now)
        return MadeInvitation(listed=await transaction.invitations.get(circle_id, invitation.id), token=token)


async def list_invitations(database: Database, *, viewer: Viewer) -> tuple[ListedInvitation, ...]:
    """Return the invitations of the circle, the newest first."""
    viewer.must(Action.MANAGE_PEOPLE)
    async with database.begin() as transaction:
        return await transaction.invitations.of_circle(viewer.circle_id)


async def withdraw_invitation(
    database: Database, *, viewer: Viewer, invitation_id: UUID, clock: Clock
) -> None:
    """
    Let an invitation be used no more; nothing happens to one that cannot be used anyway.

    Raises
    ------
    NotFoundError
        The circle has no such invitation.
    """
    viewer.must(Action.MANAGE_PEOPLE)
    now = moment(clock)
    async with database.begin() as transaction:
        found = await transaction.invitations.get(viewer.circle_id, invitation_id, to_use=True)
        if found.invitation.state(now=now) is not InvitationState.OPEN:
            return
        await transaction.invitations.put_withdrawn(replace(found.invitation, withdrawn_at=now))
        act = audit_entry(
            viewer, AuditAction.INVITATION_WITHDRAWN, subject=Subject(kind=SUBJECT, id=invitation_id)
        )
        await transaction.audit.append(viewer.circle_id, act, at=now)

"""The audit log: who did what and when, as a chain in which nothing can be changed unnoticed."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from responder.domain.canonical import canonical
from responder.domain.ids import AccountId, CircleId
from responder.domain.people.access import Viewer
from responder.domain.people.client_info import UNKNOWN_CLIENT, ClientInfo

PLATFORM: Final = CircleId(UUID(int=0))
"""The chain of what belongs to no circle: sign-ins, passwords, accounts, circles being made."""
FIRST_HASH: Final = "0" * 64
"""What the first record of a chain follows."""
OPERATOR_MARK: Final = "operator"
"""The actor of what is done at the machine itself, without an account."""

Detail = Mapping[str, str | int | bool | None]
"""Plain values only, and nothing personal: what is in here cannot be forgotten any more."""


class AuditAction(StrEnum):
    """What was done. The value is stored and searched for; see `FORMER_NAMES` to rename one."""

    ACCOUNT_CREATED = "account_created"
    ACCOUNT_ERASED = "account_erased"
    ACCOUNT_EXPORTED = "account_exported"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - no password
    ACCOUNT_LOCKED = "account_locked"
    SESSION_OPENED = "session_opened"
    SESSION_ENDED = "session_ended"
    DATABASE_RESTORED = "database_restored"
    CIRCLE_CREATED = "circle_created"
    INVITATION_CREATED = "invitation_created"
    INVITATION_WITHDRAWN = "invitation_withdrawn"
    INVITATION_USED = "invitation_used"
    MEMBER_CHANGED = "member_changed"
    MEMBER_REMOVED = "member_removed"
    HOUSEHOLDS_VIEWED = "households_viewed"
    HOUSEHOLDS_EXPORTED = "households_exported"
    HOUSEHOLD_DETAILS_VIEWED = "household_details_viewed"
    HOUSEHOLDS_SEARCHED = "households_searched"
    HOUSEHOLD_CREATED = "household_created"
    HOUSEHOLD_CHANGED = "household_changed"
    HOUSEHOLD_CONFIRMED = "household_confirmed"
    HOUSEHOLD_CONSENT_WITHDRAWN = "household_consent_withdrawn"
    HOUSEHOLD_ERASED = "household_erased"
    HOUSEHOLD_EXPORTED = "household_exported"
    HOUSEHOLD_SHEET_IMPORTED = "household_sheet_imported"
    HOUSEHOLD_RETENTION_CHANGED = "household_retention_changed"
    HOUSEHOLDS_EXPIRED = "households_expired"
    AUDIT_READ = "audit_read"
    ALERT_RAISED = "alert_raised"
    ALERT_CATALOGUE_UPDATED = "alert_catalogue_updated"
    INCIDENT_STAGE_SET = "incident_stage_set"
    INCIDENT_SEVERITY_SET = "incident_severity_set"
    INCIDENT_MOVED = "incident_moved"
    UPDATE_SENT = "update_sent"
    INCIDENT_ENDED = "incident_ended"
    ROLL_CALL_BEGUN = "roll_call_begun"
    ROLL_CALL_CHANGED = "roll_call_changed"
    PROPOSALS_RECEIVED = "proposals_received"
    PROPOSAL_CONFIRMED = "proposal_confirmed"
    PROPOSAL_DISMISSED = "proposal_dismissed"
    LADDER_STEP_TAKEN = "ladder_step_taken"
    LADDER_STEP_STOPPED = "ladder_step_stopped"
    LADDERS_UPDATED = "ladders_updated"
    NEIGHBOUR_AGREED = "neighbour_agreed"
    NEIGHBOUR_ENDED = "neighbour_ended"
    DRILL_PLANNED = "drill_planned"
    DRILL_CHANGED = "drill_changed"
    DRILL_INJECTS_IMPORTED = "drill_injects_imported"
    DRILL_CALLED_OFF = "drill_called_off"
    DRILL_STARTED = "drill_started"
    DRILL_PAUSED = "drill_paused"
    DRILL_RESUMED = "drill_resumed"
    DRILL_ENDED = "drill_ended"
    DRILL_REPORTED = "drill_reported"
    DRILL_REPORT_EXPORTED = "drill_report_exported"
    ALLEY_SHEET_PRINTED = "alley_sheet_printed"
    DRILL_FEEDBACK_OPENED = "drill_feedback_opened"
    DRILL_FEEDBACK_CLOSED = "drill_feedback_closed"
    DRILL_FEEDBACK_TEXT_REMOVED = "drill_feedback_text_removed"
    FINDING_CREATED = "finding_created"
    FINDING_CHANGED = "finding_changed"
    FINDING_CLOSED = "finding_closed"
    FINDING_REOPENED = "finding_reopened"
    HAZARD_STEP_TAKEN = "hazard_step_taken"
    HAZARD_PHOTO_ADDED = "hazard_photo_added"
    HAZARD_RULES_UPDATED = "hazard_rules_updated"
    DRILL_EXPORTED = "drill_exported"
    INJECT_STEERED = "inject_steered"
    CALIBRATION_APPLIED = "calibration_applied"
    CLOSURE_CREATED = "closure_created"
    CLOSURE_LIFTED = "closure_lifted"
    MAP_IMPORTED = "map_imported"
    MAP_REMOVED = "map_removed"
    FEATURE_CREATED = "feature_created"
    FEATURE_CHANGED = "feature_changed"
    FACILITY_INSPECTED = "facility_inspected"
    PROFILES_UPDATED = "profiles_updated"
    DUTY_CHANGED = "duty_changed"
    PACT_DRAFTED = "pact_drafted"
    PACT_CHANGED = "pact_changed"
    PACT_SIGNED = "pact_signed"
    PACT_EXPORTED = "pact_exported"
    DUTY_RECORDED = "duty_recorded"
    DUTY_RECORD_REMOVED = "duty_record_removed"
    ROSTER_CHANGED = "roster_changed"
    SHIFT_SWAPPED = "shift_swapped"
    CHANNEL_CREATED = "channel_created"
    CHANNEL_CHANGED = "channel_changed"
    CHANNEL_REMOVED = "channel_removed"
    CHANNELS_TESTED = "channels_tested"
    CONTACT_ADDED = "contact_added"
    CONTACT_VERIFIED = "contact_verified"
    CONTACT_REMOVED = "contact_removed"
    REPORT_LINK_OPENED = "report_link_opened"
    REPORT_LINK_CLOSED = "report_link_closed"
    REPORT_ACCEPTED = "report_accepted"
    REPORT_DISMISSED = "report_dismissed"
    REPORT_SHOWN = "report_shown"
    REPORT_CONTENT_REMOVED = "report_content_removed"


FORMER_NAMES: Final[Mapping[str, AuditAction]] = {
    "account_made": AuditAction.ACCOUNT_CREATED,
    "circle_made": AuditAction.CIRCLE_CREATED,
    "invitation_made": AuditAction.INVITATION_CREATED,
    "closure_set": AuditAction.CLOSURE_CREATED,
    "profiles_set": AuditAction.PROFILES_UPDATED,
}
"""Names in older records. They are part of the hash, so those records keep them."""
FORMER_KEYS: Final[Mapping[str, str]] = {"taken": "created", "own": "is_custom"}
"""Names that values in the detail of older records have."""
IN_NAME_OF: Final = frozenset({AuditAction.ACCOUNT_LOCKED})
"""Actions in the name of an account by someone who has not proved to be its owner."""


def current_name(stored: str) -> str:
    """
    Return today's name of an action, from the name in a record of any age.

    >>> current_name("closure_set")
    'closure_created'
    """
    return FORMER_NAMES.get(stored, stored)


def stored_names(action: str) -> tuple[str, ...]:
    """
    Return all names under which records of an action are stored, today's first.

    >>> stored_names("closure_created")
    ('closure_created', 'closure_set')
    """
    return (action, *(former for former, name in FORMER_NAMES.items() if name == action))


def current_detail(stored: Detail) -> Detail:
    """
    Return the detail of a record of any age with today's names.

    >>> current_detail({"noun": "units", "taken": 3})
    {'noun': 'units', 'created': 3}
    """
    return {FORMER_KEYS.get(name, name): value for name, value in stored.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What it was done to. A person is kept apart from the chain, everything else is named in it."""

    kind: str
    id: UUID

    @property
    def is_person(self) -> bool:
        """True when the id is an account's."""
        return self.kind == PERSON


PERSON: Final = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEntry:
    """An action to be recorded."""

    action: AuditAction
    actor: AccountId
    origin: ClientInfo = UNKNOWN_CLIENT
    subject: Subject | None = None
    detail: Detail = field(default_factory=dict)


def audit_entry(
    viewer: Viewer, action: AuditAction, *, subject: Subject | None = None, detail: Detail | None = None
) -> AuditEntry:
    """Return what the viewer does now, to be recorded."""
    return AuditEntry(
        action=action, actor=viewer.account_id, origin=viewer.origin, subject=subject, detail=detail or {}
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """One record as it is chained. It holds no names: `actor` and `origin` are salted hashes."""

    circle_id: CircleId
    seq: int
    at: datetime
    action: str
    actor: str
    origin: str | None
    subject_kind: str | None
    subject: str | None
    detail: Detail

    def hash_after(self, previous: str) -> str:
        """Return the hash of this record when it follows the one with the hash `previous`."""
        record = {
            "action": self.action,
            "actor": self.actor,
            "at": written(self.at),
            "circle": str(self.circle_id),
            "detail": dict(self.detail),
            "origin": self.origin,
            "previous": previous,
            "seq": self.seq,
            "subject": self.subject,
            "subject_kind": self.subject_kind,
        }
        return hashlib.sha256(canonical(record)).hexdigest()


def written(at: datetime) -> str:
    """Return a time in the form that is hashed: UTC, milliseconds, of constant length."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def salted(salt: bytes, *words: str) -> str:
    """Return the salted hash that the chain holds instead of a personal value."""
    return hashlib.sha256(salt + canonical(list(words))).hexdigest()

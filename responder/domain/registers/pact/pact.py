"""The agreement of a circle: parties, duties, shared facilities, validity, and who signed what."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from responder.domain.canonical import canonical
from responder.domain.ids import AccountId, CircleId, DutyId, PactId, PartnerId

REMINDED_BEFORE: Final = timedelta(days=60)
"""So long before a pact ends its renewal is asked for."""


class DutyKind(StrEnum):
    """What a duty is about."""

    PUBLICITY = "publicity"
    DRILLS = "drills"
    FACILITIES = "facilities"
    RESCUE = "rescue"


class Period(StrEnum):
    """In which time a duty is to be done so many times."""

    YEAR = "year"
    QUARTER = "quarter"
    MONTH = "month"


class PactState(StrEnum):
    """How far a pact has come."""

    DRAFT = "draft"
    SIGNED = "signed"
    SUPERSEDED = "superseded"
    """A later one was signed by all."""


class Renewal(StrEnum):
    """Whether a pact has to be renewed."""

    NONE = "none"
    SOON = "soon"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True, kw_only=True)
class PactParty:
    """A partner that signs."""

    partner_id: PartnerId
    name: str
    name_en: str
    signatory: str = ""
    """Office of the person who signs, such as director. Who it was stands with the signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PactDuty:
    """What parties take on."""

    id: DutyId
    """The same in later versions: what was done counts on."""
    kind: DutyKind
    text: str
    text_en: str = ""
    owner_id: PartnerId | None = None
    """The party that sees to it; None: all of them together."""
    times: int = 0
    """How often in each period; 0: whenever it is needed, which is not counted."""
    per: Period = Period.QUARTER


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnexRow:
    """A shared facility as it stood in the register."""

    kind: str
    name: str
    name_en: str
    owner: str
    owner_en: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PactContent:
    """What is agreed."""

    name: str
    name_en: str
    parties: tuple[PactParty, ...]
    duties: tuple[PactDuty, ...]
    valid_from: date
    valid_until: date
    """The last day on which it holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PactSignature:
    """That a party agreed, and to which document."""

    partner_id: PartnerId
    account_id: AccountId | None
    """None once the person is erased, whose name is replaced then."""
    account_name: str
    at: datetime
    document_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Pact:
    """A version of the agreement."""

    id: PactId
    circle_id: CircleId
    number: int
    """1 for the first of the circle."""
    state: PactState
    content: PactContent
    annex: tuple[AnnexRow, ...] | None = None
    """Taken from the register with the first signature, and kept; None while no party has signed."""
    version: int
    """Grows with every change: an edit names the one that it changes."""
    created_at: datetime
    created_by: AccountId | None
    created_by_name: str
    changed_at: datetime
    changed_by: AccountId | None
    changed_by_name: str
    signatures: tuple[PactSignature, ...] = ()
    """In the order in which they were given."""

    @property
    def signed_at(self) -> datetime | None:
        """When the last party signed; None while one is missing."""
        if self.state is PactState.DRAFT or not self.signatures:
            return None
        return self.signatures[-1].at

    def is_signed_by(self, partner_id: PartnerId) -> bool:
        return any(each.partner_id == partner_id for each in self.signatures)

    def renewal(self, today: date) -> Renewal:
        """Tell whether it has to be renewed; a draft or one that was superseded has not."""
        if self.state is not PactState.SIGNED or today < self.content.valid_until - REMINDED_BEFORE:
            return Renewal.NONE
        return Renewal.OVERDUE if today > self.content.valid_until else Renewal.SOON


def document_of(content: PactContent, annex: Sequence[AnnexRow], *, circle_id: CircleId) -> Mapping[str, Any]:
    """Return what is signed, as plain values."""
    return {
        "circle": str(circle_id),
        "name": content.name,
        "name_en": content.name_en,
        "parties": [{**asdict(each), "partner_id": str(each.partner_id)} for each in content.parties],
        "duties": [
            {
                **asdict(each),
                "id": str(each.id),
                "kind": each.kind.value,
                "owner_id": None if each.owner_id is None else str(each.owner_id),
                "per": each.per.value,
            }
            for each in content.duties
        ],
        "valid_from": content.valid_from.isoformat(),
        "valid_until": content.valid_until.isoformat(),
        "annex": [asdict(each) for each in annex],
    }


def document_hash(content: PactContent, annex: Sequence[AnnexRow], *, circle_id: CircleId) -> str:
    """Return the SHA-256 of what is signed, written as RFC 8785 has it, in hexadecimal digits."""
    return hashlib.sha256(canonical(document_of(content, annex, circle_id=circle_id))).hexdigest()

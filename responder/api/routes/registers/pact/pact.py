"""The pact of a circle: list its versions, draft, change and sign."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from responder.api.day import NearDay
from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Line, ShortNote, Word
from responder.api.json_body import StrictRoute
from responder.domain.ids import DutyId, PactId, PartnerId
from responder.domain.registers.pact.pact import (
    AnnexRow,
    DutyKind,
    PactContent,
    PactState,
    Period,
    Renewal,
)
from responder.services.registers.pact import pacts
from responder.services.registers.pact.content import (
    DUTIES_AT_MOST,
    PARTIES_AT_MOST,
    TIMES_AT_MOST,
    NewContent,
    NewDuty,
    NewParty,
)
from responder.services.registers.pact.pacts import ShownPact

router = APIRouter(prefix="/circles/{circle_id}/pacts", tags=["registers"], route_class=StrictRoute)

DocumentHash = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


class SignatureAnswer(BaseModel):
    """That a party agreed."""

    partner_id: PartnerId
    account_name: str
    at: datetime
    document_hash: str


class PactSummary(BaseModel):
    """A version of the pact, without what it says."""

    id: PactId
    number: int
    state: PactState
    name: str
    name_en: str
    valid_from: date
    valid_until: date
    version: int
    changed_at: datetime
    changed_by_name: str
    signed_at: datetime | None
    """When the last party signed."""
    signatures: tuple[SignatureAnswer, ...]
    renewal: Renewal
    waits_for: tuple[PartnerId, ...]
    """Parties of a draft that have not signed."""
    may_sign: bool


class PactAnswer(PactSummary):
    """A version of the pact, whole."""

    content: PactContent
    annex: tuple[AnnexRow, ...]
    """As it was signed, or as the register stands now."""
    document_hash: str
    """SHA-256 of what is signed; send it to sign."""


class PactList(BaseModel):
    """All versions, the latest first."""

    pacts: tuple[PactSummary, ...]
    today: date
    """In the circle's time zone."""


class PartyBody(Body):
    """A partner that is to sign."""

    partner_id: PartnerId
    signatory: Word = ""
    """Office of the person who signs; not a name."""


class DutyBody(Body):
    """A duty; without an id it is a new one."""

    id: DutyId | None = None
    kind: DutyKind
    text: ShortNote
    text_en: ShortNote = ""
    owner_id: PartnerId | None = None
    times: Annotated[int, Field(ge=0, le=TIMES_AT_MOST, strict=True)] = 0
    per: Period = Period.QUARTER


class ContentBody(Body):
    """What takes the place of what the draft says."""

    name: Line
    name_en: Line = ""
    parties: Annotated[tuple[PartyBody, ...], Field(max_length=PARTIES_AT_MOST)]
    duties: Annotated[tuple[DutyBody, ...], Field(max_length=DUTIES_AT_MOST)]
    valid_from: NearDay
    valid_until: NearDay
    expected_version: Annotated[
        int | None,
        Field(ge=1, description="The version that was seen; when another holds by now nothing is changed"),
    ] = None

    def content(self) -> NewContent:
        return NewContent(
            name=self.name,
            name_en=self.name_en,
            parties=tuple(NewParty(**dict(each)) for each in self.parties),
            duties=tuple(NewDuty(**dict(each)) for each in self.duties),
            valid_from=self.valid_from,
            valid_until=self.valid_until,
        )


class Signing(Body):
    """Which document is signed."""

    document_hash: DocumentHash


@router.get("", responses=answers(401, 403, 404))
async def listed(viewer: InCircle, context: ContextDep) -> PactList:
    """List the versions of the circle's pact, the latest first."""
    found = await pacts.list_pacts(context.database, viewer=viewer, clock=context.clock)
    return PactList(
        pacts=tuple(PactSummary(**_summary(each)) for each in found.pacts),
        today=found.today,
    )


@router.post("", status_code=201, responses=answers(401, 403, 404, 409))
async def drafted(viewer: InCircle, context: ContextDep) -> PactAnswer:
    """Draft the next version, from the latest or from common duties."""
    return _answer(await pacts.draft_pact(context.database, viewer=viewer, clock=context.clock))


@router.get("/{pact_id}", responses=answers(401, 403, 404))
async def shown(viewer: InCircle, context: ContextDep, pact_id: PactId) -> PactAnswer:
    """Give one version with its annex, its signatures and its hash."""
    return _answer(
        await pacts.show_pact(context.database, viewer=viewer, pact_id=pact_id, clock=context.clock)
    )


@router.put("/{pact_id}", responses=answers(401, 403, 404, 409, 413))
async def changed(viewer: InCircle, context: ContextDep, pact_id: PactId, body: ContentBody) -> PactAnswer:
    """Change a draft; signatures that it has by then are void."""
    return _answer(
        await pacts.change_pact(
            context.database,
            viewer=viewer,
            pact_id=pact_id,
            content=body.content(),
            expected_version=body.expected_version,
            clock=context.clock,
        )
    )


@router.post("/{pact_id}/signature", responses=answers(401, 403, 404, 409))
async def signed(viewer: InCircle, context: ContextDep, pact_id: PactId, body: Signing) -> PactAnswer:
    """Sign a draft for one's own partner; the last signature puts it in the place of the one before."""
    return _answer(
        await pacts.sign_pact(
            context.database,
            viewer=viewer,
            pact_id=pact_id,
            seen_hash=body.document_hash,
            clock=context.clock,
        )
    )


def _answer(shown: ShownPact) -> PactAnswer:
    return PactAnswer(
        **_summary(shown),
        content=shown.pact.content,
        annex=shown.annex,
        document_hash=shown.document_hash,
    )


def _summary(shown: ShownPact) -> dict[str, object]:
    pact = shown.pact
    return {
        "id": pact.id,
        "number": pact.number,
        "state": pact.state,
        "name": pact.content.name,
        "name_en": pact.content.name_en,
        "valid_from": pact.content.valid_from,
        "valid_until": pact.content.valid_until,
        "version": pact.version,
        "changed_at": pact.changed_at,
        "changed_by_name": pact.changed_by_name,
        "signed_at": pact.signed_at,
        "signatures": tuple(
            SignatureAnswer(**{name: getattr(each, name) for name in SignatureAnswer.model_fields})
            for each in pact.signatures
        ),
        "renewal": shown.renewal,
        "waits_for": shown.waits_for,
        "may_sign": shown.may_sign,
    }

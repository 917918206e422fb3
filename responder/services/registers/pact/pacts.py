"""The pact of a circle: read it, draft it, change the draft, sign it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from responder.domain.audit import AuditAction, Detail, Subject, audit_entry
from responder.domain.errors import EditConflictError, InvalidValueError, NotAllowedError, PactNotDraftError
from responder.domain.ids import CircleId, PactId, PartnerId
from responder.domain.incidents.event import PactChanged
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.pact.pact import (
    AnnexRow,
    Pact,
    PactContent,
    PactSignature,
    PactState,
    Renewal,
    document_hash,
)
from responder.domain.registers.pact.template import first_draft
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.incidents.catalogue import catalogue_of
from responder.services.registers.pact.annex import annex_of, require_short
from responder.services.registers.pact.content import NewContent, checked_content


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPact:
    """A version of the pact as a person of the circle sees it."""

    pact: Pact
    annex: tuple[AnnexRow, ...]
    """As it was signed, or as the register stands now."""
    document_hash: str
    """Of what is read: to sign it is to send this."""
    renewal: Renewal
    waits_for: tuple[PartnerId, ...]
    """Parties of a draft that have not signed."""
    may_sign: bool
    """Whether the viewer's partner is one of them and the viewer may sign for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownPacts:
    """All versions, the latest first."""

    pacts: tuple[ShownPact, ...]
    today: date
    """In the circle's time zone."""


async def list_pacts(database: Database, *, viewer: Viewer, clock: Clock) -> ShownPacts:
    """Return every version of the circle's pact."""
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        today = await local_date(transaction, viewer.circle_id, moment(clock))
        pacts = await transaction.pacts.of_circle(viewer.circle_id)
        return ShownPacts(
            pacts=tuple([await _shown(transaction, each, viewer=viewer, today=today) for each in pacts]),
            today=today,
        )


async def show_pact(database: Database, *, viewer: Viewer, pact_id: PactId, clock: Clock) -> ShownPact:
    """
    Return one version.

    Raises
    ------
    NotFoundError
        The circle has no such pact.
    """
    viewer.must(Action.VIEW)
    async with database.snapshot() as transaction:
        pact = await transaction.pacts.get(viewer.circle_id, pact_id)
        today = await local_date(transaction, viewer.circle_id, moment(clock))
        return await _shown(transaction, pact, viewer=viewer, today=today)


async def draft_pact(database: Database, *, viewer: Viewer, clock: Clock) -> ShownPact:
    """
    Draft the next version: from the latest, for the time after it, or from duties that are common.

    Raises
    ------
    NotAllowedError
        The role may not edit the pact.
    EditConflictError
        There is a draft already.
    """
    viewer.must(Action.EDIT_PACT)
    now, circle_id = moment(clock), viewer.circle_id
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        today = await local_date(transaction, circle_id, now)
        earlier = await transaction.pacts.of_circle(circle_id)
        for each in earlier:
            if each.state is PactState.DRAFT:
                raise EditConflictError(by=each.created_by_name)
        if earlier:
            content = _renewed(earlier[0].content, today=today)
        else:
            circle = await transaction.circles.get(circle_id)
            partners = await transaction.partners.of_circle(circle_id)
            content = first_draft(circle_id, circle.name, partners, today=today)
        draft = Pact(
            id=PactId(uuid4()),
            circle_id=circle_id,
            number=earlier[0].number + 1 if earlier else 1,
            state=PactState.DRAFT,
            content=content,
            version=1,
            created_at=now,
            created_by=viewer.account_id,
            created_by_name=viewer.name,
            changed_at=now,
            changed_by=viewer.account_id,
            changed_by_name=viewer.name,
        )
        await _keep(transaction, viewer, AuditAction.PACT_DRAFTED, draft, at=now)
        return await _shown(transaction, draft, viewer=viewer, today=today)


async def change_pact(
    database: Database,
    *,
    viewer: Viewer,
    pact_id: PactId,
    content: NewContent,
    expected_version: int | None,
    clock: Clock,
) -> ShownPact:
    """
    Change a draft. Signatures that it has by then are void, and its annex is taken from the register again.

    Raises
    ------
    NotAllowedError
        The role may not edit the pact.
    NotFoundError
        The circle has no such pact.
    PactNotDraftError
        All have signed it.
    EditConflictError
        It has another version than `expected_version`. Nothing is changed then.
    InvalidValueError
        `field` is not as it may be.
    """
    viewer.must(Action.EDIT_PACT)
    now, circle_id = moment(clock), viewer.circle_id
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        before = await transaction.pacts.get(circle_id, pact_id)
        if before.state is not PactState.DRAFT:
            raise PactNotDraftError(state=before.state.value)
        if expected_version not in {None, before.version}:
            raise EditConflictError(by=before.changed_by_name)
        partners = await transaction.partners.of_circle(circle_id)
        pact = replace(before, content=checked_content(content, partners))
        today = await local_date(transaction, circle_id, now)
        if pact != before:
            pact = replace(
                pact,
                signatures=(),
                annex=None,
                version=before.version + 1,
                changed_at=now,
                changed_by=viewer.account_id,
                changed_by_name=viewer.name,
            )
            detail = {"number": pact.number, "signatures_void": len(before.signatures)}
            await _keep(transaction, viewer, AuditAction.PACT_CHANGED, pact, at=now, detail=detail)
        return await _shown(transaction, pact, viewer=viewer, today=today)


async def sign_pact(
    database: Database, *, viewer: Viewer, pact_id: PactId, seen_hash: str, clock: Clock
) -> ShownPact:
    """
    Sign a draft for the viewer's partner; with the last signature it supersedes the one before.

    `seen_hash` is that of the document as the viewer read it: another is not signed in its place. Signing
    twice is signing once.

    Raises
    ------
    NotAllowedError
        The role may not sign, or the viewer's partner is no party.
    NotFoundError
        The circle has no such pact.
    PactNotDraftError
        It is in force already, or superseded.
    EditConflictError
        The document or the register of facilities has changed since. Nothing is signed then.
    InvalidValueError
        It has less than two parties, or no duty, or ends in the past.
    """
    viewer.must(Action.SIGN_PACT)
    now, circle_id = moment(clock), viewer.circle_id
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        pact = await transaction.pacts.get(circle_id, pact_id)
        partner_id = viewer.partner_id
        if partner_id is None or all(each.partner_id != partner_id for each in pact.content.parties):
            raise NotAllowedError(action=Action.SIGN_PACT.value)
        today = await local_date(transaction, circle_id, now)
        if not pact.is_signed_by(partner_id):
            pact = await _signed(
                transaction, pact, partner_id, viewer=viewer, seen_hash=seen_hash, today=today, now=now
            )
        elif all(each.document_hash != seen_hash for each in pact.signatures):
            raise EditConflictError(by=None)
        return await _shown(transaction, pact, viewer=viewer, today=today)


async def _signed(
    transaction: Transaction,
    pact: Pact,
    partner_id: PartnerId,
    *,
    viewer: Viewer,
    seen_hash: str,
    today: date,
    now: datetime,
) -> Pact:
    if pact.state is not PactState.DRAFT:
        raise PactNotDraftError(state=pact.state.value)
    _require_complete(pact.content, today)
    annex = await annex_of(transaction, pact)
    require_short(annex)
    document = document_hash(pact.content, annex, circle_id=pact.circle_id)
    if document != seen_hash:
        raise EditConflictError(by=None)
    signature = PactSignature(
        partner_id=partner_id,
        account_id=viewer.account_id,
        account_name=viewer.name,
        at=now,
        document_hash=document,
    )
    pact = replace(pact, annex=annex, signatures=(*pact.signatures, signature))
    is_complete = all(pact.is_signed_by(each.partner_id) for each in pact.content.parties)
    if is_complete:
        pact = replace(pact, state=PactState.SIGNED)
        for each in await transaction.pacts.of_circle(pact.circle_id):
            if each.state is PactState.SIGNED:
                await transaction.pacts.put(replace(each, state=PactState.SUPERSEDED))
    detail: Detail = {"number": pact.number, "hash": document, "is_complete": is_complete}
    await _keep(transaction, viewer, AuditAction.PACT_SIGNED, pact, at=now, detail=detail)
    return pact


def _require_complete(content: PactContent, today: date) -> None:
    few = 2
    if len(content.parties) < few:
        message = "a pact has two parties at least"
        raise InvalidValueError(message, field="parties")
    if not content.duties:
        message = "a pact has a duty at least"
        raise InvalidValueError(message, field="duties")
    if content.valid_until < today:
        message = "it would have ended already"
        raise InvalidValueError(message, field="valid_until")


def _renewed(content: PactContent, *, today: date) -> PactContent:
    """Return the same for the time after it, as long as it was."""
    follows = date.fromordinal(min(content.valid_until.toordinal() + 1, date.max.toordinal()))
    begins = max(follows, today)
    lasts = content.valid_until - content.valid_from
    ends = date.fromordinal(min(begins.toordinal() + lasts.days, date.max.toordinal()))
    return replace(content, valid_from=begins, valid_until=ends)


async def local_date(transaction: Transaction, circle_id: CircleId, at: datetime) -> date:
    """Return the day of a moment in the circle's time zone."""
    return at.astimezone(ZoneInfo((await catalogue_of(transaction, circle_id)).time_zone)).date()


async def _shown(transaction: Transaction, pact: Pact, *, viewer: Viewer, today: date) -> ShownPact:
    annex = await annex_of(transaction, pact)
    parties = [each.partner_id for each in pact.content.parties]
    is_draft = pact.state is PactState.DRAFT
    waits_for = tuple(each for each in parties if is_draft and not pact.is_signed_by(each))
    return ShownPact(
        pact=pact,
        annex=annex,
        document_hash=document_hash(pact.content, annex, circle_id=pact.circle_id),
        renewal=pact.renewal(today),
        waits_for=waits_for,
        may_sign=viewer.may(Action.SIGN_PACT) and viewer.partner_id in waits_for,
    )


async def _keep(
    transaction: Transaction,
    viewer: Viewer,
    action: AuditAction,
    pact: Pact,
    *,
    at: datetime,
    detail: Detail | None = None,
) -> None:
    await transaction.pacts.put(pact)
    await transaction.record(viewer.circle_id, PactChanged(), at=at)
    act = audit_entry(
        viewer, action, subject=Subject(kind="pact", id=pact.id), detail=detail or {"number": pact.number}
    )
    await transaction.audit.append(viewer.circle_id, act, at=at)

"""Proposals: look at them, raise an alert from one, or dismiss it."""

from dataclasses import dataclass, replace
from typing import Final

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.cap.message import CapMessageType
from responder.domain.cap.proposal import IncidentProposal, ProposalState, ProposalText
from responder.domain.errors import (
    InvalidValueError,
    NotAllowedError,
    ProposalClosedError,
    SimilarIncidentError,
)
from responder.domain.ids import BuildingId, IncidentId, ProposalId
from responder.domain.incidents.event import ProposalsChanged
from responder.domain.incidents.incident import Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.ports.proposals import ProposalQuery
from responder.services.incidents.raise_alert import NOTE_LENGTH, NewIncident, raise_alert

_DESCRIPTION_LENGTH: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalChoice:
    """What the person who confirms says otherwise than the message; nothing given is as in the message."""

    kind: str | None = None
    severity: Severity | None = None
    building_id: BuildingId | None = None
    entrance: str | None = None
    lon: float | None = None
    lat: float | None = None
    not_same_as: tuple[IncidentId, ...] = ()
    """Incidents nearby that this one is not the same as."""


async def list_proposals(
    database: Database, *, viewer: Viewer, open_only: bool | None, before: ProposalId | None, limit: int
) -> tuple[tuple[IncidentProposal, ...], ProposalId | None]:
    """
    Return a page of proposals that the viewer may decide on, the last received first, and its successor.

    Raises
    ------
    NotFoundError
        There is no proposal `before`.
    """
    query = ProposalQuery(exercise=_decidable(viewer), open=open_only, before=before, limit=limit + 1)
    async with database.snapshot() as transaction:
        found = await transaction.proposals.search(viewer.circle_id, query)
    page = found[:limit]
    return page, page[-1].id if len(found) > limit else None


async def show_proposal(database: Database, *, viewer: Viewer, proposal_id: ProposalId) -> IncidentProposal:
    """Return one proposal, or raise NotFoundError."""
    _decidable(viewer)
    async with database.snapshot() as transaction:
        return await _visible(transaction, viewer, proposal_id)


async def confirm_proposal(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    proposal_id: ProposalId,
    choice: ProposalChoice,
    idempotency_key: str,
    clock: Clock,
) -> IncidentDetail:
    """
    Raise an alert from a proposal, once; the same key again answers with the same incident.

    Raises
    ------
    NotFoundError
        There is no such proposal, or the viewer may not decide on it.
    ProposalClosedError
        It was decided, updated or cancelled before, or is a cancellation.
    InvalidValueError
        Neither the message nor the caller says where.
    SimilarIncidentError
        One nearby was raised moments ago and may be the same; nothing was done.
    """
    proposal = await show_proposal(database, viewer=viewer, proposal_id=proposal_id)
    if proposal.message_type is CapMessageType.CANCEL:
        raise ProposalClosedError(state=proposal.state.value)

    async def close(transaction: Transaction, detail: IncidentDetail) -> None:
        # Under the circle's lock, together with the alert: two people who confirm at once raise one.
        current = await _visible(transaction, viewer, proposal_id)
        await _close(
            transaction,
            viewer,
            current,
            replace(current, state=ProposalState.CONFIRMED, incident_id=detail.incident.id),
            clock,
        )

    try:
        return await raise_alert(
            database,
            roads,
            viewer=viewer,
            new=_incident(proposal, choice),
            idempotency_key=idempotency_key,
            clock=clock,
            together_with=close,
        )
    except SimilarIncidentError:
        # What is similar may be what another person has just raised from it.
        current = await show_proposal(database, viewer=viewer, proposal_id=proposal_id)
        if current.state is not ProposalState.OPEN:
            raise ProposalClosedError(state=current.state.value, incident_id=current.incident_id) from None
        raise


async def dismiss_proposal(
    database: Database, *, viewer: Viewer, proposal_id: ProposalId, clock: Clock
) -> IncidentProposal:
    """
    Decide that no alert is raised from a proposal.

    Raises
    ------
    NotFoundError
        There is no such proposal, or the viewer may not decide on it.
    ProposalClosedError
        It was decided, updated or cancelled before.
    """
    _decidable(viewer)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        current = await _visible(transaction, viewer, proposal_id)
        return await _close(
            transaction, viewer, current, replace(current, state=ProposalState.DISMISSED), clock
        )


async def _close(
    transaction: Transaction,
    viewer: Viewer,
    current: IncidentProposal,
    closed: IncidentProposal,
    clock: Clock,
) -> IncidentProposal:
    if current.state is not ProposalState.OPEN:
        raise ProposalClosedError(state=current.state.value, incident_id=current.incident_id)
    now = moment(clock)
    closed = replace(closed, decided_at=now, decided_by=viewer.account_id, decided_by_name=viewer.name)
    await transaction.proposals.put_state(closed)
    confirmed = closed.state is ProposalState.CONFIRMED
    act = audit_entry(
        viewer,
        AuditAction.PROPOSAL_CONFIRMED if confirmed else AuditAction.PROPOSAL_DISMISSED,
        subject=Subject(kind="proposal", id=closed.id),
        detail={"exercise": closed.exercise},
    )
    await transaction.audit.append(viewer.circle_id, act, at=now)
    await transaction.record(viewer.circle_id, ProposalsChanged(), at=now)
    return closed


def _decidable(viewer: Viewer) -> frozenset[bool]:
    """Return which proposals the viewer may decide on: True for exercises, False for real ones."""
    rights = {True: Action.RAISE_EXERCISE, False: Action.RAISE_ALERT}
    found = frozenset(exercise for exercise, action in rights.items() if viewer.may(action))
    if not found:
        raise NotAllowedError(action=Action.RAISE_ALERT.value)
    return found


async def _visible(transaction: Transaction, viewer: Viewer, proposal_id: ProposalId) -> IncidentProposal:
    proposal = await transaction.proposals.get(viewer.circle_id, proposal_id)
    viewer.must(Action.RAISE_EXERCISE if proposal.exercise else Action.RAISE_ALERT)
    return proposal


def _incident(proposal: IncidentProposal, choice: ProposalChoice) -> NewIncident:
    has_point = choice.lon is not None or choice.lat is not None
    has_place = has_point or choice.building_id is not None
    if not has_place and proposal.lon is None:
        message = "the message does not say where; choose a place"
        raise InvalidValueError(message, field="place")
    return NewIncident(
        kind=choice.kind or proposal.kind,
        severity=choice.severity or proposal.severity,
        exercise=proposal.exercise,
        note=_note(proposal),
        building_id=choice.building_id,
        entrance=choice.entrance,
        lon=choice.lon if has_place else proposal.lon,
        lat=choice.lat if has_place else proposal.lat,
        not_same_as=choice.not_same_as,
    )


def _note(proposal: IncidentProposal) -> str:
    """Return what the message says, and whose it is, as the note of the incident."""
    text = _text(proposal)
    lines = [f"CAP · {proposal.sender} · {proposal.identifier}"]
    if text is not None:
        lines = [
            text.headline or text.event,
            text.area,
            text.description[:_DESCRIPTION_LENGTH],
            f"CAP · {text.sender_name or proposal.sender} · {proposal.identifier}",
        ]
    return "\n".join(line for line in lines if line)[:NOTE_LENGTH]


def _text(proposal: IncidentProposal) -> ProposalText | None:
    for wanted in ("zh", "en"):
        for text in proposal.texts:
            if text.language.lower().split("-")[0] == wanted:
                return text
    return proposal.texts[0] if proposal.texts else None

"""How a CAP message stands to those that came before it, and what follows for them."""

from dataclasses import dataclass, replace
from datetime import datetime

from responder.domain.cap.message import CapMessageType, CapReference
from responder.domain.cap.proposal import IncidentProposal, ProposalState
from responder.ports import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Relation:
    """What is known that has to do with a message."""

    same: IncidentProposal | None
    """The same message, which came before."""
    earlier: tuple[IncidentProposal, ...]
    """Messages of its sender that it refers to."""
    later: tuple[IncidentProposal, ...]
    """Messages of its sender that refer to it, and came before it."""
    has_other_sender: bool
    """Whether it refers to a message of another sender."""


async def related(transaction: Transaction, draft: IncidentProposal) -> Relation:
    """Find what a message has to do with; an exercise has nothing to do with what is real."""
    circle_id = draft.circle_id
    itself = CapReference(sender=draft.sender, identifier=draft.identifier, sent=draft.sent_at)
    same = await transaction.proposals.of_messages(circle_id, [itself])
    referred = await transaction.proposals.of_messages(circle_id, draft.references)
    later = await transaction.proposals.referring_to(circle_id, itself)
    return Relation(
        same=same[0] if same else None,
        earlier=tuple(each for each in referred if _alike(each, draft)),
        later=tuple(each for each in later if _alike(each, draft)),
        has_other_sender=any(each.sender != draft.sender for each in referred),
    )


async def settle(
    transaction: Transaction, draft: IncidentProposal, relation: Relation, now: datetime
) -> IncidentProposal:
    """Keep a new message, and what it means for the earlier ones."""
    about = [each.incident_id or each.about_incident_id for each in relation.earlier]
    draft = replace(draft, about_incident_id=next((each for each in reversed(about) if each), None))
    state = _state(draft, relation)
    if state is not ProposalState.OPEN:
        draft = replace(draft, state=state, decided_at=now)
    await transaction.proposals.add(draft)
    if draft.message_type is not CapMessageType.ALERT:
        is_cancel = draft.message_type is CapMessageType.CANCEL
        put_to = ProposalState.CANCELLED if is_cancel else ProposalState.SUPERSEDED
        for each in relation.earlier:
            if each.state is ProposalState.OPEN:
                await transaction.proposals.put_state(replace(each, state=put_to, decided_at=now))
    return draft


def _state(draft: IncidentProposal, relation: Relation) -> ProposalState:
    if draft.message_type is CapMessageType.CANCEL:
        # Only a person ends an incident: one that was raised from an earlier message stays to be decided.
        return ProposalState.NOTED if draft.about_incident_id is None else ProposalState.OPEN
    kinds = {each.message_type for each in relation.later}
    if CapMessageType.CANCEL in kinds:
        return ProposalState.CANCELLED
    return ProposalState.SUPERSEDED if CapMessageType.UPDATE in kinds else ProposalState.OPEN


def _alike(one: IncidentProposal, other: IncidentProposal) -> bool:
    return one.sender == other.sender and one.exercise == other.exercise

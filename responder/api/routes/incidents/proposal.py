"""Incident proposals: CAP messages of other systems, until a person raises an alert from one or does not."""

from datetime import datetime
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, IdempotencyKey, Latitude, Longitude, Word
from responder.api.json_body import StrictRoute
from responder.api.upload import received
from responder.domain.cap.faults import FaultCard
from responder.domain.cap.message import CapMessageType
from responder.domain.cap.proposal import IncidentProposal, ProposalState, ProposalText
from responder.domain.ids import BuildingId, IncidentId, ProposalId
from responder.domain.incidents.incident import Severity
from responder.domain.incidents.snapshot import IncidentDetail
from responder.exchange.cap_reader import read_cap
from responder.exchange.cap_writer import ATOM_MEDIA_TYPE, CAP_MEDIA_TYPE
from responder.services.cap import decide
from responder.services.cap.receive import MessageOutcome, receive_messages

router = APIRouter(prefix="/circles/{circle_id}/proposals", tags=["cap"], route_class=StrictRoute)

LONGEST_PAGE: Final = 100
REQUEST_BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            CAP_MEDIA_TYPE: {"schema": {"type": "string"}},
            ATOM_MEDIA_TYPE: {"schema": {"type": "string"}},
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            },
        },
    }
}
"""For OpenAPI: XML as it is, or as `file` of a form."""


class ProposalAnswer(BaseModel):
    """A message of another system as a proposal to raise an alert."""

    id: ProposalId
    identifier: str
    sender: str
    sent_at: datetime
    message_type: CapMessageType
    exercise: bool
    kind: str
    severity: Severity
    texts: tuple[ProposalText, ...]
    area: dict[str, Any] | None
    lon: float | None
    lat: float | None
    expires_at: datetime | None
    warnings: list[FaultCard]
    about_incident_id: IncidentId | None
    received_at: datetime
    received_by_name: str
    state: ProposalState
    incident_id: IncidentId | None
    decided_at: datetime | None
    decided_by_name: str | None

    @classmethod
    def of(cls, proposal: IncidentProposal) -> "ProposalAnswer":
        same = {name: getattr(proposal, name) for name in cls.model_fields if name != "warnings"}
        return cls(**same, warnings=[FaultCard.of(each) for each in proposal.warnings])


class ProposalPage(BaseModel):
    """Proposals, the last received first."""

    proposals: list[ProposalAnswer]
    next: ProposalId | None
    """Ask again with `before` this for the older ones; null when there are none."""


class MessageAnswer(BaseModel):
    """One message of what was sent, and what became of it."""

    title: str
    outcome: MessageOutcome
    faults: list[FaultCard]
    proposal: ProposalAnswer | None


class ReceivedAnswer(BaseModel):
    """Every message of what was sent, in its order."""

    messages: list[MessageAnswer]


class Confirmation(Body):
    """What the person who confirms says otherwise than the message; what is left out is as in the message."""

    kind: Word | None = None
    severity: Severity | None = None
    building_id: BuildingId | None = None
    entrance: Word | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None
    not_same_as: Annotated[tuple[IncidentId, ...], Field(max_length=20)] = ()
    """Of the candidates of a `similar_incident`: those that this is not."""


@router.get("", responses=answers(401, 403, 404))
async def listed(
    viewer: InCircle,
    context: ContextDep,
    *,
    open: bool | None = None,  # noqa: A002 - the name of the query parameter
    before: ProposalId | None = None,
    limit: Annotated[int, Query(ge=1, le=LONGEST_PAGE)] = 20,
) -> ProposalPage:
    """List the proposals that the viewer may decide on, the last received first."""
    found, following = await decide.list_proposals(
        context.database, viewer=viewer, open_only=open, before=before, limit=limit
    )
    return ProposalPage(proposals=[ProposalAnswer.of(each) for each in found], next=following)


@router.post(
    "",
    status_code=201,
    responses={200: {"description": "All had come before"}, **answers(401, 403, 404, 413, 429)},
    openapi_extra=REQUEST_BODY,
)
async def taken(
    viewer: InCircle, context: ContextDep, request: Request, response: Response
) -> ReceivedAnswer:
    """
    Take a CAP 1.2 document, or a feed that holds some, as proposals; none of them calls anybody.

    `cap_refused` comes with `messages`, each with its `faults`; when some messages are sound these are taken
    and the others are told as `refused`.
    """
    context.imports.begin(viewer.account_id, viewer.origin.address)
    async with received(request, context) as sent:
        data = sent.path.read_bytes()
        found = await receive_messages(
            context.database, viewer=viewer, read=partial(read_cap, data), clock=context.clock
        )
    if all(each.outcome is not MessageOutcome.CREATED for each in found):
        response.status_code = 200
    return ReceivedAnswer(
        messages=[
            MessageAnswer(
                title=each.title,
                outcome=each.outcome,
                faults=[FaultCard.of(one) for one in each.faults],
                proposal=None if each.proposal is None else ProposalAnswer.of(each.proposal),
            )
            for each in found
        ]
    )


@router.get("/{proposal_id}", responses=answers(401, 403, 404))
async def shown(viewer: InCircle, context: ContextDep, proposal_id: ProposalId) -> ProposalAnswer:
    """Show one proposal."""
    found = await decide.show_proposal(context.database, viewer=viewer, proposal_id=proposal_id)
    return ProposalAnswer.of(found)


@router.post("/{proposal_id}/confirm", status_code=201, responses=answers(401, 403, 404, 409, 413, 429))
async def confirmed(
    viewer: InCircle,
    context: ContextDep,
    proposal_id: ProposalId,
    body: Confirmation,
    idempotency_key: IdempotencyKey,
) -> IncidentDetail:
    """Raise an alert from a proposal, in the middle of its area unless another place is given."""
    context.alerts.begin(viewer.account_id, viewer.origin.address, key=idempotency_key)
    with context.priority.alert():
        return await decide.confirm_proposal(
            context.database,
            context.roads,
            viewer=viewer,
            proposal_id=proposal_id,
            choice=decide.ProposalChoice(**dict(body)),
            idempotency_key=idempotency_key,
            clock=context.clock,
        )


@router.post("/{proposal_id}/dismiss", responses=answers(401, 403, 404, 409))
async def dismissed(viewer: InCircle, context: ContextDep, proposal_id: ProposalId) -> ProposalAnswer:
    """Decide that no alert is raised from a proposal."""
    found = await decide.dismiss_proposal(
        context.database, viewer=viewer, proposal_id=proposal_id, clock=context.clock
    )
    return ProposalAnswer.of(found)

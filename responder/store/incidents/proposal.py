"""Incident proposals from messages of others."""

from collections.abc import Collection
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Double,
    Index,
    Table,
    Text,
    Uuid,
    delete,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.cap.faults import Fault
from responder.domain.cap.message import CapMessageType, CapReference
from responder.domain.cap.proposal import IncidentProposal, ProposalState, ProposalText
from responder.domain.errors import NotFoundError
from responder.domain.ids import AccountId, CircleId, IncidentId, ProposalId
from responder.domain.incidents.incident import Severity
from responder.ports.proposals import ProposalQuery
from responder.store.metadata import METADATA, AnyRow, circle_id, time

PROPOSAL = Table(
    "incident_proposal",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("sender", Text, nullable=False),
    Column("identifier", Text, nullable=False),
    time("sent_at"),
    Column("message_type", Text, nullable=False),
    Column("exercise", Boolean, nullable=False),
    Column("kind", Text, nullable=False),
    Column("severity", Text, nullable=False),
    Column("texts", JSONB, nullable=False),
    Column("area", JSONB),
    Column("lon", Double),
    Column("lat", Double),
    time("expires_at", nullable=True),
    Column("refers_to", JSONB, nullable=False),
    Column("warnings", JSONB, nullable=False),
    # Not foreign keys: an incident may be gone before the proposal, and accounts are.
    Column("about_incident_id", Uuid),
    Column("incident_id", Uuid),
    time("received_at"),
    Column("received_by", Uuid),
    Column("received_by_name", Text, nullable=False),
    Column("state", Text, nullable=False),
    time("decided_at", nullable=True),
    Column("decided_by", Uuid),
    Column("decided_by_name", Text),
    CheckConstraint("(state = 'open') = (decided_at IS NULL)", name="decided_or_open"),
    CheckConstraint("(state = 'confirmed') = (incident_id IS NOT NULL)", name="confirmed_by_an_incident"),
    CheckConstraint("(lon IS NULL) = (lat IS NULL)", name="a_point_or_none"),
    Index("uq_incident_proposal_message", "circle_id", "sender", "identifier", unique=True),
    Index("ix_incident_proposal_received_at", "circle_id", "received_at", "id"),
)

_TEXTS: TypeAdapter[tuple[ProposalText, ...]] = TypeAdapter(tuple[ProposalText, ...])
_REFERENCES: TypeAdapter[tuple[CapReference, ...]] = TypeAdapter(tuple[CapReference, ...])
_FAULTS: TypeAdapter[tuple[Fault, ...]] = TypeAdapter(tuple[Fault, ...])


class PostgresProposals:
    """Incident proposals from messages of others."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def add(self, proposal: IncidentProposal) -> None:
        await self._connection.execute(
            insert(PROPOSAL).values(
                {
                    **_state(proposal),
                    "circle_id": proposal.circle_id,
                    "id": proposal.id,
                    "sender": proposal.sender,
                    "identifier": proposal.identifier,
                    "sent_at": proposal.sent_at,
                    "message_type": proposal.message_type.value,
                    "exercise": proposal.exercise,
                    "kind": proposal.kind,
                    "severity": proposal.severity.value,
                    "texts": _TEXTS.dump_python(proposal.texts, mode="json"),
                    "area": proposal.area,
                    "lon": proposal.lon,
                    "lat": proposal.lat,
                    "expires_at": proposal.expires_at,
                    "refers_to": _REFERENCES.dump_python(proposal.references, mode="json"),
                    "warnings": _FAULTS.dump_python(proposal.warnings, mode="json"),
                    "about_incident_id": proposal.about_incident_id,
                    "received_at": proposal.received_at,
                    "received_by": proposal.received_by,
                    "received_by_name": proposal.received_by_name,
                }
            )
        )

    async def get(self, circle_id: CircleId, proposal_id: ProposalId) -> IncidentProposal:
        found = await self._connection.execute(
            select(PROPOSAL).where(PROPOSAL.c.circle_id == circle_id, PROPOSAL.c.id == proposal_id)
        )
        row = found.one_or_none()
        if row is None:
            raise NotFoundError
        return _proposal(row)

    async def of_messages(
        self, circle_id: CircleId, messages: Collection[CapReference]
    ) -> tuple[IncidentProposal, ...]:
        if not messages:
            return ()
        keys = [(each.sender, each.identifier) for each in messages]
        found = await self._connection.execute(
            select(PROPOSAL)
            .where(
                PROPOSAL.c.circle_id == circle_id,
                tuple_(PROPOSAL.c.sender, PROPOSAL.c.identifier).in_(keys),
            )
            .order_by(PROPOSAL.c.sent_at, PROPOSAL.c.id)
        )
        return tuple(_proposal(row) for row in found)

    async def referring_to(self, circle_id: CircleId, message: CapReference) -> tuple[IncidentProposal, ...]:
        named = [{"sender": message.sender, "identifier": message.identifier}]
        found = await self._connection.execute(
            select(PROPOSAL)
            .where(PROPOSAL.c.circle_id == circle_id, PROPOSAL.c.refers_to.contains(named))
            .order_by(PROPOSAL.c.sent_at, PROPOSAL.c.id)
        )
        return tuple(_proposal(row) for row in found)

    async def search(self, circle_id: CircleId, query: ProposalQuery) -> tuple[IncidentProposal, ...]:
        here = [PROPOSAL.c.circle_id == circle_id, PROPOSAL.c.exercise.in_(list(query.exercise))]
        wanted = list(here)
        if query.open is not None:
            is_open = PROPOSAL.c.state == ProposalState.OPEN.value
            wanted.append(is_open if query.open else ~is_open)
        if query.before is not None:
            found = await self._connection.execute(
                select(PROPOSAL.c.received_at, PROPOSAL.c.id).where(*here, PROPOSAL.c.id == query.before)
            )
            row = found.one_or_none()
            if row is None:
                raise NotFoundError
            wanted.append(tuple_(PROPOSAL.c.received_at, PROPOSAL.c.id) < tuple_(row.received_at, row.id))
        listed = await self._connection.execute(
            select(PROPOSAL)
            .where(*wanted)
            .order_by(PROPOSAL.c.received_at.desc(), PROPOSAL.c.id.desc())
            .limit(query.limit)
        )
        return tuple(_proposal(row) for row in listed)

    async def put_state(self, proposal: IncidentProposal) -> None:
        await self._connection.execute(
            update(PROPOSAL)
            .where(PROPOSAL.c.circle_id == proposal.circle_id, PROPOSAL.c.id == proposal.id)
            .values(_state(proposal))
        )

    async def delete_old(self, *, before: datetime) -> int:
        done = await self._connection.execute(delete(PROPOSAL).where(PROPOSAL.c.received_at < before))
        return int(done.rowcount)


def _state(proposal: IncidentProposal) -> dict[str, object]:
    return {
        "state": proposal.state.value,
        "incident_id": proposal.incident_id,
        "decided_at": proposal.decided_at,
        "decided_by": proposal.decided_by,
        "decided_by_name": proposal.decided_by_name,
    }


def _proposal(row: AnyRow) -> IncidentProposal:
    return IncidentProposal(
        id=ProposalId(row.id),
        circle_id=CircleId(row.circle_id),
        sender=row.sender,
        identifier=row.identifier,
        sent_at=row.sent_at,
        message_type=CapMessageType(row.message_type),
        exercise=row.exercise,
        kind=row.kind,
        severity=Severity(row.severity),
        texts=_TEXTS.validate_python(row.texts),
        area=row.area,
        lon=row.lon,
        lat=row.lat,
        expires_at=row.expires_at,
        references=_REFERENCES.validate_python(row.refers_to),
        warnings=_FAULTS.validate_python(row.warnings),
        about_incident_id=None if row.about_incident_id is None else IncidentId(row.about_incident_id),
        received_at=row.received_at,
        received_by=None if row.received_by is None else AccountId(row.received_by),
        received_by_name=row.received_by_name,
        state=ProposalState(row.state),
        incident_id=None if row.incident_id is None else IncidentId(row.incident_id),
        decided_at=row.decided_at,
        decided_by=None if row.decided_by is None else AccountId(row.decided_by),
        decided_by_name=row.decided_by_name,
    )

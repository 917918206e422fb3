"""What is printed of a pact. That it was taken is recorded."""

from dataclasses import dataclass
from datetime import datetime

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.ids import PactId
from responder.domain.map.circle import Circle
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.pact.pact import AnnexRow, Pact, document_hash
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.incidents.catalogue import catalogue_of
from responder.services.registers.pact.annex import annex_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PactDocument:
    """What is printed of a pact."""

    circle: Circle
    pact: Pact
    annex: tuple[AnnexRow, ...]
    document_hash: str
    time_zone: str
    printed_at: datetime


async def load_document(
    database: Database, *, viewer: Viewer, pact_id: PactId, language: str, clock: Clock
) -> PactDocument:
    """
    Read what is printed of a pact.

    Raises
    ------
    NotFoundError
        The circle has no such pact.
    """
    viewer.must(Action.VIEW)
    now, circle_id = moment(clock), viewer.circle_id
    async with database.begin() as transaction:
        pact = await transaction.pacts.get(circle_id, pact_id)
        annex = await annex_of(transaction, pact)
        found = PactDocument(
            circle=await transaction.circles.get(circle_id),
            pact=pact,
            annex=annex,
            document_hash=document_hash(pact.content, annex, circle_id=circle_id),
            time_zone=(await catalogue_of(transaction, circle_id)).time_zone,
            printed_at=now,
        )
        act = audit_entry(
            viewer,
            AuditAction.PACT_EXPORTED,
            subject=Subject(kind="pact", id=pact_id),
            detail={"number": pact.number, "language": language},
        )
        await transaction.audit.append(circle_id, act, at=now)
    return found

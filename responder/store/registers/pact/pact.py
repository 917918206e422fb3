"""The versions of a circle's pact, and who signed them."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    delete,
    insert,
    null,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.errors import NotFoundError
from responder.domain.ids import AccountId, CircleId, PactId, PartnerId
from responder.domain.registers.pact.pact import AnnexRow, Pact, PactContent, PactSignature, PactState
from responder.store.metadata import METADATA, AnyRow, circle_id, time
from responder.store.upsert import upsert

PACT = Table(
    "pact",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("number", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("body", JSONB, nullable=False),
    Column("annex", JSONB),
    Column("version", Integer, nullable=False),
    time("created_at"),
    # Not foreign keys: accounts may be gone.
    Column("created_by", Uuid),
    Column("created_by_name", Text, nullable=False),
    time("changed_at"),
    Column("changed_by", Uuid),
    Column("changed_by_name", Text, nullable=False),
    UniqueConstraint("circle_id", "number"),
    CheckConstraint("state IN ('draft', 'signed', 'superseded')", name="known_state"),
)
SIGNATURE = Table(
    "pact_signature",
    METADATA,
    circle_id(),
    Column("pact_id", Uuid, primary_key=True),
    Column("partner_id", Uuid, primary_key=True),
    # Not a foreign key: a signature outlives the account.
    Column("account_id", Uuid),
    Column("account_name", Text, nullable=False),
    time("at"),
    Column("document_hash", Text, nullable=False),
    ForeignKeyConstraint(["circle_id", "pact_id"], ["pact.circle_id", "pact.id"]),
    ForeignKeyConstraint(["circle_id", "partner_id"], ["partner.circle_id", "partner.id"]),
    CheckConstraint("document_hash ~ '^[0-9a-f]{64}$'", name="document_hashed"),
)
_CONTENT: TypeAdapter[PactContent] = TypeAdapter(PactContent)
_ANNEX: TypeAdapter[tuple[AnnexRow, ...]] = TypeAdapter(tuple[AnnexRow, ...])


class PostgresPacts:
    """The versions of a circle's pact."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def of_circle(self, circle_id: CircleId) -> tuple[Pact, ...]:
        found = await self._connection.execute(
            select(PACT).where(PACT.c.circle_id == circle_id).order_by(PACT.c.number.desc())
        )
        rows = found.all()
        signed = await self._connection.execute(
            select(SIGNATURE)
            .where(SIGNATURE.c.circle_id == circle_id)
            .order_by(SIGNATURE.c.at, SIGNATURE.c.partner_id)
        )
        signatures = signed.all()
        return tuple(_pact(row, [each for each in signatures if each.pact_id == row.id]) for row in rows)

    async def get(self, circle_id: CircleId, pact_id: PactId) -> Pact:
        for each in await self.of_circle(circle_id):
            if each.id == pact_id:
                return each
        raise NotFoundError

    async def put(self, pact: Pact) -> None:
        await upsert(self._connection, PACT, [_values(pact)])
        kept = SIGNATURE.c.circle_id == pact.circle_id, SIGNATURE.c.pact_id == pact.id
        await self._connection.execute(delete(SIGNATURE).where(*kept))
        if pact.signatures:
            await self._connection.execute(
                insert(SIGNATURE),
                [
                    {
                        "circle_id": pact.circle_id,
                        "pact_id": pact.id,
                        "partner_id": each.partner_id,
                        "account_id": each.account_id,
                        "account_name": each.account_name,
                        "at": each.at,
                        "document_hash": each.document_hash,
                    }
                    for each in pact.signatures
                ],
            )


def _values(pact: Pact) -> dict[str, Any]:
    return {
        "circle_id": pact.circle_id,
        "id": pact.id,
        "number": pact.number,
        "state": pact.state.value,
        "body": _CONTENT.dump_python(pact.content, mode="json"),
        "annex": null() if pact.annex is None else _ANNEX.dump_python(pact.annex, mode="json"),
        "version": pact.version,
        "created_at": pact.created_at,
        "created_by": pact.created_by,
        "created_by_name": pact.created_by_name,
        "changed_at": pact.changed_at,
        "changed_by": pact.changed_by,
        "changed_by_name": pact.changed_by_name,
    }


def _pact(row: AnyRow, signatures: Sequence[AnyRow]) -> Pact:
    return Pact(
        id=PactId(row.id),
        circle_id=CircleId(row.circle_id),
        number=row.number,
        state=PactState(row.state),
        content=_CONTENT.validate_python(row.body),
        annex=None if row.annex is None else _ANNEX.validate_python(row.annex),
        version=row.version,
        created_at=row.created_at,
        created_by=None if row.created_by is None else AccountId(row.created_by),
        created_by_name=row.created_by_name,
        changed_at=row.changed_at,
        changed_by=None if row.changed_by is None else AccountId(row.changed_by),
        changed_by_name=row.changed_by_name,
        signatures=tuple(
            PactSignature(
                partner_id=PartnerId(each.partner_id),
                account_id=None if each.account_id is None else AccountId(each.account_id),
                account_name=each.account_name,
                at=each.at,
                document_hash=each.document_hash,
            )
            for each in signatures
        ),
    )

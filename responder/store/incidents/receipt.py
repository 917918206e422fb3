"""Every receipt as it came in: the proof behind the deliveries."""

from collections.abc import Collection, Sequence
from uuid import UUID

from pydantic_core import to_json
from sqlalchemy import Column, ForeignKeyConstraint, Index, Table, Text, Uuid, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import AccountId, CircleId
from responder.ports.incidents import ReceiptRow
from responder.store.metadata import METADATA, circle_id, time

RECEIPT = Table(
    "receipt",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("action_id", Uuid, primary_key=True),
    Column("account_id", Uuid, primary_key=True),
    Column("alert_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("device", Text, nullable=False),
    time("device_at"),
    time("at"),
    # The unit that the person said they go with, if they said one.
    Column("unit_id", Uuid),
    # By which channel the person answered; NULL is the page.
    Column("channel", Text),
    ForeignKeyConstraint(["circle_id", "alert_id"], ["alert.circle_id", "alert.id"]),
    Index("ix_receipt_alert_id", "circle_id", "alert_id"),
)


_ADD = text("""
    INSERT INTO receipt (circle_id, action_id, account_id, alert_id, state, device, device_at, at,
                         unit_id, channel)
    SELECT :circle_id, action_id, account_id, alert_id, state, device, device_at, at, unit_id, channel
    FROM jsonb_to_recordset(CAST(:receipts AS jsonb))
         AS heard (action_id uuid, account_id uuid, alert_id uuid, state text, device text,
                   device_at timestamptz, at timestamptz, unit_id uuid, channel text)
""")


class PostgresReceipts:
    """Every receipt as it came in."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def known(
        self, circle_id: CircleId, action_ids: Collection[UUID]
    ) -> frozenset[tuple[AccountId, UUID]]:
        found = await self._connection.execute(
            select(RECEIPT.c.account_id, RECEIPT.c.action_id).where(
                RECEIPT.c.circle_id == circle_id, RECEIPT.c.action_id == func.any(list(action_ids))
            )
        )
        return frozenset((AccountId(row.account_id), row.action_id) for row in found)

    async def add(self, circle_id: CircleId, receipts: Sequence[ReceiptRow]) -> None:
        if not receipts:
            return
        rows = [receipt._asdict() for receipt in receipts]
        await self._connection.execute(_ADD, {"circle_id": circle_id, "receipts": to_json(rows).decode()})

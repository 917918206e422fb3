"""Every receipt as it came in: the proof behind the deliveries."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index, Table, Text, Uuid, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import AccountId, CircleId
from responder.services.ports.incidents import ReceiptRow
from responder.store.metadata import METADATA, circle_id, time

RECEIPT = Table(
    "receipt",
    METADATA,
    circle_id(),
    Column("action_id", Uuid, primary_key=True),
    Column("account_id", Uuid, primary_key=True),
    Column("alert_id", Uuid, nullable=False),
    Column("state", Text, nullable=False),
    Column("device", Text, nullable=False),
    time("device_at"),
    time("at"),
    ForeignKeyConstraint(["circle_id", "alert_id"], ["alert.circle_id", "alert.id"]),
    Index("ix_receipt_alert_id", "circle_id", "alert_id"),
)


class PostgresReceipts:
    """Every receipt as it came in."""

    def __init__(self, connection: AsyncConnection) -> None:
        self._connection = connection

    async def known(
        self, circle_id: CircleId, action_ids: Collection[UUID]
    ) -> frozenset[tuple[AccountId, UUID]]:
        """Return those of the actions that were stored before, each with whose it was."""
        found = await self._connection.execute(
            select(RECEIPT.c.account_id, RECEIPT.c.action_id).where(
                RECEIPT.c.circle_id == circle_id, RECEIPT.c.action_id.in_(action_ids)
            )
        )
        return frozenset((AccountId(row.account_id), row.action_id) for row in found)

    async def add(self, circle_id: CircleId, receipts: Sequence[ReceiptRow]) -> None:
        """Keep receipts."""
        if not receipts:
            return
        await self._connection.execute(
            insert(RECEIPT),
            [
                {
                    "circle_id": circle_id,
                    "action_id": receipt.action_id,
                    "account_id": receipt.account_id,
                    "alert_id": receipt.alert_id,
                    "state": receipt.state.value,
                    "device": receipt.device,
                    "device_at": receipt.device_at,
                    "at": receipt.at,
                }
                for receipt in receipts
            ],
        )

"""Every receipt as it came in: the proof behind the deliveries."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index, Table, Text, Uuid, any_, select, text
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


_ADD = text("""
    INSERT INTO receipt (circle_id, action_id, account_id, alert_id, state, device, device_at, at)
    SELECT :circle_id, heard.action_id, heard.account_id, heard.alert_id, heard.state, heard.device,
           heard.device_at, heard.at
    FROM unnest(CAST(:action_ids AS uuid[]), CAST(:account_ids AS uuid[]), CAST(:alert_ids AS uuid[]),
                CAST(:states AS text[]), CAST(:devices AS text[]), CAST(:device_times AS timestamptz[]),
                CAST(:times AS timestamptz[]))
         AS heard (action_id, account_id, alert_id, state, device, device_at, at)
""")


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
                RECEIPT.c.circle_id == circle_id, RECEIPT.c.action_id == any_(list(action_ids))
            )
        )
        return frozenset((AccountId(row.account_id), row.action_id) for row in found)

    async def add(self, circle_id: CircleId, receipts: Sequence[ReceiptRow]) -> None:
        """Keep receipts."""
        if not receipts:
            return
        await self._connection.execute(
            _ADD,
            {
                "circle_id": circle_id,
                "action_ids": [receipt.action_id for receipt in receipts],
                "account_ids": [receipt.account_id for receipt in receipts],
                "alert_ids": [receipt.alert_id for receipt in receipts],
                "states": [receipt.state.value for receipt in receipts],
                "devices": [receipt.device for receipt in receipts],
                "device_times": [receipt.device_at for receipt in receipts],
                "times": [receipt.at for receipt in receipts],
            },
        )

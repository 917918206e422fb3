"""Every receipt as it came in: the proof behind the deliveries."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from uuid import UUID

from pydantic import TypeAdapter
from pydantic_core import to_json
from sqlalchemy import Column, ForeignKeyConstraint, Index, Table, Text, Uuid, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from responder.domain.ids import AccountId, CircleId, IncidentId
from responder.domain.incidents.delivery import DeliveryState
from responder.ports.incidents import Heard, HeardReceipt, ReceiptRow
from responder.store.incidents.delivery import to_delivery
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
# One statement keeps the receipts of a batch, moves their deliveries on and tells where these stand. Each row
# is looked up by its keys, and no table is narrowed by a constant: without statistics, as after an import,
# the planner would compare all rows of a batch with all of an alert.
_HEAR = text("""
    WITH heard AS MATERIALIZED (
        SELECT said.number, said.action_id, said.account_id, said.reported, said.device, said.device_at,
               own.*,
               own.times ? said.reported OR (
                   SELECT true FROM receipt
                   WHERE receipt.circle_id = :circle_id AND receipt.action_id = said.action_id
                     AND receipt.account_id = said.account_id
                   LIMIT 1
               ) IS NOT NULL AS said_before
        FROM unnest(CAST(:action_ids AS uuid[]), CAST(:account_ids AS uuid[]), CAST(:alert_ids AS uuid[]),
                    CAST(:people AS text[]), CAST(:states AS text[]), CAST(:devices AS text[]),
                    CAST(:device_ats AS timestamptz[]))
             WITH ORDINALITY
             AS said (action_id, account_id, about, people, reported, device, device_at, number)
        CROSS JOIN LATERAL (
            SELECT theirs.*
            FROM unnest(CAST(said.people AS uuid[])) AS person (id)
            CROSS JOIN LATERAL (
                SELECT * FROM delivery
                WHERE circle_id = :circle_id AND alert_id = said.about AND recipient_id = person.id
                OFFSET 0
            ) AS theirs
            ORDER BY person.id
            LIMIT 1
        ) AS own
    ), added AS (
        INSERT INTO receipt (circle_id, action_id, account_id, alert_id, state, device, device_at, at)
        SELECT circle_id, action_id, account_id, alert_id, reported, device, device_at, :at FROM heard
        ON CONFLICT DO NOTHING
    ), moved AS (
        UPDATE delivery
        SET state = CASE
                WHEN array_position(CAST(:ranks AS text[]), heard.reported)
                     > array_position(CAST(:ranks AS text[]), delivery.state)
                THEN heard.reported ELSE delivery.state END,
            times = jsonb_build_object(heard.reported, CAST(:at_text AS text)) || delivery.times
        FROM heard
        WHERE NOT heard.said_before AND delivery.circle_id = heard.circle_id
          AND delivery.alert_id = heard.alert_id AND delivery.recipient_id = heard.recipient_id
        RETURNING heard.number, true AS moved, delivery.*
    )
    SELECT * FROM moved
    UNION ALL
    SELECT number, false, circle_id, alert_id, recipient_id, incident_id, recipient_name, unit_id, partner_id,
           state, times, unit_ids
    FROM heard WHERE said_before
""")
_MOMENT: TypeAdapter[datetime] = TypeAdapter(datetime)
_RANKS = [state.value for state in DeliveryState]


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

    async def hear(
        self, circle_id: CircleId, receipts: Sequence[HeardReceipt], *, at: datetime
    ) -> list[Heard | None]:
        rows = [receipt.row for receipt in receipts]
        found = await self._connection.execute(
            _HEAR,
            {
                "circle_id": circle_id,
                "action_ids": _uuid_array([row.action_id for row in rows]),
                "account_ids": _uuid_array([row.account_id for row in rows]),
                "alert_ids": _uuid_array([row.alert_id for row in rows]),
                # An array of arrays would need equal lengths.
                "people": _array([f'"{_uuid_array(each.recipient_ids)}"' for each in receipts]),
                "states": _array([row.state.value for row in rows]),
                "devices": [row.device for row in rows],
                "device_ats": _array([row.device_at.isoformat() for row in rows]),
                "ranks": _RANKS,
                "at": at,
                "at_text": _MOMENT.dump_python(at, mode="json"),
            },
        )
        heard: list[Heard | None] = [None] * len(receipts)
        for row in found:
            heard[row.number - 1] = Heard(
                incident_id=IncidentId(row.incident_id), delivery=to_delivery(row), moved=row.moved
            )
        return heard


def _array(words: Iterable[str]) -> str:
    """Return words, which need no quotes, as the database reads an array: the driver looks at each longer."""
    return f"{{{','.join(words)}}}"


def _uuid_array(ids: Iterable[UUID]) -> str:
    return _array([each.hex for each in ids])

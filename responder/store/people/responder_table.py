"""Where the people in units are kept; apart, because what they are in the circle is looked up with them."""

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Table, Text, Uuid

from responder.store.metadata import METADATA, circle_id, time

RESPONDER = Table(
    "responder",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("unit_id", Uuid, nullable=False),
    Column("partner_id", Uuid, nullable=False),
    Column("account_id", Uuid, ForeignKey("account.id"), index=True),
    Column("name", Text, nullable=False),
    Column("phone", Text, nullable=False),
    time("left_at", nullable=True),
    ForeignKeyConstraint(["circle_id", "unit_id"], ["unit.circle_id", "unit.id"]),
    ForeignKeyConstraint(["circle_id", "partner_id"], ["partner.circle_id", "partner.id"]),
)

"""Tables of a circle's services, its people's contacts and quiet hours, and how channels follow another."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from responder.domain.channels.contact import ContactChannel
from responder.store.metadata import METADATA, circle_id, time

CHANNEL_SERVICE = Table(
    "channel_service",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("settings", JSONB, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("outside_public", Boolean, nullable=False),
    Column("reply_hash", Text),
    time("changed_at"),
    # The row stays, since the proof of earlier alerts names it; its settings do not.
    time("removed_at", nullable=True),
    CheckConstraint(
        f"channel IN ({', '.join(repr(channel.value) for channel in ContactChannel)})", name="channel_known"
    ),
    CheckConstraint("reply_hash ~ '^[0-9a-f]{64}$'", name="reply_hashed"),
    Index(
        "ix_channel_service_name",
        "circle_id",
        "name",
        unique=True,
        postgresql_where=text("removed_at IS NULL"),
    ),
    Index("ix_channel_service_reply_hash", "reply_hash"),
)
CONTACT = Table(
    "contact",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("account_id", Uuid, ForeignKey("account.id"), nullable=False, index=True),
    Column("service_id", Uuid, nullable=False),
    Column("address", Text, nullable=False),
    Column("turn", Integer, nullable=False),
    time("added_at"),
    time("verified_at", nullable=True),
    Column("code_hashes", ARRAY(Text), nullable=False),
    time("code_expires_at", nullable=True),
    Column("code_failures", Integer, nullable=False),
    UniqueConstraint("circle_id", "account_id", "service_id"),
    ForeignKeyConstraint(["circle_id", "service_id"], ["channel_service.circle_id", "channel_service.id"]),
    Index("ix_contact_service_id", "circle_id", "service_id", "address"),
)
QUIET_HOURS = Table(
    "quiet_hours",
    METADATA,
    circle_id(),
    Column("account_id", Uuid, ForeignKey("account.id"), primary_key=True),
    Column("from_minute", Integer, nullable=False),
    Column("until_minute", Integer, nullable=False),
    CheckConstraint(
        "from_minute BETWEEN 0 AND 1439 AND until_minute BETWEEN 0 AND 1439 AND from_minute <> until_minute",
        name="of_a_day",
    ),
)
CHANNEL_POLICY = Table(
    "channel_policy",
    METADATA,
    circle_id(),
    Column("next_channel_after_s", Integer, nullable=False),
    CheckConstraint("next_channel_after_s BETWEEN 5 AND 600", name="soon"),
)

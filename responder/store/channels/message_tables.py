"""Tables of the queue of messages, the budget of services, and links to answer by."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP

from responder.domain.channels.message import MessagePurpose
from responder.domain.channels.proof import MessageState
from responder.store.metadata import METADATA, circle_id, time

MESSAGE = Table(
    "outgoing_message",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("id", Uuid, primary_key=True),
    Column("service_id", Uuid, nullable=False),
    # Empty once the contact was removed or the person erased; the address is nowhere but there.
    Column("contact_id", Uuid),
    Column("account_id", Uuid),
    Column("recipient_id", Uuid),
    Column("incident_id", Uuid),
    Column("alert_id", Uuid),
    Column("purpose", Text, nullable=False),
    Column("exercise", Boolean, nullable=False),
    Column("severity", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    # Which of the person's channels it is, from 0.
    Column("turn", Integer, nullable=False),
    Column("state", Text, nullable=False),
    time("queued_at"),
    time("due_at"),
    time("expires_at"),
    # A process that dies does not hold a message for longer.
    time("leased_until", nullable=True),
    Column("attempts", Integer, nullable=False),
    # The ladder insists on an answer: that a device has the alert does not stop it.
    Column("insists", Boolean, nullable=False, server_default="false"),
    Column("unknown_outcomes", Integer, nullable=False),
    time("sent_at", nullable=True),
    time("accepted_at", nullable=True),
    time("delivered_at", nullable=True),
    time("opened_at", nullable=True),
    time("answered_at", nullable=True),
    time("failed_at", nullable=True),
    Column("answer", Text),
    Column("reason", Text, nullable=False),
    Column("detail", Text, nullable=False),
    Column("service_message_id", Text),
    # What the link is derived from; another one once what became of the message is known.
    Column("link_key", Uuid, nullable=False, server_default=text("gen_random_uuid()")),
    CheckConstraint(
        f"state IN ({', '.join(repr(state.value) for state in MessageState)})", name="state_known"
    ),
    CheckConstraint(
        f"purpose IN ({', '.join(repr(purpose.value) for purpose in MessagePurpose)})", name="purpose_known"
    ),
    CheckConstraint("(state = 'sent') = (leased_until IS NOT NULL)", name="leased_while_sent"),
    CheckConstraint("(purpose IN ('alert', 'correction')) = (alert_id IS NOT NULL)", name="of_an_alert"),
    ForeignKeyConstraint(["circle_id", "service_id"], ["channel_service.circle_id", "channel_service.id"]),
    Index(
        "ix_outgoing_message_once",
        "circle_id",
        "alert_id",
        "account_id",
        "service_id",
        unique=True,
        postgresql_where=text("alert_id IS NOT NULL"),
    ),
    Index("ix_outgoing_message_due_at", "due_at", postgresql_where=text("state IN ('queued', 'sent')")),
    Index("ix_outgoing_message_incident_id", "circle_id", "incident_id"),
    Index("ix_outgoing_message_account_id", "account_id"),
    Index(
        "ix_outgoing_message_service_message_id",
        "circle_id",
        "service_id",
        "service_message_id",
        postgresql_where=text("service_message_id IS NOT NULL"),
    ),
)
SERVICE_BUDGET = Table(
    "service_budget",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("service_id", Uuid, primary_key=True),
    Column("requested_at", ARRAY(TIMESTAMP(timezone=True)), nullable=False),
    time("blocked_until", nullable=True),
    ForeignKeyConstraint(
        ["circle_id", "service_id"],
        ["channel_service.circle_id", "channel_service.id"],
        ondelete="CASCADE",
    ),
)
ANSWER_LINK = Table(
    "answer_link",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("token_hash", Text, primary_key=True),
    Column("message_id", Uuid, nullable=False),
    CheckConstraint("token_hash ~ '^[0-9a-f]{64}$'", name="token_hashed"),
    ForeignKeyConstraint(
        ["circle_id", "message_id"], ["outgoing_message.circle_id", "outgoing_message.id"], ondelete="CASCADE"
    ),
    Index("ix_answer_link_token_hash", "token_hash"),
    Index("ix_answer_link_message_id", "circle_id", "message_id"),
)

"""The tables of the audit log: the chains, their heads, and apart from them who it was."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from responder.store.metadata import METADATA, time

_HASHED = "hash ~ '^[0-9a-f]{64}$'"

# No foreign key to the circle: the nil id is the platform's own chain, and a log outlives what it is about.
AUDIT_HEAD = Table(
    "audit_head",
    METADATA,
    Column("circle_id", Uuid, primary_key=True),
    Column("seq", BigInteger, nullable=False),
    Column("hash", Text, nullable=False),
    CheckConstraint("seq >= 0", name="seq_counts"),
    CheckConstraint(_HASHED, name="hashed"),
)

AUDIT = Table(
    "audit",
    METADATA,
    Column("circle_id", Uuid, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    time("at"),
    Column("action", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("origin", Text),
    Column("subject_kind", Text),
    Column("subject", Text),
    Column("detail", JSONB, nullable=False),
    Column("hash", Text, nullable=False),
    CheckConstraint("seq > 0", name="seq_from_one"),
    CheckConstraint(_HASHED, name="hashed"),
    Index("ix_audit_at", "circle_id", "at"),
)

AUDIT_PERSON = Table(
    "audit_person",
    METADATA,
    Column("circle_id", Uuid, primary_key=True),
    Column("seq", BigInteger, primary_key=True, autoincrement=False),
    Column("part", Text, primary_key=True),
    Column("account_id", Uuid, nullable=False, index=True),
    Column("address", Text),
    Column("device", Text),
    CheckConstraint("part IN ('actor', 'subject')", name="part_known"),
    ForeignKeyConstraint(["circle_id", "seq"], ["audit.circle_id", "audit.seq"]),
)

AUDIT_SALT = Table(
    "audit_salt",
    METADATA,
    Column("account_id", Uuid, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    CheckConstraint("octet_length(salt) >= 32", name="long_enough"),
)

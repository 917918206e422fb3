"""Tables of imports: records, what each brought, by what things are known in their sources, mappings."""

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, Integer, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from responder.store.metadata import METADATA, circle_id, time

SOURCE_KEY = Table(
    "source_key",
    METADATA,
    circle_id(),
    Column("noun", Text, primary_key=True),
    Column("thing_id", Uuid, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("key", Text, nullable=False),
    Index("ix_source_key_key", "circle_id", "noun", "key"),
)

FEATURE_IMPORT = Table(
    "feature_import",
    METADATA,
    circle_id(),
    Column("id", Uuid, primary_key=True),
    Column("noun", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_declared", Boolean, nullable=False),
    Column("file_name", Text, nullable=False),
    time("at"),
    Column("account_id", Uuid),
    Column("account_name", Text, nullable=False),
    Column("created", Integer, nullable=False),
    Column("updated", Integer, nullable=False),
    Column("unchanged", Integer, nullable=False),
    Column("skipped", Integer, nullable=False),
    Column("doubtful", Integer, nullable=False),
    time("removed_at", nullable=True),
)

IMPORTED_FEATURE = Table(
    "imported_feature",
    METADATA,
    circle_id(known_by_other_keys=True),
    Column("import_id", Uuid, primary_key=True),
    Column("noun", Text, primary_key=True),
    Column("thing_id", Uuid, primary_key=True),
    Column("is_new", Boolean, nullable=False),
    Column("fingerprint", Text, nullable=False),
    ForeignKeyConstraint(["circle_id", "import_id"], ["feature_import.circle_id", "feature_import.id"]),
)

IMPORT_MAPPING = Table(
    "import_mapping",
    METADATA,
    circle_id(),
    Column("noun", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("body", JSONB, nullable=False),
)

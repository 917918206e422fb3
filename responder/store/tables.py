"""All tables: a transaction knows every repository, and so every table."""

from responder.store import transaction
from responder.store.metadata import METADATA

__all__ = ["METADATA", "transaction"]

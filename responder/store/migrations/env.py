"""Run the migrations on the connection that `store.migrate` hands over."""

from typing import Any

from alembic import context
from geoalchemy2.alembic_helpers import include_object

from responder.store.tables import METADATA

connection: Any = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=METADATA, include_object=include_object, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()

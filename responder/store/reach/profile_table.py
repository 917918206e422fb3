"""Each circle's own mobility profiles."""

from collections.abc import Mapping
from typing import Any

from responder.domain.reach.profile_table import ProfileTable
from responder.store.metadata import AnyRow
from responder.store.own_body import OwnBodies, own_body_table

PROFILE_TABLE = own_body_table("profile_table")


class PostgresProfileTables(OwnBodies[ProfileTable]):
    """Each circle's own mobility profiles."""

    table = PROFILE_TABLE

    def _load(self, row: AnyRow, beside: Mapping[str, Any]) -> ProfileTable:
        return ProfileTable(table=row.body, **beside)

    def _body(self, stored: ProfileTable) -> Any:  # noqa: ANN401 - JSON
        return stored.table

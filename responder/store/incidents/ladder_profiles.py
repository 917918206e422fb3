"""Each circle's own ladders."""

from collections.abc import Mapping
from typing import Any

from responder.domain.ladder.profile import StoredProfiles
from responder.store.bodies import dump_ladder_profiles, load_ladder_profiles
from responder.store.metadata import AnyRow
from responder.store.own_body import OwnBodies, own_body_table

LADDER_PROFILES = own_body_table("ladder_profiles")


class PostgresLadderProfiles(OwnBodies[StoredProfiles]):
    """Each circle's own ladders."""

    table = LADDER_PROFILES

    def _load(self, row: AnyRow, beside: Mapping[str, Any]) -> StoredProfiles:
        return StoredProfiles(profiles=load_ladder_profiles(row.body), **beside)

    def _body(self, stored: StoredProfiles) -> Any:  # noqa: ANN401 - JSON
        return dump_ladder_profiles(stored.profiles)

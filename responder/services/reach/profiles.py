"""How people and vehicles move in a circle: the figures that are shipped, or the circle's own."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib import resources
from typing import Any

import yaml

from geo.errors import InvalidProfileError
from geo.network.profiles import (
    DEFAULT_PROFILES,
    MobilityProfile,
    RoadDefaults,
    profiles_from,
    road_defaults_from,
)
from geo.network.working_days import ANNOUNCED
from responder.domain.audit import AuditAction, audit_entry
from responder.domain.errors import EditConflictError
from responder.domain.incidents.event import ProfilesChanged
from responder.domain.people.access import Action, Viewer
from responder.domain.reach.profile_table import ProfileTable
from responder.ports import Clock, Database, Roads
from responder.ports.clock import moment
from responder.services.incidents.recompute import model_if_any, recompute_open_incidents
from responder.services.reach.profile_figures import (
    RANGES,
    UTC_OFFSET_HOURS,
    Range,
    check_barriers,
    check_number,
    check_parked,
    check_profile,
    check_roads,
    check_sources,
)

SHIPPED = "shipped"
"""The version of a circle without figures of its own."""
_ADDED = frozenset({"surface_kph", "u_turn_s"})
"""Figures of a profile that came after tables were stored."""
PARTS = ("utc_offset_hours", "sources", "roads", "parked", "barriers", "profiles")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownProfiles:
    """The figures that a circle goes by."""

    is_custom: bool
    """False for those that are shipped."""
    set_at: datetime | None
    set_by_name: str | None
    table: dict[str, Any]
    """As `geo/network/profiles.yaml` has it: the parts in `PARTS`."""
    defaults: dict[str, Any]
    """The same with the figures that are shipped, to compare with."""
    ranges: Mapping[str, Range]
    """What figures may be, by the field or part of the table in which they stand."""
    working_days: Mapping[int, str]
    """Years whose working days are known to peak hours, each with its announcement."""
    version: str
    """Changes with every figure."""


async def show_profiles(database: Database, *, viewer: Viewer) -> ShownProfiles:
    """Return the figures that the circle goes by."""
    viewer.must(Action.VIEW)
    async with database.begin() as transaction:
        found = await transaction.profile_tables.get(viewer.circle_id)
    return _shown(found)


async def set_profiles(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    table: Mapping[str, Any] | None,
    expected_version: str | None = None,
    clock: Clock,
) -> ShownProfiles:
    """
    Set the circle's profiles, None for the defaults; open incidents are recomputed.

    Parts that the table does not have are the defaults. `expected_version` is the version that the caller
    has seen; None replaces any.

    Raises
    ------
    InvalidProfileError
        A figure cannot be, or a profile that units may have is missing. Nothing is changed then.
    EditConflictError
        The circle goes by another version than `expected_version`. Nothing is changed then.
    """
    viewer.must(Action.EDIT_MAP)
    now = moment(clock)
    own = None if table is None else _own(table, viewer=viewer, now=now)
    async with database.begin() as transaction:
        await transaction.circles.get(viewer.circle_id)
        # Of two who save at the same moment, the second has to see what the first did.
        await transaction.circles.lock(viewer.circle_id)
        before = await transaction.profile_tables.get(viewer.circle_id)
        if expected_version not in {None, _version(before)}:
            raise EditConflictError(by=None if before is None else before.set_by_name)
        if own is None:
            await transaction.profile_tables.remove(viewer.circle_id)
        else:
            await transaction.profile_tables.put(own)
        await transaction.record(viewer.circle_id, ProfilesChanged(), at=now)
        act = audit_entry(viewer, AuditAction.PROFILES_UPDATED, detail={"is_custom": own is not None})
        await transaction.audit.append(viewer.circle_id, act, at=now)
    # Only what is committed can be prepared, by this process and by all others.
    model = await model_if_any(roads, viewer.circle_id)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        await recompute_open_incidents(transaction, roads, model, circle_id=viewer.circle_id, now=now)
    return _shown(own)


def checked_table(given: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return the whole table, with what was not given as it is shipped.

    Raises
    ------
    InvalidProfileError
        A figure cannot be, or a profile that units may have is missing.
    """
    unknown = sorted(set(map(str, given)) - set(PARTS))
    if unknown or not given:
        message = f"a profile table has {', '.join(PARTS)}, not {', '.join(unknown) or 'nothing'}"
        raise InvalidProfileError(message)
    table = {**shipped_table(), **given}
    check_number(table["utc_offset_hours"], UTC_OFFSET_HOURS, "utc_offset_hours")
    check_sources(table["sources"])
    check_roads(table["roads"])
    check_parked(table["parked"])
    check_barriers(table["barriers"])
    profiles = table["profiles"]
    # Units are of these, and screens have words and pictures for these.
    if not isinstance(profiles, Mapping) or set(profiles) != set(DEFAULT_PROFILES):
        message = f"the profiles must be {', '.join(DEFAULT_PROFILES)}"
        raise InvalidProfileError(message)
    for name, row in profiles.items():
        check_profile(name, row)
        if row.get("on_foot", False) != DEFAULT_PROFILES[name].on_foot:
            message = f"profiles.{name}.on_foot cannot be changed: crews walk as `foot` does"
            raise InvalidProfileError(message)
    prepared_profiles(table)
    return table


def prepared_profiles(table: Mapping[str, Any]) -> tuple[Mapping[str, MobilityProfile], RoadDefaults]:
    """Return the table as `geo` works with it, which has the last word on what can be."""
    text = yaml.safe_dump(completed(table), allow_unicode=True)
    return profiles_from(text), road_defaults_from(text)


def completed(table: Mapping[str, Any]) -> dict[str, Any]:
    """
    Return a table with the figures that it lacks as they are shipped.

    A circle's own table may have been stored by a version that did not know these figures.
    """
    shipped = shipped_table()
    rows = {
        name: {
            **{field: value for field, value in shipped["profiles"][name].items() if field in _ADDED},
            **row,
        }
        if name in shipped["profiles"]
        else row
        for name, row in table.get("profiles", shipped["profiles"]).items()
    }
    return {
        **shipped,
        **table,
        "sources": {**shipped["sources"], **table.get("sources", {})},
        "profiles": rows,
    }


def shipped_table() -> dict[str, Any]:
    """Return the figures that are shipped."""
    # A copy each time, so that a caller's changes stay its own.
    table: dict[str, Any] = json.loads(_shipped())
    return table


@cache
def _shipped() -> str:
    return json.dumps(
        yaml.safe_load(resources.files("geo.network").joinpath("profiles.yaml").read_text("utf-8"))
    )


def _own(given: Mapping[str, Any], *, viewer: Viewer, now: datetime) -> ProfileTable:
    table = checked_table(given)
    digest = hashlib.sha256(json.dumps(table, sort_keys=True).encode()).hexdigest()
    return ProfileTable(
        circle_id=viewer.circle_id, content_hash=digest, table=table, set_at=now, set_by_name=viewer.name
    )


def _version(found: ProfileTable | None) -> str:
    return SHIPPED if found is None else found.content_hash


def _shown(found: ProfileTable | None) -> ShownProfiles:
    return ShownProfiles(
        is_custom=found is not None,
        set_at=None if found is None else found.set_at,
        set_by_name=None if found is None else found.set_by_name,
        table=shipped_table() if found is None else completed(found.table),
        defaults=shipped_table(),
        ranges=RANGES,
        working_days={year: announced.source for year, announced in ANNOUNCED.items()},
        version=_version(found),
    )

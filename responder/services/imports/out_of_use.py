"""Rows of facilities that are out of use or behind a locked door: they are not taken, and what was, goes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geo.osm.feature_tags import dead_kinds
from geo.osm.out_of_use import OUT_OF_USE, why_left_out
from responder.domain.ids import FacilityId
from responder.domain.map.facility import Facility
from responder.services.imports.mapping import as_text
from responder.services.imports.match import Matched

_COLUMNS: Mapping[str, str] = {
    "是否停用": "disused",
    "停用": "disused",
    "是否报废": "abandoned",
    "是否拆除": "removed",
    "是否可用": "usable",
    "是否完好": "usable",
    "状态": "status",
    "使用状态": "status",
    "设备状态": "status",
    "运行状态": "status",
    # As a shapefile cuts it.
    "operationa": "operational_status",
}
"""Columns of registers, and the tag of OpenStreetMap that says the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedRow:
    """A row, counted from 1, that was left out or is in doubt, and why."""

    row: int
    code: str
    detail: str = ""
    """English, for the person who fixes the file."""


def without_out_of_use(
    matched: Sequence[tuple[int, Matched[Any]]],
) -> tuple[list[tuple[int, Matched[Any]]], list[NamedRow], list[FacilityId]]:
    """Return the rows that remain, those that are left out and why, and what the circle has of these."""
    kept: list[tuple[int, Matched[Any]]] = []
    left_out: list[NamedRow] = []
    gone: list[FacilityId] = []
    for number, each in matched:
        reason = _why_left_out(each)
        if reason is None:
            kept.append((number, each))
            continue
        left_out.append(NamedRow(row=number, code=reason))
        if each.before is not None:
            gone.append(each.before.id)
    return kept, left_out, gone


def _why_left_out(matched: Matched[Any]) -> str | None:
    # A register that says so in its own field keeps the facility: crews see that it stands there and fails.
    if not isinstance(matched.thing, Facility) or not matched.thing.in_service:
        return None
    tags = _tags(matched.row.properties)
    kind = matched.thing.kind.value
    return OUT_OF_USE if kind in dead_kinds(tags) else why_left_out(tags, kind)


def _tags(properties: Mapping[str, Any]) -> dict[str, str]:
    nested = properties.get("tags")
    written = {**properties, **(nested if isinstance(nested, dict) else {})}
    named = ((str(key).strip().casefold(), as_text(value)) for key, value in written.items())
    return {_COLUMNS.get(key, key): text for key, text in named if text}

"""Columns as files have them, and the fields that they are: cut names, capitals, tags of OpenStreetMap."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from geo.formats.read import FeatureTable
from geo.formats.source_table import ReadNote
from geo.osm.feature_tags import (
    building_use,
    dead_kinds,
    is_building,
    names_of,
    note_of,
    place_kinds,
    storeys_of,
    year_of,
)

FIELDS: Final = (
    "name",
    "name_en",
    "kind",
    "use",
    "storeys",
    "year",
    "fire_rating",
    "households",
    "entrances",
    "grade",
    "state",
    "note",
    "partner",
    "partner_id",
    "partner_en",
    "partner_kind",
    "profile",
    "turnout_s",
    "people",
    "on_duty",
    "capabilities",
    "out_of_service",
    "where_to_find",
    "access_code",
    "holders",
    "opening_hours",
    "inspection_days",
    "inspected_on",
)
"""What rows may say, of whatever noun."""
SHAPEFILE_LETTERS: Final = 10
"""Names of columns in a shapefile end here, and stay cut when the file is converted."""
_OSM_ID: Final = re.compile(r"(node|way|relation|n|w|r)[/ ]?(-?\d+)")
_OSM_TYPES: Final = {"n": "node", "w": "way", "r": "relation"}


def with_fields(table: FeatureTable) -> FeatureTable:
    """
    Return the table with its columns named as the fields that they are, and a note of what was completed.

    Rows of OpenStreetMap, known by an id such as `node/1`, are read as a file of OpenStreetMap is.
    """
    names = _fields_of(list(dict.fromkeys(name for row in table.properties for name in row)))
    rows = tuple(
        _with_tags_read({names.get(name, name): value for name, value in row.items()})
        for row in table.properties
    )
    completed = [f"{column} → {field}" for column, field in names.items() if column.lower() != field]
    note = ReadNote(code="columns_completed", detail=", ".join(completed))
    return replace(table, properties=rows, notes=(*table.notes, *((note,) if completed else ())))


def _fields_of(columns: Sequence[str]) -> Mapping[str, str]:
    """Return the field that each column means where it is not called so."""
    found: dict[str, str] = {}
    taken = set(columns)
    for column in columns:
        lower = column.strip().lower()
        meant = lower if lower in FIELDS else None
        if meant is None and len(lower) == SHAPEFILE_LETTERS:
            longer = [field for field in FIELDS if field.startswith(lower)]
            meant = longer[0] if len(longer) == 1 else None
        if meant is not None and meant not in taken:
            found[column] = meant
            taken.add(meant)
    return found


def _with_tags_read(row: dict[str, Any]) -> dict[str, Any]:
    osm_id = _osm_id(row)
    if osm_id is None:
        return row
    nested = row.get("tags")
    written = nested if isinstance(nested, dict) else row
    tags = {str(key): str(value) for key, value in written.items() if value is not None}
    names = names_of(tags)
    read: dict[str, Any] = {"id": osm_id}
    kind = next(iter((*place_kinds(tags), *dead_kinds(tags))), None)
    if kind is None and not is_building(tags):
        return row
    read |= {"name": names.zh or None, "name_en": names.en or None, "note": note_of(tags) or None}
    if kind is not None:
        read["kind"] = kind
    if is_building(tags):
        read |= {"use": building_use(tags), "storeys": storeys_of(tags), "year": year_of(tags)}
    said = {key: value for key, value in row.items() if key in FIELDS and value is not None}
    # What a person has written into a column of ours counts; `name` and `note` are tags of that name as well.
    ours = {key: value for key, value in said.items() if key not in ("name", "note", "id")}
    return {**row, **{key: value for key, value in read.items() if value is not None}, **ours}


def _osm_id(row: Mapping[str, Any]) -> str | None:
    for field in ("@id", "id", "full_id"):
        found = _OSM_ID.fullmatch(str(row.get(field) or "").strip())
        if found:
            return f"{_OSM_TYPES.get(found[1], found[1])}/{found[2]}"
    kind = row.get("osm_type") or row.get("@type") or row.get("type")
    number = row.get("osm_id") or row.get("id")
    found = _OSM_ID.fullmatch(f"{kind}/{number}")
    return f"{_OSM_TYPES.get(found[1], found[1])}/{found[2]}" if found else None

"""How the columns of a source are read: which is which field, what all rows are, what its values mean."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from geo.network.profiles import DEFAULT_PROFILES
from responder.domain.errors import InvalidValueError
from responder.domain.map.facility import FacilityKind, FacilityState
from responder.domain.map.feature_import import FEATURE_TYPES, ImportMapping, Noun, property_names
from responder.domain.map.hazard import HazardGrade, HazardState
from responder.domain.people.partner import PartnerKind

FIELDS: Final[Mapping[Noun, tuple[str, ...]]] = {
    **{noun: property_names(kind) for noun, kind in FEATURE_TYPES.items()},
    Noun.FACILITIES: (
        *("kind", "name", "name_en", "partner", "partner_id", "status", "note", "state", "out_of_service"),
        *("where_to_find", "access_code", "holders", "opening_hours", "inspection_days", "inspected_on"),
    ),
    Noun.UNITS: (
        *("kind", "name", "name_en", "profile", "turnout_s", "people", "on_duty", "capabilities"),
        *("partner", "partner_id", "partner_en", "partner_kind"),
    ),
}
"""What a row may say, by noun."""
_FLAG: Final = ("yes", "no")
CHOICES: Final[Mapping[Noun, Mapping[str, tuple[str, ...]]]] = {
    **{noun: {} for noun in Noun},
    Noun.HAZARDS: {"grade": tuple(HazardGrade), "state": tuple(HazardState)},
    Noun.FACILITIES: {"kind": tuple(FacilityKind), "state": tuple(FacilityState), "out_of_service": _FLAG},
    Noun.UNITS: {"profile": tuple(DEFAULT_PROFILES), "on_duty": _FLAG, "partner_kind": tuple(PartnerKind)},
}
"""Allowed values of fields with a fixed list, by noun."""
MOST_VALUES: Final = 500
LONGEST_VALUE: Final = 2000
MOST_CHOICES: Final = 20
"""A column with more different values than this is not a choice between a few."""
LONGEST_CHOICE: Final = 100


def checked_mapping(
    mapping: ImportMapping, *, noun: Noun, rows: Sequence[Mapping[str, Any]]
) -> ImportMapping:
    """
    Return the mapping when it fits the noun and the file.

    Raises
    ------
    InvalidValueError
        There is no such field, or no such column.
    """
    fields = FIELDS[noun]
    for said in (mapping.fixed, mapping.columns, mapping.values):
        unknown = sorted(set(said) - set(fields))
        if unknown:
            message = f"{noun} have no field {unknown[0]!r}; they have {', '.join(fields)}"
            raise InvalidValueError(message, field="mapping", unknown=unknown[0])
    texts = [*mapping.fixed.values(), *(text for pairs in mapping.values.values() for text in pairs.values())]
    if len(texts) > MOST_VALUES or any(len(text) > LONGEST_VALUE for text in texts):
        message = "a mapping has too many values, or too long ones"
        raise InvalidValueError(message, field="mapping")
    columns = columns_of(rows)
    needed = [*(column for column in mapping.columns.values() if column), mapping.identity]
    missing = [column for column in needed if column is not None and column not in columns]
    if rows and missing:
        message = f"the file has no column {missing[0]!r}; it has {', '.join(columns)[:500]}"
        raise InvalidValueError(message, field="mapping", missing_column=missing[0])
    return mapping


def columns_of(rows: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the names of the columns, in the order in which they first come."""
    return list(dict.fromkeys(name for row in rows for name in row))


def values_of(rows: Iterable[Mapping[str, Any]]) -> dict[str, tuple[str, ...]]:
    """Return the values of each column that has few different ones, in the order of the file."""
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        for name, value in row.items():
            values = found.setdefault(name, {})
            text = as_text(value)
            if text and len(values) <= MOST_CHOICES:
                values[text] = None
    return {
        name: tuple(values)
        for name, values in found.items()
        if 0 < len(values) <= MOST_CHOICES and all(len(text) <= LONGEST_CHOICE for text in values)
    }


def mapped(properties: Mapping[str, Any], mapping: ImportMapping) -> dict[str, Any]:
    """Return a row with the names and values that the fields of the domain have."""
    row = {**properties}
    row.update(
        {field: properties.get(column) if column else None for field, column in mapping.columns.items()}
    )
    for field, meanings in mapping.values.items():
        written = as_text(row.get(field)).casefold()
        for said, meaning in meanings.items():
            if said.casefold() == written:
                row[field] = meaning
    row.update(mapping.fixed)
    return row


def as_text(value: Any) -> str:  # noqa: ANN401 - any cell
    """Return a cell's value as a person would write it: whole numbers without `.0`."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value)
    return re.sub(r"^(-?\d+)\.0+$", r"\1", str(value).strip())

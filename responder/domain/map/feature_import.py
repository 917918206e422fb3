"""Files that were taken into a circle: where they came from, what was made of them, and how they are read."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from enum import StrEnum
from pathlib import PurePath
from typing import Any, Final
from uuid import UUID

from responder.domain.ids import AccountId, CircleId, ImportId
from responder.domain.map.building import Building
from responder.domain.map.facility import Facility
from responder.domain.map.gate import Gate
from responder.domain.map.hazard import FORMER_STATES, HAZARD_LIFE, Hazard
from responder.domain.map.unit import Unit

SOURCE_LENGTH: Final = 100
WORLDWIDE: Final = "*"
"""The source of keys that mean the same thing in every file: those of OpenStreetMap, and UUIDs."""
MIXED: Final = "osm"
"""The noun of a file that holds several nouns: an OpenStreetMap extract."""

_SEPARATORS: Final = " _-.,()[]（）【】·"
_DATE: Final = re.compile(
    r"(?<!\d)(?:19|20)\d{2}(?:[-_.年/]?(?:1[0-2]|0?[1-9])(?:[-_.月/]?(?:3[01]|[12]\d|0?[1-9])"
    r"(?:[Tt_ -]?\d{2}[-_.:]?\d{2}(?:[-_.:]?\d{2})?)?)?)?(?!\d)[年月日号]?"
)
_MONTH: Final = re.compile(r"(?<!\d)(?:1[0-2]|0?[1-9])月(?:份|(?:3[01]|[12]\d|0?[1-9])[日号])?")
_COPY: Final = re.compile(r"\((\d{1,3})\)|(?:^|(?<=[\W_]))(?:copy|副本)(?:$|(?=[\W_\d]))|副本$")
_ENDING_OF_TWO: Final = re.compile(r"(?:\.shp\.zip|\.zip|\.osm\.(?:pbf|bz2|gz|zip))$", re.IGNORECASE)
_NOT_PROPERTIES: Final = frozenset(
    {"id", "circle_id", "geometry", "lon", "lat", "post", *HAZARD_LIFE} - {"state"}
)
_FORMER_WORDS: Final = {state.value: former for former, state in FORMER_STATES.items()}
"""Fingerprints from before these words changed are kept with the imports."""
_NOT_EDITED: Final = frozenset({"id", "circle_id", "on_duty"})
"""Fields that say nothing about an edit: a unit goes on and off duty all day."""


class Noun(StrEnum):
    """What a file can hold."""

    BUILDINGS = "buildings"
    HAZARDS = "hazards"
    FACILITIES = "facilities"
    UNITS = "units"
    GATES = "gates"


Feature = Building | Facility | Hazard | Unit | Gate
FEATURE_TYPES: Final[Mapping[Noun, type[Feature]]] = {
    Noun.BUILDINGS: Building,
    Noun.FACILITIES: Facility,
    Noun.HAZARDS: Hazard,
    Noun.UNITS: Unit,
    Noun.GATES: Gate,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSource:
    """Where a file comes from: the scope in which its ids are unique."""

    name: str = ""
    is_declared: bool = False
    """True when a person named it; a name taken from the file's own is only a guess."""
    file_name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKey:
    """By what a thing is known in a source."""

    source: str
    key: str
    thing_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportCounts:
    """How many rows of a file came to what."""

    created: int
    updated: int
    unchanged: int
    skipped: int
    doubtful: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureImport:
    """A file that was taken into a circle."""

    id: ImportId
    circle_id: CircleId
    noun: str
    """One of `Noun`, or `MIXED`."""
    source: ImportSource
    at: datetime
    by: AccountId | None
    """None once the person is erased."""
    by_name: str
    counts: ImportCounts
    removed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedFeature:
    """A thing as an import left it."""

    noun: Noun
    thing_id: UUID
    is_new: bool
    """True when the circle did not have it before."""
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportMapping:
    """How the columns of a source are read."""

    fixed: Mapping[str, str] = field(default_factory=dict)
    """Field → the value that all rows have."""
    columns: Mapping[str, str] = field(default_factory=dict)
    """Field → the column that it is read from; "" for none, although a column has the field's name."""
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Field → value in the file → meaning."""
    identity: str | None = None
    """The column that tells the things of this source apart."""


def property_names(kind: type[Feature]) -> tuple[str, ...]:
    """Return the fields of a feature that say neither which one it is nor where."""
    return tuple(each.name for each in fields(kind) if each.name not in _NOT_PROPERTIES)


def default_source(file_name: str) -> str:
    """Return what a source is called by its file: the name without dates, copies' numbers and ending."""
    stem = unicodedata.normalize("NFKC", PurePath(file_name.replace("\\", "/")).name)
    stem = re.sub(r"\.[A-Za-z]{1,8}$", "", _ENDING_OF_TWO.sub("", stem))
    stem = "".join(letter for letter in stem if letter.isprintable()).casefold()
    bare = stem
    for pattern in (_DATE, _MONTH, _COPY):
        bare = pattern.sub(" ", bare)
    bare = re.sub(r"\s+", " ", bare).strip(_SEPARATORS)
    return (bare or stem.strip())[:SOURCE_LENGTH]


def fingerprint(thing: Feature) -> str:
    """Return what changes when a thing is edited; a field left at its default does not count."""
    told = {
        each.name: _measured(getattr(thing, each.name))
        for each in fields(thing)
        if each.name not in _NOT_EDITED and getattr(thing, each.name) != each.default
    }
    if isinstance(thing, Hazard):
        told["state"] = _FORMER_WORDS.get(thing.state.value, thing.state.value)
    return hashlib.sha256(json.dumps(told, sort_keys=True, default=_plain).encode()).hexdigest()


def _measured(value: Any) -> Any:  # noqa: ANN401 - any field
    # 120 seconds come back from the database as 120.0.
    return float(value) if type(value) is int else value


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field
    if hasattr(value, "__dataclass_fields__"):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    return str(value)

"""Rows as a file holds them, before they are checked and converted."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shapely.geometry.base import BaseGeometry

from geo.coordinates.crs import SourceCrs


@dataclass(frozen=True, slots=True, kw_only=True)
class RowProblem:
    """Why one row cannot be taken."""

    code: str
    detail: str = ""
    """English, for the person who mends the file: which point crosses, how far away the row lies."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadNote:
    """What was done to read a file that its owner should know, although its rows are taken."""

    code: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTable:
    """What a format reader found; row 1 is the first."""

    geometries: list[BaseGeometry | None]
    properties: list[dict[str, Any]]
    crs: SourceCrs | None
    """None where the file does not say, or says something that is not known."""
    problems: Mapping[int, RowProblem] = field(default_factory=dict)
    """By row, counted from 1; such a row has no geometry here."""
    notes: tuple[ReadNote, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLimits:
    """Limits of one file, so that one upload cannot use up the memory or the time that all share."""

    rows: int
    vertices_per_row: int
    vertices: int

"""Rows as a file holds them, before they are checked and converted."""

from dataclasses import dataclass
from typing import Any

from shapely.geometry.base import BaseGeometry

from geo.crs import SourceCrs


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTable:
    """What a format reader found; row 1 is the first."""

    geometries: list[BaseGeometry | None]
    properties: list[dict[str, Any]]
    crs: SourceCrs | None
    """None where the file does not say, or says something that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLimits:
    """How much a file may hold, so that one upload cannot take the memory or the minutes of everybody."""

    rows: int
    vertices_per_row: int
    vertices: int

"""One row of a file: fields are read by name and checked; invalid ones are refused with a code."""

import json
import math
from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Any, TypeVar

from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geo.errors import GeoError
from geo.lonlat import LonLat
from responder.domain.errors import InvalidValueError
from responder.services.validation.geometry import checked_geometry
from responder.services.validation.text import checked_text

NAME_LENGTH = 200
KEY_FIELDS = ("id", "@id", "osm_id")

YES = (True, 1, "true", "1", "yes", "y", "t", "是", "1.0")
NO = (False, 0, "false", "0", "no", "n", "f", "否", "0.0")
"""As databases and people write it where a format has no truth values."""

Choice = TypeVar("Choice", bound=StrEnum)


class RowRefusedError(Exception):
    """A row may not be; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def refused(*, code: str) -> RowRefusedError:
    """Return the error that says why a row may not be."""
    return RowRefusedError(code)


class Row:
    """One row of a file; its fields are read by name."""

    def __init__(self, properties: Mapping[str, Any], geometry: BaseGeometry) -> None:
        self._properties = properties
        self.geometry = geometry

    @property
    def properties(self) -> Mapping[str, Any]:
        """All that the row says."""
        return self._properties

    def has(self, field: str) -> bool:
        """Tell whether the row speaks of a field."""
        return self._properties.get(field) is not None

    def source_key(self, column: str | None = None) -> str | None:
        """Return by what the row is known in its source, if by anything: an `id`, or one of OpenStreetMap."""
        for field in KEY_FIELDS if column is None else (column,):
            value = self._properties.get(field)
            if isinstance(value, float) and value.is_integer():
                value = int(value)
            if isinstance(value, str | int) and not isinstance(value, bool) and str(value).strip():
                return str(value).strip()
        return None

    def content(self) -> str:
        """Return everything that the row says, as text."""
        return json.dumps(self._properties, sort_keys=True, default=str) + self.geometry.wkt

    def text(self, field: str, *, longest: int = NAME_LENGTH, needed: bool = False) -> str:
        """Return a text; empty when there is none."""
        value = self._properties.get(field)
        if value is None and not needed:
            return ""
        if not isinstance(value, str | int | float) or isinstance(value, bool):
            raise refused(code=f"invalid_{field}" if value is not None else f"missing_{field}")
        if isinstance(value, float) and value.is_integer():
            # An empty cell in a column of whole numbers makes fractions of the others on the way.
            value = int(value)
        try:
            return checked_text(str(value).strip(), field=field, longest=longest, may_be_empty=not needed)
        except InvalidValueError:
            raise refused(code=f"invalid_{field}") from None

    def number(self, field: str, *, least: float, most: float) -> float | None:
        """Return a number between two others; None when there is none."""
        value = self._properties.get(field)
        if value is None or value == "":
            return None
        try:
            number = math.nan if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            number = math.nan
        if not least <= number <= most:
            raise refused(code=f"invalid_{field}")
        return number

    def whole(self, field: str, *, least: int, most: int) -> int | None:
        """Return a whole number between two others; None when there is none."""
        number = self.number(field, least=least, most=most)
        if number is not None and not number.is_integer():
            raise refused(code=f"invalid_{field}")
        return None if number is None else int(number)

    def day(self, field: str) -> date | None:
        """Return a day such as 2026-05-31, a time of it left aside; None when there is none."""
        value = self._properties.get(field)
        if value is None or value == "":
            return None
        if isinstance(value, date):
            return value.date() if isinstance(value, datetime) else value
        try:
            return date.fromisoformat(str(value).strip()[:10].replace("/", "-"))
        except ValueError:
            raise refused(code=f"invalid_{field}") from None

    def choice(self, field: str, kinds: type[Choice], *, default: Choice | None = None) -> Choice:
        """Return one of the values of an enumeration."""
        value = self.text(field, needed=default is None)
        if not value and default is not None:
            return default
        try:
            return kinds(value)
        except ValueError:
            raise refused(code=f"unknown_{field}") from None

    def flag(self, field: str, *, default: bool) -> bool:
        value = self._properties.get(field)
        if isinstance(value, str):
            value = value.strip().casefold()
        if value is None or value == "":
            return default
        if value in YES:
            return True
        if value in NO:
            return False
        raise refused(code=f"invalid_{field}")

    def many(self, field: str) -> list[Any]:
        """Return a list; file formats without lists carry it as JSON text."""
        value = self._properties.get(field)
        if isinstance(value, str) and value.startswith("["):
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                raise refused(code=f"invalid_{field}") from None
        if value in (None, ""):
            return []
        if not isinstance(value, list):
            raise refused(code=f"invalid_{field}")
        return value

    def shape(self, types: frozenset[str]) -> dict[str, Any]:
        """Return the geometry as GeoJSON, of one of the types."""
        self._require_geometry()
        if self.geometry.geom_type not in types:
            raise refused(code="wrong_geometry")
        try:
            return checked_geometry(self.geometry, types=types)
        except GeoError as error:
            raise refused(code=error.code) from None

    def point(self) -> LonLat:
        self._require_geometry()
        if not isinstance(self.geometry, Point):
            raise refused(code="wrong_geometry")
        return LonLat(self.geometry.x, self.geometry.y)

    def _require_geometry(self) -> None:
        if self.geometry.is_empty:
            raise refused(code="missing_geometry")

"""Places inside the properties of a row, such as the doors of a building: converted with its geometry."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final, NamedTuple

import numpy as np

from geo.formats.placement import Placement, Positions

LON_LAT_NAMES: Final = (("lon", "lat"), ("lng", "lat"), ("longitude", "latitude"))
POSITION_FIELDS: Final = frozenset({"coordinates", "post", "position", "location"})
"""Their values are positions, or lists of such."""
DEEPEST: Final = 12
MOST_DEGREES: Final = 180
LARGEST: Final = 1e12
"""No coordinate is larger."""


class _Place(NamedTuple):
    row: int
    holder: Any
    keys: tuple[Any, Any]
    """Where X and Y stand in the holder."""
    is_named: bool

    @property
    def xy(self) -> list[float]:
        return [self.holder[key] for key in self.keys]


def convert_places(
    rows: Sequence[dict[str, Any]], *, placement: Placement, beside: Positions
) -> list[dict[str, Any]]:
    """
    Return the properties of rows with every place in them converted to WGS 84.

    Parameters
    ----------
    rows
        Properties; places are objects with `lon` and `lat`, geometries of GeoJSON, and lists named `post`
        and the like, at any depth, also within text that holds JSON. They are not changed.
    placement
        What the file is in. In a projection, numbers small enough for degrees are degrees already.
    beside
        A place of each row in WGS 84. In a file with latitude first it is unknown what its `lon` holds, so
        the order that puts it closer to this is taken.
    """
    copies = [{name: _copied(value) for name, value in row.items()} for row in rows]
    places = [place for index, row in enumerate(copies) for place in _places(row, index, depth=0)]
    crs = placement.crs.crs
    if crs is not None and not crs.is_geographic:
        places = [place for place in places if any(abs(number) > MOST_DEGREES for number in place.xy)]
    if not places:
        return copies
    written = np.array([place.xy for place in places], dtype=np.float64)
    is_named = np.array([place.is_named for place in places])
    by_order = {order: _converted(written, replace(placement, axis_order=order)) for order in ("xy", "yx")}
    lonlats = by_order[placement.axis_order].copy()
    if placement.axis_order == "yx":
        anchors = beside[[place.row for place in places]]
        away = {order: np.hypot(*(found - anchors).T) for order, found in by_order.items()}
        by_name = is_named & (away["xy"] < away["yx"])
        lonlats[by_name] = by_order["xy"][by_name]
    for place, lonlat in zip(places, lonlats.tolist(), strict=True):
        for key, value in zip(place.keys, lonlat, strict=True):
            place.holder[key] = value
    return copies


def _converted(written: Positions, placement: Placement) -> Positions:
    possible = placement.can_be(written)
    lonlats = np.full_like(written, np.inf)
    lonlats[possible] = placement.to_wgs84(written[possible])
    return lonlats


def _copied(value: Any, depth: int = 0) -> Any:  # noqa: ANN401 - any cell
    if depth > DEEPEST:
        return value
    if isinstance(value, str) and value[:1] in ("[", "{") and depth == 0:
        try:
            parsed = json.loads(value)
        except (ValueError, RecursionError):
            return value
        return _copied(parsed, 1) if any(_places(parsed, 0, depth=0)) else value
    if isinstance(value, dict):
        return {name: _copied(inner, depth + 1) for name, inner in value.items()}
    return [_copied(inner, depth + 1) for inner in value] if isinstance(value, list) else value


def _places(value: Any, row: int, *, depth: int) -> Iterator[_Place]:  # noqa: ANN401 - any cell
    if depth >= DEEPEST:
        return
    if isinstance(value, list):
        for inner in value:
            yield from _places(inner, row, depth=depth + 1)
    if not isinstance(value, dict):
        return
    for keys in LON_LAT_NAMES:
        if all(_is_number(value.get(key)) for key in keys):
            yield _Place(row, value, keys, is_named=True)
            break
    for name, inner in value.items():
        yield from (_positions if name in POSITION_FIELDS else _places)(inner, row, depth=depth + 1)


def _positions(value: Any, row: int, *, depth: int) -> Iterator[_Place]:  # noqa: ANN401 - any cell
    if depth >= DEEPEST:
        return
    if isinstance(value, dict):
        yield from _places(value, row, depth=depth)
    elif isinstance(value, list) and len(value) >= 2 and all(_is_number(number) for number in value[:2]):  # noqa: PLR2004
        yield _Place(row, value, (0, 1), is_named=False)
    elif isinstance(value, list):
        for inner in value:
            yield from _positions(inner, row, depth=depth + 1)


def _is_number(value: Any) -> bool:  # noqa: ANN401 - any cell
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < LARGEST

"""Cars parked on the carriageway: how many rows of them, and how they stand."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from geo.tags.access_values import words
from geo.tags.attributes import PARKED_ROWS

MOST_HALVES: Final = 4
"""Two sides, a whole row on each."""
_BASE: Final = MOST_HALVES + 1
PARKED_CODES: Final = _BASE ** len(PARKED_ROWS)
"""How many numbers `parked_code` may give."""
# Halves of a row on the carriageway, by where the cars stand.
_HALVES_BY_PLACE: Final[Mapping[str, int]] = {
    **dict.fromkeys(("lane", "on_street", "marked"), 2),
    "half_on_kerb": 1,
    **dict.fromkeys(("no", "on_kerb", "street_side", "lay_by", "shoulder", "separate", "none"), 0),
    **dict.fromkeys(("painted_area_only", "no_parking", "no_stopping", "no_standing", "fire_lane"), 0),
}
_NO_CARS: Final = frozenset({"no_parking", "no_stopping", "no_standing"})


def parked_code(tags: Mapping[str, str]) -> int:
    """
    Count the rows of cars that stand on the carriageway, in halves, as one number.

    `rows_parked` takes it apart again. A side whose cars stand beside the carriageway counts nothing.

    Examples
    --------
    >>> rows_parked(parked_code({"parking:both": "lane"}))
    (2.0, 0.0, 0.0)
    >>> rows_parked(parked_code({"parking:left": "half_on_kerb", "parking:left:orientation": "diagonal"}))
    (0.0, 0.5, 0.0)
    """
    code = 0
    for side in ("left", "right"):
        place, standing = _side(tags, side)
        halves = _HALVES_BY_PLACE.get(place, 0)
        code += halves * _BASE ** PARKED_ROWS.index(standing if standing in PARKED_ROWS else "parallel")
    return code


def rows_parked(code: int) -> Sequence[float]:
    """Give the rows on the carriageway that a number stands for, in the order of `PARKED_ROWS`."""
    return tuple(code // _BASE**place % _BASE / 2 for place in range(len(PARKED_ROWS)))


def parking_not_understood(tags: Mapping[str, str]) -> Iterator[str]:
    """Give the tags of parking with a word that is not understood, as `key=value`."""
    for side in ("left", "right", "both"):
        for key, known in (
            (f"parking:{side}", _HALVES_BY_PLACE.keys()),
            (f"parking:lane:{side}", _HALVES_BY_PLACE.keys() | set(PARKED_ROWS)),
        ):
            if key in tags and not known >= set(words(tags[key])):
                yield f"{key}={tags[key]}"


def _side(tags: Mapping[str, str], side: str) -> tuple[str, str]:
    """Give where cars stand on one side of a road, and how."""

    def either(before: str, after: str = "") -> str:
        found = tags.get(f"{before}:{side}{after}", tags.get(f"{before}:both{after}", ""))
        return next(iter(words(found)), "")

    place = either("parking")
    if place:
        forbidden = either("parking", ":restriction") in _NO_CARS
        return "no" if forbidden else place, either("parking", ":orientation")
    # The older scheme: `parking:lane:left=parallel`, `parking:lane:left:parallel=half_on_kerb`.
    standing = either("parking:lane")
    if standing not in PARKED_ROWS:
        return standing, ""
    return either("parking:lane", f":{standing}") or "lane", standing

"""What a road is to drive on, from `surface`, `tracktype`, `smoothness` and `impassable`."""

from collections.abc import Iterator, Mapping
from typing import Final

from geo.tags.access_values import words
from geo.tags.attributes import SURFACE_CODE

_SURFACE: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("asphalt", "chipseal", "tarmac", "concrete", "cement", "paved", "paving_stones", "bricks", "brick"),
        "firm",
    ),
    **dict.fromkeys(
        ("interlock", "tiles", "metal", "metal_grid", "wood", "plastic", "rubber", "tartan"), "firm"
    ),
    **dict.fromkeys(("acrylic", "artificial_turf", "carpet", "compacted", "fine_gravel", "unknown"), "firm"),
    **dict.fromkeys(("sett", "cobblestone", "unhewn_cobblestone", "stone", "stones", "rocky"), "rough"),
    **dict.fromkeys(("stepping_stones", "grass_paver"), "rough"),
    **dict.fromkeys(("gravel", "pebblestone", "pebbles", "unpaved", "shells", "rock"), "loose"),
    **dict.fromkeys(("dirt", "earth", "ground", "soil", "clay", "grass", "woodchips", "laterite"), "earth"),
    **dict.fromkeys(("sand", "mud", "snow", "ice", "salt"), "soft"),
}
_TRACKTYPE: Final[Mapping[str, str]] = {
    "grade1": "firm",
    "grade2": "loose",
    "grade3": "loose",
    "grade4": "earth",
    "grade5": "soft",
}
_SMOOTHNESS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("excellent", "good", "intermediate"), "firm"),
    "bad": "rough",
    "very_bad": "earth",
    "horrible": "soft",
    "very_horrible": "very_horrible",
    "impassable": "impassable",
}
_IMPASSABLE: Final = {"yes": "impassable", "no": "firm"}
_TABLES: Final[Mapping[str, Mapping[str, str]]] = {
    "surface": _SURFACE,
    "tracktype": _TRACKTYPE,
    "smoothness": _SMOOTHNESS,
    "impassable": _IMPASSABLE,
}


def surface_code(tags: Mapping[str, str]) -> int:
    """
    Give the number of the worst surface that the tags of a way speak of.

    Examples
    --------
    >>> from geo.tags.attributes import SURFACES
    >>> SURFACES[surface_code({"surface": "asphalt;mud"})], SURFACES[surface_code({"tracktype": "grade4"})]
    ('soft', 'earth')
    """
    found = (_named(key, word) for key in _TABLES for word in words(tags.get(key, "")))
    return max((SURFACE_CODE[name] for name in found if name is not None), default=0)


def surface_not_understood(tags: Mapping[str, str]) -> Iterator[str]:
    """Give the tags of a surface with a word that is not understood, as `key=value`."""
    for key in _TABLES:
        if any(_named(key, word) is None for word in words(tags.get(key, ""))):
            yield f"{key}={tags[key]}"


def _named(key: str, word: str) -> str | None:
    # `concrete:lanes` and `cobblestone:flattened` are as the word before the colon.
    return _TABLES[key].get(word) or _TABLES[key].get(word.partition(":")[0])

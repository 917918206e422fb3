"""What OpenStreetMap tags say about buildings, emergency services and equipment."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final, NamedTuple

from geo.osm.out_of_use import LIFECYCLE, STATUS_KEYS, is_out_of_use, out_of_use_value

Tags = Mapping[str, str]

_PLACE_KEYS: Final = ("amenity", "healthcare", "emergency")
FEATURE_KEYS: Final = (
    *("building", "entrance", *_PLACE_KEYS),
    *(f"{prefix}:{key}" for prefix in LIFECYCLE for key in _PLACE_KEYS),
)
"""An object with none of these keys holds nothing for us."""

SERVICES: Final = {"hospital": "hospital", "police": "police", "fire_station": "fire_station"}
EQUIPMENT: Final = {
    "fire_hydrant": "hydrant",
    "defibrillator": "aed",
    "fire_extinguisher": "extinguisher",
    "fire_hose": "hose_box",
    "assembly_point": "assembly_point",
    "first_aid_kit": "first_aid",
    "key_depot": "key",
}
USES: Final = {
    "apartments": "residential",
    "residential": "residential",
    "house": "residential",
    "detached": "residential",
    "terrace": "residential",
    "dormitory": "residential",
    "hospital": "hospital",
    "school": "school",
    "university": "school",
    "kindergarten": "school",
    "office": "office",
    "commercial": "commercial",
    "retail": "commercial",
    "industrial": "industrial",
    "warehouse": "industrial",
    "fire_station": "fire_station",
    "collapsed": "ruin",
    "ruins": "ruin",
}
NOTED: Final = (
    "fire_hydrant:type",
    "fire_hydrant:diameter",
    "fire_hydrant:position",
    "water_source",
    "defibrillator:location",
    "indoor",
    "level",
    "locked",
    "access",
    *sorted(STATUS_KEYS),
    "description",
    "note",
)
MOST_STOREYS: Final = 200
FIRST_YEAR: Final = 1000
MOST_CHARACTERS: Final = 500


class Names(NamedTuple):
    """A name for each language of the screen; empty where the map has none at all."""

    zh: str
    en: str


def names_of(tags: Tags) -> Names:
    """
    Choose names: the language's own, then the local one, then the other's.

    Examples
    --------
    >>> names_of({"name": "蚌埠市第三人民医院"})
    Names(zh='蚌埠市第三人民医院', en='蚌埠市第三人民医院')
    >>> names_of({"name": "Caserne", "name:en": "Fire station"})
    Names(zh='Caserne', en='Fire station')
    """
    zh = tags.get("name:zh-Hans") or tags.get("name:zh") or tags.get("name") or tags.get("name:en") or ""
    en = tags.get("name:en") or tags.get("int_name") or tags.get("name") or tags.get("name:zh") or ""
    return Names(zh=zh[:MOST_CHARACTERS], en=en[:MOST_CHARACTERS])


def is_building(tags: Tags) -> bool:
    """Tell whether something stands there, be it a ruin; `building=no` says that nothing does."""
    return tags.get("building", "no") != "no"


def place_kinds(tags: Tags) -> tuple[str, ...]:
    """
    Tell which emergency services and equipment are meant, whether they work or not.

    Examples
    --------
    >>> place_kinds({"emergency": "fire_hydrant;defibrillator"})
    ('hydrant', 'aed')
    """
    return _kinds(*(tags.get(key, "") for key in _PLACE_KEYS))


def dead_kinds(tags: Tags) -> tuple[str, ...]:
    """Tell which ones were there or shall be: behind a prefix, as in `disused:emergency`."""
    gone = _kinds(*(out_of_use_value(tags, key) or "" for key in _PLACE_KEYS))
    return tuple(kind for kind in gone if kind not in place_kinds(tags))


def _kinds(amenity: str, healthcare: str, emergency: str) -> tuple[str, ...]:
    found = [SERVICES.get(value) for value in _values(amenity)]
    if not any(found) and "hospital" in _values(healthcare):
        found.append("hospital")
    found.extend(EQUIPMENT.get(value) for value in _values(emergency))
    return tuple(dict.fromkeys(kind for kind in found if kind is not None))


def _values(text: str) -> list[str]:
    return [part.strip() for part in text.split(";")]


def building_use(tags: Tags) -> str:
    """Tell what a building is used for; `unknown` where the map says only that it is one."""
    service = next((kind for kind in place_kinds(tags) if kind in SERVICES.values()), None)
    if service is not None and not is_out_of_use(tags):
        return service
    return USES.get(tags.get("building", ""), "unknown")


def storeys_of(tags: Tags) -> int | None:
    """
    Count storeys; None without a tag, or when the value is impossible.

    Examples
    --------
    >>> [storeys_of({"building:levels": text}) for text in ("7", "2.5", "3;4", "-1", "many")]
    [7, 2, None, None, None]
    """
    written = re.fullmatch(r"\s*(\d{1,3})(?:\.\d+)?\s*", tags.get("building:levels", ""))
    return int(written[1]) if written and 1 <= int(written[1]) <= MOST_STOREYS else None


def year_of(tags: Tags) -> int | None:
    """
    Read the year of building from `start_date`.

    Examples
    --------
    >>> [year_of({"start_date": text}) for text in ("1987", "1987-05-01", "~1900", "C19", "9999")]
    [1987, 1987, None, None, None]
    """
    written = re.fullmatch(r"(\d{4})(?:-\d{2}){0,2}", tags.get("start_date", ""))
    return int(written[1]) if written and FIRST_YEAR <= int(written[1]) <= datetime.now(UTC).year else None


def note_of(tags: Tags) -> str:
    """Write down what else the map says, for the people who go there."""
    return "; ".join(f"{key}={tags[key]}" for key in NOTED if tags.get(key))[:MOST_CHARACTERS]

"""Squares and platforms of OpenStreetMap: what people walk over without a road being drawn."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from geo.osm.restrictions import RestrictionMember

WALKED_KEYS = ("place", "railway", "public_transport", "route")
"""Keys besides `highway` that tell of a place to walk on, or of a ferry."""
_AREAS = frozenset({"pedestrian", "footway"})


class Square(NamedTuple):
    """An area that people cross: its outer and inner rings as ids of points."""

    outer: Sequence[Sequence[int]]
    inner: Sequence[Sequence[int]]
    tags: Mapping[str, str]


def is_walked_place(tags: Mapping[str, str]) -> bool:
    """
    Whether people walk on something that is drawn without a class of road.

    Examples
    --------
    >>> is_walked_place({"railway": "platform"}), is_walked_place({"railway": "rail"})
    (True, False)
    """
    platform = "platform" in {tags.get("railway"), tags.get("public_transport")}
    return "highway" not in tags and (platform or tags.get("place") == "square")


def as_road(tags: Mapping[str, str]) -> Mapping[str, str]:
    """Write the tags of a walked place as those of a platform, which is open to people on foot."""
    return {**tags, "highway": "platform"} if is_walked_place(tags) else tags


def is_square(tags: Mapping[str, str], *, is_ring: bool) -> bool:
    """
    Whether people may cross the inside of a way or a multipolygon.

    Parameters
    ----------
    tags
        Of the way or the relation.
    is_ring
        A closed way. What is not closed is a line, and a multipolygon is always an area.

    Examples
    --------
    >>> is_square({"highway": "pedestrian", "area": "yes"}, is_ring=True)
    True
    >>> is_square({"highway": "pedestrian"}, is_ring=True)
    False
    """
    if not is_ring or tags.get("area") == "no":
        return False
    if is_walked_place(tags) or tags.get("place") == "square" or tags.get("highway") == "platform":
        return True
    area = tags.get("area") == "yes" or tags.get("type") == "multipolygon"
    return area and tags.get("highway") in _AREAS


def rings_of(ways: Iterable[Sequence[int]]) -> list[list[int]] | None:
    """
    Join ways end to end into closed rings; `None` when some stay open.

    Examples
    --------
    >>> rings_of([[1, 2, 3], [1, 5, 3], [7, 8, 9, 7]])
    [[1, 2, 3, 5, 1], [7, 8, 9, 7]]
    >>> rings_of([[1, 2, 3]]) is None
    True
    """
    left = [list(way) for way in ways if len(way) > 1]
    rings: list[list[int]] = []
    while left:
        ring = left.pop(0)
        while ring[0] != ring[-1]:
            after = next((way for way in left if ring[-1] in {way[0], way[-1]}), None)
            if after is None:
                return None
            left.remove(after)
            ring += (after if after[0] == ring[-1] else after[::-1])[1:]
        rings.append(ring)
    return rings


def square_of(
    tags: Mapping[str, str], members: Sequence[RestrictionMember], ways: Mapping[int, Sequence[int]]
) -> Square | None:
    """Put a multipolygon together; `None` when a way is not in the file or a ring stays open."""
    of_ways = [member for member in members if member.kind == "w"]
    if any(member.ref not in ways for member in of_ways):
        return None
    outer = rings_of(ways[member.ref] for member in of_ways if member.role != "inner")
    inner = rings_of(ways[member.ref] for member in of_ways if member.role == "inner")
    return Square(outer, inner, tags) if outer and inner is not None else None

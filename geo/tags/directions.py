"""Which way along a road: one-ways, rules for one direction, and roads whose direction changes."""

from collections.abc import Callable, Iterator, Mapping

from geo.tags.access_values import not_understood
from geo.tags.attributes import RoadAccess

Tags = Mapping[str, str]

_FORWARD = frozenset({"yes", "true", "1"})
_BACKWARD = frozenset({"-1", "reverse"})
_BOTH = frozenset({"no", "false", "0", "alternating"})
_CHANGING = frozenset({"reversible"})
_WHEELS = RoadAccess.CYCLE | RoadAccess.MOTOR | RoadAccess.EMERGENCY
# From the general to the particular: a later key overrules an earlier one.
_KEYS: tuple[tuple[str, RoadAccess], ...] = (
    ("oneway:vehicle", _WHEELS),
    ("oneway:motor_vehicle", RoadAccess.MOTOR | RoadAccess.EMERGENCY),
    ("oneway:motorcar", RoadAccess.MOTOR),
    ("oneway:bicycle", RoadAccess.CYCLE),
    ("oneway:foot", RoadAccess.FOOT),
)
_MODES = (RoadAccess.FOOT, RoadAccess.CYCLE, RoadAccess.MOTOR, RoadAccess.EMERGENCY)
_SUFFIXES = (":forward", ":backward")


def directions(
    tags: Tags, highway: str, allowed: Callable[[Tags], RoadAccess]
) -> tuple[RoadAccess, RoadAccess, int]:
    """
    Say who may use a road forth and back, as it is drawn.

    Parameters
    ----------
    tags
        Of the way.
    highway
        Its class.
    allowed
        Gives who may use the road by its tags, directions aside.

    Returns
    -------
    forward, backward
        Bits of `RoadAccess`, with `AGAINST` where only a vehicle on a call goes against the rule.
    oneway
        For cars: 1 forth, -1 back, 0 both ways or not at all.

    Examples
    --------
    >>> from geo.tags.attributes import ALL_MODES
    >>> directions({"oneway:motor_vehicle": "-1"}, "residential", lambda _tags: ALL_MODES)
    (<Access.FOOT|CYCLE|EMERGENCY|AGAINST: 27>, <Access.FOOT|CYCLE|MOTOR|EMERGENCY: 15>, -1)
    """
    oneway = _oneways(tags, highway)
    sides = tuple(allowed(_along(tags, suffix)) for suffix in _SUFFIXES)
    legal = [RoadAccess.NONE, RoadAccess.NONE]
    for mode in _MODES:
        for side, direction in enumerate((1, -1)):
            if sides[side] & mode and oneway[mode] in {0, direction}:
                legal[side] |= mode
    found = [_with_calls(tags, sides, legal, side) for side in (0, 1)]
    cars = tuple(bool(bits & RoadAccess.MOTOR) for bits in found)
    return found[0], found[1], int(cars[0]) - int(cars[1]) if any(cars) else oneway[RoadAccess.MOTOR] or 0


def directions_not_understood(tags: Tags) -> Iterator[str]:
    """
    Give the tags of directions whose word is not understood or not followed, as `key=value`.

    Examples
    --------
    >>> list(directions_not_understood({"oneway": "reversible", "vehicle:forward": "perhaps"}))
    ['oneway=reversible', 'vehicle:forward=perhaps']
    """
    known = _FORWARD | _BACKWARD | _BOTH
    for key in ("oneway", *(key for key, _ in _KEYS), "oneway:emergency"):
        if key in tags and _word(tags[key]) not in known:
            yield f"{key}={tags[key]}"
    for suffix in _SUFFIXES:
        directed = {key.removesuffix(suffix): value for key, value in tags.items() if key.endswith(suffix)}
        yield from (pair.replace("=", f"{suffix}=", 1) for pair in not_understood(directed))


def _along(tags: Tags, suffix: str) -> Tags:
    """Put the rules for one direction in the place of those for both."""
    directed = {key.removesuffix(suffix): value for key, value in tags.items() if key.endswith(suffix)}
    return {**tags, **directed} if directed else tags


def _oneways(tags: Tags, highway: str) -> dict[RoadAccess, int | None]:
    """By mode: 1, -1 or 0 for both ways; `None` where the direction changes with the hour."""
    general = _direction(tags.get("oneway"))
    if "oneway" not in tags:
        ring = tags.get("junction") in {"roundabout", "circular"}
        general = 1 if ring or highway in {"motorway", "motorway_link"} else 0
    # A one-way is a rule for vehicles; people on foot have one only where it names them.
    found: dict[RoadAccess, int | None] = dict.fromkeys(_MODES, general)
    found[RoadAccess.FOOT] = 0
    if _cycles_both_ways(tags):
        found[RoadAccess.CYCLE] = 0
    for key, modes in _KEYS:
        if key in tags:
            found |= {mode: _direction(tags[key]) for mode in _MODES if mode & modes}
    if _word(tags.get("oneway:emergency", "")) in _BOTH:
        found[RoadAccess.EMERGENCY] = 0
    return found


def _direction(value: str | None) -> int | None:
    word = _word(value or "no")
    if word in _CHANGING:
        return None
    return 1 if word in _FORWARD else -1 if word in _BACKWARD else 0


def _word(value: str) -> str:
    return value.strip().lower()


def _with_calls(tags: Tags, sides: tuple[RoadAccess, ...], legal: list[RoadAccess], side: int) -> RoadAccess:
    """Let vehicles on a call go where only the direction forbids it, as against the rule."""
    found, call = legal[side], RoadAccess.EMERGENCY
    if not sides[side] & call:
        return found
    by_emergency = _word(tags.get("oneway:emergency", "")) in _BOTH
    # A sign that bans cars in this direction alone is one more way to write a one-way.
    signed = bool(sides[1 - side] & ~sides[side] & RoadAccess.MOTOR)
    if found & call and not (signed and not by_emergency):
        return found
    return found & ~call if _never_against(tags) else found | call | RoadAccess.AGAINST


def _cycles_both_ways(tags: Tags) -> bool:
    if tags.get("cycleway", "").startswith("opposite"):
        return True
    sides = ("cycleway:left", "cycleway:right", "cycleway:both")
    return any(
        tags.get(side, "").startswith("opposite") or tags.get(f"{side}:oneway") in {"-1", "no"}
        for side in sides
    )


def _never_against(tags: Tags) -> bool:
    """Driving against the traffic of a motorway or round a roundabout is no way to hurry."""
    fast = (
        tags.get("highway") in {"motorway", "motorway_link", "trunk_link"} or tags.get("motorroad") == "yes"
    )
    return fast or tags.get("junction") in {"roundabout", "circular"} or tags.get("oneway:emergency") == "yes"

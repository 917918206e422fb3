"""Gates, bollards and other obstacles that stand on a point of a road."""

import math
from collections.abc import Iterator, Mapping

from geo.tags.access_values import allowed_by, is_private, not_understood, words
from geo.tags.attributes import ALL_MODES, BARRIER_CODE, HIGHWAY_CODE, RoadAccess, RoadAttributes
from geo.tags.measures import length_not_read, metres, tonnes, weight_not_read

Tags = Mapping[str, str]
_PEOPLE = RoadAccess.FOOT | RoadAccess.CYCLE
_KINDS: dict[str, tuple[str, ...]] = {
    "gate": ("gate", "hampshire_gate", "bump_gate", "sliding_gate", "car_gate", "overhead", "garage"),
    "lift_gate": ("lift_gate", "boom", "boom_gate", "boom_barrier"),
    "swing_gate": ("swing_gate", "sliding_beam", "sally_port"),
    "bollard": ("bollard", "bollards", "planter", "bus_trap", "sump_buster", "car_trap", "wedge"),
    "removable_bollard": ("rising_bollard", "removable_bollard", "retractable_bollard"),
    "block": (
        *("block", "jersey_barrier", "concrete", "concrete_block", "stone", "rock", "boulder", "log", "tree"),
        *("debris", "rubble", "guard_rail", "cable_barrier", "tank_trap", "tyres", "earth_bank", "mound"),
    ),
    "chain": ("chain", "rope", "tape"),
    "cycle_barrier": ("cycle_barrier", "motorcycle_barrier"),
    "narrow_passage": (
        *("wicket_gate", "kissing_gate", "turnstile", "full_height_turnstile", "stile", "horse_stile"),
        *("ladder", "door"),
    ),
    "toll_booth": ("toll_booth",),
    "locked": ("wall", "city_wall", "retaining_wall", "fence", "wire_fence", "hedge"),
}
_KIND = {word: kind for kind, several in _KINDS.items() for word in several}
# Those that neither stop nor delay traffic on a road.
_NOTHING = frozenset(
    {"no", "none", "kerb", "curb", "cattle_grid", "entrance", "opening", "gap", "ditch", "handrail"}
    | {"delineators", "rumble_strip"}
)
_OTHER = frozenset({"yes", "height_restrictor", "spikes", "border_control", "checkpoint", "check_point"})
# From what lets pass fewest to what delays most: of several in one value the first is meant.
_STRICTEST = (
    *("locked", "narrow_passage", "block", "bollard", "cycle_barrier", "removable_bollard"),
    *("chain", "gate", "swing_gate", "other", "lift_gate", "toll_booth"),
)
# Doors that a vehicle drives through; people go through all others.
_WIDE_DOORS = frozenset({"overhead", "garage"})
_NO_DOORS = frozenset({"no", "none", "open", "opening"})
_PASSED_BY: dict[str, RoadAccess] = {
    "gate": ALL_MODES,
    "lift_gate": ALL_MODES,
    "swing_gate": ALL_MODES,
    "bollard": _PEOPLE,
    "removable_bollard": _PEOPLE | RoadAccess.EMERGENCY,
    "block": _PEOPLE,
    "chain": ALL_MODES,
    "cycle_barrier": _PEOPLE,
    "narrow_passage": RoadAccess.FOOT,
    "toll_booth": ALL_MODES,
    "locked": RoadAccess.NONE,
    "other": ALL_MODES,
}
# What is as wide as its opening; the width of a bollard or a block is its own.
_OPENINGS = frozenset({"gate", "lift_gate", "swing_gate", "chain", "narrow_passage", "cycle_barrier"})
_LENGTHS = ("maxwidth:physical", "maxwidth", "maxheight", "maxheight:physical")
_LOCKABLE = frozenset({"gate", "lift_gate", "swing_gate", "chain", "narrow_passage", "other"})


def obstacle_attributes(tags: Tags) -> RoadAttributes | None:
    """
    Return the modes that an obstacle on a node lets pass; `None` when it neither stops nor delays any.

    What blocks by its body (a bollard, a block) is not opened by a sign: `access=yes` on a
    bollard lets no car through, `motor_vehicle=yes` does: then the mapper meant cars.

    Examples
    --------
    >>> from geo.tags.attributes import BARRIERS
    >>> gate = obstacle_attributes({"barrier": "gate", "access": "private"})
    >>> Access(gate.forward), BARRIERS[gate.barrier]
    (<Access.FOOT|CYCLE|EMERGENCY: 11>, 'gate')
    >>> obstacle_attributes({"barrier": "kerb"}) is None
    True
    """
    kind = _kind(tags)
    if kind is None:
        return None
    width_m = min(metres(tags.get("maxwidth:physical")), metres(tags.get("maxwidth")))
    # Where the gap beside a body is known, what fits through it passes.
    gap = kind in {"bollard", "block"} and math.isfinite(width_m)
    # A key of its owners opens a locked gate to its owners only.
    asked = {key: value for key, value in tags.items() if kind != "locked" or not is_private(value)}
    passed = allowed_by(asked, ALL_MODES if gap else _PASSED_BY[kind])
    if kind in _OPENINGS and passed & (RoadAccess.MOTOR | RoadAccess.EMERGENCY):
        width_m = min(width_m, metres(tags.get("width")))
    return RoadAttributes(
        highway=HIGHWAY_CODE["service"],
        forward=int(passed),
        backward=int(passed),
        width_m=width_m,
        max_height_m=min(metres(tags.get("maxheight")), metres(tags.get("maxheight:physical"))),
        max_weight_t=tonnes(tags.get("maxweight")),
        barrier=BARRIER_CODE[kind],
    )


def obstacle_not_understood(tags: Tags) -> Iterator[str]:
    """
    Give what is not understood of an obstacle, as `key=value`: such a barrier counts as one that delays.

    Examples
    --------
    >>> list(obstacle_not_understood({"barrier": "gate;curtain", "access": "sometimes"}))
    ['barrier=gate;curtain', 'access=sometimes']
    """
    if not _NOTHING.union(_KIND, _OTHER).issuperset(words(tags.get("barrier", ""))):
        yield f"barrier={tags['barrier']}"
    kind = _kind(tags)
    if kind is None:
        return
    yield from not_understood(tags)
    lengths = (*_LENGTHS, *(("width",) if kind in _OPENINGS else ()))
    yield from (f"{key}={tags[key]}" for key in lengths if length_not_read(tags.get(key, "")))
    yield from (f"{key}={tags[key]}" for key in ("maxweight",) if weight_not_read(tags.get(key, "")))


def _kind(tags: Tags) -> str | None:
    standing = list(words(tags.get("barrier", "")))
    door = words(tags.get("door", ""))
    if door and not _NO_DOORS.issuperset(door):
        standing.append("garage" if _WIDE_DOORS.issuperset(door) else "door")
    kinds = {_KIND.get(word, "other") for word in standing if word not in _NOTHING}
    if not kinds:
        return None
    kind = min(kinds, key=_STRICTEST.index)
    if tags.get("locked") == "yes" and kind in _LOCKABLE:
        return "locked"
    if kind == "bollard" and tags.get("bollard") in {"removable", "rising", "foldable", "flexible"}:
        return "removable_bollard"
    return kind

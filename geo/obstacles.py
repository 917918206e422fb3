"""Gates, bollards and other obstacles that stand on a point of a road."""

import math
from collections.abc import Mapping

from geo.attributes import BARRIER_CODE, EVERYBODY, HIGHWAY_CODE, Access, RoadAttributes
from geo.tag_values import metres, tonnes

_PEOPLE = Access.FOOT | Access.CYCLE
_KIND = {
    "gate": "gate",
    "hampshire_gate": "gate",
    "sliding_gate": "gate",
    "lift_gate": "lift_gate",
    "swing_gate": "swing_gate",
    "wicket_gate": "narrow_passage",
    "bollard": "bollard",
    "planter": "bollard",
    "block": "block",
    "jersey_barrier": "block",
    "stone": "block",
    "log": "block",
    "debris": "block",
    "spikes": "other",
    "chain": "chain",
    "rope": "chain",
    "cycle_barrier": "cycle_barrier",
    "motorcycle_barrier": "cycle_barrier",
    "kissing_gate": "narrow_passage",
    "turnstile": "narrow_passage",
    "full-height_turnstile": "narrow_passage",
    "stile": "narrow_passage",
    "horse_stile": "narrow_passage",
    "toll_booth": "toll_booth",
    "height_restrictor": "other",
    "bus_trap": "bollard",
    "sump_buster": "bollard",
    "wall": "locked",
    "fence": "locked",
    "hedge": "locked",
    "guard_rail": "block",
    "yes": "other",
}
_PASSED_BY: dict[str, Access] = {
    "gate": EVERYBODY,
    "lift_gate": EVERYBODY,
    "swing_gate": EVERYBODY,
    "bollard": _PEOPLE,
    "removable_bollard": _PEOPLE | Access.EMERGENCY,
    "block": _PEOPLE,
    "chain": EVERYBODY,
    "cycle_barrier": _PEOPLE,
    "narrow_passage": Access.FOOT,
    "toll_booth": EVERYBODY,
    "locked": Access.NONE,
    "other": EVERYBODY,
}
_KEYS: tuple[tuple[str, Access], ...] = (
    ("access", EVERYBODY),
    ("foot", Access.FOOT),
    ("vehicle", Access.CYCLE | Access.MOTOR | Access.EMERGENCY),
    ("bicycle", Access.CYCLE),
    ("motor_vehicle", Access.MOTOR | Access.EMERGENCY),
    ("emergency", Access.EMERGENCY),
)
_SHUT = frozenset({"no", "none", "closed"})
_PRIVATE = frozenset({"private", "agricultural", "forestry", "military"})


def obstacle_attributes(tags: Mapping[str, str]) -> RoadAttributes | None:
    """
    Say whom an obstacle on a node lets pass; `None` when it stops and delays nobody.

    What blocks by its body (a bollard, a block) is not opened by a sign: `access=yes` on a
    bollard lets no car through, `motor_vehicle=yes` does, for then somebody meant the car.

    Examples
    --------
    >>> from geo.attributes import BARRIERS
    >>> gate = obstacle_attributes({"barrier": "gate", "access": "private"})
    >>> Access(gate.forward), BARRIERS[gate.barrier]
    (<Access.FOOT|CYCLE|EMERGENCY: 11>, 'gate')
    >>> obstacle_attributes({"barrier": "kerb"}) is None
    True
    """
    kind = _kind(tags)
    if kind is None:
        return None
    passed = _PASSED_BY[kind]
    for key, modes in _KEYS:
        passed = _ruled(passed, modes, tags.get(key), named=key != "access")
    width_m = min(metres(tags.get("maxwidth:physical")), metres(tags.get("maxwidth")))
    if passed & (Access.MOTOR | Access.EMERGENCY) or math.isfinite(width_m):
        width_m = min(width_m, metres(tags.get("width")))
    if math.isfinite(width_m) and kind in {"bollard", "block"}:
        # The gap is known, so whoever fits through it passes.
        passed = EVERYBODY
    return RoadAttributes(
        highway=HIGHWAY_CODE["service"],
        forward=int(passed),
        backward=int(passed),
        width_m=width_m,
        max_height_m=min(metres(tags.get("maxheight")), metres(tags.get("maxheight:physical"))),
        max_weight_t=tonnes(tags.get("maxweight")),
        barrier=BARRIER_CODE[kind],
    )


def _kind(tags: Mapping[str, str]) -> str | None:
    kind = _KIND.get(tags.get("barrier", ""))
    if kind is None:
        return None
    if tags.get("locked") == "yes" and kind in {"gate", "lift_gate", "swing_gate", "chain", "other"}:
        return "locked"
    if kind == "bollard" and tags.get("bollard") in {"removable", "rising", "foldable", "flexible"}:
        return "removable_bollard"
    return kind


def _ruled(passed: Access, modes: Access, value: str | None, *, named: bool) -> Access:
    if value is None:
        return passed
    if value in _SHUT:
        return passed & ~modes
    if value in _PRIVATE:
        return passed & ~(modes & Access.MOTOR)
    # A word of welcome opens only to those it names: `motor_vehicle=yes` and `emergency=yes` do.
    return passed | modes if named else passed

"""From the tags of an OpenStreetMap way to what the router asks about a road."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from geo.access_words import allowed_by
from geo.attributes import EVERYBODY, HIGHWAY_CODE, Access, RoadAttributes, Trait
from geo.directions import directions
from geo.tag_values import metres, speed_kph, tonnes

Tags = Mapping[str, str]

_BY_CLASS: dict[str, Access] = {
    "motorway": Access.MOTOR | Access.EMERGENCY,
    "motorway_link": Access.MOTOR | Access.EMERGENCY,
    "busway": Access.EMERGENCY,
    "pedestrian": Access.FOOT | Access.EMERGENCY,
    "cycleway": Access.FOOT | Access.CYCLE | Access.EMERGENCY,
    "path": Access.FOOT | Access.CYCLE | Access.EMERGENCY,
    "footway": Access.FOOT | Access.EMERGENCY,
    "bridleway": Access.FOOT | Access.EMERGENCY,
    "steps": Access.FOOT,
}
_RENAMED = {"mini_roundabout": "residential", "minor": "unclassified", "crossing": "footway"}
_RENAMED |= {"corridor": "footway", "platform": "footway"}
_ON_FOOT_ONLY = frozenset({"steps", "corridor", "platform"})
_BY_SERVICE = {"alley": "alley", "busway": "busway", "bus": "busway"}


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why a way is not a road."""

    reason: str


def road_attributes(tags: Tags) -> RoadAttributes | Skipped:
    """
    Say who may use a way, in which direction, how fast, and how wide and high it is.

    Private roads let in people on foot, cycles and vehicles on a call, but not other cars: a
    responder is let in, yet nobody can promise that the gate opens for a volunteer's car.

    Parameters
    ----------
    tags
        Tags of one way.

    Examples
    --------
    >>> lane = road_attributes({"highway": "service", "service": "alley", "width": "2.5", "oneway": "-1"})
    >>> lane.width_m, lane.oneway, Access(lane.forward)
    (2.5, -1, <Access.FOOT|EMERGENCY|AGAINST: 25>)
    >>> road_attributes({"highway": "proposed"})
    Skipped(reason='proposed')
    """
    highway = _highway(tags)
    if highway is None:
        return Skipped(reason=tags.get("highway", "no highway"))
    forward, backward, oneway = directions(tags, highway, lambda some: _allowed(some, highway))
    if not forward | backward:
        return Skipped(reason="closed to everybody")
    both = speed_kph(tags.get("maxspeed"))
    forth = speed_kph(tags.get("maxspeed:forward"))
    back = speed_kph(tags.get("maxspeed:backward"))
    return RoadAttributes(
        highway=HIGHWAY_CODE[highway],
        forward=int(forward),
        backward=int(backward),
        width_m=clear_width_m(tags),
        max_height_m=min(metres(tags.get("maxheight")), metres(tags.get("maxheight:physical"))),
        max_weight_t=min(tonnes(tags.get("maxweight")), tonnes(tags.get("maxgcweight"))),
        max_speed_forward_kph=forth if math.isfinite(forth) else both,
        max_speed_backward_kph=back if math.isfinite(back) else both,
        oneway=oneway,
        layer=_layer(tags),
        traits=int(_traits(tags, highway)),
        name=(tags.get("name") or "").strip()[:200],
    )


def _highway(tags: Tags) -> str | None:
    written = tags.get("highway", "").split(";")[0].strip()
    written = _RENAMED.get(written, written)
    if written == "service":
        return _BY_SERVICE.get(tags.get("service", ""), written)
    return written if written in HIGHWAY_CODE and written != "alley" else None


def _allowed(tags: Tags, highway: str) -> Access:
    allowed = _BY_CLASS.get(highway, EVERYBODY)
    if tags.get("motorroad") == "yes":
        allowed &= Access.MOTOR | Access.EMERGENCY
    if tags.get("service") == "emergency_access":
        # It is for calls alone, whether or not `access=no` says so to everybody else.
        tags = {**tags, "access": "emergency"}
    allowed = allowed_by(tags, allowed)
    if highway == "busway" and tags.get("emergency") != "no":
        allowed |= Access.EMERGENCY
    if tags.get("highway") in _ON_FOOT_ONLY:
        allowed &= Access.FOOT
    return allowed


def clear_width_m(tags: Tags) -> float:
    """
    Give the width a vehicle can count on, infinity when nobody has said.

    A measured width wins over an estimate; a width limit narrows both. `lanes` counts lanes of traffic
    and states no width: a road of one lane is as wide as its class.

    Examples
    --------
    >>> clear_width_m({"width": "4", "maxwidth": "2.2"}), clear_width_m({"lanes": "1"})
    (2.2, inf)
    """
    stated = metres(tags.get("width:carriageway"))
    for key in ("width", "est_width"):
        if math.isinf(stated):
            stated = metres(tags.get(key))
    limit = min(metres(tags.get("maxwidth")), metres(tags.get("maxwidth:physical")))
    return min(stated, limit)


def _layer(tags: Tags) -> int:
    try:
        return max(-9, min(9, int(tags.get("layer", "0"))))
    except ValueError:
        return 0


def _traits(tags: Tags, highway: str) -> Trait:
    traits = Trait.NONE
    if highway == "road":
        traits |= Trait.CLASS_UNKNOWN
    if tags.get("tunnel", "no") not in {"no", "building_passage"}:
        traits |= Trait.TUNNEL
    if tags.get("bridge", "no") != "no":
        traits |= Trait.BRIDGE
    if tags.get("footway") in {"sidewalk", "crossing", "traffic_island"}:
        traits |= Trait.SIDEWALK
    if tags.get("junction") in {"roundabout", "circular"}:
        traits |= Trait.ROUNDABOUT
    return traits

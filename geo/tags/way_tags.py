"""From the tags of an OpenStreetMap way to what the router asks about a road."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from geo.tags.access_values import allowed_by, not_understood
from geo.tags.attributes import ALL_MODES, HIGHWAY_CODE, RoadAccess, RoadAttributes, Trait
from geo.tags.directions import directions
from geo.tags.measures import length_not_read, metres, tonnes, weight_not_read
from geo.tags.parking import parked_code, parking_not_understood
from geo.tags.speed_limits import speed_kph, speed_not_read
from geo.tags.surface import surface_code, surface_not_understood

Tags = Mapping[str, str]

_BY_CLASS: dict[str, RoadAccess] = {
    "motorway": RoadAccess.MOTOR | RoadAccess.EMERGENCY,
    "motorway_link": RoadAccess.MOTOR | RoadAccess.EMERGENCY,
    "busway": RoadAccess.EMERGENCY,
    "pedestrian": RoadAccess.FOOT | RoadAccess.EMERGENCY,
    "cycleway": RoadAccess.FOOT | RoadAccess.CYCLE | RoadAccess.EMERGENCY,
    "path": RoadAccess.FOOT | RoadAccess.CYCLE | RoadAccess.EMERGENCY,
    "footway": RoadAccess.FOOT | RoadAccess.EMERGENCY,
    "bridleway": RoadAccess.FOOT | RoadAccess.EMERGENCY,
    "steps": RoadAccess.FOOT,
}
_RENAMED = {"mini_roundabout": "residential", "minor": "unclassified", "crossing": "footway"}
_RENAMED |= {"corridor": "footway", "platform": "footway"}
_ON_FOOT_ONLY = frozenset({"steps", "corridor", "platform"})
_BY_SERVICE = {"alley": "alley", "busway": "busway", "bus": "busway"}

_WIDTHS = ("width:carriageway", "width", "est_width")
_WIDTH_LIMITS = ("maxwidth", "maxwidth:physical")
_HEIGHT_LIMITS = ("maxheight", "maxheight:physical")
_WEIGHT_LIMITS = ("maxweight", "maxgcweight")
_SPEED_LIMITS = ("maxspeed", "maxspeed:forward", "maxspeed:backward")


@dataclass(frozen=True, slots=True)
class Skipped:
    """Why a way is not a road."""

    reason: str


def road_attributes(tags: Tags) -> RoadAttributes | Skipped:
    """
    Say who may use a way, in which direction, how fast, and how wide and high it is.

    Private roads let in people on foot, cycles and vehicles on a call, but not other cars: a
    responder is let in, but the gate may stay shut for a volunteer's car.

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
        return Skipped(reason="closed to all traffic")
    both = speed_kph(tags.get("maxspeed"))
    forth = speed_kph(tags.get("maxspeed:forward"))
    back = speed_kph(tags.get("maxspeed:backward"))
    width_m, parked = stated_width(tags)
    return RoadAttributes(
        highway=HIGHWAY_CODE[highway],
        forward=int(forward),
        backward=int(backward),
        width_m=width_m,
        max_width_m=min(map(metres, map(tags.get, _WIDTH_LIMITS))),
        max_height_m=min(map(metres, map(tags.get, _HEIGHT_LIMITS))),
        max_weight_t=min(map(tonnes, map(tags.get, _WEIGHT_LIMITS))),
        max_speed_forward_kph=forth if math.isfinite(forth) else both,
        max_speed_backward_kph=back if math.isfinite(back) else both,
        oneway=oneway,
        layer=_layer(tags),
        traits=int(_traits(tags, highway)),
        surface=surface_code(tags),
        parked=parked,
        name=(tags.get("name") or "").strip()[:200],
    )


def _highway(tags: Tags) -> str | None:
    written = tags.get("highway", "").split(";")[0].strip()
    written = _RENAMED.get(written, written)
    if written == "service":
        return _BY_SERVICE.get(tags.get("service", ""), written)
    return written if written in HIGHWAY_CODE and written != "alley" else None


def _allowed(tags: Tags, highway: str) -> RoadAccess:
    allowed = _BY_CLASS.get(highway, ALL_MODES)
    if tags.get("motorroad") == "yes":
        allowed &= RoadAccess.MOTOR | RoadAccess.EMERGENCY
    if tags.get("service") == "emergency_access":
        # It is for calls alone, whether or not `access=no` closes it to all others.
        tags = {**tags, "access": "emergency"}
    allowed = allowed_by(tags, allowed)
    if highway == "busway" and tags.get("emergency") != "no":
        allowed |= RoadAccess.EMERGENCY
    if tags.get("highway") in _ON_FOOT_ONLY:
        allowed &= RoadAccess.FOOT
    return allowed


def stated_width(tags: Tags) -> tuple[float, int]:
    """
    Give the width that a person has stated, and the rows of parked cars that take some of it.

    A measured width wins over an estimate. Parked cars narrow a stated width only: the width of a class
    is what is usually clear. `lanes` counts lanes of traffic and states no width: a road of one lane is as
    wide as its class.

    Returns
    -------
    width_m
        Metres, infinity without a tag.
    parked
        Rows of parked cars, see `geo.tags.parking`.

    Examples
    --------
    >>> stated_width({"width": "4", "est_width": "3"}), stated_width({"lanes": "1", "parking:both": "lane"})
    ((4.0, 0), (inf, 0))
    """
    clear = metres(tags.get("width:effective"))
    if math.isfinite(clear):
        return clear, 0
    stated = (metres(tags.get(key)) for key in _WIDTHS)
    width_m = next(filter(math.isfinite, stated), math.inf)
    return width_m, parked_code(tags) if math.isfinite(width_m) else 0


def tags_not_understood(tags: Tags) -> Iterator[str]:
    """
    Give the tags of a road whose words or figures are not understood, as `key=value`.

    Examples
    --------
    >>> list(tags_not_understood({"width": "wide", "maxheight": "3.2米", "surface": "asphalt"}))
    ['width=wide']
    """
    yield from not_understood(tags)
    yield from surface_not_understood(tags)
    yield from parking_not_understood(tags)
    lengths = (*_WIDTHS, "width:effective", *_WIDTH_LIMITS, *_HEIGHT_LIMITS)
    yield from (f"{key}={tags[key]}" for key in lengths if length_not_read(tags.get(key, "")))
    yield from (f"{key}={tags[key]}" for key in _WEIGHT_LIMITS if weight_not_read(tags.get(key, "")))
    yield from (f"{key}={tags[key]}" for key in _SPEED_LIMITS if speed_not_read(tags.get(key, "")))


def _layer(tags: Tags) -> int:
    try:
        return max(-9, min(9, int(tags.get("layer", "0"))))
    except ValueError:
        return 0


def _traits(tags: Tags, highway: str) -> Trait:
    traits = Trait.NONE
    if highway == "road":
        traits |= Trait.CLASS_UNKNOWN
    widths = (*_WIDTHS, "width:effective", *_WIDTH_LIMITS)
    if all(math.isinf(metres(tags.get(key))) for key in widths):
        traits |= Trait.WIDTH_NOT_READ if any(length_not_read(tags.get(key, "")) for key in widths) else 0
    if tags.get("tunnel", "no") not in {"no", "building_passage"}:
        traits |= Trait.TUNNEL
    if tags.get("bridge", "no") != "no":
        traits |= Trait.BRIDGE
    if tags.get("footway") in {"sidewalk", "crossing", "traffic_island"}:
        traits |= Trait.SIDEWALK
    if tags.get("junction") in {"roundabout", "circular"}:
        traits |= Trait.ROUNDABOUT
    return traits

"""Words of OpenStreetMap's access tags: who may pass, and which words are unknown."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from geo.tags.attributes import ALL_MODES, RoadAccess

_CALL = RoadAccess.EMERGENCY
_OPEN = frozenset(
    {"yes", "true", "1", "permissive", "designated", "official", "public", "allowed", "discouraged"}
    | {"destination", "local", "customers", "optional_sidepath"}
)
_PRIVATE = frozenset(
    {"private", "permit", "residents", "resident", "tenants", "owner", "owners", "members", "guests"}
    | {"delivery", "deliveries", "loading", "restricted", "limited", "authorized", "authorised", "key"}
    | {"employees", "employee", "staff", "service", "services", "school", "students", "maintenance"}
    | {"agricultural", "agriculture", "farm", "forestry", "military"}
)
_MOTOR_KINDS = frozenset(
    {"emergency", "fire", "fire_engine", "ambulance", "police", "service_vehicle", "service_vehicles"}
    | {"psv", "bus", "minibus", "coach", "tourist_bus", "school_bus", "trolleybus", "share_taxi", "taxi"}
    | {"hgv", "hgv_articulated", "goods", "lhv", "truck", "trucks", "trailer", "caravan", "motorhome"}
    | {"hov", "carpool", "car_sharing", "electric", "disabled", "hazmat"}
)
_CYCLE_KINDS = frozenset({"bicycle", "bicycles", "cycle", "cyclists", "mofa", "moped"})
_OTHER_KINDS = frozenset(
    {"foot", "pedestrian", "pedestrians", "wheelchair", "horse", "ski", "motorcycle", "motorcycles"}
    | {"snowmobile", "atv", "ohv", "golf_cart"}
)
_CLOSED = frozenset({"no", "none", "closed", "forbidden", "prohibited", "dismount", "use_sidepath"})
_SILENT = frozenset({"unknown", "unspecified", "variable"})
_UNDERSTOOD = _OPEN | _PRIVATE | _MOTOR_KINDS | _CYCLE_KINDS | _OTHER_KINDS | _CLOSED | _SILENT
_PLAIN_YES = frozenset({"yes", "true", "1", "public", "permissive", "designated", "official"})

# Keys that name a kind of motor vehicle: where one of these may drive, a vehicle on a call can.
_MOTOR_KEYS = frozenset(
    {"psv", "bus", "minibus", "coach", "tourist_bus", "trolleybus", "share_taxi", "taxi", "hov"}
    | {"hgv", "goods", "delivery", "agricultural", "forestry"}
)
_LET_IN = _OPEN | _PRIVATE
# From the general to the particular: a later key overrules an earlier one.
HIERARCHY: tuple[tuple[str, RoadAccess], ...] = (
    ("access", ALL_MODES),
    ("foot", RoadAccess.FOOT),
    ("vehicle", RoadAccess.CYCLE | RoadAccess.MOTOR | _CALL),
    ("bicycle", RoadAccess.CYCLE),
    ("motor_vehicle", RoadAccess.MOTOR | _CALL),
    ("motorcar", RoadAccess.MOTOR),
)


def allowed_by(tags: Mapping[str, str], allowed: RoadAccess) -> RoadAccess:
    """
    Apply the access tags of a way or an obstacle to those whom its kind lets pass.

    A ban on vehicles is a sign, and a sign does not stop a call; `access=no` and `emergency=no` do.

    Examples
    --------
    >>> allowed_by({"motor_vehicle": "emergency"}, ALL_MODES)
    <Access.FOOT|CYCLE|EMERGENCY: 11>
    >>> allowed_by({"access": "no", "bus": "designated"}, ALL_MODES)
    <Access.EMERGENCY: 8>
    """
    for key, modes in HIERARCHY:
        if key in tags:
            allowed = ruled(allowed, modes, tags[key], legal_only=key != "access")
    if any(not _LET_IN.isdisjoint(words(tags[key])) for key in _MOTOR_KEYS & tags.keys()):
        allowed |= _CALL
    if "emergency" in tags:
        allowed = ruled(allowed, _CALL, tags["emergency"], legal_only=False)
    return allowed


def ruled(allowed: RoadAccess, modes: RoadAccess, value: str, *, legal_only: bool) -> RoadAccess:
    """
    Apply the value of one access tag; of several words each lets in those whom it names.

    Parameters
    ----------
    allowed
        Who may pass by the tags before this one.
    modes
        Whom the tag is about.
    value
        One word, or several between semicolons. A word that is not understood counts as `private`.
    legal_only
        Whether a ban is a sign, which does not stop a vehicle on a call.
    """
    found = RoadAccess.NONE
    for word in _consistent(words(value)):
        found |= _by_word(allowed, modes, word, legal_only=legal_only)
    return found


def not_understood(tags: Mapping[str, str]) -> Iterator[str]:
    """
    Give the access tags with a word that is not understood, as `key=value`.

    Examples
    --------
    >>> list(not_understood({"access": "yes", "motor_vehicle": "sometimes"}))
    ['motor_vehicle=sometimes']
    """
    for key in (*(key for key, _ in HIERARCHY), "emergency"):
        if key in tags and not _UNDERSTOOD.issuperset(_consistent(words(tags[key]))):
            yield f"{key}={tags[key]}"


def is_private(value: str) -> bool:
    """Whether a value names only those who have a right of their own."""
    return _PRIVATE.issuperset(words(value))


@lru_cache(maxsize=4096)
def words(value: str) -> tuple[str, ...]:
    """
    Split a value into its words.

    Examples
    --------
    >>> words("Agricultural; forestry")
    ('agricultural', 'forestry')
    """
    parts = re.split(r"[;,|]", value)
    return tuple(word for part in parts if (word := re.sub(r"[\s-]+", "_", part.strip().lower())))


def _consistent(several: tuple[str, ...]) -> tuple[str, ...]:
    contradicted = not _PLAIN_YES.isdisjoint(several) and not _CLOSED.isdisjoint(several)
    # Neither yes nor no can be relied on: not understood.
    return ("yes;no",) if contradicted else several or ("",)


def _by_word(allowed: RoadAccess, modes: RoadAccess, word: str, *, legal_only: bool) -> RoadAccess:
    named = modes != ALL_MODES
    cars, wheels = modes & RoadAccess.MOTOR, modes & (RoadAccess.MOTOR | RoadAccess.CYCLE)
    # Where some motor vehicles may drive, a vehicle on a call can.
    call = _CALL if modes & (RoadAccess.MOTOR | _CALL) else RoadAccess.NONE
    closed, opened = cars, RoadAccess.NONE
    if word in _OPEN:
        # `access=yes` on a footway says that the public may walk there, not that cars may drive.
        closed, opened = RoadAccess.NONE, modes | call if named else RoadAccess.NONE
    elif word in _MOTOR_KINDS:
        closed, opened = wheels, call
    elif word in _OTHER_KINDS:
        closed = wheels
    elif word in _CLOSED:
        closed = modes & ~_CALL if legal_only else modes
    elif word in _SILENT:
        closed = RoadAccess.NONE
    elif word in _PRIVATE and named:
        opened = call
    return (allowed & ~closed) | opened

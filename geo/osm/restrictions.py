"""Turn restrictions as OpenStreetMap writes them: who is bound, by what, and what is left aside."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

from geo.tags.attributes import RoadAccess

TURN_KEYS = (
    "restriction",
    "restriction:conditional",
    "restriction:vehicle",
    "restriction:motor_vehicle",
    "restriction:motorcar",
    "restriction:bicycle",
    "restriction:hgv",
    "restriction:goods",
    "restriction:bus",
    "restriction:psv",
    "restriction:motorcycle",
    "restriction:moped",
    "restriction:caravan",
    "restriction:trailer",
    "restriction:hazmat",
)
"""Keys by which a relation is known to be about a turn."""
# From the general to the particular: the last one given counts.
_BINDING: Mapping[RoadAccess, Sequence[str]] = {
    RoadAccess.MOTOR: (
        "restriction",
        "restriction:vehicle",
        "restriction:motor_vehicle",
        "restriction:motorcar",
    ),
    RoadAccess.CYCLE: ("restriction", "restriction:vehicle", "restriction:bicycle"),
}
_EXCEPTED: Mapping[RoadAccess, frozenset[str]] = {
    RoadAccess.MOTOR: frozenset({"vehicle", "motor_vehicle", "motorcar"}),
    RoadAccess.CYCLE: frozenset({"vehicle", "bicycle"}),
}
_HOURS = ("hour_on", "hour_off", "day_on", "day_off", "date_on", "date_off")
_NO_RULE = frozenset({"", "no", "none"})
_MANY = {"no_entry": "from", "no_exit": "to"}


class RestrictionMember(NamedTuple):
    """A member of a relation."""

    role: str
    kind: str
    """`n`, `w` or `r`."""
    ref: int


class OsmTurn(NamedTuple):
    """A restriction by the ids of its ways and its point."""

    from_way: int
    via_node: int
    to_way: int
    only: bool
    exempt: RoadAccess


def turns_of(tags: Mapping[str, str], members: Sequence[RestrictionMember]) -> list[OsmTurn] | str:
    """
    Read the restrictions of one relation; a word tells why there is none.

    Parameters
    ----------
    tags, members
        Of a relation with one of `TURN_KEYS`.

    Examples
    --------
    >>> way, node = Member("from", "w", 1), Member("via", "n", 2)
    >>> turns_of({"type": "restriction", "restriction": "no_left_turn"}, [way, node, Member("to", "w", 3)])
    [OsmTurn(from_way=1, via_node=2, to_way=3, only=False, exempt=<Access.NONE: 0>)]
    >>> turns_of({"type": "was:restriction", "restriction": "no_left_turn"}, [])
    'not in force'
    """
    if tags.get("type") != "restriction":
        return "not in force"
    if any(key in tags for key in _HOURS):
        return "at certain hours"
    rules = {mode: _rule(tags, mode) for mode in _BINDING}
    bound = {mode: rule for mode, rule in rules.items() if rule not in _NO_RULE}
    if not bound:
        return "binds no car"
    if not all(rule.startswith(("no_", "only_")) for rule in bound.values()):
        return "unknown kind"
    made: list[OsmTurn] = []
    for rule in dict.fromkeys(bound.values()):
        ways = _ways(rule, members)
        if ways is None:
            return "not over one point"
        exempt = RoadAccess.NONE
        for mode in _BINDING:
            if bound.get(mode) != rule:
                exempt |= mode
        made += [OsmTurn(*refs, only=rule.startswith("only_"), exempt=exempt) for refs in ways]
    return made


def _rule(tags: Mapping[str, str], mode: RoadAccess) -> str:
    """Find what binds one mode, the particular before the general."""
    if _EXCEPTED[mode] & {word.strip() for word in tags.get("except", "").split(";")}:
        return ""
    written = [tags[key].strip() for key in _BINDING[mode] if key in tags]
    return written[-1] if written else ""


def _ways(rule: str, members: Sequence[RestrictionMember]) -> list[tuple[int, int, int]] | None:
    """Every pair of ways over the point; only signs for no entry and no exit name more than one."""
    by_role = {role: [m for m in members if m.role == role] for role in ("from", "via", "to")}
    for role, some in by_role.items():
        if len(some) != 1 and not (some and _MANY.get(rule) == role):
            return None
    if by_role["via"][0].kind != "n":
        return None
    refs = ([m.ref for m in by_role[role]] for role in ("from", "via", "to"))
    return list(product(*refs))  # type: ignore[arg-type]

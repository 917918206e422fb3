"""Whether what a map shows is there and works, as far as its tags tell."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Final

Tags = Mapping[str, str]

OUT_OF_USE: Final = "out_of_use"
NO_ACCESS: Final = "no_access"
NO_EMERGENCY_SERVICE: Final = "no_emergency_service"

LIFECYCLE: Final = (
    *(
        "disused",
        "abandoned",
        "removed",
        "demolished",
        "razed",
        "destroyed",
        "ruined",
        "ruins",
        "was",
        "historic",
    ),
    *("vandalised", "proposed", "planned", "construction"),
)
"""Before a key, as in `disused:emergency`, or as a key of its own, as in `disused=yes`."""
_FLAGS: Final = tuple(word for word in LIFECYCLE if word not in {"was", "historic", "construction"})
_ABOUT: Final = (
    "",
    "emergency:",
    "fire_hydrant:",
    "defibrillator:",
    "aed:",
    "fire_extinguisher:",
    "amenity:",
)
STATUS_KEYS: Final = frozenset(
    f"{about}{key}" for about in _ABOUT for key in ("operational_status", "status", "state", "condition")
)
_DEAD: Final = frozenset(
    {
        *("broken", "closed", "out_of_order", "out_of_service", "out_of_use", "not_in_service"),
        *(
            "not_working",
            "not_operational",
            "nonoperational",
            "non_operational",
            "inoperative",
            "inoperable",
            "unusable",
        ),
        *("unavailable", "defective", "faulty", "damaged", "dead", "dry", "empty", "frozen", "blocked"),
        *(
            "buried",
            "covered",
            "missing",
            "removed",
            "disused",
            "abandoned",
            "demolished",
            "destroyed",
            "vandalised",
        ),
        *("stolen", "decommissioned", "inactive", "disabled", "retired", "suspended", "obsolete", "planned"),
        *("proposed", "construction", "under_construction", "停用", "已停用", "报废", "已报废", "损坏"),
        *("已损坏", "故障", "拆除", "已拆除", "废弃", "已废弃", "缺失", "无水", "不可用", "维修中"),
    }
)
_NO: Final = frozenset({"no", "false", "0", "否", "n"})
_WORKS: Final = ("functional", "working", "in_use", "usable")
_WORKS_KEYS: Final = tuple(f"{about}{key}" for about in _ABOUT for key in _WORKS)
_NEVER_OPEN: Final = frozenset({"closed", "off", "never"})
_LOCKED_AWAY: Final = frozenset({"no", "private"})
_FETCHED: Final = frozenset({"aed", "extinguisher", "hose_box", "first_aid"})
"""What a neighbour runs for, to a door that must be open. Fire crews use hydrants on private ground too."""


def why_left_out(tags: Tags, kind: str) -> str | None:
    """
    Tell why a facility or service is not offered; None where nothing speaks against it.

    Examples
    --------
    >>> why_left_out({"operational_status": "out of order"}, "hydrant")
    'out_of_use'
    >>> [why_left_out({"access": "private"}, kind) for kind in ("hydrant", "aed")]
    [None, 'no_access']
    >>> why_left_out({"disused": "no", "fire_hydrant:state": "good"}, "hydrant")
    """
    if is_out_of_use(tags):
        return OUT_OF_USE
    # A hospital without an emergency department is one all the same; it becomes a partner that is off duty.
    if kind == "fire_station" and _word(tags.get("emergency", "")) in _NO:
        return NO_EMERGENCY_SERVICE
    access = {_word(tags.get(key, "")) for key in ("access", "emergency:access", "defibrillator:access")}
    if kind in _FETCHED and access & _LOCKED_AWAY:
        return NO_ACCESS
    return None


def is_out_of_use(tags: Tags, *, today: date | None = None) -> bool:
    """Tell whether the tags of a thing say that it is gone, is not there yet or does not work."""
    return (
        any(_word(tags[key]) not in _NO for key in _FLAGS if tags.get(key))
        or any(_DEAD & _words(tags[key]) for key in STATUS_KEYS if key in tags)
        or any(_word(tags[key]) in _NO for key in _WORKS_KEYS if key in tags)
        or _word(tags.get("opening_hours", "")) in _NEVER_OPEN
        or _has_ended(tags.get("end_date", ""), today or datetime.now(UTC).date())
    )


def out_of_use_value(tags: Tags, key: str) -> str | None:
    """
    Return the value of a key that stands behind a prefix for what was or will be.

    Examples
    --------
    >>> out_of_use_value({"disused:emergency": "fire_hydrant"}, "emergency")
    'fire_hydrant'
    """
    found = (tags.get(f"{prefix}:{key}") for prefix in LIFECYCLE)
    return next((value for value in found if value), None)


def _words(text: str) -> set[str]:
    return {_word(part) for part in text.split(";")}


def _word(text: str) -> str:
    return re.sub(r"[\s\-]+", "_", text.strip().casefold())


def _has_ended(text: str, today: date) -> bool:
    written = re.fullmatch(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?", text.strip())
    if written is None:
        return False
    end = tuple(int(part) for part in written.groups() if part)
    return end < (today.year, today.month, today.day)[: len(end)]

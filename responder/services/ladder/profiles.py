"""The ladders of a circle: those that are shipped, or its own, which its coordinators may change."""

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Final

from responder.domain.audit import AuditAction, audit_entry
from responder.domain.errors import EditConflictError, InvalidValueError
from responder.domain.ladder.profile import (
    LadderProfile,
    LadderProfiles,
    Rung,
    StepKind,
    StoredProfiles,
    UnitReach,
)
from responder.domain.ladder.shipped import SHIPPED
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database
from responder.ports.clock import moment
from responder.services.validation.text import checked_text

SHIPPED_VERSION: Final = "shipped"
"""The version of a circle without ladders of its own."""
MOST_PROFILES: Final = 12
MOST_RUNGS: Final = 12
MOST_MARKS: Final = 6
MOST_PEOPLE: Final = 1000
LATEST_S: Final = 3600.0
SHORTEST_S: Final = 10.0
"""Until a step expires."""
LONGEST_RESPONSE_S: Final = 7200.0
NAME_LENGTH: Final = 64
KEY: Final = re.compile("[a-z0-9_]{1,32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownLadders:
    """The ladders that a circle goes by."""

    is_custom: bool
    """False for those that are shipped."""
    set_at: datetime | None
    set_by_name: str | None
    default: str
    """Key of the one that alerts go by."""
    profiles: tuple[LadderProfile, ...]
    shipped: LadderProfiles
    """Those that are shipped, to compare with and to go back to."""
    version: str
    """Changes with every change."""


async def show_ladders(database: Database, *, viewer: Viewer) -> ShownLadders:
    """
    Return the ladders that the circle goes by.

    Raises
    ------
    NotAllowedError
        The role may not see them.
    """
    viewer.must(Action.SEE_LADDER)
    async with database.snapshot() as transaction:
        return _shown(await transaction.ladder_profiles.get(viewer.circle_id))


async def set_ladders(
    database: Database,
    *,
    viewer: Viewer,
    ladders: LadderProfiles | None,
    expected_version: str | None = None,
    clock: Clock,
) -> ShownLadders:
    """
    Set the circle's ladders, None for those that are shipped. Open incidents keep the ladder that they have.

    Raises
    ------
    InvalidValueError
        A ladder does not call at once, or something in it is out of range; `field` names it.
    EditConflictError
        The circle goes by another version than `expected_version`. Nothing is changed then.
    NotAllowedError
        The role may not change them.
    """
    viewer.must(Action.EDIT_LADDERS)
    ladders = None if ladders is None else checked(ladders)
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        before = await transaction.ladder_profiles.get(viewer.circle_id)
        if expected_version not in {None, _version(before)}:
            raise EditConflictError(by=None if before is None else before.set_by_name)
        stored = None
        if ladders is None:
            await transaction.ladder_profiles.remove(viewer.circle_id)
        else:
            stored = StoredProfiles(
                circle_id=viewer.circle_id,
                content_hash=_hash(ladders),
                profiles=ladders,
                set_at=now,
                set_by_name=viewer.name,
            )
            await transaction.ladder_profiles.put(stored)
        act = audit_entry(viewer, AuditAction.LADDERS_UPDATED, detail={"is_custom": stored is not None})
        await transaction.audit.append(viewer.circle_id, act, at=now)
    return _shown(stored)


def checked(ladders: LadderProfiles) -> LadderProfiles:
    """
    Return the ladders, each of which can be gone by.

    Raises
    ------
    InvalidValueError
        One cannot; `field` names where.
    """
    _require(1 <= len(ladders.profiles) <= MOST_PROFILES, f"1 to {MOST_PROFILES} ladders", "profiles")
    keys = [profile.key for profile in ladders.profiles]
    _require(len(set(keys)) == len(keys), "two ladders have the same key", "profiles")
    _require(ladders.default in keys, "the default is none of the ladders", "default")
    profiles = [_profile(profile, f"profiles.{number}") for number, profile in enumerate(ladders.profiles)]
    return replace(ladders, profiles=tuple(profiles))


def _profile(profile: LadderProfile, where: str) -> LadderProfile:
    _require(bool(KEY.fullmatch(profile.key)), "small letters, digits and _", f"{where}.key")
    _require(1 <= profile.enough <= MOST_PEOPLE, f"1 to {MOST_PEOPLE} people are enough", f"{where}.enough")
    _require(len(profile.marks) <= MOST_MARKS, f"at most {MOST_MARKS} marks", f"{where}.marks")
    _require(_ascend([mark.after_s for mark in profile.marks]), "marks in order", f"{where}.marks")
    for number, mark in enumerate(profile.marks):
        _require(0 < mark.after_s <= LATEST_S, "within an hour", f"{where}.marks.{number}.after_s")
    rungs = profile.rungs
    _require(1 <= len(rungs) <= MOST_RUNGS, f"1 to {MOST_RUNGS} steps", f"{where}.rungs")
    _require(_ascend([rung.after_s for rung in rungs]), "steps in order", f"{where}.rungs")
    first = rungs[0]
    calls_at_once = first.after_s == 0 and first.kind is StepKind.CALL and UnitReach.IN_TIME in first.reach
    _require(calls_at_once, "the first step calls at once those in time", f"{where}.rungs.0")
    everyone = any(
        rung.kind is StepKind.CALL and UnitReach.IN_TIME in rung.reach and not rung.is_narrowed
        for rung in rungs
    )
    _require(everyone, "some step calls everyone who can be there in time", f"{where}.rungs")
    return replace(
        profile,
        name=checked_text(profile.name, field=f"{where}.name", longest=NAME_LENGTH, may_be_empty=False),
        name_en=checked_text(profile.name_en, field=f"{where}.name_en", longest=NAME_LENGTH),
        rungs=tuple(_rung(rung, f"{where}.rungs.{number}") for number, rung in enumerate(rungs)),
    )


def _rung(rung: Rung, where: str) -> Rung:
    _require(0 <= rung.after_s <= LATEST_S, "within an hour", f"{where}.after_s")
    _require(
        SHORTEST_S <= rung.expires_after_s <= LATEST_S,
        f"{SHORTEST_S:.0f} s to an hour",
        f"{where}.expires_after_s",
    )
    if rung.kind is StepKind.CALL:
        _require(bool(rung.reach), "a call says which units", f"{where}.reach")
        within_s = rung.within_s
        _require(
            within_s is None or 0 < within_s <= LONGEST_RESPONSE_S, "up to two hours", f"{where}.within_s"
        )
    else:
        _require(not rung.reach and not rung.is_narrowed, "only a call has units", f"{where}.kind")
    return replace(
        rung,
        name=checked_text(rung.name, field=f"{where}.name", longest=NAME_LENGTH, may_be_empty=False),
        name_en=checked_text(rung.name_en, field=f"{where}.name_en", longest=NAME_LENGTH),
        capabilities=tuple(
            checked_text(each, field=f"{where}.capabilities", longest=NAME_LENGTH, may_be_empty=False)
            for each in rung.capabilities
        ),
    )


def _ascend(numbers: Sequence[float]) -> bool:
    return list(numbers) == sorted(numbers)


def _require(holds: bool, message: str, field: str) -> None:  # noqa: FBT001 - read as an assertion
    if not holds:
        raise InvalidValueError(message, field=field)


def _hash(ladders: LadderProfiles) -> str:
    return hashlib.sha256(json.dumps(asdict(ladders), sort_keys=True).encode()).hexdigest()


def _version(stored: StoredProfiles | None) -> str:
    return SHIPPED_VERSION if stored is None else stored.content_hash


def _shown(stored: StoredProfiles | None) -> ShownLadders:
    ladders = SHIPPED if stored is None else stored.profiles
    return ShownLadders(
        is_custom=stored is not None,
        set_at=None if stored is None else stored.set_at,
        set_by_name=None if stored is None else stored.set_by_name,
        default=ladders.default,
        profiles=ladders.profiles,
        shipped=SHIPPED,
        version=_version(stored),
    )

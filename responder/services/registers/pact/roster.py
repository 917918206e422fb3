"""The roster: put a person on call, weekly or once, and swap shifts."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from uuid import uuid5
from zoneinfo import ZoneInfo

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import EditConflictError, InvalidValueError, NotAllowedError
from responder.domain.ids import ResponderId, RosterPatternId, ShiftId, UnitId
from responder.domain.incidents.event import PactChanged
from responder.domain.map.unit import Responder
from responder.domain.people.access import Action, Viewer
from responder.domain.registers.pact.roster import LONGEST_SHIFT, RosterPattern, Shift
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment
from responder.services.incidents.catalogue import catalogue_of
from responder.services.incidents.recompute import model_if_any
from responder.services.registers.pact.follow_roster import extend_roster, tell_units
from responder.services.registers.pact.show_roster import may_edit, people_of_roster

if TYPE_CHECKING:
    from geo.reach.model import ReachModel

PATTERNS_AT_MOST: Final = 300
AT_ONCE_AT_MOST: Final = 500
"""Shifts of a circle in the time of one."""
FURTHEST_AHEAD: Final = timedelta(days=366)
WEEK: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPattern:
    """When a person is to be on call every week."""

    responder_id: ResponderId
    weekdays: tuple[int, ...]
    """0 is Monday."""
    starts: time
    ends: time
    since: date | None = None
    """Today if it is not given."""
    until: date | None = None


async def add_shift(
    database: Database,
    *,
    viewer: Viewer,
    responder_id: ResponderId,
    starts_at: datetime,
    ends_at: datetime,
    clock: Clock,
) -> Shift:
    """
    Put a person on call once. The same again changes nothing.

    Raises
    ------
    NotAllowedError
        It is not for the viewer to say who of this partner is on call.
    InvalidValueError
        There is no such person to be called, or the time cannot be.
    """
    viewer.must(Action.EDIT_ROSTER)
    now, circle_id = moment(clock), viewer.circle_id
    _require(starts_at < ends_at, "it ends before it begins", field="ends_at")
    _require(ends_at - starts_at <= LONGEST_SHIFT, "a shift has 36 hours at most", field="ends_at")
    _require(ends_at > now, "it is over", field="ends_at")
    _require(starts_at <= now + FURTHEST_AHEAD, "it is more than a year ahead", field="starts_at")
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        person = await _person(transaction, viewer, responder_id)
        _must_edit(viewer, person)
        beside = await transaction.rosters.shifts(circle_id, since=starts_at, before=ends_at)
        shift = Shift(
            id=ShiftId(uuid5(person.id, f"{starts_at.timestamp()} {ends_at.timestamp()}")),
            circle_id=circle_id,
            unit_id=person.unit_id,
            responder_id=person.id,
            partner_id=person.partner_id,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        for each in beside:
            if each.id == shift.id:
                return each
        _require(len(beside) < AT_ONCE_AT_MOST, "too many shifts at once", field="starts_at")
        await transaction.rosters.put_shifts([shift])
        await _note(transaction, viewer, AuditAction.ROSTER_CHANGED, shift, how="added", at=now)
    return shift


async def remove_shift(
    database: Database, roads: Roads, *, viewer: Viewer, shift_id: ShiftId, clock: Clock
) -> None:
    """
    Take a shift off the roster; the unit goes off duty if no other person is on call for it.

    Raises
    ------
    NotAllowedError
        It is not for the viewer to say who of this partner is on call.
    NotFoundError
        The circle has no such shift.
    """
    viewer.must(Action.EDIT_ROSTER)
    now, circle_id = moment(clock), viewer.circle_id
    model = await model_if_any(roads, circle_id)
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        shift = await transaction.rosters.shift(circle_id, shift_id)
        _must_edit(viewer, shift)
        await transaction.rosters.remove_shift(circle_id, shift_id)
        if shift.has_begun and shift.covers(now):
            units = {shift.unit_id}
            await tell_units(transaction, roads, model, circle_id=circle_id, unit_ids=units, now=now)
        await _note(transaction, viewer, AuditAction.ROSTER_CHANGED, shift, how="removed", at=now)


async def add_pattern(database: Database, *, viewer: Viewer, new: NewPattern, clock: Clock) -> RosterPattern:
    """
    Put a person on call every week; shifts for the next weeks are made at once.

    Raises
    ------
    NotAllowedError
        It is not for the viewer to say who of this partner is on call.
    InvalidValueError
        There is no such person to be called, or the days cannot be.
    """
    viewer.must(Action.EDIT_ROSTER)
    now, circle_id = moment(clock), viewer.circle_id
    days = tuple(sorted(set(new.weekdays)))
    _require(bool(days) and 0 <= days[0] <= days[-1] < WEEK, "weekdays are 0 to 6", field="weekdays")
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        person = await _person(transaction, viewer, new.responder_id)
        _must_edit(viewer, person)
        today = now.astimezone(ZoneInfo((await catalogue_of(transaction, circle_id)).time_zone)).date()
        since = max(today, new.since or today)
        _require(since <= today + FURTHEST_AHEAD, "it is more than a year ahead", field="since")
        _require(new.until is None or since <= new.until, "it ends before it begins", field="until")
        known = await transaction.rosters.patterns(circle_id)
        words = f"{days} {new.starts} {new.ends} {new.until}"
        pattern = RosterPattern(
            id=RosterPatternId(uuid5(person.id, words)),
            circle_id=circle_id,
            unit_id=person.unit_id,
            responder_id=person.id,
            partner_id=person.partner_id,
            weekdays=days,
            starts=new.starts,
            ends=new.ends,
            since=since,
            until=new.until,
            made_until=since,
        )
        for each in known:
            if each.id == pattern.id:
                return each
        _require(len(known) < PATTERNS_AT_MOST, "too many weekly shifts", field="weekdays")
        await transaction.rosters.put_pattern(pattern)
        await extend_roster(transaction, circle_id, now=now)
        await _note(transaction, viewer, AuditAction.ROSTER_CHANGED, pattern, how="added", at=now)
        return await transaction.rosters.pattern(circle_id, pattern.id)


async def remove_pattern(
    database: Database, *, viewer: Viewer, pattern_id: RosterPatternId, clock: Clock
) -> None:
    """
    Take a weekly pattern away with its shifts that have not begun.

    Raises
    ------
    NotAllowedError
        It is not for the viewer to say who of this partner is on call.
    NotFoundError
        The circle has no such pattern.
    """
    viewer.must(Action.EDIT_ROSTER)
    now, circle_id = moment(clock), viewer.circle_id
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        pattern = await transaction.rosters.pattern(circle_id, pattern_id)
        _must_edit(viewer, pattern)
        await transaction.rosters.remove_pattern(circle_id, pattern_id, now=now)
        await _note(transaction, viewer, AuditAction.ROSTER_CHANGED, pattern, how="removed", at=now)


async def ask_for_swap(
    database: Database, *, viewer: Viewer, shift_id: ShiftId, responder_id: ResponderId | None, clock: Clock
) -> Shift:
    """
    Ask another person of the partner to take a shift over, or with None nobody any more.

    Raises
    ------
    NotAllowedError
        The shift is not the viewer's, nor theirs to give.
    NotFoundError
        The circle has no such shift.
    InvalidValueError
        The shift is over, or the person is not one of its partner.
    """
    viewer.must(Action.SET_DUTY)
    now, circle_id = moment(clock), viewer.circle_id
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        shift = await transaction.rosters.shift(circle_id, shift_id)
        if shift.responder_id not in viewer.responder_ids:
            _must_edit(viewer, shift)
        if responder_id is not None:
            _require_takes_over(await _person(transaction, viewer, responder_id), shift, now)
        asked = replace(shift, asked_id=responder_id)
        if asked != shift:
            await transaction.rosters.put_shifts([asked])
            how = "withdrawn" if responder_id is None else "asked"
            await _note(transaction, viewer, AuditAction.SHIFT_SWAPPED, asked, how=how, at=now)
    return asked


async def answer_swap(
    database: Database, roads: Roads, *, viewer: Viewer, shift_id: ShiftId, accept: bool, clock: Clock
) -> Shift:
    """
    Take a shift over that one was asked to, or decline.

    Raises
    ------
    NotFoundError
        The circle has no such shift.
    EditConflictError
        The viewer is not asked any more.
    InvalidValueError
        The shift is over.
    """
    viewer.must(Action.SET_DUTY)
    now, circle_id = moment(clock), viewer.circle_id
    model = await model_if_any(roads, circle_id)
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        shift = await transaction.rosters.shift(circle_id, shift_id)
        if shift.asked_id is None or shift.asked_id not in viewer.responder_ids:
            if accept and shift.responder_id in viewer.responder_ids:
                # Sent again after it was done.
                return shift
            raise EditConflictError(by=None)
        if not accept:
            answered = replace(shift, asked_id=None)
            await transaction.rosters.put_shifts([answered])
        else:
            person = await _person(transaction, viewer, shift.asked_id)
            _require_takes_over(person, shift, now)
            answered = await _hand_over(transaction, roads, shift, person, model=model, now=now)
        how = "accepted" if accept else "declined"
        await _note(transaction, viewer, AuditAction.SHIFT_SWAPPED, answered, how=how, at=now)
    return answered


async def assign_shift(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    shift_id: ShiftId,
    responder_id: ResponderId,
    clock: Clock,
) -> Shift:
    """
    Give a shift to another person of its partner without asking.

    Raises
    ------
    NotAllowedError
        It is not for the viewer to say who of this partner is on call.
    NotFoundError
        The circle has no such shift.
    InvalidValueError
        The shift is over, or the person is not one of its partner.
    """
    viewer.must(Action.EDIT_ROSTER)
    now, circle_id = moment(clock), viewer.circle_id
    model = await model_if_any(roads, circle_id)
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        shift = await transaction.rosters.shift(circle_id, shift_id)
        _must_edit(viewer, shift)
        if shift.responder_id == responder_id:
            return shift
        person = await _person(transaction, viewer, responder_id)
        _require_takes_over(person, shift, now)
        given = await _hand_over(transaction, roads, shift, person, model=model, now=now)
        await _note(transaction, viewer, AuditAction.SHIFT_SWAPPED, given, how="assigned", at=now)
    return given


async def _hand_over(
    transaction: Transaction,
    roads: Roads,
    shift: Shift,
    person: Responder,
    *,
    model: "ReachModel | None",
    now: datetime,
) -> Shift:
    """Give a shift to a person; it is their unit that is on duty then."""
    given = replace(shift, responder_id=person.id, unit_id=person.unit_id, asked_id=None)
    await transaction.rosters.put_shifts([given])
    if shift.has_begun and shift.unit_id != given.unit_id:
        units: Collection[UnitId] = {shift.unit_id, given.unit_id}
        await tell_units(transaction, roads, model, circle_id=shift.circle_id, unit_ids=units, now=now)
    return given


async def _person(transaction: Transaction, viewer: Viewer, responder_id: ResponderId) -> Responder:
    for each in await people_of_roster(transaction, viewer):
        if each.id == responder_id:
            return each
    message = "there is no such person to be called"
    raise InvalidValueError(message, field="responder_id")


def _require_takes_over(person: Responder, shift: Shift, now: datetime) -> None:
    _require(shift.ends_at > now, "the shift is over", field="shift_id")
    _require(person.partner_id == shift.partner_id, "a person of another partner", field="responder_id")
    _require(person.id != shift.responder_id, "it is theirs already", field="responder_id")


def _must_edit(viewer: Viewer, thing: Responder | Shift | RosterPattern) -> None:
    if not may_edit(viewer, thing.partner_id):
        raise NotAllowedError(action=Action.EDIT_ROSTER.value)


def _require(holds: bool, message: str, *, field: str) -> None:  # noqa: FBT001 - what has to hold comes first
    if not holds:
        raise InvalidValueError(message, field=field)


async def _note(
    transaction: Transaction,
    viewer: Viewer,
    action: AuditAction,
    thing: Shift | RosterPattern,
    *,
    how: str,
    at: datetime,
) -> None:
    await transaction.record(viewer.circle_id, PactChanged(), at=at)
    kind = "shift" if isinstance(thing, Shift) else "roster_pattern"
    act = audit_entry(viewer, action, subject=Subject(kind=kind, id=thing.id), detail={"how": how})
    await transaction.audit.append(viewer.circle_id, act, at=at)

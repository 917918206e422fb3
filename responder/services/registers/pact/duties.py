"""Duties of a pact: entries that they were done, and how they were kept in a quarter."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import uuid4, uuid5

from responder.domain.audit import AuditAction, Subject, audit_entry
from responder.domain.errors import (
    IdempotencyConflictError,
    InvalidValueError,
    NotAllowedError,
    NotFoundError,
)
from responder.domain.ids import DutyId, DutyRecordId
from responder.domain.incidents.event import PactChanged
from responder.domain.people.access import Action, Role, Viewer
from responder.domain.registers.pact.pact import DutyKind, Pact, PactDuty, PactState
from responder.domain.registers.pact.score import (
    CountedDrill,
    DutyRecord,
    Quarter,
    QuarterScore,
    score_of,
)
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.incidents.catalogue import catalogue_of
from responder.services.registers.pact.pacts import local_date
from responder.services.validation.text import checked_text

NOTE_LENGTH: Final = 300
A_DAY_AT_MOST: Final = 50
"""Entries for one day in a circle."""
OLDEST: Final = timedelta(days=400)
"""What was done longer ago is not entered any more: its score has been read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownScore:
    """How the pact was kept in a quarter, with the entries that it rests on."""

    pact: Pact | None
    """The one that held in it; None: there was none."""
    score: QuarterScore | None
    records: tuple[DutyRecord, ...]
    """Of the year up to the end of the quarter, the last done first."""
    quarter: Quarter
    today: date


async def show_score(
    database: Database, *, viewer: Viewer, quarter: Quarter | None, clock: Clock
) -> ShownScore:
    """Return how the pact was kept in a quarter, in this one if it is not given."""
    viewer.must(Action.VIEW)
    circle_id = viewer.circle_id
    async with database.snapshot() as transaction:
        today = await local_date(transaction, circle_id, moment(clock))
        asked = Quarter.of(today) if quarter is None else quarter
        pact = await _in_force(transaction, viewer, asked, today)
        records = await transaction.duty_records.between(circle_id, date(asked.year, 1, 1), asked.last)
        if pact is None:
            return ShownScore(pact=None, score=None, records=records, quarter=asked, today=today)
        time_zone = (await catalogue_of(transaction, circle_id)).time_zone
        drills = [
            each.record for each in await transaction.drill_records.of_circle(circle_id, time_zone=time_zone)
        ]
    done: dict[DutyId, list[date]] = {}
    for each in records:
        done.setdefault(each.duty_id, []).append(each.done_on)
    score = score_of(
        pact.content,
        asked,
        today=today,
        drills=[
            CountedDrill(on=each.on, took_part=each.took_part)
            for each in drills
            if each.counts and each.on is not None
        ],
        done=done,
    )
    return ShownScore(pact=pact, score=score, records=records, quarter=asked, today=today)


async def record_duty(
    database: Database,
    *,
    viewer: Viewer,
    duty_id: DutyId,
    done_on: date,
    note: str,
    idempotency_key: str | None = None,
    clock: Clock,
) -> DutyRecord:
    """
    Write down that a duty was done. Drills count by themselves and are not entered.

    Raises
    ------
    NotAllowedError
        The role may not, or the duty is another party's.
    NotFoundError
        No pact that was signed has such a duty.
    InvalidValueError
        The day is ahead or too long ago, has too many entries, or the duty is to drill.
    IdempotencyConflictError
        The key was used before for another entry.
    """
    viewer.must(Action.RECORD_DUTY)
    now, circle_id = moment(clock), viewer.circle_id
    note = checked_text(note.strip(), field="note", longest=NOTE_LENGTH)
    key = uuid4() if idempotency_key is None else uuid5(viewer.account_id, f"duty {idempotency_key}")
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        today = await local_date(transaction, circle_id, now)
        duty = await _duty(transaction, viewer, duty_id, today)
        if not _is_for(viewer, duty):
            raise NotAllowedError(action=Action.RECORD_DUTY.value)
        if duty.kind is DutyKind.DRILLS:
            message = "drills are counted by themselves"
            raise InvalidValueError(message, field="duty_id")
        if not today - OLDEST <= done_on <= today:
            message = "it was done in the last year, not later than today"
            raise InvalidValueError(message, field="done_on")
        record = DutyRecord(
            id=DutyRecordId(key),
            circle_id=circle_id,
            duty_id=duty_id,
            partner_id=viewer.partner_id,
            done_on=done_on,
            note=note,
            created_at=now,
            created_by=viewer.account_id,
            created_by_name=viewer.name,
        )
        known = await transaction.duty_records.find(circle_id, record.id)
        if known is not None:
            if (known.duty_id, known.done_on, known.note) != (duty_id, done_on, note):
                raise IdempotencyConflictError
            return known
        if len(await transaction.duty_records.between(circle_id, done_on, done_on)) >= A_DAY_AT_MOST:
            message = f"a day has {A_DAY_AT_MOST} entries at most"
            raise InvalidValueError(message, field="done_on")
        await transaction.duty_records.add(record)
        await _note(transaction, viewer, AuditAction.DUTY_RECORDED, record, clock=clock)
    return record


async def remove_record(database: Database, *, viewer: Viewer, record_id: DutyRecordId, clock: Clock) -> None:
    """
    Take back an entry: its writer or a coordinator.

    Raises
    ------
    NotAllowedError
        It is another person's.
    NotFoundError
        The circle has no such entry.
    """
    viewer.must(Action.RECORD_DUTY)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        record = await transaction.duty_records.find(viewer.circle_id, record_id)
        if record is None:
            raise NotFoundError
        if viewer.role is not Role.COORDINATOR and record.created_by != viewer.account_id:
            raise NotAllowedError(action=Action.RECORD_DUTY.value)
        await transaction.duty_records.remove(viewer.circle_id, record_id)
        await _note(transaction, viewer, AuditAction.DUTY_RECORD_REMOVED, record, clock=clock)


async def _in_force(transaction: Transaction, viewer: Viewer, quarter: Quarter, today: date) -> Pact | None:
    """Return the latest that all signed and that holds at the end of the quarter, or now before it."""
    day = min(quarter.last, max(today, quarter.first))
    for each in await transaction.pacts.of_circle(viewer.circle_id):
        is_agreed = each.state is not PactState.DRAFT
        if is_agreed and each.content.valid_from <= day <= each.content.valid_until:
            return each
    return None


async def _duty(transaction: Transaction, viewer: Viewer, duty_id: DutyId, today: date) -> PactDuty:
    for pact in await transaction.pacts.of_circle(viewer.circle_id):
        if pact.state is not PactState.DRAFT and pact.content.valid_from <= today:
            for each in pact.content.duties:
                if each.id == duty_id:
                    return each
    raise NotFoundError


def _is_for(viewer: Viewer, duty: PactDuty) -> bool:
    return viewer.role is Role.COORDINATOR or duty.owner_id in {None, viewer.partner_id}


async def _note(
    transaction: Transaction, viewer: Viewer, action: AuditAction, record: DutyRecord, *, clock: Clock
) -> None:
    at = moment(clock)
    await transaction.record(viewer.circle_id, PactChanged(), at=at)
    act = audit_entry(
        viewer,
        action,
        subject=Subject(kind="duty_record", id=record.id),
        detail={"duty": str(record.duty_id), "done_on": record.done_on.isoformat()},
    )
    await transaction.audit.append(viewer.circle_id, act, at=at)

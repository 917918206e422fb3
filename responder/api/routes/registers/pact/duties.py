"""Duties of the pact: how they were kept, and entries that they were done."""

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel

from responder.api.day import NearDay
from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, OptionalIdempotencyKey, ShortNote
from responder.api.json_body import StrictRoute
from responder.domain.ids import DutyId, DutyRecordId, PactId, PartnerId
from responder.domain.people.access import Role
from responder.domain.registers.pact.pact import DutyKind, Period
from responder.domain.registers.pact.score import DutyRecord, Quarter
from responder.services.registers.pact import duties

router = APIRouter(prefix="/circles/{circle_id}", tags=["registers"], route_class=StrictRoute)


class DutyRecordAnswer(BaseModel):
    """An entry that a duty was done."""

    id: DutyRecordId
    duty_id: DutyId
    partner_id: PartnerId | None
    done_on: date
    note: str
    created_at: datetime
    created_by_name: str
    may_remove: bool = False

    @classmethod
    def of(cls, record: DutyRecord, *, viewer: InCircle) -> "DutyRecordAnswer":
        own = {name: getattr(record, name) for name in cls.model_fields if name != "may_remove"}
        may_remove = viewer.role is Role.COORDINATOR or record.created_by == viewer.account_id
        return cls(**own, may_remove=may_remove)


class ScoredDuty(BaseModel):
    """A duty with how it was kept; without `due` it is not counted."""

    id: DutyId
    kind: DutyKind
    text: str
    text_en: str
    owner_id: PartnerId | None
    times: int
    per: Period
    due: int | None = None
    kept: int | None = None
    done: int
    """How often it was done or entered, in the quarter or for a yearly one since the year began."""


class ScoreAnswer(BaseModel):
    """How the pact was kept in a quarter."""

    year: int
    quarter: int
    first: date
    last: date
    today: date
    """In the circle's time zone."""
    is_over: bool
    pact_id: PactId | None
    """The one that held in it; null when there was none."""
    pact_number: int | None
    due: int
    kept: int
    duties: tuple[ScoredDuty, ...]
    records: tuple[DutyRecordAnswer, ...]
    """Of the year up to the end of the quarter, the last done first."""


class NewRecord(Body):
    """That a duty was done."""

    duty_id: DutyId
    done_on: NearDay
    note: ShortNote = ""


@router.get("/duty-score", responses=answers(401, 403, 404))
async def scored(
    viewer: InCircle,
    context: ContextDep,
    *,
    year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
    quarter: Annotated[int, Query(ge=1, le=4)] = 1,
) -> ScoreAnswer:
    """Tell how the pact was kept in a quarter, in this one if no year is given."""
    asked = None if year is None else Quarter(year=year, number=quarter)
    found = await duties.show_score(context.database, viewer=viewer, quarter=asked, clock=context.clock)
    scores = {} if found.score is None else {each.duty_id: each for each in found.score.duties}
    listed = []
    for each in () if found.pact is None else found.pact.content.duties:
        score = scores.get(each.id)
        entered = sum(
            record.duty_id == each.id and record.done_on >= found.quarter.first for record in found.records
        )
        listed.append(
            ScoredDuty(
                **{name: getattr(each, name) for name in ("id", "kind", "text", "text_en", "owner_id")},
                times=each.times,
                per=each.per,
                due=None if score is None else score.due,
                kept=None if score is None else score.kept,
                done=entered if score is None else score.done,
            )
        )
    return ScoreAnswer(
        year=found.quarter.year,
        quarter=found.quarter.number,
        first=found.quarter.first,
        last=found.quarter.last,
        today=found.today,
        is_over=found.today > found.quarter.last,
        pact_id=None if found.pact is None else found.pact.id,
        pact_number=None if found.pact is None else found.pact.number,
        due=0 if found.score is None else found.score.due,
        kept=0 if found.score is None else found.score.kept,
        duties=tuple(listed),
        records=tuple(DutyRecordAnswer.of(each, viewer=viewer) for each in found.records),
    )


@router.post("/duty-records", status_code=201, responses=answers(401, 403, 404, 413))
async def recorded(
    viewer: InCircle, context: ContextDep, body: NewRecord, idempotency_key: OptionalIdempotencyKey = None
) -> DutyRecordAnswer:
    """Write down that a duty was done; drills count by themselves."""
    record = await duties.record_duty(
        context.database,
        viewer=viewer,
        duty_id=body.duty_id,
        done_on=body.done_on,
        note=body.note,
        idempotency_key=idempotency_key,
        clock=context.clock,
    )
    return DutyRecordAnswer.of(record, viewer=viewer)


@router.delete("/duty-records/{record_id}", status_code=204, responses=answers(401, 403, 404))
async def removed(viewer: InCircle, context: ContextDep, record_id: DutyRecordId) -> None:
    """Take an entry back: one's own, or as a coordinator any."""
    await duties.remove_record(context.database, viewer=viewer, record_id=record_id, clock=context.clock)

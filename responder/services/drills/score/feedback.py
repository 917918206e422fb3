"""Participants' feedback: a planner opens a link, by which those who took part answer without an account."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from responder.domain.audit import AuditAction
from responder.domain.drills.feedback import (
    BEST,
    MOST,
    QUESTIONS,
    TEXT_LENGTH,
    Feedback,
    FeedbackLink,
    FeedbackSummary,
    summarise,
)
from responder.domain.errors import DrillNotRunningError, FeedbackFullError, InvalidValueError, NotFoundError
from responder.domain.ids import DrillId, FeedbackId
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Transaction
from responder.ports.clock import moment
from responder.services.drills.running.keep_run import note
from responder.services.security_context import as_system
from responder.services.validation.text import checked_text

_TOKEN_BYTES: Final = 18


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenFeedback:
    """A link that takes answers."""

    path: str
    """Below the address of the page."""
    ends_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFeedback:
    """What participants said of a drill, and the link by which they do."""

    link: OpenFeedback | None
    """None while none is open."""
    summary: FeedbackSummary


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedDrill:
    """What the page of the link shows of a drill."""

    name: str
    started_at: datetime


async def open_feedback(
    database: Database, *, viewer: Viewer, drill_id: DrillId, clock: Clock
) -> ShownFeedback:
    """
    Let participants of a drill that was started say something of it; a link that is open stays as it is.

    Raises
    ------
    NotFoundError
        The circle has no such drill.
    DrillNotRunningError
        It was not started.
    """
    viewer.must(Action.PLAN_DRILL)
    circle_id, now = viewer.circle_id, moment(clock)
    async with database.begin() as transaction:
        await transaction.circles.lock(circle_id)
        drill = await transaction.drills.get(circle_id, drill_id)
        run = await transaction.drill_runs.find(circle_id, drill_id)
        if run is None:
            raise DrillNotRunningError(state=drill.state.value)
        known = await transaction.feedbacks.link(circle_id, drill_id)
        if known is None or known.ends_at(run) <= now:
            token = secrets.token_urlsafe(_TOKEN_BYTES)
            link = FeedbackLink(circle_id=circle_id, drill_id=drill_id, token=token, opened_at=now)
            await transaction.feedbacks.put_link(link)
            await note(transaction, viewer, AuditAction.DRILL_FEEDBACK_OPENED, drill_id, at=now)
        return await feedback_of(transaction, viewer, drill_id, now=now)


async def close_feedback(
    database: Database, *, viewer: Viewer, drill_id: DrillId, clock: Clock
) -> ShownFeedback:
    """
    Take no more answers: the link leads nowhere from now on. What was said stays.

    Raises
    ------
    NotFoundError
        The circle has no such drill.
    """
    viewer.must(Action.PLAN_DRILL)
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.drills.get(viewer.circle_id, drill_id)
        if await transaction.feedbacks.delete_link(viewer.circle_id, drill_id):
            await note(transaction, viewer, AuditAction.DRILL_FEEDBACK_CLOSED, drill_id, at=now)
        return await feedback_of(transaction, viewer, drill_id, now=now)


async def remove_text(
    database: Database, *, viewer: Viewer, drill_id: DrillId, feedback_id: FeedbackId, clock: Clock
) -> ShownFeedback:
    """
    Take out what a participant wrote, such as a name; how they rated stays.

    Raises
    ------
    NotFoundError
        The circle has no such drill, or the drill no such text.
    """
    viewer.must(Action.PLAN_DRILL)
    now = moment(clock)
    async with database.begin() as transaction:
        await transaction.drills.get(viewer.circle_id, drill_id)
        if not await transaction.feedbacks.clear_text(viewer.circle_id, drill_id, feedback_id):
            raise NotFoundError
        await note(transaction, viewer, AuditAction.DRILL_FEEDBACK_TEXT_REMOVED, drill_id, at=now)
        return await feedback_of(transaction, viewer, drill_id, now=now)


async def show_feedback(
    database: Database, *, viewer: Viewer, drill_id: DrillId, clock: Clock
) -> ShownFeedback:
    """
    Return what participants said of a drill, and the link by which they do.

    Raises
    ------
    NotFoundError
        The circle has no such drill.
    """
    viewer.must(Action.SEE_DRILL_PLAN)
    async with database.snapshot() as transaction:
        await transaction.drills.get(viewer.circle_id, drill_id)
        return await feedback_of(transaction, viewer, drill_id, now=moment(clock))


async def feedback_of(
    transaction: Transaction, viewer: Viewer, drill_id: DrillId, *, now: datetime
) -> ShownFeedback:
    """Read what participants said of a drill."""
    given = await transaction.feedbacks.of_drill(viewer.circle_id, drill_id)
    link = await transaction.feedbacks.link(viewer.circle_id, drill_id)
    run = None if link is None else await transaction.drill_runs.find(viewer.circle_id, drill_id)
    shown = None
    if link is not None and run is not None and now < link.ends_at(run):
        shown = OpenFeedback(path=f"api/feedback/{link.token}", ends_at=link.ends_at(run))
    return ShownFeedback(link=shown, summary=summarise(given))


async def show_form(database: Database, *, token: str, clock: Clock) -> AskedDrill:
    """
    Return which drill is asked about. Nothing changes.

    Raises
    ------
    NotFoundError
        The link is unknown, closed or has ended.
    """
    with as_system():
        async with database.begin() as transaction:
            _, asked = await _asked(transaction, token, now=moment(clock))
            return asked


async def give_feedback(
    database: Database, *, token: str, given: Mapping[str, str], clock: Clock
) -> AskedDrill:
    """
    Keep what one participant says; sent again it is kept once.

    `given` are the form's fields: `id`, the keys of `QUESTIONS` with a rating each, and `text`.

    Raises
    ------
    NotFoundError
        The link is unknown, closed or has ended.
    FeedbackFullError
        The drill has all the answers it can have.
    InvalidValueError
        A rating is none, the text cannot be stored, or nothing was said.
    """
    with as_system():
        async with database.begin() as transaction:
            link, asked = await _asked(transaction, token, now=moment(clock), lock=True)
            feedback = _read(link, given)
            if not await transaction.feedbacks.add(feedback, most=MOST):
                raise FeedbackFullError
            return asked


async def _asked(
    transaction: Transaction, token: str, *, now: datetime, lock: bool = False
) -> tuple[FeedbackLink, AskedDrill]:
    # No token holds what PostgreSQL can neither keep nor look for.
    link = None if "\x00" in token else await transaction.feedbacks.by_token(token, lock=lock)
    run = None if link is None else await transaction.drill_runs.find(link.circle_id, link.drill_id)
    if link is None or run is None or link.ends_at(run) <= now:
        raise NotFoundError
    return link, AskedDrill(name=run.name, started_at=run.started_at)


def _read(link: FeedbackLink, given: Mapping[str, str]) -> Feedback:
    text = checked_text(
        given.get("text", "").replace("\r\n", "\n").strip(), field="text", longest=TEXT_LENGTH
    )
    ratings = tuple(_rating(key, given.get(key, "")) for key, _, _ in QUESTIONS)
    if not text and not any(ratings):
        message = "nothing was said"
        raise InvalidValueError(message, field="text")
    try:
        sent = UUID(given.get("id", ""))
    except ValueError:
        message = "the form has an id"
        raise InvalidValueError(message, field="id") from None
    return Feedback(
        id=FeedbackId(sent), circle_id=link.circle_id, drill_id=link.drill_id, ratings=ratings, text=text
    )


def _rating(key: str, chosen: str) -> int | None:
    if not chosen:
        return None
    if chosen not in {str(rating) for rating in range(1, BEST + 1)}:
        message = f"a rating is 1 to {BEST}"
        raise InvalidValueError(message, field=key)
    return int(chosen)

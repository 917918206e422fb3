"""What participants say of a drill: without an account, and nothing of themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from responder.domain.drills.run import DrillRun
from responder.domain.ids import CircleId, DrillId, FeedbackId

LASTS: Final = timedelta(days=14)
"""How long after a drill its participants may still say something."""
MOST: Final = 1000
"""Answers of one drill."""
TEXT_LENGTH: Final = 500
BEST: Final = 5
QUESTIONS: Final = (
    ("task", "您清楚自己的任务吗？", "Did you know your task?"),
    ("way", "去哪里、走哪条路清楚吗？", "Was it clear where to go?"),
    ("equipment", "所需器材到手、能用吗？", "Was the equipment at hand, and did it work?"),
)
"""Keys with their words in Chinese and English; each is rated from 1, not at all, to `BEST`, fully."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackLink:
    """The link under which the participants of a drill answer, while it is open."""

    circle_id: CircleId
    drill_id: DrillId
    token: str
    """Unguessable. It is printed for everyone who took part, so that it is kept as it is."""
    opened_at: datetime

    def ends_at(self, run: DrillRun) -> datetime:
        """Return until when it takes answers."""
        return max(self.opened_at, run.ended_at or self.opened_at) + LASTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback:
    """What one participant said; not when, and not who."""

    id: FeedbackId
    """Made with the form, so that what is sent twice is kept once."""
    circle_id: CircleId
    drill_id: DrillId
    ratings: tuple[int | None, ...]
    """In the order of `QUESTIONS`, from 1 to `BEST`; None where nothing was chosen."""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionSummary:
    """How one question was answered."""

    key: str
    text: str
    text_en: str
    counts: tuple[int, ...]
    """How often 1 to `BEST` was chosen."""
    n: int
    mean: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackText:
    """What one participant wrote; the id is for taking it out."""

    id: FeedbackId
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedbackSummary:
    """What participants said of a drill."""

    answers: int
    questions: tuple[QuestionSummary, ...]
    texts: tuple[FeedbackText, ...]


def summarise(given: Sequence[Feedback]) -> FeedbackSummary:
    """Return counts and means of the ratings, and the texts in an order that tells nothing."""
    return FeedbackSummary(
        answers=len(given),
        questions=tuple(
            _question(question, (each.ratings[number] for each in given))
            for number, question in enumerate(QUESTIONS)
        ),
        texts=tuple(
            FeedbackText(id=each.id, text=each.text)
            for each in sorted(given, key=lambda each: each.id)
            if each.text
        ),
    )


def _question(question: tuple[str, str, str], ratings: Iterable[int | None]) -> QuestionSummary:
    key, text, text_en = question
    known = [rating for rating in ratings if rating is not None]
    return QuestionSummary(
        key=key,
        text=text,
        text_en=text_en,
        counts=tuple(known.count(rating) for rating in range(1, BEST + 1)),
        n=len(known),
        mean=sum(known) / len(known) if known else None,
    )

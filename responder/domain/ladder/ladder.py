"""The ladder of one incident: what is planned, what was done, and what a step that is due comes to."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from responder.domain.ids import AccountId, CircleId
from responder.domain.ladder.profile import (
    Condition,
    LadderProfile,
    Mark,
    Rung,
    StepKind,
    UnitReach,
)

FIRST_PAUSE_S: Final = 0.5
"""So long an incident's steps are left alone after one that could not be taken; twice as long each time."""
LONGEST_PAUSE_S: Final = 30.0


class StepState(StrEnum):
    """What became of a step."""

    PLANNED = "planned"
    TAKEN = "taken"
    SKIPPED = "skipped"
    """It was not needed when it was due; planned again when a person withdraws."""
    STOPPED = "stopped"
    """By a person, or with the incident."""
    EXPIRED = "expired"
    """It could not be taken in time, such as during an outage: it is never taken by itself."""


class StepReason(StrEnum):
    """Why a step was not taken, or was taken by hand."""

    NONE = ""
    ENOUGH = "enough"
    SOMEBODY_COMES = "somebody_comes"
    ALL_ANSWERED = "all_answered"
    ENDED = "ended"
    BY_HAND = "by_hand"


class HelpState(StrEnum):
    """How far the call to a neighbouring circle has come."""

    ASKED = "asked"
    CALLED = "called"
    EXPIRED = "expired"
    """The circle could not be called in time."""
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class CircleHelp:
    """A neighbouring circle that was asked for help, and how many of its people come."""

    circle_id: CircleId
    name: str
    name_en: str
    state: HelpState
    called: int = 0
    coming: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LadderStep:
    """A rung with its time, and what became of it."""

    number: int
    """From 1, in the order of the ladder."""
    rung: Rung
    due_at: datetime
    expires_at: datetime
    """Not taken by itself later than this."""
    state: StepState = StepState.PLANNED
    at: datetime | None = None
    """When it was taken, skipped, stopped or found expired."""
    reason: StepReason = StepReason.NONE
    called: int = 0
    """How many people the step called, or reminded."""
    by: AccountId | None = None
    """Who took or stopped it by hand."""
    by_name: str | None = None
    circles: tuple[CircleHelp, ...] = ()
    """Of a call to neighbouring circles: which, and what came of it."""
    failures: int = 0
    """How often it could not be taken although it was due; while it is planned, it is tried again."""

    @property
    def is_planned(self) -> bool:
        return self.state is StepState.PLANNED

    def taken(self, *, at: datetime, called: int) -> "LadderStep":
        return replace(self, state=StepState.TAKEN, at=at, called=called, failures=0)

    def put_aside(self, state: StepState, reason: StepReason, *, at: datetime) -> "LadderStep":
        """Return the step as skipped, stopped or expired."""
        return replace(self, state=state, reason=reason, at=at, failures=0)

    def by_hand(self, account_id: AccountId, name: str) -> "LadderStep":
        return replace(self, reason=StepReason.BY_HAND, by=account_id, by_name=name)

    def again(self, *, at: datetime) -> "LadderStep":
        """Return a skipped step as due now: what it was skipped for is no longer so."""
        expires_at = at + timedelta(seconds=self.rung.expires_after_s)
        return replace(
            self,
            state=StepState.PLANNED,
            due_at=at,
            expires_at=expires_at,
            reason=StepReason.NONE,
            at=None,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the incident needs among those who come, such as two first-aiders or one engine."""

    capability: str
    count: int
    by_units: bool
    """Whether units are counted; otherwise the people in units that have it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The ladder that one incident goes by: a copy, which later changes of the profile leave alone."""

    key: str
    name: str
    name_en: str
    enough: int
    marks: tuple[Mark, ...]
    steps: tuple[LadderStep, ...]
    wanted: tuple[Wanted, ...] = ()
    """Until they come, no number of people is enough."""

    def step(self, number: int) -> LadderStep | None:
        return next((step for step in self.steps if step.number == number), None)

    def with_steps(self, changed: Iterable[LadderStep]) -> "Ladder":
        """Return the ladder with these steps in the place of those of the same numbers."""
        fresh = {step.number: step for step in changed}
        return replace(self, steps=tuple(fresh.get(step.number, step) for step in self.steps))


HELP: Final = Ladder(
    key="neighbour_help",
    name="支援相邻响应圈",
    name_en="Help for a neighbouring circle",
    enough=1,
    marks=(),
    steps=(),
)
"""Of an incident by which a neighbour is helped: those agreed on are called, and no one after them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """How the people who were called stand."""

    coming: int
    """People who come, those of neighbouring circles with them."""
    silent: int
    """People who have said neither yes nor no."""
    missing: frozenset[str] = frozenset()
    """Capabilities that the incident wants and that no one who comes has."""


def plan(
    profile: LadderProfile,
    *,
    raised_at: datetime,
    everyone_at_once: bool,
    wanted: tuple[Wanted, ...] = (),
) -> Ladder:
    """
    Return the ladder of an incident as planned.

    With `everyone_at_once`, for the highest severity, the first wave is everyone who can be there in time,
    whatever the profile's waves are.
    """
    rungs = list(profile.rungs)
    if everyone_at_once:
        first = Rung(
            name="呼叫所有能按时到的人",
            name_en="Call everyone who can be there in time",
            kind=StepKind.CALL,
            after_s=0,
            reach=(UnitReach.IN_TIME,),
        )
        rungs = [first, *(rung for rung in rungs if not _is_in_time_wave(rung))]
    return Ladder(
        key=profile.key,
        name=profile.name,
        name_en=profile.name_en,
        enough=profile.enough,
        marks=profile.marks,
        steps=tuple(_planned(rung, number, raised_at) for number, rung in enumerate(rungs, 1)),
        wanted=wanted,
    )


def _is_in_time_wave(rung: Rung) -> bool:
    return rung.kind is StepKind.CALL and rung.reach == (UnitReach.IN_TIME,)


def _planned(rung: Rung, number: int, raised_at: datetime) -> LadderStep:
    due_at = raised_at + timedelta(seconds=rung.after_s)
    return LadderStep(
        number=number,
        rung=rung,
        due_at=due_at,
        expires_at=due_at + timedelta(seconds=rung.expires_after_s),
    )


def why_not(step: LadderStep, answers: Answers, *, enough: int) -> StepReason | None:
    """Return why a step that is due is not needed; None when it is."""
    if step.rung.condition is Condition.NOBODY and answers.coming > 0:
        return StepReason.SOMEBODY_COMES
    if step.rung.condition is Condition.NOT_ENOUGH and answers.coming >= enough and not answers.missing:
        return StepReason.ENOUGH
    if step.rung.kind is StepKind.REMIND and answers.silent == 0:
        return StepReason.ALL_ANSWERED
    return None

"""Write down what is observed in a drill: by anyone in the circle, with one tap, also while offline."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from responder.domain.drills.facts import Fact, FactKind
from responder.domain.drills.observation import Observation, ObservationVerdict
from responder.domain.drills.run import DrillRun
from responder.domain.errors import DrillNotRunningError, InvalidValueError, NotFoundError
from responder.domain.ids import DrillId, ObservationId
from responder.domain.incidents.event import DrillRunChanged
from responder.domain.people.access import Action, Viewer
from responder.ports import Clock, Database, Roads, Transaction
from responder.ports.clock import moment, to_milliseconds
from responder.ports.photos import Photo
from responder.services.drills.running.keep_run import RunInHand, exercise_of, keep
from responder.services.validation.photos import Redraw, drawn, require_picture
from responder.services.validation.text import checked_text

TEXT_LENGTH: Final = 500
TAKEN_AFTER_END: Final = timedelta(hours=72)
"""A phone without network may send what it kept so long after the drill."""
MOST: Final = 2000
"""Observations of one drill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewObservation:
    """Input of an observation."""

    id: ObservationId
    at: datetime
    verdict: ObservationVerdict
    text: str = ""
    objective: str | None = None
    lon: float | None = None
    lat: float | None = None


async def observe(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    drill_id: DrillId,
    new: NewObservation,
    clock: Clock,
) -> Observation:
    """
    Keep an observation and return it; sent again it is kept once, with what its account says of it by now.

    So it can be sent after one tap, and the words that follow later. Its moment stays, and its place once it
    has one. A moment before the start counts as the start, one in the future as now: clocks of phones differ.

    Raises
    ------
    NotAllowedError
        It is about an objective, and the role may not see plans of drills.
    NotFoundError
        The circle has no such drill, or the id is of an observation of another account or drill.
    DrillNotRunningError
        It was not started, or ended too long ago.
    InvalidValueError
        The plan has no such objective, longitude and latitude are not both given, the text cannot be stored,
        or there are too many observations.
    """
    viewer.must(Action.OBSERVE_DRILL)
    if new.objective is not None:
        # Those who are tried do not judge what they are tried by, nor are they told it.
        viewer.must(Action.SEE_DRILL_PLAN)
    text = checked_text(new.text.strip(), field="text", longest=TEXT_LENGTH)
    if (new.lon is None) != (new.lat is None):
        message = "longitude and latitude belong together"
        raise InvalidValueError(message, field="lat" if new.lat is None else "lon")
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        now = moment(clock)
        in_hand = await _observed(transaction, viewer, drill_id, now=now)
        if new.objective is not None and in_hand.drill.plan.objective(new.objective) is None:
            message = "the plan has no such objective"
            raise InvalidValueError(message, field="objective")
        known = await transaction.observations.find(viewer.circle_id, new.id)
        if known is not None:
            said = replace(new, text=text)
            changed = _changed(_same(known, viewer, drill_id), said)
            if changed != known:
                await transaction.observations.put(changed)
                run = _reported(_unreported(in_hand.run, known), changed)
                await _tell(transaction, in_hand, run, roads=roads, now=now)
            return changed
        if in_hand.run.observations >= MOST:
            message = f"at most {MOST} observations"
            raise InvalidValueError(message, field="id")
        observation = Observation(
            id=new.id,
            circle_id=viewer.circle_id,
            drill_id=drill_id,
            at=min(max(to_milliseconds(new.at), in_hand.run.started_at), now),
            received_at=now,
            by=viewer.account_id,
            by_name=viewer.name,
            partner_id=viewer.partner_id,
            verdict=new.verdict,
            text=text,
            objective=new.objective,
            lon=new.lon,
            lat=new.lat,
        )
        await transaction.observations.add(observation)
        run = replace(in_hand.run, observations=in_hand.run.observations + 1)
        await keep(transaction, in_hand, _reported(run, observation), roads=roads, model=None, now=now)
    return observation


async def add_photo(
    database: Database,
    roads: Roads,
    *,
    viewer: Viewer,
    drill_id: DrillId,
    observation_id: ObservationId,
    photo: Photo,
    redraw: Redraw,
    clock: Clock,
) -> Observation:
    """
    Keep the picture of an observation that the viewer made, and return the observation.

    Raises
    ------
    NotFoundError
        There is no such observation of the viewer's.
    InvalidValueError
        It is neither a JPEG nor a PNG, cannot be read, or is larger than a megabyte.
    DrillNotRunningError
        The drill ended too long ago.
    """
    viewer.must(Action.OBSERVE_DRILL)
    require_picture(photo)
    async with database.snapshot() as transaction:
        # No picture is drawn for those who may not leave one.
        await _own(transaction, viewer, drill_id, observation_id)
    again = await drawn(photo, redraw)
    async with database.begin() as transaction:
        await transaction.circles.lock(viewer.circle_id)
        now = moment(clock)
        in_hand = await _observed(transaction, viewer, drill_id, now=now)
        known = await _own(transaction, viewer, drill_id, observation_id)
        await transaction.observations.put_photo(viewer.circle_id, observation_id, again)
        await _tell(transaction, in_hand, in_hand.run, roads=roads, now=now)
    return replace(known, has_photo=True)


async def list_observations(
    database: Database, *, viewer: Viewer, drill_id: DrillId
) -> tuple[Observation, ...]:
    """
    Return what was observed in a drill, the first seen first: all of it for planners, else the viewer's own.

    Raises
    ------
    NotFoundError
        The circle has no such drill.
    """
    viewer.must(Action.OBSERVE_DRILL)
    async with database.snapshot() as transaction:
        await transaction.drills.get(viewer.circle_id, drill_id)
        found = await transaction.observations.of_drill(viewer.circle_id, drill_id)
    if viewer.may(Action.SEE_DRILL_PLAN):
        return found
    return tuple(each for each in found if each.by == viewer.account_id)


async def show_photo(
    database: Database, *, viewer: Viewer, drill_id: DrillId, observation_id: ObservationId
) -> Photo:
    """
    Return the picture of an observation that the viewer may see.

    Raises
    ------
    NotFoundError
        There is none.
    """
    shown = await list_observations(database, viewer=viewer, drill_id=drill_id)
    if all(each.id != observation_id for each in shown):
        raise NotFoundError
    async with database.snapshot() as transaction:
        photo = await transaction.observations.photo(viewer.circle_id, observation_id)
    if photo is None:
        raise NotFoundError
    return photo


async def _observed(
    transaction: Transaction, viewer: Viewer, drill_id: DrillId, *, now: datetime
) -> RunInHand:
    """Return a drill that may be observed: it runs, or ended not long ago."""
    drill = await transaction.drills.get(viewer.circle_id, drill_id)
    run = await transaction.drill_runs.find(viewer.circle_id, drill_id)
    if run is None or _is_long_over(run, now=now):
        raise DrillNotRunningError(state=drill.state.value)
    return RunInHand(drill=drill, run=run, detail=await exercise_of(transaction, run))


async def _tell(
    transaction: Transaction, in_hand: RunInHand, run: DrillRun, *, roads: Roads, now: datetime
) -> None:
    """Keep the run, and let those who look at it know that an observation is another one now."""
    kept = await keep(transaction, in_hand, run, roads=roads, model=None, now=now)
    if kept.run == in_hand.run:
        await transaction.record(run.circle_id, DrillRunChanged(run=run), at=now)


def _changed(known: Observation, new: NewObservation) -> Observation:
    lon, lat = (new.lon, new.lat) if known.lon is None else (known.lon, known.lat)
    return replace(known, verdict=new.verdict, text=new.text, objective=new.objective, lon=lon, lat=lat)


def _fact(run: DrillRun, observation: Observation) -> Fact | None:
    """Return what an observation says of an objective; None if it does not say that one is met."""
    if observation.verdict is not ObservationVerdict.GOOD or observation.objective is None:
        return None
    at_s = run.clock_s(observation.at)
    return Fact(kind=FactKind.OBSERVED, at_s=at_s, objective=observation.objective)


def _reported(run: DrillRun, observation: Observation) -> DrillRun:
    fact = _fact(run, observation)
    return run if fact is None else run.report(fact)


def _unreported(run: DrillRun, observation: Observation) -> DrillRun:
    facts = list(run.facts)
    fact = _fact(run, observation)
    if fact in facts:
        facts.remove(fact)
    return replace(run, facts=tuple(facts))


def _is_long_over(run: DrillRun, *, now: datetime) -> bool:
    return run.ended_at is not None and now - run.ended_at > TAKEN_AFTER_END


async def _own(
    transaction: Transaction, viewer: Viewer, drill_id: DrillId, observation_id: ObservationId
) -> Observation:
    known = await transaction.observations.find(viewer.circle_id, observation_id)
    if known is None:
        raise NotFoundError
    return _same(known, viewer, drill_id)


def _same(known: Observation, viewer: Viewer, drill_id: DrillId) -> Observation:
    if (known.by, known.drill_id) != (viewer.account_id, drill_id):
        raise NotFoundError
    return known

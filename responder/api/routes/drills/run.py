"""Drills as they run: start, steer, report, observe."""

from typing import Annotated

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Flag, Latitude, Longitude, Moment, ShortNote, Word
from responder.api.json_body import StrictRoute
from responder.api.picture import PICTURE_ANSWER, PICTURE_BODY, picture, sent_photo
from responder.domain.drills.observation import Observation, ObservationVerdict
from responder.domain.drills.run import DrillRun
from responder.domain.ids import DrillId, ObservationId
from responder.exchange.pictures import redrawn
from responder.services.drills.replay import Replay, load_replay
from responder.services.drills.running import observe, report, start_drill, steer_drill
from responder.services.drills.running.show_run import ShownRun, show_run
from responder.services.drills.running.steer_drill import InjectDeed

router = APIRouter(prefix="/circles/{circle_id}/drills/{drill_id}", tags=["drills"], route_class=StrictRoute)

InjectNumber = Annotated[int, Field(ge=1, le=1000)]


class BesideReal(Body):
    """Whether it goes on although a real incident is open."""

    beside_real: Flag = False


class StartBody(BesideReal):
    """Beside what it starts all the same."""

    beside_drill: Flag = False
    """Whether it starts although another drill of the circle has not ended."""


class CountBody(Body):
    """How many more people were counted; fewer than none takes some back."""

    people: Annotated[int, Field(ge=-10_000, le=10_000, strict=True)]


class ObservationBody(Body):
    """What was seen, and when."""

    at: Moment
    verdict: ObservationVerdict
    text: ShortNote = ""
    objective: Word | None = None
    lon: Longitude | None = None
    lat: Latitude | None = None


class ObservationList(BaseModel):
    """What was observed, the first seen first."""

    observations: tuple[Observation, ...]


@router.get("/run", responses=answers(401, 403, 404, 409))
async def shown(viewer: InCircle, context: ContextDep, drill_id: DrillId) -> ShownRun:
    """Show the drill as it runs or ran: injects, facts, objectives, observations."""
    return await show_run(context.database, viewer=viewer, drill_id=drill_id, clock=context.clock)


@router.post("/start", responses=answers(401, 403, 404, 409, 413))
async def started(viewer: InCircle, context: ContextDep, drill_id: DrillId, body: StartBody) -> DrillRun:
    """Start the drill: its people are called by an exercise, its clock runs."""
    return await start_drill.start_drill(
        context.database,
        context.roads,
        viewer=viewer,
        drill_id=drill_id,
        beside_real=body.beside_real,
        beside_drill=body.beside_drill,
        clock=context.clock,
    )


@router.post("/pause", responses=answers(401, 403, 404, 409))
async def paused(viewer: InCircle, context: ContextDep, drill_id: DrillId) -> DrillRun:
    """Let the clock stand still."""
    return await steer_drill.pause_drill(
        context.database, context.roads, viewer=viewer, drill_id=drill_id, clock=context.clock
    )


@router.post("/resume", responses=answers(401, 403, 404, 409, 413))
async def resumed(viewer: InCircle, context: ContextDep, drill_id: DrillId, body: BesideReal) -> DrillRun:
    """Let the clock go on."""
    return await steer_drill.resume_drill(
        context.database,
        context.roads,
        viewer=viewer,
        drill_id=drill_id,
        beside_real=body.beside_real,
        clock=context.clock,
    )


@router.post("/end", responses=answers(401, 403, 404, 409))
async def ended(viewer: InCircle, context: ContextDep, drill_id: DrillId) -> DrillRun:
    """End the drill and its exercise."""
    return await steer_drill.end_drill(
        context.database, context.roads, viewer=viewer, drill_id=drill_id, clock=context.clock
    )


@router.post("/injects/{number}/clear", responses=answers(401, 403, 404, 409))
async def cleared(viewer: InCircle, context: ContextDep, drill_id: DrillId, number: InjectNumber) -> DrillRun:
    """Report that the lane which an inject closed is clear."""
    return await report.report_lane_clear(
        context.database,
        context.roads,
        viewer=viewer,
        drill_id=drill_id,
        number=number,
        clock=context.clock,
    )


@router.post("/injects/{number}/{deed}", responses=answers(401, 403, 404, 409))
async def steered(
    viewer: InCircle, context: ContextDep, drill_id: DrillId, number: InjectNumber, deed: InjectDeed
) -> DrillRun:
    """Give an inject now, hold it, let it go on, skip it, or undo that."""
    return await steer_drill.steer_inject(
        context.database,
        context.roads,
        viewer=viewer,
        drill_id=drill_id,
        number=number,
        deed=deed,
        clock=context.clock,
    )


@router.post("/roll-call", responses=answers(401, 403, 404, 409, 413))
async def counted(viewer: InCircle, context: ContextDep, drill_id: DrillId, body: CountBody) -> DrillRun:
    """Report people counted at the assembly point."""
    return await report.count_people(
        context.database,
        context.roads,
        viewer=viewer,
        drill_id=drill_id,
        people=body.people,
        clock=context.clock,
    )


@router.get("/observations", responses=answers(401, 403, 404))
async def observations(viewer: InCircle, context: ContextDep, drill_id: DrillId) -> ObservationList:
    """List what was observed: all for planners, for others their own."""
    found = await observe.list_observations(context.database, viewer=viewer, drill_id=drill_id)
    return ObservationList(observations=found)


@router.get(
    "/observations/{observation_id}/photo",
    response_class=Response,
    responses=PICTURE_ANSWER,
)
async def photo(
    viewer: InCircle, context: ContextDep, drill_id: DrillId, observation_id: ObservationId
) -> Response:
    """Show the picture of an observation."""
    found = await observe.show_photo(
        context.database, viewer=viewer, drill_id=drill_id, observation_id=observation_id
    )
    return picture(found)


@router.put(
    "/observations/{observation_id}/photo",
    responses=answers(401, 403, 404, 409, 413),
    openapi_extra=PICTURE_BODY,
)
async def photographed(
    viewer: InCircle,
    context: ContextDep,
    request: Request,
    drill_id: DrillId,
    observation_id: ObservationId,
) -> Observation:
    """Keep the picture of an observation that was made before, drawn again: sent without a form around it."""
    return await observe.add_photo(
        context.database,
        context.roads,
        viewer=viewer,
        drill_id=drill_id,
        observation_id=observation_id,
        photo=await sent_photo(request),
        redraw=redrawn,
        clock=context.clock,
    )


@router.get("/replay", responses=answers(401, 403, 404, 409))
async def replayed(viewer: InCircle, context: ContextDep, drill_id: DrillId) -> Replay:
    """Give what the drill is replayed from: the circle at its start, the events and tracks since."""
    return await load_replay(context.database, viewer=viewer, drill_id=drill_id)


@router.put("/observations/{observation_id}", responses=answers(401, 403, 404, 409, 413))
async def observed(
    viewer: InCircle,
    context: ContextDep,
    drill_id: DrillId,
    observation_id: ObservationId,
    body: ObservationBody,
) -> Observation:
    """Keep an observation under an id that the device made; sent again it is kept once, as said last."""
    new = observe.NewObservation(id=observation_id, **dict(body))
    return await observe.observe(
        context.database, context.roads, viewer=viewer, drill_id=drill_id, new=new, clock=context.clock
    )

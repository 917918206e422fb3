"""Roll-calls: which doors, and what became of the people behind each."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Line, Moment, Word
from responder.api.json_body import StrictRoute
from responder.domain.ids import BuildingId, IncidentId, RollCallMarkId
from responder.domain.registers.roll_call import (
    MOST_BUILDINGS,
    MOST_DOORS,
    MOST_PEOPLE,
    NOTE_LENGTH,
    RollCall,
    RollCallDoor,
    RollCallMark,
    RollCallState,
)
from responder.services.registers.roll_call import mark_doors, put_doors

router = APIRouter(
    prefix="/circles/{circle_id}/incidents/{incident_id}/roll-call",
    tags=["roll-call"],
    route_class=StrictRoute,
)

MOST_MARKS = 50
"""In one request; a phone that was offline for long sends several."""

Label = Word
Remark = Annotated[Line, StringConstraints(max_length=NOTE_LENGTH)]
People = Annotated[int, Field(ge=0, le=MOST_PEOPLE, strict=True)]
Floor = Annotated[int, Field(ge=-9, le=put_doors.HIGHEST_FLOOR, strict=True)]
Count = Annotated[int, Field(ge=1, le=99, strict=True)]


class DoorBody(Body):
    """A door; without a floor the label tells it."""

    label: Label
    floor: Floor | None = None
    expected: People | None = None


class GridBody(Body):
    """As many doors on each storey of each stairwell."""

    stairwells: Count = 1
    storeys: Count
    doors: Count
    expected: People | None = None


class BuildingBody(Body):
    """Which doors a building has."""

    building_id: BuildingId
    doors: Annotated[tuple[DoorBody, ...], Field(max_length=MOST_DOORS)] = ()
    grid: GridBody | None = None


class DoorsBody(Body):
    """The buildings of a roll-call with their doors."""

    buildings: Annotated[tuple[BuildingBody, ...], Field(min_length=1, max_length=MOST_BUILDINGS)]


class DoorMarkBody(Body):
    """What became of the people behind a door."""

    id: RollCallMarkId
    building_id: BuildingId
    label: Label
    state: RollCallState
    people: People
    at: Moment
    note: Remark = ""


class MarksBody(Body):
    """Marks in any order."""

    marks: Annotated[tuple[DoorMarkBody, ...], Field(min_length=1, max_length=MOST_MARKS)]


class MarksAnswer(BaseModel):
    """What became of each mark, and the doors that changed."""

    taken: tuple[RollCallMarkId, ...]
    refused: tuple[mark_doors.RefusedMark, ...]
    doors: tuple[RollCallDoor, ...]


class MarkList(BaseModel):
    """Who said what, the last said first."""

    marks: tuple[RollCallMark, ...]


@router.put("", responses=answers(401, 403, 404, 409, 413))
async def begun(viewer: InCircle, context: ContextDep, incident_id: IncidentId, body: DoorsBody) -> RollCall:
    """Begin the roll-call of an open incident, or say which doors its buildings have."""
    buildings = [
        put_doors.DoorsOfBuilding(
            building_id=each.building_id,
            doors=tuple(put_doors.NewDoor(**dict(door)) for door in each.doors),
            grid=None if each.grid is None else put_doors.DoorGrid(**dict(each.grid)),
        )
        for each in body.buildings
    ]
    return await put_doors.put_doors(
        context.database, viewer=viewer, incident_id=incident_id, buildings=buildings, clock=context.clock
    )


@router.put("/marks", responses=answers(401, 403, 404, 409, 413))
async def marked(
    viewer: InCircle, context: ContextDep, incident_id: IncidentId, body: MarksBody
) -> MarksAnswer:
    """Keep marks under ids that the device made; sent again they are kept once."""
    done = await mark_doors.mark_doors(
        context.database,
        viewer=viewer,
        incident_id=incident_id,
        marks=[mark_doors.NewMark(**dict(each)) for each in body.marks],
        clock=context.clock,
    )
    return MarksAnswer(**done._asdict())


@router.get("/marks", responses=answers(401, 403, 404))
async def listed(viewer: InCircle, context: ContextDep, incident_id: IncidentId) -> MarkList:
    """List who said what of which door."""
    found = await mark_doors.list_marks(context.database, viewer=viewer, incident_id=incident_id)
    return MarkList(marks=found)

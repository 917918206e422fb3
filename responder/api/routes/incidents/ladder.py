"""Ladders: who is called when. Their profiles, and the ladder of one incident."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Flag, Word
from responder.api.json_body import StrictRoute
from responder.domain.ids import IncidentId
from responder.domain.incidents.snapshot import IncidentDetail
from responder.domain.ladder import profile as domain
from responder.domain.people.access import Role
from responder.domain.people.partner import PartnerKind
from responder.services.ladder.call_list import CallListEntry, show_call_list
from responder.services.ladder.profiles import ShownLadders, set_ladders, show_ladders
from responder.services.ladder.steer import stop_steps, take_step_now

router = APIRouter(prefix="/circles/{circle_id}", tags=["ladder"], route_class=StrictRoute)

Seconds = Annotated[float, Field(ge=0, le=7200, allow_inf_nan=False, strict=True)]
Count = Annotated[int, Field(ge=1, le=1000, strict=True)]
StepNumber = Annotated[int, Field(ge=1, le=1000, strict=True)]


class MarkBody(Body):
    """A moment at which a goal should be reached."""

    after_s: Seconds
    goal: domain.Goal


class RungBody(Body):
    """One planned step."""

    name: Word
    name_en: Word = ""
    kind: domain.StepKind
    after_s: Seconds
    condition: domain.Condition = domain.Condition.ALWAYS
    reach: Annotated[tuple[domain.UnitReach, ...], Field(max_length=3)] = ()
    within_s: Seconds | None = None
    roles: Annotated[tuple[Role, ...], Field(max_length=5)] = ()
    partner_kinds: Annotated[tuple[PartnerKind, ...], Field(max_length=7)] = ()
    capabilities: Annotated[tuple[Word, ...], Field(max_length=20)] = ()
    wanted_only: Flag = False
    expires_after_s: Seconds = domain.EXPIRES_AFTER_S


class ProfileBody(Body):
    """A named ladder."""

    key: Word
    name: Word
    name_en: Word = ""
    enough: Count
    marks: Annotated[tuple[MarkBody, ...], Field(max_length=6)] = ()
    rungs: Annotated[tuple[RungBody, ...], Field(max_length=12)]


class LaddersBody(Body):
    """The ladders of a circle."""

    default: Word
    profiles: Annotated[tuple[ProfileBody, ...], Field(max_length=12)]

    def value(self) -> domain.LadderProfiles:
        return domain.LadderProfiles(
            default=self.default,
            profiles=tuple(
                domain.LadderProfile(
                    key=each.key,
                    name=each.name,
                    name_en=each.name_en,
                    enough=each.enough,
                    marks=tuple(domain.Mark(**dict(mark)) for mark in each.marks),
                    rungs=tuple(domain.Rung(**dict(rung)) for rung in each.rungs),
                )
                for each in self.profiles
            ),
        )


class NewLadders(Body):
    """The ladders that the circle shall go by; null for those that are shipped."""

    ladders: LaddersBody | None
    expected_version: Annotated[
        Word | None,
        Field(description="The version that was seen; when another holds by now nothing is changed"),
    ] = None


class StepBody(Body):
    """Which step."""

    number: StepNumber


class StopBody(Body):
    """Which step; null for all that are planned."""

    number: StepNumber | None


class CallList(BaseModel):
    """Whom to telephone, in order."""

    entries: tuple[CallListEntry, ...]


@router.get("/ladders", responses=answers(401, 403, 404))
async def shown(viewer: InCircle, context: ContextDep) -> ShownLadders:
    """Show the ladders that the circle's alerts go by."""
    return await show_ladders(context.database, viewer=viewer)


@router.put("/ladders", responses=answers(401, 403, 404, 409, 413))
async def changed(viewer: InCircle, context: ContextDep, body: NewLadders) -> ShownLadders:
    """Change the circle's ladders; open incidents keep theirs."""
    return await set_ladders(
        context.database,
        viewer=viewer,
        ladders=None if body.ladders is None else body.ladders.value(),
        expected_version=body.expected_version,
        clock=context.clock,
    )


@router.get("/incidents/{incident_id}/call-list", responses=answers(401, 403, 404))
async def call_list(viewer: InCircle, context: ContextDep, incident_id: IncidentId) -> CallList:
    """Show whom to telephone, in order."""
    entries = await show_call_list(context.database, viewer=viewer, incident_id=incident_id)
    return CallList(entries=entries)


@router.post("/incidents/{incident_id}/ladder/take", responses=answers(401, 403, 404, 409, 413))
async def taken(
    viewer: InCircle, context: ContextDep, incident_id: IncidentId, body: StepBody
) -> IncidentDetail:
    """Take a step now, whatever it waits for."""
    return await take_step_now(
        context.database,
        viewer=viewer,
        incident_id=incident_id,
        number=body.number,
        next_channel=context.next_channel,
        clock=context.clock,
    )


@router.post("/incidents/{incident_id}/ladder/stop", responses=answers(401, 403, 404, 409, 413))
async def stopped(
    viewer: InCircle, context: ContextDep, incident_id: IncidentId, body: StopBody
) -> IncidentDetail:
    """Stop a planned step, or all of them; each can still be taken by hand."""
    return await stop_steps(
        context.database, viewer=viewer, incident_id=incident_id, number=body.number, clock=context.clock
    )

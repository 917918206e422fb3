"""Circles: list those of an account, create one, show one."""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, Field, StringConstraints

from responder.api.deps.auth import Administrator, ClientDep, InCircle, SignedIn
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Latitude, LimitS, Longitude, Word
from responder.api.json_body import StrictRoute
from responder.api.routes.feature import Attribution, Credited, credits_of
from responder.domain.incidents.snapshot import CircleSnapshot
from responder.domain.map.circle import DEFAULT_LIMIT_S, Circle, CircleCounts, RoadsOfCircle
from responder.domain.people.access import ViewerCard
from responder.domain.people.account import Membership
from responder.security.sign_in import list_memberships
from responder.services.circles import create as making
from responder.services.circles.snapshot import show_circle
from responder.services.map.queries import show_card

router = APIRouter(prefix="/circles", tags=["circles"], route_class=StrictRoute)


class NewCircle(Body):
    """An area and its promise."""

    name: Annotated[Word, StringConstraints(min_length=1)]
    name_en: Word = ""
    centre: Annotated[tuple[Longitude, Latitude], Field(description="Longitude, latitude, WGS 84")]
    limit_s: LimitS = DEFAULT_LIMIT_S


class RoadsAnswer(BaseModel):
    """The roads that a circle uses."""

    content_hash: str
    summary: dict[str, Any]
    by_earlier_rules: bool
    """They were read by the rules of an earlier version: import the map again."""


class CircleAnswer(Credited):
    """A circle, what the viewer is in it, and how much is known of it."""

    circle: Circle
    viewer: ViewerCard
    counts: CircleCounts
    roads: RoadsAnswer | None


@router.get("", responses=answers(401))
async def listed(account: SignedIn, context: ContextDep) -> tuple[Membership, ...]:
    """List the circles that the account belongs to."""
    return await list_memberships(context.database, account_id=account.id)


@router.post("", status_code=201, responses=answers(401, 403, 409, 413))
async def made(account: Administrator, context: ContextDep, origin: ClientDep, body: NewCircle) -> Circle:
    """Make a circle, with the administrator as its first coordinator."""
    return await making.make_circle(
        context.database,
        account=account,
        name=body.name,
        name_en=body.name_en,
        centre=body.centre,
        limit_s=body.limit_s,
        clock=context.clock,
        origin=origin,
    )


@router.get("/{circle_id}", responses=answers(401, 404))  # noqa: FAST003 - `InCircle` takes it
async def shown(viewer: InCircle, context: ContextDep, attribution: Attribution) -> CircleAnswer:
    """Show what the circle is and how much is known of it."""
    card = await show_card(context.database, viewer=viewer)
    return CircleAnswer(
        circle=card.circle,
        viewer=ViewerCard.of(viewer),
        counts=card.counts,
        roads=None if card.roads is None else _roads(card.roads),
        **credits_of(attribution),
    )


@router.get("/{circle_id}/snapshot", responses=answers(401, 404))  # noqa: FAST003 - `InCircle` takes it
async def snapshot(viewer: InCircle, context: ContextDep) -> CircleSnapshot:
    """Show everything live that the viewer may see: what a socket's snapshot holds."""
    return await show_circle(context.database, viewer=viewer, clock=context.clock)


def _roads(roads: RoadsOfCircle) -> RoadsAnswer:
    return RoadsAnswer(
        content_hash=roads.content_hash, summary=roads.summary, by_earlier_rules=roads.by_earlier_rules
    )

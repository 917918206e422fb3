"""Who belongs to a circle, and as what."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import Field, model_validator

from responder.api.deps.auth import Overseer
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body
from responder.api.json_body import StrictRoute
from responder.domain.ids import AccountId, PartnerId, UnitId
from responder.domain.people.access import Role
from responder.domain.people.account import Person
from responder.services.people import list_people as service
from responder.services.people.change_person import PersonChange, change_person
from responder.services.people.remove_person import remove_person

router = APIRouter(prefix="/circles/{circle_id}/people", tags=["people"], route_class=StrictRoute)


class Changes(Body):
    """The changes; fields that are not named stay."""

    role: Role | None = None
    partner_id: PartnerId | None = None
    """Null takes the person from every partner."""
    unit_ids: Annotated[tuple[UnitId, ...], Field(max_length=50)] | None = None
    """All units that alerts shall reach the person by, of their partner."""

    @model_validator(mode="after")
    def _means_something(self) -> "Changes":
        for field in ("role", "unit_ids"):
            if field in self.model_fields_set and getattr(self, field) is None:
                message = f"{field} cannot be null"
                raise ValueError(message)
        return self


@router.get("", responses=answers(401, 403, 404))
async def listed(viewer: Overseer, context: ContextDep) -> tuple[Person, ...]:
    """List the members of the circle, by partner and name."""
    return await service.list_people(context.database, viewer=viewer, clock=context.clock)


@router.patch("/{account_id}", responses=answers(401, 403, 404, 409, 413))
async def changed(viewer: Overseer, context: ContextDep, account_id: AccountId, body: Changes) -> Person:
    """Change a member's role, partner or units."""
    change = PersonChange(
        fields=frozenset(body.model_fields_set),
        role=body.role or Role.OBSERVER,
        partner_id=body.partner_id,
        unit_ids=body.unit_ids or (),
    )
    return await change_person(
        context.database, viewer=viewer, account_id=account_id, change=change, clock=context.clock
    )


@router.delete("/{account_id}", status_code=204, responses=answers(401, 403, 404, 409))
async def removed(viewer: Overseer, context: ContextDep, account_id: AccountId) -> None:
    """Remove a member from the circle; their sockets close within seconds."""
    await remove_person(context.database, viewer=viewer, account_id=account_id, clock=context.clock)

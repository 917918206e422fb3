"""What the platform's administrators see to."""

from fastapi import APIRouter

from responder.api.deps.auth import Administrator
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.json_body import StrictRoute
from responder.domain.people.account import AdministeredCircle
from responder.services.circles.administered import administered_circles

router = APIRouter(prefix="/administration", tags=["administration"], route_class=StrictRoute)


@router.get("/circles", responses=answers(401, 403))
async def listed(account: Administrator, context: ContextDep) -> tuple[AdministeredCircle, ...]:
    """List all circles by name, with how many people and coordinators each has."""
    return await administered_circles(context.database, account=account)

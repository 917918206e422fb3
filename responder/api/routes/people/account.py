"""One's own account."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import StringConstraints

from responder.api.deps.auth import ClientDep, SignedIn, Token
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body
from responder.api.json_body import StrictRoute
from responder.security.change_password import change_password

router = APIRouter(prefix="/account", tags=["session"], route_class=StrictRoute)

Password = Annotated[str, StringConstraints(min_length=1, max_length=1024)]


class NewPassword(Body):
    """The present password, and the one to come."""

    current: Password
    new: Password


@router.post("/password", status_code=204, responses=answers(401, 403, 413, 429))
async def changed(
    account: SignedIn, token: Token, context: ContextDep, origin: ClientDep, body: NewPassword
) -> None:
    """Change one's password; all other sessions of the account end."""
    await change_password(
        context.database,
        account=account,
        token=token,
        current=body.current,
        new=body.new,
        clock=context.clock,
        origin=origin,
        attempts=context.attempts,
    )

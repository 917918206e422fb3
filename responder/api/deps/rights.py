"""The domain's table of rights, looked up for the endpoint that was asked."""

from fastapi import Request

from responder.domain.errors import NotAllowedError
from responder.domain.people.access import Viewer
from responder.domain.people.permissions import ENDPOINTS, Access, Requirement


def route_key(method: str, path: str) -> str:
    """Name the table's row of an endpoint."""
    return f"{method.upper()} {path.removeprefix('/api')}"


async def require_row(request: Request) -> None:
    """Refuse an endpoint without a row, whatever else it checks."""
    need_of(request)


def need_of(request: Request) -> Requirement:
    """Look up what the endpoint needs."""
    named = route_key(request.method, request.scope["route"].path)
    if named not in ENDPOINTS:
        message = f"{named} has no row in responder/domain/people/permissions.py"
        raise LookupError(message)
    return ENDPOINTS[named]


def require(viewer: Viewer, need: Requirement) -> None:
    """
    Stop a member of a circle who has none of the rights.

    Raises
    ------
    NotAllowedError
        The role has none of them.
    """
    if isinstance(need, Access) or any(viewer.may(action) for action in need):
        return
    raise NotAllowedError(action=need[0].value)


def permission_names(need: Requirement) -> list[str]:
    """Say what is needed, as the description of the interface does."""
    return [need.value] if isinstance(need, Access) else [action.value for action in need]

"""Whether this process lives, and whether it can do its work."""

import asyncio
from typing import Literal

from fastapi import APIRouter
from pydantic import BaseModel

from responder.api.deps.context import AppContext, ContextDep
from responder.api.errors.exception_handlers import unavailable
from responder.api.errors.problem import answers
from responder.api.errors.refusals import NotReadyError
from responder.ports.database import DatabaseImpairedError

router = APIRouter(tags=["health"])

READY_LIMIT_S = 2.0


class Health(BaseModel):
    """How this process is."""

    status: str
    version: str


class Readiness(Health):
    """Whether this process can do its work."""

    roads: Literal["preparing", "prepared", "when_needed"]
    """Until they are prepared, a first alert takes some tenths of a second longer."""


@router.get("/healthz", responses=answers())
async def healthy(context: ContextDep) -> Health:
    """Answer as long as the process lives."""
    return Health(status="ok", version=context.version)


@router.get("/readyz", responses=answers())
async def ready(context: ContextDep) -> Readiness:
    """Answer when the database can be read and written, or say which part of it fails."""
    try:
        async with asyncio.timeout(READY_LIMIT_S):
            await context.database.check()
    except DatabaseImpairedError as error:
        raise unavailable(error) from error
    except Exception as error:
        raise NotReadyError(part="database") from error
    return Readiness(status="ready", version=context.version, roads=_roads(context))


def _roads(context: AppContext) -> Literal["preparing", "prepared", "when_needed"]:
    if context.prepared is None:
        return "when_needed"
    return "prepared" if context.prepared.is_set() else "preparing"

"""Whether this process lives, and whether it can do its work."""

import asyncio

from fastapi import APIRouter
from pydantic import BaseModel

from responder.api.parts import WithParts
from responder.api.problem import answers
from responder.api.refusals import NotReadyError

router = APIRouter(tags=["health"])

READY_LIMIT_S = 2.0


class Health(BaseModel):
    """How this process is."""

    status: str
    version: str


@router.get("/healthz", responses=answers())
async def healthy(parts: WithParts) -> Health:
    """Answer as long as the process lives."""
    return Health(status="ok", version=parts.version)


@router.get("/readyz", responses=answers())
async def ready(parts: WithParts) -> Health:
    """Answer when the database does."""
    try:
        async with asyncio.timeout(READY_LIMIT_S), parts.database.snapshot() as transaction:
            await transaction.circles.everything()
    except Exception as error:
        raise NotReadyError from error
    return Health(status="ready", version=parts.version)

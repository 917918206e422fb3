"""Configuration that the page needs before sign-in."""

from fastapi import APIRouter, Request
from pydantic import BaseModel

from responder.api.deps.auth import is_secure
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.json_body import StrictRoute
from responder.domain.incidents.alert import EXERCISE_PREFIX
from responder.domain.incidents.incident import EndReason, Severity

router = APIRouter(prefix="/config", tags=["config"], route_class=StrictRoute)

LANGUAGES = ("zh-CN", "en")


class Config(BaseModel):
    """What this installation offers."""

    version: str
    live_url: str
    languages: tuple[str, ...]
    severities: tuple[Severity, ...]
    end_reasons: tuple[EndReason, ...]
    exercise_prefix: str


@router.get("", responses=answers())
async def config(context: ContextDep, request: Request) -> Config:
    """Tell what this installation offers."""
    return Config(
        version=context.version,
        live_url=context.live.for_host(request.headers.get("host", ""), secure=is_secure(request)),
        languages=LANGUAGES,
        severities=tuple(Severity),
        end_reasons=tuple(EndReason),
        exercise_prefix=EXERCISE_PREFIX,
    )

"""The replay of a drill as one file."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query, Response
from fastapi.responses import HTMLResponse
from pydantic import TypeAdapter

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.json_body import StrictRoute
from responder.api.routes.page import BUILT
from responder.domain.channels.message_words import DEFAULT_LANGUAGE, Language
from responder.domain.errors import NotFoundError
from responder.domain.ids import CircleId, DrillId
from responder.domain.people.access import Action
from responder.exchange.replay.page import PlayerFiles, ReplayPage, replay_page
from responder.ports.clock import moment
from responder.services.drills.export_replay import export_replay
from responder.services.drills.ground import Ground
from responder.services.drills.replay import Replay

_REPLAY: TypeAdapter[Replay] = TypeAdapter(Replay)

router = APIRouter(prefix="/circles/{circle_id}/drills/{drill_id}", tags=["drills"], route_class=StrictRoute)


@router.get("/replay.html", response_class=HTMLResponse, responses=answers(401, 403, 404, 409))
async def page(
    viewer: InCircle,
    context: ContextDep,
    drill_id: DrillId,
    *,
    language: Language = DEFAULT_LANGUAGE,
    names: Annotated[bool, Query(description="Whether people are named; that is audited")] = False,
    download: Annotated[bool, Query(description="As a file to keep, which opens without network")] = False,
) -> Response:
    """Replay the drill in a page that is whole in itself."""
    player = await asyncio.to_thread(_player, context.page_dir)
    replay, ground = await export_replay(
        context.database, viewer=viewer, drill_id=drill_id, names=names, clock=context.clock
    )
    made = await asyncio.to_thread(
        _made,
        replay,
        ground,
        player,
        language=language,
        names=names,
        made_at=moment(context.clock),
        goes_on=None
        if download or not viewer.may(Action.PLAN_DRILL)
        else _address(viewer.circle_id, drill_id),
    )
    headers = {"Content-Security-Policy": made.policy, "Referrer-Policy": "no-referrer"}
    if download:
        headers["Content-Disposition"] = f'attachment; filename="drill-{drill_id}.html"'
    return HTMLResponse(made.html, headers=headers)


def _address(circle_id: CircleId, drill_id: DrillId) -> str:
    """Return where the page shows a rehearsal that goes on from the second put after it."""
    return f"/#circle={circle_id}&rehearsal={drill_id}&from="


def _made(
    replay: Replay,
    ground: Ground,
    player: PlayerFiles,
    *,
    language: Language,
    names: bool,
    made_at: datetime,
    goes_on: str | None,
) -> ReplayPage:
    recording = _REPLAY.dump_python(replay, mode="json")
    return replay_page(
        recording,
        replay.drill.plan,
        ground,
        player,
        language=language,
        names=names,
        made_at=made_at,
        goes_on=goes_on,
    )


def _player(page_dir: Path) -> PlayerFiles:
    """Return what was built beside the page; of sources that were never built there is none."""
    for folder in (page_dir, page_dir / BUILT):
        script, style = folder / "replay" / "replay.js", folder / "replay" / "replay.css"
        if script.is_file() and style.is_file():
            return PlayerFiles(
                script=script.read_text(encoding="utf-8"), style=style.read_text(encoding="utf-8")
            )
    raise NotFoundError(what="replay player; run node static/build.js")

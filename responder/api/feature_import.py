"""Files with buildings, hazards, facilities or units, taken into a circle."""

# ruff: noqa: PLC0415 - the readers bring pandas along, which takes seconds to load: only who imports waits for it

import asyncio
from pathlib import Path
from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel

from geo.place import LonLat
from responder.api.auth import InCircle
from responder.api.field_types import Word
from responder.api.json_body import StrictRoute
from responder.api.parts import Parts, WithParts
from responder.api.problem import answers
from responder.api.upload import REQUEST_BODY, received
from responder.domain.access import Action, Viewer
from responder.services.show_map import show_card

router = APIRouter(prefix="/circles/{circle_id}", tags=["map"], route_class=StrictRoute)

Noun = Literal["buildings", "hazards", "facilities", "units"]


class SkippedRow(BaseModel):
    """A row that was left out, counted from 1, and why."""

    row: int
    code: str


class ImportAnswer(BaseModel):
    """What came of a file."""

    taken: int
    """Things that the circle did not have."""
    updated: int
    """Things that it had, otherwise than the file says."""
    unchanged: int
    """Things that it had just so."""
    skipped: list[SkippedRow]


@router.post(
    "/{noun}/import", status_code=201, responses=answers(401, 403, 404, 413, 429), openapi_extra=REQUEST_BODY
)
async def imported(
    viewer: InCircle, parts: WithParts, request: Request, noun: Noun, crs: Word | None = None
) -> ImportAnswer:
    """
    Take the rows of a file, named in their coordinate reference system when the file does not say it.

    The same file may come twice: what the circle has already is brought up to date.

    The answer to a file that does not is `unknown_crs` with the question to ask, and `candidates`.
    """
    viewer.must(Action.EDIT_MAP)
    parts.imports.begin(viewer.account_id, viewer.origin.address)
    card = await show_card(parts.database, viewer=viewer)
    async with received(request, parts) as path:
        return await _take(parts, viewer, path, noun=noun, crs=crs, near=LonLat(*card.circle.centre))


async def _take(  # noqa: PLR0913 - each is one word of the question
    parts: Parts, viewer: Viewer, path: Path, *, noun: Noun, crs: str | None, near: LonLat
) -> ImportAnswer:
    await asyncio.to_thread(_load_readers)
    from geo.read import read_features
    from responder.services.import_features import Noun as ServiceNoun
    from responder.services.import_features import import_features

    table = await asyncio.to_thread(read_features, path, crs=crs, near=near)
    summary = await import_features(
        parts.database, viewer=viewer, noun=ServiceNoun(noun), table=table, clock=parts.clock
    )
    return ImportAnswer(
        taken=summary.taken,
        updated=summary.updated,
        unchanged=summary.unchanged,
        skipped=[SkippedRow(row=one.row, code=one.code) for one in summary.skipped],
    )


def _load_readers() -> None:
    import responder.services.import_features  # noqa: F401

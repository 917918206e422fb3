"""Files with buildings, hazards, facilities or units, taken into a circle."""

# ruff: noqa: PLC0415 - the readers bring pandas along, which takes seconds to load: only who imports waits for it

import asyncio
from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from geo.place import LonLat
from responder.api.auth import InCircle
from responder.api.errors import printable
from responder.api.field_types import Word
from responder.api.json_body import StrictRoute
from responder.api.parts import Parts, WithParts
from responder.api.problem import answers
from responder.api.upload import REQUEST_BODY, received
from responder.domain.access import Action, Viewer
from responder.services.show_map import show_card

router = APIRouter(prefix="/circles/{circle_id}", tags=["map"], route_class=StrictRoute)

AxisOrder = Literal["xy", "yx"]
Noun = Literal["buildings", "hazards", "facilities", "units"]


class SkippedRow(BaseModel):
    """A row that was left out, counted from 1, and why."""

    row: int
    code: str
    detail: str
    """English, for the person who mends the file; empty when the code says it all."""


class FileNote(BaseModel):
    """What was done to read the file that its owner should know, although its rows are taken."""

    code: str
    detail: str


class ImportAnswer(BaseModel):
    """What came of a file."""

    taken: int
    """Things that the circle did not have."""
    updated: int
    """Things that it had, otherwise than the file says."""
    unchanged: int
    """Things that it had just so."""
    skipped: list[SkippedRow]
    notes: list[FileNote]


class ReadAnswers(BaseModel):
    """What the sender answers to questions that a file leaves open."""

    model_config = ConfigDict(extra="forbid")

    crs: Word | None = Field(None, description="Such as EPSG:4547, GCJ-02 or BD-09; outranks the file")
    axis_order: AxisOrder | None = Field(
        None, description="xy: longitude or easting first; yx: latitude or northing first"
    )
    layer: Word | None = Field(None, description="Of a file that has several")
    far: bool = Field(default=False, description="Take rows that lie far from the circle, too")


@router.post(
    "/{noun}/import", status_code=201, responses=answers(401, 403, 404, 413, 429), openapi_extra=REQUEST_BODY
)
async def imported(
    viewer: InCircle,
    parts: WithParts,
    request: Request,
    noun: Noun,
    answers: Annotated[ReadAnswers, Query()],
) -> ImportAnswer:
    """
    Take the rows of a file; what a file leaves open is asked back and answered by a parameter.

    The same file may come twice: what the circle has already is brought up to date. Rows that cannot be
    taken are named, the others stand.

    `unknown_crs` and `axis_order_needed` come with `candidates`, `layer_needed` with `layers`. Rows far from
    the circle are left out as `far_from_circle` unless `far` is true.
    """
    viewer.must(Action.EDIT_MAP)
    parts.imports.begin(viewer.account_id, viewer.origin.address)
    card = await show_card(parts.database, viewer=viewer)
    async with received(request, parts) as path:
        return await _take(parts, viewer, path, noun=noun, said=answers, near=LonLat(*card.circle.centre))


async def _take(  # noqa: PLR0913 - each is one word of the question
    parts: Parts, viewer: Viewer, path: Path, *, noun: Noun, said: ReadAnswers, near: LonLat
) -> ImportAnswer:
    await asyncio.to_thread(_load_readers)
    from geo.read import read_features
    from responder.services.import_features import Noun as ServiceNoun
    from responder.services.import_features import import_features

    table = await asyncio.to_thread(
        read_features,
        path,
        crs=said.crs,
        axis_order=said.axis_order,
        layer=said.layer,
        usual_layer=noun,
        near=near,
        allow_far=said.far,
    )
    summary = await import_features(
        parts.database, viewer=viewer, noun=ServiceNoun(noun), table=table, clock=parts.clock
    )
    return ImportAnswer(
        taken=summary.taken,
        updated=summary.updated,
        unchanged=summary.unchanged,
        skipped=[
            SkippedRow(row=one.row, code=one.code, detail=printable(one.detail)) for one in summary.skipped
        ],
        notes=[FileNote(code=one.code, detail=printable(one.detail)) for one in summary.notes],
    )


def _load_readers() -> None:
    import responder.services.import_features  # noqa: F401

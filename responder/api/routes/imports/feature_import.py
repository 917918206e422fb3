"""Files with buildings, hazards, facilities or units, taken into a circle."""

# ruff: noqa: PLC0415 - the readers bring pandas along, which takes seconds to load: only who imports waits for it

import asyncio
import json
from collections.abc import Sequence
from typing import Annotated, Any, Literal, Self

from fastapi import APIRouter, Query, Request
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from geo.lonlat import LonLat
from responder.api.deps.auth import InCircle
from responder.api.deps.context import AppContext, ContextDep
from responder.api.errors.problem import answers
from responder.api.errors.refusals import InvalidRequestError
from responder.api.errors.statuses import printable
from responder.api.field_types import Body, Line, Note, Word
from responder.api.json_body import StrictRoute, parse
from responder.api.upload import REQUEST_BODY, Received, received
from responder.domain.ids import ImportId
from responder.domain.map.feature_import import (
    SOURCE_LENGTH,
    ImportMapping,
    ImportSource,
    Noun,
    default_source,
)
from responder.domain.people.access import Action, Viewer
from responder.services.imports.mapping import CHOICES
from responder.services.map.queries import show_card

router = APIRouter(prefix="/circles/{circle_id}", tags=["map"], route_class=StrictRoute)

AxisOrder = Literal["xy", "yx"]


def _source_name(text: str) -> str:
    name = text.strip()
    if not name or not name.isprintable() or name == "*":
        message = "a source has a name that can be read"
        raise ValueError(message)
    return name


SourceName = Annotated[str, StringConstraints(max_length=SOURCE_LENGTH), AfterValidator(_source_name)]


class Mapping(Body):
    """How the columns of a source are read."""

    fixed: dict[Word, Note] = Field(default_factory=dict)
    """Field → the value that all rows have."""
    columns: dict[Word, Line] = Field(default_factory=dict)
    """Field → the column that it is read from; empty for none."""
    values: dict[Word, dict[Line, Note]] = Field(default_factory=dict)
    """Field → value in the file → meaning."""
    identity: Line | None = None
    """The column that tells the things of this source apart."""

    def to_domain(self) -> ImportMapping:
        """Return it as the services take it."""
        return ImportMapping(
            fixed=self.fixed, columns=self.columns, values=self.values, identity=self.identity or None
        )

    @classmethod
    def of(cls, mapping: ImportMapping) -> Self:
        """Return it as it is sent."""
        return cls(
            fixed=dict(mapping.fixed),
            columns=dict(mapping.columns),
            values={field: dict(pairs) for field, pairs in mapping.values.items()},
            identity=mapping.identity,
        )


class FileOptions(BaseModel):
    """What the sender says of a file, and answers to questions that it leaves open."""

    model_config = ConfigDict(extra="forbid")

    crs: Word | None = Field(None, description="Such as EPSG:4547, GCJ-02 or BD-09; outranks the file")
    axis_order: AxisOrder | None = Field(
        None, description="xy: longitude or easting first; yx: latitude or northing first"
    )
    layer: Word | None = Field(None, description="Of a file that has several")
    far: bool = Field(default=False, description="Take rows that lie far from the circle, too")
    source: SourceName | None = Field(
        None, description="Whose ids these are; by default the file's name without dates"
    )


class RowNote(BaseModel):
    """A row, counted from 1, that was left out or is in doubt, and why."""

    row: int
    code: str
    detail: str
    """English, for the person who fixes the file; empty when the code is enough."""


class FileNote(BaseModel):
    """What was done to read the file that its owner should know, although its rows are taken."""

    code: str
    detail: str


class ImportAnswer(BaseModel):
    """What came of a file."""

    created: int
    """Things that the circle did not have."""
    updated: int
    """Things that it had, otherwise than the file says."""
    unchanged: int
    """Things that it had just so."""
    skipped: list[RowNote]
    """Rows that were left out, and why."""
    doubtful: list[RowNote]
    """Rows that were taken, but are perhaps not what they were taken for."""
    notes: list[FileNote]
    source: str
    """Within which the ids of the file are unique."""
    import_id: ImportId | None
    """None for a preview."""


class PreviewAnswer(ImportAnswer):
    """What would come of a file, and how it is read."""

    fields: list[str]
    """What things of the noun have."""
    choices: dict[str, list[str]]
    """Allowed values of fields with a fixed list."""
    columns: list[str]
    """What the file has."""
    values: dict[str, list[str]]
    """Values of columns that have few different ones."""
    mapping: Mapping
    """How its columns are read."""
    rows: list[dict[str, Any]]
    """The first rows, as the file has them."""
    understood: list[dict[str, Any] | None]
    """The same rows as they were understood; null for one that may not be."""


@router.post(
    "/{noun}/import", status_code=201, responses=answers(401, 403, 404, 413, 429), openapi_extra=REQUEST_BODY
)
async def imported(
    viewer: InCircle, context: ContextDep, request: Request, noun: Noun, said: Annotated[FileOptions, Query()]
) -> ImportAnswer:
    """
    Take the rows of a file; what a file leaves open is asked back and answered by a parameter.

    The same file may come twice: what the circle has already is brought up to date. Ids are unique within the
    `source`. The form's field `mapping` says how columns are read, and is kept for the source. Rows that
    cannot be taken are named, the others stand.

    `unknown_crs` and `axis_order_needed` come with `candidates`, `layer_needed` with `layers`. Rows far from
    the circle are left out as `far_from_circle` unless `far` is true.
    """
    viewer.must(Action.EDIT_MAP)
    context.imports.begin(viewer.account_id, viewer.origin.address)
    async with received(request, context) as sent:
        summary = await _import(context, viewer, sent, noun=noun, said=said, preview=False)
    return ImportAnswer(**_told(summary))


@router.post("/{noun}/import/preview", responses=answers(401, 403, 404, 413, 429), openapi_extra=REQUEST_BODY)
async def previewed(
    viewer: InCircle, context: ContextDep, request: Request, noun: Noun, said: Annotated[FileOptions, Query()]
) -> PreviewAnswer:
    """Tell what would come of a file, and how it is read; nothing is written."""
    viewer.must(Action.EDIT_MAP)
    context.imports.begin(viewer.account_id, viewer.origin.address)
    async with received(request, context) as sent:
        summary = await _import(context, viewer, sent, noun=noun, said=said, preview=True)
    return PreviewAnswer(
        **_told(summary),
        fields=list(summary.fields),
        choices={name: list(values) for name, values in CHOICES[noun].items()},
        columns=list(summary.columns),
        values={name: list(values) for name, values in summary.values.items()},
        mapping=Mapping.of(summary.mapping),
        rows=[dict(row) for row in summary.first],
        understood=[None if row is None else dict(row) for row in summary.understood_first],
    )


async def _import(
    context: AppContext, viewer: Viewer, sent: Received, *, noun: Noun, said: FileOptions, preview: bool
) -> Any:  # noqa: ANN401 - a summary, whose class brings pandas along
    mapping = _mapping(sent.mapping)
    card = await show_card(context.database, viewer=viewer)
    await asyncio.to_thread(_load_readers)
    from geo.formats.read import read_features
    from responder.services.imports.features import Noun as ServiceNoun
    from responder.services.imports.features import import_features

    near = LonLat(*card.circle.centre)
    table = await asyncio.to_thread(
        read_features,
        sent.path,
        crs=said.crs,
        axis_order=said.axis_order,
        layer=said.layer,
        usual_layer=noun,
        near=near,
        allow_far=said.far,
    )
    return await import_features(
        context.database,
        context.roads,
        viewer=viewer,
        noun=ServiceNoun(noun),
        table=table,
        clock=context.clock,
        source=ImportSource(
            name=said.source or default_source(sent.name),
            is_declared=said.source is not None,
            file_name=sent.name,
        ),
        mapping=mapping,
        preview=preview,
    )


def _mapping(text: str | None) -> ImportMapping | None:
    if text is None or not text.strip():
        return None
    try:
        return Mapping.model_validate(parse(text.encode("utf-8", "surrogatepass"))).to_domain()
    except ValidationError as error:
        first = error.errors()[0]
        raise _refused(first["msg"], first["loc"]) from None
    except (json.JSONDecodeError, UnicodeError) as error:
        raise _refused(str(error)) from None


def _refused(why: str, where: Sequence[object] = ()) -> InvalidRequestError:
    return InvalidRequestError(
        "the mapping cannot be read",
        errors=[{"field": ".".join(map(str, ("body", "mapping", *where))), "message": why[:200]}],
    )


def _told(summary: Any) -> dict[str, Any]:  # noqa: ANN401 - see above
    return {
        "created": summary.created,
        "updated": summary.updated,
        "unchanged": summary.unchanged,
        "skipped": [_named(one) for one in summary.skipped],
        "doubtful": [_named(one) for one in summary.doubtful],
        "notes": [FileNote(code=one.code, detail=printable(one.detail)) for one in summary.notes],
        "source": summary.source,
        "import_id": summary.import_id,
    }


def _named(one: Any) -> RowNote:  # noqa: ANN401 - see above
    return RowNote(row=one.row, code=one.code, detail=printable(one.detail))


def _load_readers() -> None:
    import responder.services.imports.features  # noqa: F401

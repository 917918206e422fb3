"""Imports as records, how their sources are read, and removing what is on the map."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body
from responder.api.json_body import StrictRoute
from responder.api.routes.imports.feature_import import Mapping
from responder.domain.ids import ImportId
from responder.domain.map.feature_import import FeatureImport, Noun
from responder.services.imports import remove_features as removing

router = APIRouter(prefix="/circles/{circle_id}", tags=["map"], route_class=StrictRoute)


class ImportRecord(BaseModel):
    """A file that was taken into the circle."""

    id: ImportId
    noun: Literal["buildings", "hazards", "facilities", "units", "osm"]
    source: str
    source_declared: bool
    """True when a person named the source."""
    file_name: str
    at: AwareDatetime
    by_name: str
    created: int
    updated: int
    unchanged: int
    skipped: int
    doubtful: int
    removed_at: AwareDatetime | None


class SourceMapping(BaseModel):
    """How a source is read."""

    noun: Noun
    source: str
    mapping: Mapping


class ImportsAnswer(BaseModel):
    """The imports of a circle, the latest first, and how its sources are read."""

    imports: list[ImportRecord]
    mappings: list[SourceMapping]


class RemovalAnswer(BaseModel):
    """What was removed, or would be."""

    removed: int
    kept: list[removing.KeptFeature]
    only_changed: int
    """Things that the import changed but did not bring: they stay."""
    roads_stay: bool
    """True when the import brought roads as well: the circle goes on using them."""


class Selection(Body):
    """Things that are to go."""

    ids: Annotated[list[UUID], Field(min_length=1, max_length=removing.MOST_AT_ONCE)]


class RemovalOptions(BaseModel):
    """How to remove."""

    model_config = ConfigDict(extra="forbid")

    preview: bool = Field(default=False, description="Only tell what would be removed")


class ImportRemovalOptions(RemovalOptions):
    """How to remove what an import brought."""

    edited: bool = Field(default=False, description="Remove things that were edited since, too")


@router.get("/imports", responses=answers(401, 403, 404))
async def listed(viewer: InCircle, context: ContextDep) -> ImportsAnswer:
    """List the imports of the circle, the latest first, and how its sources are read."""
    imports = await removing.list_imports(context.database, viewer=viewer)
    mappings = await removing.list_mappings(context.database, viewer=viewer)
    return ImportsAnswer(
        imports=[_record(each) for each in imports],
        mappings=[
            SourceMapping(noun=noun.value, source=source, mapping=Mapping.of(mapping))
            for noun, source, mapping in mappings
        ],
    )


@router.delete("/imports/{import_id}", responses=answers(401, 403, 404, 409))
async def removed(
    viewer: InCircle,
    context: ContextDep,
    import_id: ImportId,
    asked: Annotated[ImportRemovalOptions, Query()],
) -> RemovalAnswer:
    """
    Remove what an import brought; what it only changed stays as it is, and so do roads (`roads_stay`).

    Things that were edited since, and those that an open incident or a closure rests on, are kept and named.
    """
    removal = await removing.remove_import(
        context.database,
        viewer=viewer,
        import_id=import_id,
        clock=context.clock,
        edited=asked.edited,
        preview=asked.preview,
    )
    return _answer(removal)


@router.post("/{noun}/remove", responses=answers(401, 403, 404, 413))
async def features_removed(
    viewer: InCircle,
    context: ContextDep,
    noun: Noun,
    body: Selection,
    asked: Annotated[RemovalOptions, Query()],
) -> RemovalAnswer:
    """Remove some things; what an open incident or a closure rests on is kept and named."""
    removal = await removing.remove_features(
        context.database,
        viewer=viewer,
        noun=noun,
        ids=body.ids,
        clock=context.clock,
        preview=asked.preview,
    )
    return _answer(removal)


def _record(each: FeatureImport) -> ImportRecord:
    told: dict[str, Any] = {
        name: getattr(each.counts, name)
        for name in ("created", "updated", "unchanged", "skipped", "doubtful")
    }
    return ImportRecord(
        id=each.id,
        noun=each.noun,
        source=each.source.name,
        source_declared=each.source.is_declared,
        file_name=each.source.file_name,
        at=each.at,
        by_name=each.by_name,
        removed_at=each.removed_at,
        **told,
    )


def _answer(removal: removing.Removal) -> RemovalAnswer:
    return RemovalAnswer(
        removed=removal.removed,
        kept=list(removal.kept),
        only_changed=removal.only_changed,
        roads_stay=removal.roads_stay,
    )

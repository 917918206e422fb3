"""One feature, written by its fields."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, OptionalIdempotencyKey, Word
from responder.api.json_body import StrictRoute
from responder.api.routes.feature import Feature, feature_of
from responder.domain.map.feature_import import Noun
from responder.services.imports import edit_feature as editing

router = APIRouter(prefix="/circles/{circle_id}/{noun}/features", tags=["map"], route_class=StrictRoute)


class NewFeature(Body):
    """Where it lies and what is known of it."""

    geometry: Annotated[dict[str, Any], Field(description="GeoJSON geometry, WGS 84")]
    properties: Annotated[dict[Word, Any], Field(description="Named as the noun's list gives them")]


class ChangedFeature(NewFeature):
    """What takes its place: all of it."""

    expected_version: Annotated[
        Word | None, Field(description="Answer 409 `edit_conflict` when it has another version")
    ] = None


class FeatureAnswer(BaseModel):
    """A feature and its version, which changes with every edit."""

    feature: Feature
    version: str


@router.get("/{feature_id}", responses=answers(401, 403, 404))
async def shown(viewer: InCircle, context: ContextDep, noun: Noun, feature_id: UUID) -> FeatureAnswer:
    """Show a feature for an edit, with its version."""
    return _answer(
        await editing.show_feature(context.database, viewer=viewer, noun=noun, feature_id=feature_id)
    )


@router.post("", status_code=201, responses=answers(401, 403, 404, 413))
async def added(
    viewer: InCircle,
    context: ContextDep,
    noun: Noun,
    body: NewFeature,
    idempotency_key: OptionalIdempotencyKey = None,
) -> FeatureAnswer:
    """
    Add a feature. Buildings and units come from files.

    Sent again with the same `Idempotency-Key` it adds nothing; with the same key and another body it is
    answered `idempotency_conflict`.
    """
    done = await editing.write_feature(
        context.database,
        viewer=viewer,
        noun=noun,
        feature_id=None,
        properties=body.properties,
        geometry=body.geometry,
        idempotency_key=idempotency_key,
        clock=context.clock,
    )
    return _answer(done)


@router.put("/{feature_id}", responses=answers(401, 403, 404, 409, 413))
async def changed(
    viewer: InCircle, context: ContextDep, noun: Noun, feature_id: UUID, body: ChangedFeature
) -> FeatureAnswer:
    """Put this in the place of a feature. Buildings and units come from files."""
    done = await editing.write_feature(
        context.database,
        viewer=viewer,
        noun=noun,
        feature_id=feature_id,
        properties=body.properties,
        geometry=body.geometry,
        expected_version=body.expected_version,
        clock=context.clock,
    )
    return _answer(done)


def _answer(done: editing.EditedFeature) -> FeatureAnswer:
    return FeatureAnswer(feature=feature_of(done.feature), version=done.version)

"""The register of a circle's households: numbers, search, how long they are kept, and one household."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Response
from fastapi.encoders import jsonable_encoder
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, StringConstraints

from responder.api.attachment import attachment
from responder.api.deps.auth import InCircle
from responder.api.deps.context import ContextDep
from responder.api.errors.problem import answers
from responder.api.field_types import Body, Line
from responder.api.json_body import StrictRoute
from responder.api.routes.registers.household_fields import NOT_KEPT, HouseholdAnswer, HouseholdBody
from responder.domain.ids import BuildingId, HouseholdId
from responder.domain.registers.household import (
    CURRENT_PURPOSE,
    PURPOSES,
    Household,
    HouseholdRetention,
    Purpose,
)
from responder.services.registers.households import edit, view

router = APIRouter(prefix="/circles/{circle_id}/households", tags=["registers"], route_class=StrictRoute)

Months = Annotated[int, Field(ge=1, le=60, strict=True)]


class RetentionBody(Body):
    """How long households are kept that nobody confirms."""

    due_after_months: Months
    delete_after_months: Months


class BuildingNumbers(BaseModel):
    """A building's households in numbers."""

    building_id: BuildingId
    households: int
    people: int
    need_help: int
    """Households in which a person needs help."""
    with_consent: int
    due: int


class PurposeAnswer(BaseModel):
    """What consent is asked for, to be read out."""

    version: Purpose
    zh: str
    en: str


class RegisterAnswer(BaseModel):
    """The register in numbers, by building."""

    buildings: tuple[BuildingNumbers, ...]
    due_after_months: int
    delete_after_months: int
    purpose: PurposeAnswer


class SearchBody(Body):
    """What to search for. Not in the address, which is written into logs."""

    words: Annotated[Line, StringConstraints(min_length=1, max_length=80)]


class FoundAnswer(BaseModel):
    """A door that a search leads to."""

    id: HouseholdId
    building_id: BuildingId
    door: str
    floor: int | None


class SearchAnswer(BaseModel):
    """Doors that fit all words."""

    found: tuple[FoundAnswer, ...]
    more: bool
    """There are more: another word narrows it down."""


@router.get("", responses=answers(401, 403, 404))
async def numbers(viewer: InCircle, context: ContextDep, response: Response) -> RegisterAnswer:
    """Give the register in numbers, by building; no one is named."""
    response.headers.update(NOT_KEPT)
    found = await view.household_numbers(context.database, viewer=viewer, clock=context.clock)
    zh, en = PURPOSES[CURRENT_PURPOSE]
    return RegisterAnswer(
        buildings=tuple(
            BuildingNumbers(**{name: getattr(each, name) for name in BuildingNumbers.model_fields})
            for each in found.buildings
        ),
        due_after_months=found.retention.due_after_months,
        delete_after_months=found.retention.delete_after_months,
        purpose=PurposeAnswer(version=CURRENT_PURPOSE, zh=zh, en=en),
    )


@router.post("/search", responses=answers(401, 403, 404))
async def searched(
    viewer: InCircle, context: ContextDep, response: Response, body: SearchBody
) -> SearchAnswer:
    """Find doors by door, name or telephone of a contact or landlord, and building beside those. Recorded."""
    response.headers.update(NOT_KEPT)
    found = await view.search_households(
        context.database, viewer=viewer, words=body.words, clock=context.clock
    )
    return SearchAnswer(
        found=tuple(FoundAnswer(**each._asdict()) for each in found.found),
        more=found.more,
    )


@router.put("/retention", status_code=204, responses=answers(401, 403, 404))
async def retention_set(viewer: InCircle, context: ContextDep, body: RetentionBody) -> None:
    """Set after how many months a household is to be confirmed, and after how many it is deleted."""
    await view.change_retention(
        context.database,
        viewer=viewer,
        retention=HouseholdRetention(
            due_after_months=body.due_after_months, delete_after_months=body.delete_after_months
        ),
        clock=context.clock,
    )


class ChangedHousehold(HouseholdBody):
    """A household as it is from now on."""

    expected_version: Annotated[int | None, Field(ge=1, strict=True)] = None
    """The version that was seen; when another holds by now nothing is changed."""


@router.put("/{household_id}", responses=answers(401, 403, 404, 409))
async def changed(
    viewer: InCircle,
    context: ContextDep,
    response: Response,
    household_id: HouseholdId,
    body: ChangedHousehold,
) -> HouseholdAnswer:
    """Change a household, which also confirms it."""
    response.headers.update(NOT_KEPT)
    household = await edit.change_household(
        context.database,
        viewer=viewer,
        household_id=household_id,
        data=body.data(),
        expected_version=body.expected_version,
        clock=context.clock,
    )
    return just_confirmed(household)


@router.delete("/{household_id}", status_code=204, responses=answers(401, 403, 404))
async def erased(viewer: InCircle, context: ContextDep, household_id: HouseholdId) -> None:
    """Erase a household with all that is known of its people. The audit log says that it was done."""
    await edit.erase_household(
        context.database, viewer=viewer, household_id=household_id, clock=context.clock
    )


@router.post("/{household_id}/confirmation", responses=answers(401, 403, 404, 409))
async def confirmed(
    viewer: InCircle, context: ContextDep, response: Response, household_id: HouseholdId
) -> HouseholdAnswer:
    """Say that all of it was asked for today and is right."""
    response.headers.update(NOT_KEPT)
    household = await edit.confirm_household(
        context.database, viewer=viewer, household_id=household_id, clock=context.clock
    )
    return just_confirmed(household)


@router.delete("/{household_id}/consent", responses=answers(401, 403, 404))
async def consent_withdrawn(
    viewer: InCircle, context: ContextDep, response: Response, household_id: HouseholdId
) -> HouseholdAnswer:
    """Erase all but door, floor and count, as the household asks for."""
    response.headers.update(NOT_KEPT)
    household = await edit.withdraw_consent(
        context.database, viewer=viewer, household_id=household_id, clock=context.clock
    )
    return just_confirmed(household)


@router.get(
    "/{household_id}/export",
    response_class=JSONResponse,
    responses={200: {"content": {"application/json": {}}, "description": "A file"}, **answers(401, 403, 404)},
)
async def exported(viewer: InCircle, context: ContextDep, household_id: HouseholdId) -> JSONResponse:
    """Give all that is kept of a household as a file, to be handed to it. Recorded."""
    told = await view.export_household(
        context.database, viewer=viewer, household_id=household_id, clock=context.clock
    )
    name = attachment("household", "json", ascii_name="household")
    return JSONResponse(jsonable_encoder(told), headers={"Content-Disposition": name, **NOT_KEPT})


def just_confirmed(household: Household) -> HouseholdAnswer:
    """Describe a household that a person has just dealt with."""
    return HouseholdAnswer.of_register(household, due_since=date.min)

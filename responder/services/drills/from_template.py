"""Templates of drills, and plans made from them."""

from dataclasses import dataclass
from datetime import datetime

from responder.domain.drills.plan import DrillMode, DrillPlan
from responder.domain.drills.template import DrillTemplate, TemplateLanguage, plan_from
from responder.domain.drills.templates.shipped import TEMPLATES, template_of
from responder.domain.errors import InvalidValueError
from responder.domain.ids import PartnerId
from responder.domain.map.place import Place
from responder.domain.people.access import Action, Viewer
from responder.ports import Database
from responder.services.drills.plan_context import PlanContext, read_plan_context
from responder.services.incidents.catalogue import ALWAYS_OFFERED


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateChoice:
    """A template, and what it leaves open."""

    key: str
    language: TemplateLanguage
    place: Place
    mode: DrillMode = DrillMode.FIELD
    starts_at: datetime | None = None
    partner_ids: tuple[PartnerId, ...] = ()
    """Who takes part; without any, the circle's partners of the template's kinds."""


def list_templates(*, viewer: Viewer) -> tuple[DrillTemplate, ...]:
    """Return the templates that are shipped."""
    viewer.must(Action.PLAN_DRILL)
    return TEMPLATES


async def plan_from_template(database: Database, *, viewer: Viewer, choice: TemplateChoice) -> DrillPlan:
    """
    Return the plan that a template gives; it is not stored.

    Raises
    ------
    InvalidValueError
        There is no such template.
    """
    viewer.must(Action.PLAN_DRILL)
    async with database.snapshot() as transaction:
        known = await read_plan_context(transaction, viewer.circle_id)
    return filled_template(choice, known)


def filled_template(choice: TemplateChoice, known: PlanContext) -> DrillPlan:
    """Return the plan that a template gives in a circle, or raise InvalidValueError."""
    template = template_of(choice.key)
    if template is None:
        message = f"there is no template {choice.key}"
        raise InvalidValueError(message, field="template.key")
    return plan_from(
        template,
        language=choice.language,
        kind=template.kind if template.kind in known.kinds else ALWAYS_OFFERED,
        mode=choice.mode,
        place=choice.place,
        starts_at=choice.starts_at,
        partner_ids=choice.partner_ids,
        partners=known.partners,
        units=known.units,
    )

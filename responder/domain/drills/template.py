"""Templates of drills: plans in both languages without place, date and people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from responder.domain.drills.plan import (
    DrillMode,
    DrillPlan,
    Inject,
    InjectKind,
    Measure,
    Objective,
    WaitsFor,
)
from responder.domain.ids import PartnerId, UnitId
from responder.domain.map.place import Place
from responder.domain.people.partner import PartnerKind

TemplateLanguage = Literal["zh-CN", "en"]


@dataclass(frozen=True, slots=True)
class TemplateText:
    """A text in both languages."""

    zh: str
    en: str

    def within(self, language: TemplateLanguage) -> str:
        """Return the text in one language."""
        return self.zh if language == "zh-CN" else self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateObjective:
    """What should be reached, and by when; see `Objective`."""

    key: str
    text: TemplateText
    measure: Measure
    within_s: float
    since_inject: int | None = None
    partner_kind: PartnerKind | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateInject:
    """One inject; a hazard and a casualty are at the drill's place, and a lane is drawn by the planner."""

    number: int
    after_s: float
    kind: InjectKind
    text: TemplateText
    expected: TemplateText
    partner_kinds: tuple[PartnerKind, ...] = ()
    """Whom it is for; empty is all who take part."""
    objective: str | None = None
    waits_for: WaitsFor | None = None
    unit_of: PartnerKind | None = None
    """The partner of which a unit goes out of service."""
    wider_than_m: float | None = None
    """To which vehicles a lane is closed; None closes it to all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillTemplate:
    """A drill to begin with."""

    key: str
    name: TemplateText
    kind: str
    """Code of a shipped kind of incident."""
    duration_s: float
    scenario: TemplateText
    notice: TemplateText
    partner_kinds: tuple[PartnerKind, ...]
    """Who usually takes part."""
    objectives: tuple[TemplateObjective, ...]
    injects: tuple[TemplateInject, ...]


def plan_from(
    template: DrillTemplate,
    *,
    language: TemplateLanguage,
    kind: str,
    mode: DrillMode,
    place: Place,
    starts_at: datetime | None,
    partner_ids: tuple[PartnerId, ...],
    partners: Mapping[PartnerId, PartnerKind],
    units: Mapping[UnitId, PartnerId],
) -> DrillPlan:
    """
    Return the plan that a template gives at a place.

    `partner_ids` are those who take part; without any, the circle's partners of the template's kinds do.
    `units` are the circle's, each with its partner. A lane that an inject closes is not drawn yet.
    """
    usual = tuple(each for each, of_kind in partners.items() if of_kind in template.partner_kinds)
    invited = partner_ids or usual
    kinds = {each: partners[each] for each in invited if each in partners}
    return DrillPlan(
        name=template.name.within(language),
        mode=mode,
        kind=kind,
        place=place,
        starts_at=starts_at,
        duration_s=template.duration_s,
        scenario=template.scenario.within(language),
        notice=template.notice.within(language),
        partner_ids=invited,
        objectives=tuple(_objective(each, language) for each in template.objectives),
        injects=tuple(_inject(each, language, place, kinds, units) for each in template.injects),
        template=template.key,
    )


def _objective(given: TemplateObjective, language: TemplateLanguage) -> Objective:
    return Objective(
        key=given.key,
        text=given.text.within(language),
        measure=given.measure,
        within_s=given.within_s,
        since_inject=given.since_inject,
        partner_kind=given.partner_kind,
        count=given.count,
    )


def _inject(
    given: TemplateInject,
    language: TemplateLanguage,
    place: Place,
    kinds: Mapping[PartnerId, PartnerKind],
    units: Mapping[UnitId, PartnerId],
) -> Inject:
    has_point = given.kind in {InjectKind.HAZARD, InjectKind.CASUALTY}
    out = (
        unit
        for unit, partner in units.items()
        if given.unit_of is not None and kinds.get(partner) is given.unit_of
    )
    return Inject(
        number=given.number,
        after_s=given.after_s,
        kind=given.kind,
        text=given.text.within(language),
        expected=given.expected.within(language),
        partner_ids=tuple(each for each, of_kind in kinds.items() if of_kind in given.partner_kinds),
        objective=given.objective,
        waits_for=given.waits_for,
        lon=place.lon if has_point else None,
        lat=place.lat if has_point else None,
        unit_id=next(out, None),
        wider_than_m=given.wider_than_m,
    )

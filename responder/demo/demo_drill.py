"""The drill that is planned in the demo circle."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from responder.domain.drills.plan import DrillMode, DrillPlan, InjectKind, PlannedClosure
from responder.domain.drills.template import plan_from
from responder.domain.drills.templates.ebike_battery import EBIKE_BATTERY
from responder.domain.map.place import Place
from responder.domain.map.unit import Unit
from responder.domain.people.partner import Partner

PLACE: Final = Place(lon=112.9853875, lat=28.1593349, label="脑科巷7栋", label_en="Naoke Alley Block 7")
LANE: Final = PlannedClosure(
    geometry={
        "type": "LineString",
        "coordinates": [[112.9850611, 28.1580902], [112.9851425, 28.1584737]],
    },
    wider_than_m=1.5,
)
"""On the way of engine and ambulance; people on foot and bicycles pass."""


def demo_drill_plan(partners: Sequence[Partner], units: Sequence[Unit]) -> DrillPlan:
    """Return the plan, made from a template, with its lane drawn and without a date."""
    plan = plan_from(
        EBIKE_BATTERY,
        language="zh-CN",
        kind=EBIKE_BATTERY.kind,
        mode=DrillMode.FIELD,
        place=PLACE,
        starts_at=None,
        partner_ids=(),
        partners={partner.id: partner.kind for partner in partners},
        units={unit.id: unit.partner_id for unit in units},
    )
    injects = tuple(
        replace(each, closure=LANE) if each.kind is InjectKind.CLOSURE else each for each in plan.injects
    )
    return replace(plan, injects=injects)

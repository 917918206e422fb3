"""All templates of drills that are shipped."""

from typing import Final

from responder.domain.drills.template import DrillTemplate
from responder.domain.drills.templates.blocked_lane_night import BLOCKED_LANE_NIGHT
from responder.domain.drills.templates.ebike_battery import EBIKE_BATTERY
from responder.domain.drills.templates.gas_smell import GAS_SMELL
from responder.domain.drills.templates.kitchen_fire import KITCHEN_FIRE
from responder.domain.drills.templates.lift_entrapment import LIFT_ENTRAPMENT
from responder.domain.drills.templates.smoke_hospital import SMOKE_HOSPITAL
from responder.domain.drills.templates.stroke_at_home import STROKE_AT_HOME

TEMPLATES: Final = (
    EBIKE_BATTERY,
    KITCHEN_FIRE,
    SMOKE_HOSPITAL,
    GAS_SMELL,
    BLOCKED_LANE_NIGHT,
    LIFT_ENTRAPMENT,
    STROKE_AT_HOME,
)


def template_of(key: str) -> DrillTemplate | None:
    """Return the shipped template with this key."""
    return next((each for each in TEMPLATES if each.key == key), None)

"""The place of a drill: a point of the circle, in words."""

from dataclasses import replace
from typing import TYPE_CHECKING

from responder.domain.drills.plan import DrillPlan
from responder.domain.errors import InvalidValueError, NotFoundError
from responder.domain.ids import CircleId
from responder.domain.map.place import Place
from responder.ports import Database
from responder.services.incidents.scene import LABEL_LENGTH, find_scene, named
from responder.services.validation.text import checked_text

if TYPE_CHECKING:
    from geo.reach.model import ReachModel


async def with_checked_place(
    database: Database, circle_id: CircleId, plan: DrillPlan, model: "ReachModel | None"
) -> DrillPlan:
    """
    Return the plan with a place that has words if any can be found.

    Raises
    ------
    InvalidValueError
        The circle has no such building, the building no such entrance, or the words cannot be stored.
    """
    place = plan.place
    label = checked_text(place.label.strip(), field="place.label", longest=LABEL_LENGTH)
    label_en = checked_text(place.label_en.strip(), field="place.label_en", longest=LABEL_LENGTH)
    try:
        async with database.snapshot() as transaction:
            scene = await find_scene(
                transaction,
                circle_id,
                building_id=place.building_id,
                entrance=place.entrance,
                lonlat=place.lonlat,
                label=label,
            )
    except NotFoundError as error:
        field = "entrance" if error.detail.get("what") == "entrance" else "building_id"
        raise InvalidValueError(str(error), field=f"place.{field}") from error
    if label:
        return replace(plan, place=replace(scene.place, label_en=label_en))
    found: Place = scene.place if model is None else await named(database, circle_id, scene, model)
    return replace(plan, place=found)

"""What is printed on labels of facilities."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from responder.domain.errors import InvalidValueError, NotFoundError
from responder.domain.ids import FacilityId
from responder.domain.map.circle import Circle
from responder.domain.map.facility import Facility
from responder.domain.people.access import Action, Viewer
from responder.domain.people.partner import Partner
from responder.ports import Database

MOST: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class FacilityLabels:
    """Facilities with what their labels say."""

    circle: Circle
    partners: tuple[Partner, ...]
    facilities: tuple[Facility, ...]
    """In the order in which they were asked for."""


async def load_labels(
    database: Database, *, viewer: Viewer, facility_ids: Sequence[FacilityId]
) -> FacilityLabels:
    """
    Return what is printed on labels of some facilities.

    Raises
    ------
    NotAllowedError
        The role may not inspect facilities.
    InvalidValueError
        None or too many are asked for.
    NotFoundError
        The circle does not have one of them.
    """
    viewer.must(Action.INSPECT_FACILITIES)
    wanted = list(dict.fromkeys(facility_ids))
    if not 0 < len(wanted) <= MOST:
        message = f"labels are printed for 1 to {MOST} facilities"
        raise InvalidValueError(message, field="id")
    async with database.snapshot() as transaction:
        found = {each.id: each for each in await transaction.layer(Facility).among(viewer.circle_id, wanted)}
        if len(found) < len(wanted):
            raise NotFoundError
        return FacilityLabels(
            circle=await transaction.circles.get(viewer.circle_id),
            partners=await transaction.partners.of_circle(viewer.circle_id),
            facilities=tuple(found[each] for each in wanted),
        )

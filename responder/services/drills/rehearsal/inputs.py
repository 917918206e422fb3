"""What a rehearsal rests on."""

from dataclasses import dataclass, replace
from datetime import datetime

from geo.lonlat import LonLat
from responder.domain.drills.plan import Drill, DrillPlan
from responder.domain.ids import CircleId, DrillId
from responder.domain.map.facility import Facility, FacilityKind
from responder.domain.people.partner import Partner
from responder.ports import Transaction
from responder.services.incidents.response_circle import ReachInputs, read_inputs
from responder.services.incidents.scene import scene_of


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsalInputs:
    """A plan, and the circle in which it is rehearsed."""

    drill_id: DrillId
    circle_id: CircleId
    plan: DrillPlan
    doors: tuple[LonLat, ...]
    """Of which units have to reach the best one."""
    reach: ReachInputs
    """Without positions: units set out from their posts, for no one knows where they will be on the day."""
    aeds: tuple[LonLat, ...]
    """Those that work."""
    at: datetime | None
    """When the drill starts. Without a date there are no peak hours, and every closure is in force."""

    @property
    def partners(self) -> tuple[Partner, ...]:
        """Return those who take part."""
        wanted = self.plan.partner_ids
        return tuple(each for each in self.reach.partners if not wanted or each.id in wanted)


async def read_rehearsal(transaction: Transaction, drill: Drill) -> RehearsalInputs:
    """Read what a rehearsal of a drill rests on."""
    circle_id, plan = drill.circle_id, drill.plan
    scene = await scene_of(transaction, circle_id, plan.place)
    facilities = await transaction.layer(Facility).of_circle(circle_id)
    return RehearsalInputs(
        drill_id=drill.id,
        circle_id=circle_id,
        plan=plan,
        doors=scene.doors,
        reach=replace(await read_inputs(transaction, circle_id), positions=()),
        aeds=tuple(
            LonLat(each.lon, each.lat)
            for each in facilities
            if each.kind is FacilityKind.AED and not each.out_of_service
        ),
        at=plan.starts_at,
    )

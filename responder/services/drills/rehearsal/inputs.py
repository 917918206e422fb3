"""What a rehearsal rests on."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Final

from geo.lonlat import LonLat
from responder.domain.drills.plan import Drill, DrillPlan
from responder.domain.drills.rehearsal.start import RehearsalStart
from responder.domain.ids import CircleId, DrillId
from responder.domain.incidents.response_circle import ResponseCircle
from responder.domain.incidents.shipped_catalogue import SHIPPED as SHIPPED_CATALOGUE
from responder.domain.ladder.ladder import Ladder
from responder.domain.ladder.shipped import SHIPPED as SHIPPED_LADDERS
from responder.domain.map.facility import Facility, FacilityKind
from responder.domain.people.partner import Partner
from responder.ports import Transaction
from responder.services.incidents.response_circle import ReachInputs, read_inputs
from responder.services.incidents.scene import scene_of
from responder.services.incidents.waves import planned_for

SOME_DAY: Final = datetime(2000, 1, 1, tzinfo=UTC)
"""The clock of a rehearsal runs from zero; of a drill without a date the day does not matter."""


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
    ladder: Ladder
    """By which units are called; its time begins with the drill."""
    aeds: tuple[LonLat, ...]
    """Those that work."""
    at: datetime | None
    """When the drill starts. Without a date there are no peak hours, and every closure is in force."""
    start: RehearsalStart | None = None
    """The run from which it goes on."""
    found: ResponseCircle | None = None
    """Who could be there in time in that run; None: it is computed."""

    @property
    def partners(self) -> tuple[Partner, ...]:
        """Return those who take part."""
        wanted = self.plan.partner_ids
        return tuple(each for each in self.reach.partners if not wanted or each.id in wanted)


async def read_rehearsal(transaction: Transaction, drill: Drill) -> RehearsalInputs:
    """Read what a rehearsal of a drill rests on."""
    circle_id, plan = drill.circle_id, drill.plan
    scene = await scene_of(transaction, circle_id, plan.place)
    settings = await transaction.circles.alert_settings(circle_id)
    facilities = await transaction.layer(Facility).of_circle(circle_id)
    inputs = await read_inputs(transaction, circle_id, settings=settings)
    kind = (settings.catalogue or SHIPPED_CATALOGUE).kind(plan.kind)
    profile = (settings.ladders or SHIPPED_LADDERS).chosen
    return RehearsalInputs(
        drill_id=drill.id,
        circle_id=circle_id,
        plan=plan,
        doors=scene.doors,
        reach=replace(inputs, positions=()),
        ladder=planned_for(kind, profile, severity=kind.severity, raised_at=plan.starts_at or SOME_DAY),
        aeds=tuple(
            LonLat(each.lon, each.lat)
            for each in facilities
            if each.kind is FacilityKind.AED and each.in_service
        ),
        at=plan.starts_at,
    )

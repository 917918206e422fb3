"""What the plan of a drill may refer to."""

from collections.abc import Mapping
from dataclasses import dataclass

from responder.domain.drills.plan import DrillPlan
from responder.domain.ids import CircleId, PartnerId, UnitId
from responder.domain.map.unit import Unit
from responder.domain.people.partner import PartnerKind
from responder.ports import Transaction
from responder.services.incidents.catalogue import catalogue_of


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanContext:
    """What the circle has that a plan may refer to."""

    kinds: frozenset[str]
    """Codes of the kinds of incident that can be raised."""
    partners: Mapping[PartnerId, PartnerKind]
    units: Mapping[UnitId, PartnerId]
    """Each with its partner."""

    def takes_part(self, plan: DrillPlan) -> frozenset[PartnerId]:
        """Return the partners that take part."""
        return frozenset(plan.partner_ids or self.partners)


async def read_plan_context(transaction: Transaction, circle_id: CircleId) -> PlanContext:
    """Read what the plans of a circle may refer to."""
    catalogue = await catalogue_of(transaction, circle_id)
    partners = await transaction.partners.of_circle(circle_id)
    units = await transaction.layer(Unit).of_circle(circle_id)
    return PlanContext(
        kinds=frozenset(kind.code for kind in catalogue.kinds if kind.is_offered),
        partners={partner.id: partner.kind for partner in partners},
        units={unit.id: unit.partner_id for unit in units},
    )

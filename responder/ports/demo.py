"""The contents of the illustrative circle."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from responder.domain.drills.plan import DrillPlan
from responder.domain.ids import PartnerId
from responder.domain.map.circle import Circle
from responder.domain.map.unit import Responder
from responder.domain.people.access import Role
from responder.domain.people.account import Account
from responder.domain.people.partner import Pact, Partner

if TYPE_CHECKING:
    # Only a first start reads the demo; osmium and pyproj would slow down every other.
    from geo.osm.roads import OsmRoads


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoAccount:
    """An account with what it is in the circle."""

    account: Account
    role: Role
    partner_id: PartnerId | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """The illustrative circle, whole."""

    circle: Circle
    partners: tuple[Partner, ...]
    pacts: tuple[Pact, ...]
    accounts: tuple[DemoAccount, ...]
    responders: tuple[Responder, ...]
    layers: Mapping[type, Sequence[Any]]
    """What lies on the map, by its kind and in the order in which one may name another."""
    drill_plans: tuple[DrillPlan, ...]
    """Without dates: they are set when the circle is loaded."""
    roads: "OsmRoads"

"""What a study of reach rests on: who would set out, who lives where, and what is closed."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from geo.criticality.criticality import Dwelling
from geo.lonlat import LonLat
from geo.reach.model import Origin
from responder.domain.ids import BuildingId, CircleId
from responder.domain.map.circle import Circle
from responder.domain.map.closure import Closure
from responder.domain.map.hazard import Hazard
from responder.domain.map.unit import Unit
from responder.domain.people.partner import PartnerKind
from responder.domain.reach.criticality import Counted
from responder.ports import Transaction
from responder.ports.reach import Home, Homes

NARROW_LIMITS_S = (180.0, 300.0)
"""Three and five minutes: what is asked of a mini fire station, and when neighbours have to be there."""
RULES = 3
"""Raised when the same inputs give another answer: stored results are then computed again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """All that a study rests on besides the prepared roads."""

    circle: Circle
    homes: tuple[Home, ...]
    excluded: int
    counted: Counted
    units: tuple[tuple[PartnerKind, Unit], ...]
    """Those on duty; they set out from their posts."""
    closures: tuple[Closure, ...]
    """Those in force."""
    hazards: tuple[Hazard, ...]
    """Those not mended."""
    version: str
    """Changes with the circle's reach version, with what is closed, with hazards and with our own rules."""

    @property
    def limits_s(self) -> tuple[float, ...]:
        """The circle's own limit, and narrower ones."""
        return (
            *(limit for limit in NARROW_LIMITS_S if limit < self.circle.limit_s),
            self.circle.limit_s,
        )

    @property
    def households(self) -> int:
        """How many are looked at."""
        return sum(home.households for home in self.homes)

    def origins(self) -> dict[str, list[Origin]]:
        """Return the units by kind of partner, as `geo` understands them."""
        found: dict[str, list[Origin]] = {}
        for kind, unit in self.units:
            found.setdefault(kind.value, []).append(
                Origin(
                    id=str(unit.id),
                    place=LonLat(*unit.post),
                    profile=unit.profile,
                    turnout_s=unit.turnout_s,
                )
            )
        return found

    def dwellings(self) -> list[Dwelling]:
        """Return the buildings with their doors, as `geo` understands them."""
        return [
            Dwelling(
                id=str(home.id),
                places=tuple(LonLat(*door) for door in home.doors),
                households=home.households,
            )
            for home in self.homes
        ]


async def read_study(
    transaction: Transaction,
    circle_id: CircleId,
    *,
    building_id: BuildingId | None = None,
    most_homes: int,
    near: tuple[float, float] | None = None,
    now: datetime,
) -> Study:
    """
    Read what a study rests on.

    Raises
    ------
    NotFoundError
        There is no such circle, or it has no such building.
    """
    circle = await transaction.circles.get(circle_id)
    found = await _homes(transaction, circle_id, building_id, most=most_homes, near=near)
    kinds = {partner.id: partner.kind for partner in await transaction.partners.of_circle(circle_id)}
    units = tuple(
        (kinds[unit.partner_id], unit)
        for unit in await transaction.layer(Unit).of_circle(circle_id)
        if unit.on_duty
    )
    closures = tuple(
        closure
        for closure in await transaction.layer(Closure).of_circle(circle_id)
        if closure.is_in_force(now=now)
    )
    hazards = tuple(
        hazard for hazard in await transaction.layer(Hazard).of_circle(circle_id) if not hazard.is_closed
    )
    head = await transaction.circles.head(circle_id)
    # Closures begin and end by the clock, and hazards change nothing about who can be there in time.
    rests_on = [
        RULES,
        head.reach_version,
        [closure.id for closure in closures],
        [asdict(hazard) for hazard in hazards],
    ]
    return Study(
        circle=circle,
        homes=found.homes,
        excluded=found.excluded,
        counted=Counted.HOUSEHOLDS if found.lived_in else Counted.BUILDINGS,
        units=units,
        closures=closures,
        hazards=hazards,
        version=_digest(rests_on),
    )


async def _homes(
    transaction: Transaction,
    circle_id: CircleId,
    building_id: BuildingId | None,
    *,
    most: int,
    near: tuple[float, float] | None,
) -> Homes:
    if building_id is None:
        return await transaction.criticalities.homes(circle_id, most=most, near=near)
    return await transaction.criticalities.home(circle_id, building_id)


def _digest(rests_on: Sequence[object]) -> str:
    return hashlib.sha256(json.dumps(rests_on, default=str, sort_keys=True).encode()).hexdigest()

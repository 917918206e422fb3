"""How far real turnouts and journeys lie from those expected, and what is drawn from it by a seed."""

from dataclasses import dataclass, field
from random import Random
from typing import Final

from responder.domain.ids import UnitId

ALL: Final = 1000
"""Per mille of all cases; and a factor of 1."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantiles:
    """A distribution, as points of its quantile function, straight between them."""

    points: tuple[tuple[int, int], ...]
    """Per mille of the cases, from 0 to 1,000, and the value that so many do not exceed."""
    measured_from: int = 0
    """How many observations it rests on; 0: it is assumed."""

    def at(self, share: float) -> int:
        """Return the value that a share of the cases, 0 to 1, does not exceed."""
        wanted = share * ALL
        low, low_value = self.points[0]
        for high, value in self.points[1:]:
            if wanted <= high:
                # Only + - * /, which every machine rounds alike.
                return round(low_value + (value - low_value) * ((wanted - low) / (high - low)))
            low, low_value = high, value
        return low_value


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """
    What a rehearsal draws by chance. The defaults are assumed, not measured.

    Turnout and travel are about log-normal with a standard deviation of 0.35 and 0.2 of the logarithm, cut at
    both ends.
    """

    turnout: Quantiles = Quantiles(
        points=((0, 450), (50, 562), (250, 790), (500, 1000), (750, 1266), (950, 1778), (1000, 2250))
    )
    """Per mille of the turnout that the unit states."""
    travel: Quantiles = Quantiles(
        points=((0, 630), (50, 720), (250, 874), (500, 1000), (750, 1144), (950, 1390), (1000, 1600))
    )
    """Per mille of the travel time computed."""
    clearing_ms: Quantiles = Quantiles(
        points=((0, 30_000), (250, 75_000), (500, 120_000), (750, 200_000), (950, 400_000), (1000, 600_000))
    )
    """From someone being there until a lane is clear."""
    count_ms: Quantiles = Quantiles(
        points=((0, 1500), (250, 2400), (500, 3000), (750, 4000), (950, 6000), (1000, 8000))
    )
    """Counting one person at the assembly point: twenty people a minute and community unit."""
    coming: int = 950
    """Per mille of the units called that come at all."""
    coming_measured_from: int = 0
    """How many calls `coming` rests on; 0: it is assumed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitDraw:
    """What chance decides about a unit."""

    comes: bool
    turnout: int
    travel: int
    """Per mille of what is expected."""
    count_ms: int


@dataclass(frozen=True, slots=True)
class Chance:
    """
    All that chance decides in one rehearsal.

    What a unit draws depends on the seed and its id alone, so that plans can be compared: another partner or
    inject leaves everyone else as they were.
    """

    seed: int
    spread: Spread = field(default_factory=Spread)

    def of_unit(self, unit_id: UnitId) -> UnitDraw:
        chance = Random(self.seed << 129 | unit_id.int)  # noqa: S311 - no secret
        return UnitDraw(
            comes=chance.random() * ALL < self.spread.coming,
            turnout=self.spread.turnout.at(chance.random()),
            travel=self.spread.travel.at(chance.random()),
            count_ms=self.spread.count_ms.at(chance.random()),
        )

    def clearing_ms(self, inject: int) -> int:
        """Return how long it takes to clear the lane of an inject."""
        chance = Random(self.seed << 129 | 1 << 128 | inject)  # noqa: S311 - no secret
        return self.spread.clearing_ms.at(chance.random())

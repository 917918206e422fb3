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

    def at(self, share: float, *, beyond: int = 0) -> int:
        """
        Return the value that a share of the cases, 0 to 1, does not exceed.

        With `beyond`, of those cases only that exceed it; where none does, `beyond` itself.
        """
        passed = self._share_until(beyond)
        return max(beyond, self._at(passed + share * (1 - passed)))

    def left(self, beyond: int) -> float:
        """Return the share of the cases, 0 to 1, that exceed a value."""
        return 1 - self._share_until(beyond)

    def _share_until(self, value: int) -> float:
        low, low_value = self.points[0]
        if value <= low_value:
            return 0.0
        for high, high_value in self.points[1:]:
            if value < high_value:
                return (low + (high - low) * ((value - low_value) / (high_value - low_value))) / ALL
            low, low_value = high, high_value
        return 1.0

    def _at(self, share: float) -> int:
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
    answer_ms: Quantiles = Quantiles(
        points=((0, 3000), (250, 10_000), (500, 20_000), (750, 40_000), (950, 90_000), (1000, 180_000))
    )
    """From the call until those who come say so; not later than they set out."""
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
    answer_ms: int


@dataclass(frozen=True, slots=True)
class Chance:
    """
    All that chance decides in one rehearsal.

    What a unit draws depends on the seed and its id alone, so that plans can be compared: another partner or
    inject leaves everyone else as they were.
    """

    seed: int
    spread: Spread = field(default_factory=Spread)

    def of_unit(self, unit_id: UnitId, *, waited: int = 0, has_answered: bool = False) -> UnitDraw:
        """
        Draw for a unit.

        `waited` is how long it has not set out since it was called, per mille of the turnout that it states:
        the longer, the less likely it comes at all, unless it `has_answered` that it does.
        """
        chance = Random(self.seed << 129 | unit_id.int)  # noqa: S311 - no secret
        spread = self.spread
        still_coming = spread.coming * spread.turnout.left(waited)
        return UnitDraw(
            comes=chance.random() * (still_coming + ALL - spread.coming) < still_coming or has_answered,
            turnout=spread.turnout.at(chance.random(), beyond=waited),
            travel=spread.travel.at(chance.random()),
            count_ms=spread.count_ms.at(chance.random()),
            answer_ms=spread.answer_ms.at(chance.random()),
        )

    def clearing_ms(self, inject: int, *, beyond: int = 0) -> int:
        """Return how long it takes to clear the lane of an inject, more than `beyond`."""
        chance = Random(self.seed << 129 | 1 << 128 | inject)  # noqa: S311 - no secret
        return self.spread.clearing_ms.at(chance.random(), beyond=beyond)

"""Households out of reach: the values that criticality is told in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Floats
from geo.lonlat import LonLat


@dataclass(frozen=True, slots=True, kw_only=True)
class Dwelling:
    """A building and how many households live in it."""

    id: str
    places: tuple[LonLat, ...]
    """Its entrances: whichever is reached first counts."""
    households: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReachLoss:
    """Households that one kind of partner no longer reaches in time."""

    kind: str
    limit_s: float
    households: int
    dwellings: tuple[str, ...]
    """Ids of their buildings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What something that is shut costs."""

    losses: tuple[ReachLoss, ...]

    @property
    def households(self) -> int:
        """Households lost, over all kinds and limits."""
        return sum(loss.households for loss in self.losses)


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalRoad(Cost):
    """What closing one road costs."""

    road: int
    """Its number in the network."""
    name: str
    coordinates: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CriticalClosure(Cost):
    """What one closure or hazard costs."""

    closure_id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkCriticality:
    """Roads and closures by what they cost, the costliest first; those that cost nothing are left out."""

    roads: tuple[CriticalRoad, ...]
    closures: tuple[CriticalClosure, ...]
    reached: tuple[ReachLoss, ...]
    """Households in reach with everything open, by kind and limit, to compare with."""


class Judge:
    """Counts households that fall out of the circles."""

    def __init__(
        self, dwellings: Sequence[Dwelling], limits: Sequence[float], base: Mapping[str, Floats]
    ) -> None:
        self._dwellings = dwellings
        self._limits = limits
        self._base = base

    def losses(self, after: Mapping[str, Floats]) -> tuple[ReachLoss, ...]:
        """Tell what is lost against everything open, by kind and limit."""
        return tuple(
            self._loss(kind, limit, out)
            for kind, before in self._base.items()
            for limit in self._limits
            if len(out := np.flatnonzero((before <= limit) & (after[kind] > limit)))
        )

    def reached(self) -> tuple[ReachLoss, ...]:
        """Tell what is in reach with everything open."""
        return tuple(
            replace(self._loss(kind, limit, np.flatnonzero(before <= limit)), dwellings=())
            for kind, before in self._base.items()
            for limit in self._limits
        )

    def _loss(self, kind: str, limit_s: float, which: NDArray[np.int64]) -> ReachLoss:
        some = [self._dwellings[i] for i in which.tolist()]
        return ReachLoss(
            kind=kind,
            limit_s=limit_s,
            households=sum(dwelling.households for dwelling in some),
            dwellings=tuple(dwelling.id for dwelling in some),
        )

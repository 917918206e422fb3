"""Repository of households."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol

from responder.domain.ids import BuildingId, CircleId, HouseholdId
from responder.domain.registers.household import Household, HouseholdRetention


@dataclass(frozen=True, slots=True, kw_only=True)
class BuildingHouseholds:
    """What is known of a building's households, in numbers."""

    building_id: BuildingId
    households: int
    people: int
    need_help: int
    """Households in which a person needs help."""
    with_consent: int
    due: int
    """Households that nobody has confirmed for too long."""


class BuildingName(NamedTuple):
    """What a building is called."""

    id: BuildingId
    name: str
    name_en: str


class FoundHousehold(NamedTuple):
    """Where a search leads: which door, and nothing about the people behind it."""

    id: HouseholdId
    building_id: BuildingId
    door: str
    floor: int | None


class DoorCount(NamedTuple):
    """A door with how many live there, and nothing else about them."""

    door: str
    floor: int | None
    people: int


class Households(Protocol):
    """The households of a circle's buildings."""

    async def lock(self, circle_id: CircleId) -> None:
        """Let no other transaction write to the circle's register; before the circle's own lock."""
        ...

    async def retention(self, circle_id: CircleId) -> HouseholdRetention:
        """Return how long the circle keeps what nobody confirms."""
        ...

    async def put_retention(self, circle_id: CircleId, retention: HouseholdRetention) -> None:
        """Keep how long the circle keeps what nobody confirms."""
        ...

    async def circles(self) -> tuple[CircleId, ...]:
        """Return the circles that have households."""
        ...

    async def building_names(self, circle_id: CircleId) -> tuple[BuildingName, ...]:
        """Return what the buildings of the circle are called, by id."""
        ...

    async def counts(self, circle_id: CircleId, *, due_since: date) -> tuple[BuildingHouseholds, ...]:
        """Return the numbers of each building that has households, by building."""
        ...

    async def doors(
        self, circle_id: CircleId, building_id: BuildingId, *, at_most: int
    ) -> tuple[DoorCount, ...]:
        """Return so many doors of a building at most, with how many live there, by door."""
        ...

    async def number(self, circle_id: CircleId) -> int:
        """Return how many the circle has."""
        ...

    async def get(self, circle_id: CircleId, household_id: HouseholdId) -> Household:
        """Return the household, or raise NotFoundError."""
        ...

    async def of_buildings(
        self, circle_id: CircleId, building_ids: Collection[BuildingId]
    ) -> tuple[Household, ...]:
        """Return the households of buildings, by floor and door."""
        ...

    async def search(
        self,
        circle_id: CircleId,
        terms: Sequence[str],
        *,
        building_ids: Collection[BuildingId] | None,
        limit: int,
    ) -> tuple[FoundHousehold, ...]:
        """Return households with something that begins with each of the terms, in these buildings or all."""
        ...

    async def put(self, households: Sequence[Household]) -> None:
        """Add households, or put them in the place of those with their ids."""
        ...

    async def delete(self, circle_id: CircleId, household_ids: Collection[HouseholdId]) -> None:
        """Remove households and all that is found by them."""
        ...

    async def delete_unconfirmed(self, circle_id: CircleId, *, kept_since: date) -> tuple[BuildingId, ...]:
        """Remove households last confirmed by that day; return the building of each."""
        ...

    async def count_buildings(self, circle_id: CircleId, building_ids: Collection[BuildingId]) -> bool:
        """
        Let the number of households of buildings follow the register; tell whether any number changed.

        A building whose last household went keeps its number: that no one is listed does not mean that no
        one lives there. Needs the circle's lock.
        """
        ...

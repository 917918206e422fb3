"""
A town of which it is plain who is called: villages on one straight street, five kilometres apart.

All walk, and live within 250 m of the middle of the village. A walk between villages takes over an
hour, one inside a village four minutes at most. So an incident in a village calls exactly the village's
people who are on duty, with a limit of 15 minutes and whatever the speeds and penalties of walking are.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID, uuid4

METRES_PER_DEGREE_EAST = 98_100.0
"""At latitude 28.15."""
LAT = 28.15
WEST = 112.5
VILLAGE_EVERY_M = 5_000.0
POST_EVERY_M = 50.0


def lon_at(east_m: float) -> float:
    """Return the longitude of a point on the street."""
    return WEST + east_m / METRES_PER_DEGREE_EAST


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person with a device."""

    account_id: UUID = field(default_factory=uuid4)
    responder_id: UUID | None = None
    role: str
    village: int | None = None
    partner_id: UUID | None = None
    token: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Team:
    """A unit of one village."""

    id: UUID = field(default_factory=uuid4)
    village: int
    partner_id: UUID
    east_m: float
    on_duty: bool
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """All that is known of the town when it is built."""

    circle_id: UUID
    villages: int
    partners: tuple[UUID, ...]
    """One for each village."""
    teams: tuple[Team, ...]
    staff: tuple[Person, ...]

    @property
    def people(self) -> tuple[Person, ...]:
        """Everyone with a device."""
        return (*self.staff, *(person for team in self.teams for person in team.people))


def plan_town(*, villages: int, teams: int, people_per_team: int, off_duty_teams: int = 1) -> Town:
    """Draw up a town: in each village teams on duty, some off duty and a dispatcher; staff for all."""
    partners = tuple(uuid4() for _ in range(villages))
    drawn = []
    for village, partner_id in enumerate(partners):
        for number in range(teams + off_duty_teams):
            members = tuple(
                Person(responder_id=uuid4(), role="responder", village=village, partner_id=partner_id)
                for _ in range(people_per_team if number < teams else 1)
            )
            drawn.append(
                Team(
                    village=village,
                    partner_id=partner_id,
                    east_m=village * VILLAGE_EVERY_M + (number % 6) * POST_EVERY_M,
                    on_duty=number < teams,
                    people=members,
                )
            )
    staff = [Person(role=role) for role in ("coordinator", "planner", "observer")]
    staff += [
        Person(role="dispatcher", village=village, partner_id=partner_id)
        for village, partner_id in enumerate(partners)
    ]
    return Town(
        circle_id=uuid4(), villages=villages, partners=partners, teams=tuple(drawn), staff=tuple(staff)
    )


def write_street(path: Path, *, villages: int) -> None:
    """Write the street as OpenStreetMap XML."""
    step_m = 250.0
    count = int(villages * VILLAGE_EVERY_M / step_m) + 1
    nodes = "".join(
        f'<node id="{number + 1}" version="1" lat="{LAT}" lon="{lon_at(number * step_m - 500):.7f}"/>\n'
        for number in range(count)
    )
    refs = "".join(f'<nd ref="{number + 1}"/>' for number in range(count))
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<osm version="0.6">\n'
        f'{nodes}<way id="1" version="1">{refs}<tag k="highway" v="residential"/></way>\n</osm>\n'
    )


def expected_recipients(town: Town, *, village: int) -> frozenset[UUID]:
    """Return who must be called for an incident in the village: from how the town is built, nothing else."""
    return frozenset(
        person.responder_id
        for team in town.teams
        if team.village == village and team.on_duty
        for person in team.people
        if person.responder_id is not None
    )


def may_see(town: Town, person: Person, *, village: int) -> bool:
    """Tell whether the person may see an incident in the village."""
    if person.role in {"coordinator", "planner", "observer"}:
        return True
    if person.role == "dispatcher":
        return person.village == village and bool(expected_recipients(town, village=village))
    return person.responder_id in expected_recipients(town, village=village)


def village_middle(village: int) -> tuple[float, float]:
    """Return longitude and latitude of where a village's incidents are."""
    return lon_at(village * VILLAGE_EVERY_M + 100.0), LAT


def by_account(people: Sequence[Person]) -> dict[UUID, Person]:
    """Return the people by account."""
    return {person.account_id: person for person in people}

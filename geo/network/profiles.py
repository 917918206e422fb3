"""Mobility profiles: speeds, vehicle size and rules, kept as data."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from importlib import resources
from types import MappingProxyType
from typing import Any, Literal

import yaml

from geo.errors import InvalidProfileError, UnknownProfileError
from geo.network.working_days import ANNOUNCED, falls_on
from geo.tags.attributes import BARRIERS, HIGHWAYS, PARKED_ROWS, SURFACES

Mode = Literal["foot", "cycle", "motor", "emergency"]
MODES: tuple[Mode, ...] = ("foot", "cycle", "motor", "emergency")
HOURS_OF_A_DAY = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """Hours in which running takes longer."""

    days: frozenset[int]
    """Days of the week, Monday = 0; holidays and working weekends count as `working_days` says."""
    from_hour: float
    to_hour: float
    factor: float
    """Running time is multiplied by this, 1 or more."""

    def __post_init__(self) -> None:
        in_a_day = 0 <= self.from_hour < self.to_hour <= HOURS_OF_A_DAY
        if not (in_a_day and self.factor >= 1 and self.days <= set(range(7))):
            message = f"a peak from {self.from_hour} to {self.to_hour} by {self.factor} is not possible"
            raise InvalidProfileError(message)


@dataclass(frozen=True, slots=True, kw_only=True)
class MobilityProfile:
    """
    How a person or vehicle moves.

    Raises
    ------
    InvalidProfileError
        A speed, size or time is missing, negative or not finite.
    """

    name: str
    label_zh: str
    label_en: str
    mode: Mode
    """Whose access rules apply: `emergency` is a vehicle on a call."""
    speeds_kph: Mapping[str, float]
    """Mean speed by road class; `default` stands for the classes not named."""
    clear_width_m: float
    """The road must be at least this wide."""
    clear_height_m: float
    weight_t: float
    surface_kph: Mapping[str, float] = field(default_factory=dict)
    """Highest speed by surface; 0 shuts it, and what is not named is no slower than its class."""
    on_foot: bool = False
    obeys_oneway: bool = True
    obeys_maxspeed: bool = True
    against_factor: float = 1.0
    """Running time is multiplied by this against a one-way."""
    dismount_s: float = 0.0
    """From stopping the vehicle to walking off."""
    waits_at_obstacles: bool = True
    """Whether a gate or a bollard costs it the time that its mode takes there."""
    u_turn_s: float = 0.0
    """For turning round on the spot, where a road does not end; up to 30 s is told apart."""
    peaks: tuple[Peak, ...] = ()
    utc_offset_hours: float = 8.0
    sources: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        figures = {
            "clear_width_m": self.clear_width_m,
            "clear_height_m": self.clear_height_m,
            "weight_t": self.weight_t,
            "dismount_s": self.dismount_s,
            "u_turn_s": self.u_turn_s,
            **{f"speeds_kph.{highway}": self.speed_kph(highway) for highway in HIGHWAYS},
        }
        for what, value in figures.items():
            if not math.isfinite(value) or value < 0 or (what.startswith("speeds") and value == 0):
                message = f"profile {self.name}: {what} cannot be {value!r}"
                raise InvalidProfileError(message)
        unknown = set(self.surface_kph) - set(SURFACES)
        if unknown or any(not (math.isfinite(v) and v >= 0) for v in self.surface_kph.values()):
            message = f"profile {self.name}: surface_kph cannot be {dict(self.surface_kph)!r}"
            raise InvalidProfileError(message)
        if self.mode not in MODES or self.on_foot != (self.mode == "foot") or self.against_factor < 1:
            message = f"profile {self.name}: mode {self.mode!r}, on_foot and against_factor do not fit"
            raise InvalidProfileError(message)

    def speed_kph(self, highway: str) -> float:
        """
        Mean speed on a class of road.

        Examples
        --------
        >>> DEFAULT_PROFILES["foot"].speed_kph("steps")
        1.08
        """
        key = highway if highway in self.speeds_kph else "default"
        try:
            return float(self.speeds_kph[key])
        except (KeyError, TypeError, ValueError) as error:
            message = f"profile {self.name} has no speed for {highway!r} and no default"
            raise InvalidProfileError(message) from error

    def peak_factor(self, at: datetime | None) -> float:
        """
        How much longer running takes at a moment.

        Parameters
        ----------
        at
            A moment; without a time zone it is taken as the clock time of the place. `None` is off-peak.

        Examples
        --------
        >>> monday_half_past_eight_in_china = datetime(2026, 3, 2, 0, 30, tzinfo=UTC)
        >>> DEFAULT_PROFILES["car"].peak_factor(monday_half_past_eight_in_china)
        1.4
        """
        if at is None:
            return 1.0
        local = self._local(at)
        hour = local.hour + local.minute / 60
        day = local.date()
        fitting = [p.factor for p in self.peaks if p.from_hour <= hour < p.to_hour and falls_on(day, p.days)]
        return max(fitting, default=1.0)

    def unannounced_year(self, at: datetime | None) -> int | None:
        """
        Give the year of a moment when its working days are not announced, so that peaks go by the week alone.

        Examples
        --------
        >>> DEFAULT_PROFILES["car"].unannounced_year(datetime(2023, 5, 1)), DEFAULT_PROFILES["foot"].peaks
        (2023, ())
        """
        if at is None or not self.peaks:
            return None
        year = self._local(at).year
        return None if year in ANNOUNCED else year

    def _local(self, at: datetime) -> datetime:
        return at if at.tzinfo is None else at.astimezone(UTC) + timedelta(hours=self.utc_offset_hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadDefaults:
    """What is assumed of a road or an obstacle that does not say."""

    width_m: Mapping[str, float]
    settled: frozenset[str]
    """Classes whose assumed width is beyond dispute."""
    delay_s: Mapping[str, Mapping[str, float]]
    """Seconds lost by obstacle and mode."""
    parked_m: Mapping[str, float]
    """What a row of parked cars takes of a stated width, by how they stand."""
    left_by_parked_m: float
    """What parked cars leave at least: those who park there have driven in."""


def profiles_from(text: str) -> Mapping[str, MobilityProfile]:
    """
    Read profiles from YAML of the form of `profiles.yaml`.

    Raises
    ------
    InvalidProfileError
        The text is not such a table or a figure in it cannot be.
    """
    try:
        table = yaml.safe_load(text)
        sources = {key: f"{s['text']} ({s['standing']})" for key, s in table["sources"].items()}
        offset = float(table["utc_offset_hours"])
        made = {name: _profile(name, row, sources, offset) for name, row in table["profiles"].items()}
    except InvalidProfileError:
        raise
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"the profile table cannot be read: {error!r}"
        raise InvalidProfileError(message) from error
    return MappingProxyType(made)


_TABLES = frozenset({"peaks", "sources", "speeds_kph", "surface_kph"})


def _profile(name: str, row: dict[str, Any], sources: dict[str, str], offset: float) -> MobilityProfile:
    peaks = tuple(Peak(**{**peak, "days": frozenset(peak["days"])}) for peak in row.get("peaks", ()))
    figures = {key: value for key, value in row.items() if key not in _TABLES}
    return MobilityProfile(
        name=name,
        peaks=peaks,
        utc_offset_hours=offset,
        speeds_kph=dict(row["speeds_kph"]),
        surface_kph=dict(row.get("surface_kph", {})),
        sources={key: sources[value] for key, value in row.get("sources", {}).items()},
        **figures,
    )


def road_defaults_from(text: str) -> RoadDefaults:
    """
    Read road defaults from YAML of the form of `profiles.yaml`.

    Raises
    ------
    InvalidProfileError
        A class or an obstacle is missing.
    """
    try:
        table = yaml.safe_load(text)
        roads = {highway: table["roads"][highway] for highway in HIGHWAYS}
        return RoadDefaults(
            width_m=MappingProxyType({highway: float(row["width_m"]) for highway, row in roads.items()}),
            settled=frozenset(highway for highway, row in roads.items() if row.get("settled")),
            delay_s=MappingProxyType(
                {b: {mode: float(table["barriers"][b][mode]) for mode in MODES} for b in BARRIERS}
            ),
            parked_m=MappingProxyType({how: float(table["parked"][how]["width_m"]) for how in PARKED_ROWS}),
            left_by_parked_m=float(table["parked"]["left"]["width_m"]),
        )
    except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
        message = f"the road defaults cannot be read: {error!r}"
        raise InvalidProfileError(message) from error


def profile_named(profiles: Mapping[str, MobilityProfile], name: str) -> MobilityProfile:
    """
    Look a profile up.

    Raises
    ------
    UnknownProfileError
        There is none of this name.
    """
    if name not in profiles:
        message = f"no mobility profile is called {name!r}; there are {', '.join(profiles)}"
        raise UnknownProfileError(message)
    return profiles[name]


_TABLE = resources.files("geo.network").joinpath("profiles.yaml").read_text(encoding="utf-8")
DEFAULT_PROFILES: Mapping[str, MobilityProfile] = profiles_from(_TABLE)
DEFAULT_ROADS: RoadDefaults = road_defaults_from(_TABLE)

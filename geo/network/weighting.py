"""What each direction of each road costs one mobility profile, and why some cannot be taken."""

import math
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from geo.arrays import Bools
from geo.network.network import RoadNetwork
from geo.network.profiles import DEFAULT_ROADS, MobilityProfile, RoadDefaults
from geo.tags.attributes import BARRIERS, HIGHWAYS, PARKED_ROWS, SURFACES, RoadAccess, Trait
from geo.tags.parking import PARKED_CODES, rows_parked

Reason = Literal["width", "height", "weight", "surface", "barrier", "no_access", "one_way"]
Seconds = NDArray[np.float64]
Bits = NDArray[Any]
_ACCESS = {
    "foot": RoadAccess.FOOT,
    "cycle": RoadAccess.CYCLE,
    "motor": RoadAccess.MOTOR,
    "emergency": RoadAccess.EMERGENCY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstruction:
    """Why a profile cannot take a road."""

    reason: Reason
    have: float | None = None
    """What the road offers: metres or tonnes."""
    need: float | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class Costs:
    """Seconds by direction and road, shape `(2, n_roads)`; infinity where the profile cannot go."""

    profile: MobilityProfile
    running_s: Seconds
    """Time spent moving: it grows with the peak factor and shrinks with the part of the road used."""
    waiting_s: Seconds
    """Time spent at obstacles, shape `(n_roads,)`."""
    assumed: Bools
    """Roads that rest on default values for this profile, shape `(n_roads,)`."""

    def at_peak(self, factor: float) -> Seconds:
        """Seconds by direction and road when running takes `factor` times as long."""
        return self.running_s * factor + self.waiting_s

    @cached_property
    def usable(self) -> Bools:
        """Roads that can be taken in either direction, shape `(n_roads,)`."""
        return np.asarray(np.isfinite(self.running_s).any(axis=0))


def clear_widths_m(network: RoadNetwork, defaults: RoadDefaults = DEFAULT_ROADS) -> NDArray[np.float64]:
    """
    Width of every road in metres that a vehicle can count on.

    It is the stated width without parked cars, or the width limit; where neither is known the default of
    the class. An obstacle or a link has no width but that of its gap.
    """
    stated = _without_parked_m(network.road_width_m, network.road_parked, defaults)
    clear = np.minimum(stated, network.road_max_width_m)
    by_class = np.array([defaults.width_m[highway] for highway in HIGHWAYS])
    assumed = network.is_real_road & np.isinf(clear)
    return np.asarray(np.where(assumed, by_class[network.road_highway], clear))


def _clear_width_m(network: RoadNetwork, road: int, defaults: RoadDefaults) -> float:
    """Do for one road what `clear_widths_m` does for all: explaining an answer asks for a few."""
    one = slice(road, road + 1)
    stated = _without_parked_m(network.road_width_m[one], network.road_parked[one], defaults)
    clear = min(float(stated[0]), float(network.road_max_width_m[road]))
    assumed = math.isinf(clear) and bool(network.is_real_road[road])
    return defaults.width_m[_highway(network, road)] if assumed else clear


def _without_parked_m(
    stated_m: NDArray[np.float32], parked: NDArray[np.uint8], defaults: RoadDefaults
) -> NDArray[np.float64]:
    if not parked.any():
        return stated_m.astype(np.float64)
    rows = np.array([rows_parked(code) for code in range(PARKED_CODES)])
    taken_m = rows @ np.array([defaults.parked_m[how] for how in PARKED_ROWS])
    left_m = np.maximum(stated_m - taken_m[parked], defaults.left_by_parked_m)
    return np.asarray(np.minimum(stated_m.astype(np.float64), left_m))


def costs_of(network: RoadNetwork, profile: MobilityProfile, defaults: RoadDefaults = DEFAULT_ROADS) -> Costs:
    """
    Work out what every road costs a profile, in seconds.

    The speed is the profile's for the class of road, lowered to the speed limit where the profile
    obeys it, and to what the surface allows. A direction is open where the access bits allow the
    profile's mode, or where only the one-way forbids it and the profile is not bound by one-ways.
    """
    by_class = np.array([profile.speed_kph(highway) for highway in HIGHWAYS])
    surface_kph = np.array([profile.surface_kph.get(surface, np.inf) for surface in SURFACES])
    passable = (surface_kph > 0)[network.road_surface] | profile.on_foot
    speeds = np.tile(by_class[network.road_highway], (2, 1))
    if profile.obeys_maxspeed and not profile.on_foot:
        limits = (network.road_max_speed_forward_kph, network.road_max_speed_backward_kph)
        speeds = np.minimum(speeds, np.stack(limits))
    if not profile.on_foot:
        slowed = np.where(passable, surface_kph[network.road_surface], np.inf)
        speeds = np.minimum(speeds, slowed)
    running_s = network.road_length_m * 3.6 / speeds
    directions = (network.road_forward, network.road_backward)
    for side in (0, 1):
        permitted, against = _permitted(directions[side], directions[1 - side], profile)
        running_s[side][against] *= profile.against_factor
        running_s[side][~permitted] = np.inf
    running_s[:, ~passable | ~fits(network, profile, clear_widths_m(network, defaults))] = np.inf
    return Costs(
        profile=profile,
        running_s=running_s,
        waiting_s=_waiting_s(network, profile, defaults),
        assumed=_assumed(network, profile, defaults),
    )


def _permitted(bits: Bits, other: Bits, profile: MobilityProfile) -> tuple[Bools, Bools]:
    """
    Where a direction may be taken by rule or habit, and where that goes against a one-way.

    Parameters
    ----------
    bits, other
        Access of the direction asked about and of the opposite one.
    """
    mode = _ACCESS[profile.mode]
    against = (bits & RoadAccess.AGAINST) != 0
    legal = (bits & mode) != 0
    if profile.mode == "emergency":
        legal &= ~against
    if profile.obeys_oneway:
        return legal, np.zeros_like(legal)
    freed = against & ~legal & ((other & mode) != 0)
    return legal | freed, freed


def fits(network: RoadNetwork, profile: MobilityProfile, widths_m: NDArray[np.float64]) -> Bools:
    """Roads wide, high and strong enough for a profile."""
    if profile.on_foot:
        return np.ones(network.n_roads, dtype=bool)
    return np.asarray(
        (widths_m >= profile.clear_width_m)
        & (network.road_max_height_m >= profile.clear_height_m)
        & (network.road_max_weight_t >= profile.weight_t)
    )


def _waiting_s(network: RoadNetwork, profile: MobilityProfile, defaults: RoadDefaults) -> Seconds:
    by_kind = np.array([defaults.delay_s[kind][profile.mode] for kind in BARRIERS] + [0.0])
    if not profile.waits_at_obstacles:
        by_kind[:] = 0.0
    turns_round = (network.road_traits & Trait.U_TURN) != 0
    return np.asarray(by_kind[network.road_barrier] + profile.u_turn_s * turns_round, dtype=np.float64)


def _assumed(network: RoadNetwork, profile: MobilityProfile, defaults: RoadDefaults) -> Bools:
    unknown = (network.road_traits & Trait.CLASS_UNKNOWN) != 0
    if profile.on_foot:
        return np.asarray(unknown)
    settled = np.array([highway in defaults.settled for highway in HIGHWAYS])
    guessed = np.isinf(network.known_width_m) & ~settled[network.road_highway]
    return np.asarray(unknown | guessed)


def why_not(
    network: RoadNetwork,
    profile: MobilityProfile,
    road: int,
    *,
    backward: bool,
    defaults: RoadDefaults = DEFAULT_ROADS,
) -> Obstruction | None:
    """Say why a profile cannot take a road in a direction, `None` when it can."""
    bits = int((network.road_backward if backward else network.road_forward)[road])
    other = int((network.road_forward if backward else network.road_backward)[road])
    mode = _ACCESS[profile.mode]
    barrier = int(network.road_barrier[road]) >= 0
    if not (bits | other) & mode:
        return Obstruction(reason="barrier" if barrier else "no_access")
    width_m = _clear_width_m(network, road, defaults)
    limits: tuple[tuple[Reason, float, float], ...] = (
        ("width", width_m, profile.clear_width_m),
        ("height", float(network.road_max_height_m[road]), profile.clear_height_m),
        ("weight", float(network.road_max_weight_t[road]), profile.weight_t),
    )
    for reason, have, need in limits:
        if have < need and not profile.on_foot:
            return Obstruction(reason=reason, have=round(have, 2), need=need)
    if profile.surface_kph.get(SURFACES[int(network.road_surface[road])]) == 0 and not profile.on_foot:
        return Obstruction(reason="surface")
    permitted, _ = _permitted(np.array([bits]), np.array([other]), profile)
    if not permitted[0]:
        return Obstruction(reason="one_way")
    return None


def _highway(network: RoadNetwork, road: int) -> str:
    return HIGHWAYS[int(network.road_highway[road])]

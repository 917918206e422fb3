"""What a rehearsal shows, the same byte for byte on every machine."""

import hashlib
import json
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import NamedTuple

from responder.domain.drills.rehearsal.chances import ObjectiveChance
from responder.domain.drills.rehearsal.crew import Absent
from responder.domain.drills.rehearsal.findings import WeakPoint
from responder.domain.drills.rehearsal.happenings import Happening, SimulatedOutcome
from responder.domain.drills.rehearsal.spread import Spread
from responder.domain.ids import PartnerId, UnitId


class Keyframe(NamedTuple):
    """Where a unit is at a millisecond; between two of them it moves straight."""

    at_ms: int
    lon: float
    lat: float
    """To a millionth of a degree."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RehearsedUnit:
    """A unit that is called."""

    unit_id: UnitId
    partner_id: PartnerId
    called_ms: int
    expected_ms: int
    """From the call to arriving, by its turnout and the speeds of its profile, from where it begins."""
    arrived_ms: int | None
    """In the rehearsal."""
    track: tuple[Keyframe, ...]
    """Empty where it does not set out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rehearsal:
    """A drill without people."""

    seed: int
    from_ms: int
    """On the drill's clock: where it goes on from a run; 0 from the call."""
    spread: Spread
    units: tuple[RehearsedUnit, ...]
    absent: tuple[Absent, ...]
    happenings: tuple[Happening, ...]
    outcomes: tuple[SimulatedOutcome, ...]
    chances: tuple[ObjectiveChance, ...]
    """Of many rehearsals, the first of which is this one; empty when there was one."""
    findings: tuple[WeakPoint, ...]
    digest: str = ""
    """SHA-256 of all the rest, by which two machines can be compared."""

    def sealed(self) -> "Rehearsal":
        """Return it with its digest."""
        bare = replace(self, digest="")
        return replace(self, digest=hashlib.sha256(canonical(bare)).hexdigest())


def canonical(value: object) -> bytes:
    """Return values of rehearsals as JSON: keys in order, without spaces."""
    return json.dumps(
        value, default=_plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False
    ).encode()


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: getattr(value, each.name) for each in fields(value)}
    return str(value)

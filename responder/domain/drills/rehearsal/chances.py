"""What many rehearsals of one plan say together."""

from collections.abc import Sequence
from dataclasses import dataclass

from responder.domain.drills.rehearsal.happenings import SimulatedOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectiveChance:
    """In how many rehearsals an objective is met in time, and how long it takes."""

    key: str
    runs: int
    met: int
    """In time."""
    p10_ms: int | None
    p50_ms: int | None
    p90_ms: int | None
    """So long it takes at most in 10, 50 and 90 % of the rehearsals; None: it is never met in so many."""


def chances_of(rehearsals: Sequence[Sequence[SimulatedOutcome]]) -> tuple[ObjectiveChance, ...]:
    """Return the chance of each objective that can be simulated, from the outcomes of all rehearsals."""
    found = []
    for outcomes in zip(*rehearsals, strict=True):
        if not outcomes[0].is_simulated:
            continue
        took = sorted(each.took_ms for each in outcomes if each.took_ms is not None)
        runs = len(outcomes)
        found.append(
            ObjectiveChance(
                key=outcomes[0].key,
                runs=runs,
                met=sum(each.is_met for each in outcomes),
                p10_ms=_at_most(took, runs, 10),
                p50_ms=_at_most(took, runs, 50),
                p90_ms=_at_most(took, runs, 90),
            )
        )
    return tuple(found)


def _at_most(took: Sequence[int], runs: int, percent: int) -> int | None:
    """Return the least of the times that is not exceeded in so many of the runs."""
    rank = -(-runs * percent // 100)
    return took[rank - 1] if rank <= len(took) else None

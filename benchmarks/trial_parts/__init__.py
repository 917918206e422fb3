"""
What `script/bench trials` measures, a module for each part.

Each module has `measure(options: TrialOptions) -> dict[str, float | str]`: figures by printed name.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialOptions:
    """How a part is measured."""

    port: int
    """First of ten local ports that the part may use."""
    quick: bool
    """Fewer repetitions, for a look while working."""

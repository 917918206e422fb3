"""Signs of facilities and gates: told apart by shape and letter, so that a photocopy says the same."""

import math
from typing import Final, NamedTuple

from responder.exchange.printing.markup import Markup, el, join

BLACK: Final = "#000"
WHITE: Final = "#fff"


class Sign(NamedTuple):
    """How a kind is drawn."""

    letter: str
    shape: str
    """A name in `_OUTLINES`."""
    is_dark: bool
    """White letters on black."""


SIGNS: Final[dict[str, Sign]] = {
    "hydrant": Sign("H", "circle", is_dark=True),
    "aed": Sign("A", "square", is_dark=False),
    "assembly_point": Sign("P", "hexagon", is_dark=False),
    "gate": Sign("G", "diamond", is_dark=False),
    "hose_box": Sign("B", "square", is_dark=True),
    "extinguisher": Sign("E", "circle", is_dark=False),
    "first_aid": Sign("F", "house", is_dark=False),
    "key": Sign("K", "diamond", is_dark=True),
    "power_cutoff": Sign("S", "triangle", is_dark=False),
    "gas_valve": Sign("V", "hexagon", is_dark=True),
}
"""In the order of the lists: what is needed first comes first."""
OTHER: Final = Sign("X", "house", is_dark=True)
SIZE: Final = 4.4
"""Height of a sign in millimetres."""


def sign_of(kind: str) -> Sign:
    return SIGNS.get(kind, OTHER)


def draw_sign(sign: Sign, words: str, x: float, y: float, *, is_out: bool = False) -> Markup:
    """Return a sign around a point; one that is out of service is crossed out."""
    half = SIZE / 2
    fill, ink = (BLACK, WHITE) if sign.is_dark and not is_out else (WHITE, BLACK)
    size = 2.5 if len(words) <= 1 else 2.1 if len(words) == 2 else 1.6  # noqa: PLR2004 - letters that fit
    lower = {"triangle": 0.7, "house": 0.35}.get(sign.shape, 0.0)
    outline = el("path", d=_outline(sign.shape, x, y, half), fill=fill, stroke=BLACK, stroke_width=0.45)
    struck = _strike(x, y, half + 0.8, half * 0.5) if is_out else join([])
    parts = [
        el("path", d=_outline(sign.shape, x, y, half + 0.45), fill=WHITE, stroke="none"),
        outline,
        struck,
        el(
            "text",
            words,
            x=f"{x:.2f}",
            y=f"{y + 0.36 * size + lower:.2f}",
            font_size=size,
            font_weight="bold",
            text_anchor="middle",
            fill=ink,
        ),
    ]
    return join(parts)


def _strike(x: float, y: float, outer: float, inner: float) -> Markup:
    """Return two lines through a sign that leave its letters free."""
    lines = "".join(
        f"M{x + a * inner:.2f},{y + b * inner:.2f}L{x + a * outer:.2f},{y + b * outer:.2f}"
        for a, b in ((-1, -1), (1, -1), (1, 1), (-1, 1))
    )
    return el("path", d=lines, fill="none", stroke=BLACK, stroke_width=0.7)


def _outline(shape: str, x: float, y: float, half: float) -> str:
    if shape == "circle":
        return (
            f"M{x - half:.2f},{y:.2f}A{half:.2f},{half:.2f} 0 1 0 {x + half:.2f},{y:.2f}"
            f"A{half:.2f},{half:.2f} 0 1 0 {x - half:.2f},{y:.2f}Z"
        )
    corners = _OUTLINES[shape]
    return "M" + "L".join(f"{x + a * half:.2f},{y + b * half:.2f}" for a, b in corners) + "Z"


_OUTLINES: Final[dict[str, tuple[tuple[float, float], ...]]] = {
    "square": ((-0.92, -0.92), (0.92, -0.92), (0.92, 0.92), (-0.92, 0.92)),
    "diamond": ((0, -1.28), (1.28, 0), (0, 1.28), (-1.28, 0)),
    "triangle": ((0, -1.25), (1.25, 1.0), (-1.25, 1.0)),
    "house": ((0, -1.2), (1.05, -0.3), (1.05, 1), (-1.05, 1), (-1.05, -0.3)),
    "hexagon": tuple(
        (1.15 * math.cos(math.radians(60 * n)), 1.15 * math.sin(math.radians(60 * n))) for n in range(6)
    ),
}

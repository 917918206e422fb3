"""QR codes as SVG."""

from html import escape
from typing import Final

import segno

BORDER: Final = 4
"""Empty modules around a code, as readers need them."""


def qr_svg(text: str, *, label: str) -> str:
    """Return the QR code of a text as SVG: black on white, one path, no style, nothing from outside."""
    modules = segno.make(text, error="m", micro=False).matrix
    size = len(modules) + 2 * BORDER
    path = "".join(
        f"M{x + BORDER},{y + BORDER}h1v1h-1z"
        for y, row in enumerate(modules)
        for x, dark in enumerate(row)
        if dark
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" role="img" '
        f'aria-label="{escape(label)}" shape-rendering="crispEdges">'
        f'<rect width="{size}" height="{size}" fill="#fff"/><path d="{path}" fill="#000"/></svg>'
    )

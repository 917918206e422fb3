"""How wide a line of text is printed, so that labels can be placed before anything is drawn."""

from itertools import pairwise
from typing import Final
from unicodedata import east_asian_width

_ASCII: Final = (
    224, 323, 474, 555, 555, 921, 680, 278, 338, 338, 467, 555, 278, 347, 278, 392, 555, 555, 555,
    555, 555, 555, 555, 555, 555, 555, 278, 278, 555, 555, 555, 474, 946, 608, 657, 638, 688, 589,
    552, 689, 728, 293, 535, 646, 543, 812, 723, 742, 633, 742, 635, 596, 599, 721, 575, 878, 573,
    531, 603, 338, 392, 338, 555, 559, 606, 563, 618, 510, 620, 554, 325, 564, 607, 275, 275, 552,
    284, 926, 610, 606, 620, 620, 388, 468, 377, 607, 521, 802, 498, 521, 475, 338, 270, 338, 555,
)  # fmt: skip
"""Advances of U+0020 to U+007E in Noto Sans CJK SC, thousandths of the size."""
_OTHER: Final = 0.7
SPARE: Final = 1.08
"""Bold letters, and those of another font with Chinese, are a little wider."""
CHARACTERS_MOST: Final = 200


def text_width(text: str, size: float) -> float:
    """
    Return the width of a line in the unit of `size`, rather too wide than too narrow.

    >>> round(text_width("7栋", 2.0), 2)
    3.36
    """
    ems = sum(_ems(character) for character in text[:CHARACTERS_MOST])
    return ems * size * SPARE


def _ems(character: str) -> float:
    if " " <= character <= "~":
        return _ASCII[ord(character) - 32] / 1000
    return 1.0 if east_asian_width(character) in "WFA" else _OTHER


def broken(text: str, *, widest: float, size: float, most: int) -> list[str]:
    """
    Break a text into lines that are no wider than `widest`; a last line that is too long ends in an ellipsis.

    >>> broken("Provincial Hospital", widest=13, size=2, most=2)
    ['Provincial', 'Hospital']
    """
    lines = [""]
    for piece in _pieces(text):
        if text_width((lines[-1] + piece).rstrip(), size) <= widest or not lines[-1]:
            lines[-1] += piece
        else:
            lines.append(piece.lstrip())
    lines = [line.rstrip() for line in lines if line.strip()] or [""]
    if len(lines) > most:
        lines = [*lines[: most - 1], f"{lines[most - 1]}…"]
    return [_cut(line, widest=widest, size=size) for line in lines]


def _cut(line: str, *, widest: float, size: float) -> str:
    if text_width(line, size) <= widest:
        return line
    kept = line
    while len(kept) > 1 and text_width(f"{kept}…", size) > widest:
        kept = kept[:-1]
    return f"{kept}…"


def _pieces(text: str) -> list[str]:
    """Return parts between which a line may end: words, and single characters of Chinese."""
    starts = [0]
    for place, (before, after) in enumerate(pairwise(text), 1):
        if before == " " or "W" in (east_asian_width(before), east_asian_width(after)):
            starts.append(place)
    return [text[start:end] for start, end in pairwise([*starts, len(text)])]

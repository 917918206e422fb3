"""Lengths and weights as people write them: units of several countries, guesses, ranges, feet and inches."""

import math
import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

BELOW_DEFAULT_HEIGHT_M: Final = 3.9
"""What `below_default` is taken for: lower than the 4.0 m that a vehicle may be high in China (GB 1589)."""
_MOST_KEPT = 4096
_SAYS_NOTHING = frozenset(
    {"none", "default", "unsigned", "no_sign", "no_indications", "no", "unknown", "unspecified", "yes"}
)
_QUOTES = str.maketrans({"’": "'", "‘": "'", "′": "'", "´": "'", "`": "'", "”": '"', "“": '"', "″": '"'})
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_ABOUT = re.compile(
    r"^(?:约|大约|大概|宽约?|净宽|净高|高|限[宽高重]|ca\.?|circa|approx\.?|about|<=|>=|[~≈<>≤≥])+\s*"
)
_ROUGHLY = re.compile(r"\s*(?:左右|上下|宽|高|以[上下内]|\+|\?)+$")
_NUMBER = r"\d+(?:[.,]\d+)?"
_PLAIN = re.compile(rf"({_NUMBER})\s*([^\d\s.,'\"-][^\d\s'\"]*)?")
_BETWEEN = re.compile(rf"({_NUMBER})\s*([^\d\s.,~-]*)\s*(?:-|~|至|到|\.\.|to)\s*({_NUMBER})\s*(\D*)")
_THOUSANDS = re.compile(r"(\d{1,3}(?:,\d{3})+)\s*(kg|mm|cm|lbs?|千克|公斤|毫米|厘米)")
_THEN_TENTHS = re.compile(r"(\d+)\s*(?:m|米|公尺)\s*(\d{1,2})")
_FEET_INCHES = re.compile(
    rf"""({_NUMBER})\s*(?:'|ft|feet|foot|英尺)[\s-]*(?:({_NUMBER})\s*(?:"|''|in|inch|inches|英寸)?)?"""
)
_INCHES = re.compile(rf"""({_NUMBER})\s*(?:"|''|in|inch|inches|英寸)""")
_FOOT_M, _INCH_M = 0.3048, 0.0254
_METRES_PER: Final[Mapping[str, float]] = {
    **dict.fromkeys(("", "m", "m.", "meter", "meters", "metre", "metres", "mtr", "mts", "mt", "м"), 1.0),
    **dict.fromkeys(("米", "公尺", "メートル", "미터"), 1.0),
    **dict.fromkeys(("cm", "厘米", "公分", "センチ"), 0.01),
    **dict.fromkeys(("dm", "分米"), 0.1),
    **dict.fromkeys(("mm", "毫米", "公厘"), 0.001),
    **dict.fromkeys(("ft", "feet", "foot", "'", "英尺"), _FOOT_M),
    **dict.fromkeys(("in", "inch", "inches", "英寸"), _INCH_M),
    **dict.fromkeys(("yd", "yard", "yards"), 0.9144),
    **dict.fromkeys(("km", "公里", "千米"), 1000.0),
}
_TONNES_PER: Final[Mapping[str, float]] = {
    **dict.fromkeys(("", "t", "t.", "to", "ton", "tons", "tonne", "tonnes", "mt", "т"), 1.0),
    **dict.fromkeys(("吨", "噸", "公吨", "公噸", "トン", "톤"), 1.0),
    **dict.fromkeys(("kg", "kgs", "千克", "公斤"), 0.001),
    **dict.fromkeys(("lb", "lbs"), 0.00045359237),
    **dict.fromkeys(("st", "short_ton", "short_tons"), 0.90718474),
}
_LENGTHS_M: Final = (0.1, 100.0)
_WEIGHTS_T: Final = (0.05, 500.0)
"""What can be believed of a road; beyond it, a figure is in another unit than it seems."""


def metres(text: str | None) -> float:
    """
    Read a width, height or length; of several values and of a range the lowest counts.

    Returns
    -------
    metres
        Infinity where no figure can be read: `length_not_read` tells whether one may be meant.

    Examples
    --------
    >>> metres("3.5"), metres("2,5 m"), metres("350 cm"), round(metres("12'6"), 2), metres("3 m; 4 m")
    (3.5, 2.5, 3.5, 3.81, 3.0)
    >>> metres("3.2米"), metres("约２．５公尺"), metres("2.5-3"), metres("2500 mm"), metres("3米2")
    (3.2, 2.5, 2.5, 2.5, 3.2)
    >>> metres("default"), metres("200"), metres("-2"), metres(None)
    (inf, inf, inf, inf)
    """
    return _least_length(text) if text else math.inf


def tonnes(text: str | None) -> float:
    """
    Read a weight limit; of several values the lowest counts.

    Examples
    --------
    >>> tonnes("7.5"), tonnes("3.5 t"), tonnes("3500 kg"), tonnes("10吨"), tonnes("unsigned")
    (7.5, 3.5, 3.5, 10.0, inf)
    """
    return _least_weight(text) if text else math.inf


@lru_cache(maxsize=_MOST_KEPT)
def length_not_read(text: str) -> bool:
    """
    Whether a value, or one of several, may be a length and cannot be read.

    Examples
    --------
    >>> length_not_read("wide"), length_not_read("3 m; narrow"), length_not_read("none")
    (True, True, False)
    """
    return any(part not in _SAYS_NOTHING and math.isinf(_one_length(part)) for part in _parts(text))


@lru_cache(maxsize=_MOST_KEPT)
def weight_not_read(text: str) -> bool:
    """Whether a value, or one of several, may be a weight and cannot be read."""
    return any(part not in _SAYS_NOTHING and math.isinf(_one_weight(part)) for part in _parts(text))


# A map has a million values and a few hundred different ones.
@lru_cache(maxsize=_MOST_KEPT)
def _least_length(text: str) -> float:
    return min(map(_one_length, _parts(text)), default=math.inf)


@lru_cache(maxsize=_MOST_KEPT)
def _least_weight(text: str) -> float:
    return min(map(_one_weight, _parts(text)), default=math.inf)


def _parts(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKC", text.translate(_QUOTES)).translate(_DASHES)
    return [part for written in re.split(r"[;|；、]", plain) if (part := written.strip().lower())]


def _one_length(text: str) -> float:
    if text == "below_default":
        return BELOW_DEFAULT_HEIGHT_M
    return _one(text, _METRES_PER, _LENGTHS_M)


def _one_weight(text: str) -> float:
    return _one(text, _TONNES_PER, _WEIGHTS_T)


def _one(text: str, units: Mapping[str, float], believed: tuple[float, float]) -> float:
    bare = _ROUGHLY.sub("", _ABOUT.sub("", text))
    least, most = believed
    found = _figure(bare, units)
    return found if least <= found < most else math.inf


def _figure(text: str, units: Mapping[str, float]) -> float:
    """Read one figure with its unit, or infinity."""
    if units is _METRES_PER and math.isfinite(several := _in_two_units(text)):
        return several
    if many := _THOUSANDS.fullmatch(text):
        return float(many[1].replace(",", "")) * units.get(many[2], math.inf)
    if plain := _PLAIN.fullmatch(text):
        return _number(plain[1]) * units.get(plain[2] or "", math.inf)
    if between := _BETWEEN.fullmatch(text):
        # The unit is often written once, after the second.
        last = between[4].strip()
        ends = (_figure(between[1] + (between[2] or last), units), _figure(between[3] + last, units))
        return math.inf if math.inf in ends else min(ends)
    return math.inf


def _in_two_units(text: str) -> float:
    """Read feet and inches, or metres and tenths, as in 3米2; infinity for anything else."""
    if feet := _FEET_INCHES.fullmatch(text):
        return _number(feet[1]) * _FOOT_M + _number(feet[2] or "0") * _INCH_M
    if inches := _INCHES.fullmatch(text):
        return _number(inches[1]) * _INCH_M
    if tenths := _THEN_TENTHS.fullmatch(text):
        return float(f"{tenths[1]}.{tenths[2]}")
    return math.inf


def _number(text: str) -> float:
    return float(text.replace(",", "."))

"""Colours: readable in the dark and in sunlight, and one for each meaning."""

import re
from pathlib import Path

import pytest

READABLE = 4.5
GRAPHIC = 3.0
PAIRS = [
    ("ink", "surface"),
    ("ink", "surface-raised"),
    ("ink", "surface-sunken"),
    ("ink-muted", "surface"),
    ("ink-muted", "surface-raised"),
    ("surface", "ink"),
    ("respond", "surface"),
    ("respond", "surface-raised"),
    ("on-respond", "respond"),
    ("on-sev-red", "sev-red"),
    ("on-sev-orange", "sev-orange"),
    ("on-sev-yellow", "sev-yellow"),
    ("on-sev-blue", "sev-blue"),
    ("on-exercise", "exercise"),
    ("ink", "exercise-faint"),
    ("on-plate", "plate"),
    ("map-label", "map-land"),
    ("map-label", "map-halo"),
]
SHAPES = [("edge-strong", "surface"), ("exercise", "surface"), ("respond", "map-land"), ("plate", "map-land")]


def themes(static: Path) -> dict[str, dict[str, str]]:
    text = (static / "css" / "tokens.css").read_text()
    # In the file: night, day by the system's wish, day by the person's.
    blocks = re.findall(r":root[^{]*\{(.*?)\n\s*\}", text, re.DOTALL)
    night, by_system, by_person = (
        dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block)) for block in blocks
    )
    return {"night": night, "day": night | by_system, "chosen day": night | by_person}


def luminance(colour: str) -> float:
    # WCAG 2.1, relative luminance.
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def test_contrast_is_measured_as_the_standard_does() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["night", "day", "chosen day"])
def test_words_can_be_read(static: Path, theme: str) -> None:
    colours = themes(static)[theme]

    poor = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in PAIRS}

    assert {pair: ratio for pair, ratio in poor.items() if ratio < READABLE} == {}


@pytest.mark.parametrize("theme", ["night", "day", "chosen day"])
def test_shapes_can_be_told_from_what_they_lie_on(static: Path, theme: str) -> None:
    colours = themes(static)[theme]

    assert [pair for pair in SHAPES if contrast(colours[pair[0]], colours[pair[1]]) < GRAPHIC] == []


def test_both_ways_to_daylight_are_the_same(static: Path) -> None:
    assert themes(static)["day"] == themes(static)["chosen day"]


def test_colours_are_named_in_one_place(static: Path) -> None:
    colour = re.compile(r"#[0-9a-fA-F]{3,8}\b(?!.*url)")
    # Not of the replay of a drill, in a folder of its own: a file by itself, where nothing of the page is.
    others = [path for path in static.glob("css/*.css") if path.name != "tokens.css"]

    assert others
    assert [path.name for path in others if colour.search(path.read_text())] == []


def test_severity_colours_are_used_for_severity_only(static: Path) -> None:
    used = {
        (path.name, line.strip())
        for path in static.glob("css/*.css")
        if path.name != "tokens.css"
        for line in path.read_text().splitlines()
        if "--sev-" in line or "--on-sev-" in line
    }

    assert used
    assert [line for _, line in used if not line.startswith(("--severity:", "--on-severity:"))] == []

"""OpenStreetMap files: what is open to whom, which turns are allowed, and what is taken from odd files."""

import asyncio
from collections.abc import Sequence
from pathlib import Path

from benchmarks.small_cases import Case, WrongError, must_be, must_be_close
from benchmarks.small_cases.town import Town, reached_by
from geo.osm.features import read_features_osm
from geo.osm.roads import read_roads

WEST, EAST = (112.98, 28.15), (112.989, 28.15)
WITHIN_S = 1.0
MOST_HYDRANTS, MOST_AEDS, OUT_OF_USE = 1, 2, 8
"""Point 19 is a hydrant and a defibrillator, 17 is open by day; 14 and 21 may be counted or not."""


def _rewritten(town: Town, name: str, old: str, new: str) -> Path:
    text = (town.files / name).read_text(encoding="utf-8")
    if old not in text:
        message = f"{name} does not hold {old}"
        raise WrongError(message)
    path = town.folder / f"{abs(hash(new))}.osm"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


async def _must_take(path: Path, times: Sequence[tuple[str, float, str | None]], *, said: str = "") -> None:
    for profile, right_s, reason in times:
        reached = await asyncio.to_thread(reached_by, path, profile, WEST, EAST)
        must_be_close(f"{said} {profile}".strip(), reached.travel_s, right_s, within=WITHIN_S)
        must_be(f"{said} {profile} stops for".strip(), reached.stop and reached.stop.reason, reason)


async def emergency(town: Town) -> None:
    """Open a road for emergency vehicles to them only, and count a word that is not known."""
    name, tag = "way-motor_vehicle-emergency.osm", '<tag k="motor_vehicle" v="emergency"/>'
    times = [("ambulance", 122, None), ("fire_engine", 145, None), ("car", 565, "no_access")]
    for key in ("motor_vehicle", "access", "vehicle", "motorcar"):
        path = _rewritten(town, name, tag, f'<tag k="{key}" v="emergency"/>')
        await _must_take(path, times, said=f"{key}=emergency")
    odd = _rewritten(town, name, tag, '<tag k="motor_vehicle" v="dragons"/>')
    counted = (await asyncio.to_thread(read_roads, odd)).summary.not_understood
    if not any("dragons" in word for word in counted):
        message = f"motor_vehicle=dragons is not counted: {dict(counted)}"
        raise WrongError(message)


async def two_only(town: Town) -> None:
    """Take two compulsory turns at one point as alternatives."""
    path = town.files / "x2-two-only.osm"
    for what, end, right_s, within in [
        ("to 3", (112.986, 28.15), 88, WITHIN_S),
        ("to 4", (112.983, 28.147), 94, WITHIN_S),
        ("to 2", (112.983, 28.153), 182, 10),
    ]:
        reached = await asyncio.to_thread(reached_by, path, "car", WEST, end)
        must_be_close(what, reached.travel_s, right_s, within=within)


async def _one_of_each(town: Town, name: str, door: str | None) -> None:
    circle, roads, features = await town.take_osm(town.files / name, circle_name=name)
    must_be("roads", roads.summary.ways_taken, 1)
    must_be("taken", dict(features.taken), {"building": 1, "hydrant": 1})
    [building] = await town.things("buildings", circle=circle)
    doors = [each["name"] for each in building["properties"]["entrances"]]
    if door is not None:
        must_be("doors", doors, [door])


async def negative(town: Town) -> None:
    """Read a file saved before its upload."""
    await _one_of_each(town, "t-negative.osm", "East door")


async def ways_first(town: Town) -> None:
    """Read ways that come before their points."""
    await _one_of_each(town, "t-order-wnr.osm", None)


async def limits(town: Town) -> None:
    """Read heights, widths and weights as people write them."""
    name, tag = "h1-maxheight.osm", '<tag k="maxheight" v="3.2米"/>'
    for key, value, reason in [
        ("maxheight", "3.2米", "height"),
        ("maxheight", "10'-6&quot;", "height"),
        ("width", "2.5米", "width"),
        ("maxweight", "10吨", "weight"),
    ]:
        path = _rewritten(town, name, tag, f'<tag k="{key}" v="{value}"/>')
        if key == "width":
            written = path.read_text(encoding="utf-8")
            both = f'<tag k="width" v="6"/><tag k="width" v="{value}"/>'
            path.write_text(written.replace(both, f'<tag k="width" v="{value}"/>'), encoding="utf-8")
        await _must_take(path, [("fire_engine", 629, reason)], said=f"{key}={value}")
    odd = _rewritten(town, name, tag, '<tag k="maxheight" v="low"/>')
    summary = (await asyncio.to_thread(read_roads, odd)).summary
    if not any("maxheight" in word for word in summary.not_understood):
        message = f"maxheight=low is not counted: {dict(summary.not_understood)}"
        raise WrongError(message)


async def disused(town: Town) -> None:
    """Never offer what is out of use as what works."""
    path = town.files / "m1-disused.osm"
    features = await asyncio.to_thread(read_features_osm, path)
    circle, _, _ = await town.take_osm(path, circle_name="m1")
    works = [
        each["properties"]["kind"]
        for each in await town.things("facilities", circle=circle)
        if each["properties"].get("state") not in ("out_of_service", "out_of_use")
        and each["properties"].get("in_service", True)
    ]
    must_be("hydrants that work", works.count("hydrant") <= MOST_HYDRANTS, right=True)
    must_be("defibrillators that work", works.count("aed") <= MOST_AEDS, right=True)
    left_out = sum(features.summary.skipped.values())
    kept = len(await town.things("facilities", circle=circle)) - len(works)
    if left_out + kept < OUT_OF_USE:
        message = f"left out and counted {left_out}, kept as out of service {kept}: less than {OUT_OF_USE}"
        raise WrongError(message)


CASES = (
    Case(name="way-motor_vehicle-emergency", run=emergency),
    Case(name="x2-two-only", run=two_only),
    Case(name="t-negative", run=negative),
    Case(name="t-order-wnr", run=ways_first),
    Case(name="h1-maxheight", run=limits),
    Case(name="m1-disused", run=disused),
)

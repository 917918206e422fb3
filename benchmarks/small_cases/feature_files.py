"""Feature files: identity, encodings, layers, systems, columns."""

import json
from typing import Any

from benchmarks.small_cases import Case, WrongError, must_be, must_be_close, must_have
from benchmarks.small_cases.town import Town

METRE_DEG = 1e-5
"""About a metre of latitude."""


async def a1_a2(town: Town) -> None:
    """Keep two files whose ids count 1, 2 apart."""
    for name in ("a1-hydrants.geojson", "a2-aeds.geojson"):
        must_have(name, await town.take("facilities", name), created=2, updated=0)
    kinds = sorted(each["properties"]["kind"] for each in await town.things("facilities"))
    must_be("facilities", kinds, ["aed", "aed", "hydrant", "hydrant"])


async def a5_a6(town: Town) -> None:
    """Take the same with buildings, and keep their households."""
    for name in ("a5-block-east.geojson", "a6-block-west.geojson"):
        must_have(name, await town.take("buildings", name), created=2, updated=0)
    told = [
        each["properties"]["households"]
        for name in ("a5-block-east.geojson", "a6-block-west.geojson")
        for each in json.loads((town.files / name).read_text(encoding="utf-8"))["features"]
    ]
    there = [each["properties"]["households"] for each in await town.things("buildings")]
    must_be("households", sorted(there), sorted(told))


async def _door(town: Town, right: tuple[float, float]) -> None:
    [building] = await town.things("buildings")
    [door] = building["properties"]["entrances"]
    must_be_close("longitude of the door", door["lon"], right[0], within=METRE_DEG)
    must_be_close("latitude of the door", door["lat"], right[1], within=METRE_DEG)


async def b1(town: Town) -> None:
    """Move a door in GCJ-02 with its building."""
    must_have("b1", await town.take("buildings", "b1-entrance-gcj02.geojson", crs="GCJ-02"), created=1)
    await _door(town, (112.9813, 28.1514))


async def b2(town: Town) -> None:
    """Move a door in EPSG:4547 with its building."""
    must_have("b2", await town.take("buildings", "b2-entrance-4547.geojson"), created=1)
    await _door(town, (112.9813, 28.1534))


async def _one_of_two(town: Town, name: str, taken: str) -> None:
    answer = await town.take("buildings", name)
    must_have(name, answer, created=1)
    [skipped] = answer["skipped"]
    must_be("row left out", skipped["row"], 2)
    must_be("names", [each["properties"]["name"] for each in await town.things("buildings")], [taken])
    if not skipped.get("detail"):
        message = f"the row is named without its reason: {skipped}"
        raise WrongError(message)


async def c1(town: Town) -> None:
    """Name a row that crosses itself, and take the other."""
    await _one_of_two(town, "c1-one-bowtie.geojson", "好楼")


async def c2(town: Town) -> None:
    """Name an empty row, and take the other."""
    await _one_of_two(town, "c2-one-empty.geojson", "好楼2")


def _said(answer: dict[str, Any], code: str) -> None:
    codes = [note["code"] for note in answer.get("notes", ())]
    if code not in codes:
        message = f"{code} is not said: {codes}"
        raise WrongError(message)


async def f2(town: Town) -> None:
    """Read GBK without a word about it, cut inside a character."""
    answer = await town.take("buildings", "f2-gbk-cut.zip")
    must_have("f2", answer, created=2)
    names = {each["properties"]["name"] for each in await town.things("buildings")}
    must_be("names", names, {"脑科巷社区甲地块一号", "A脑科巷社区甲地块二…"})
    _said(answer, "encoding_guessed")


async def f3(town: Town) -> None:
    """Read UTF-8 cut inside a character."""
    answer = await town.take("buildings", "f3-utf8-cut.zip")
    must_have("f3", answer, created=2)
    names = {each["properties"]["name"] for each in await town.things("buildings")}
    must_be("names", names, {"脑科巷社区甲…", "脑科巷二号楼"})
    _said(answer, "text_cut")


async def g1(town: Town) -> None:
    """Read the layer named as the noun, or the one that is asked for."""
    name = "g1-two-layers.gpkg"
    must_have("buildings", await town.take("buildings", name), created=1)
    must_have("facilities", await town.take("facilities", name), created=1)
    asked = await town.take("hazards", name)
    must_have("hazards", asked, code="layer_needed", layers=["buildings", "facilities"])
    must_have("named", await town.take("buildings", name, layer="buildings"), unchanged=1)


async def l1(town: Town) -> None:
    """Name rows far away, and take them when said so."""
    name = "l1-null-island.geojson"
    answer = await town.take("facilities", name)
    must_have(name, answer, created=0)
    must_be("codes", [row["code"] for row in answer["skipped"]], ["far_from_circle"] * 2)
    must_have("far", await town.take("facilities", name, far="true"), created=2)


async def _turned(town: Town, name: str, question: str) -> None:
    asked = await town.take("buildings", name)
    must_have(name, asked, code="axis_order_needed")
    must_be("question", asked["candidates"][0]["label"], question)
    must_have("answered", await town.take("buildings", name, axis_order="yx"), created=1)
    [building] = await town.things("buildings")
    lon, lat = building["geometry"]["coordinates"][0][0]
    must_be_close("longitude", lon, 112.984, within=0.02)
    must_be_close("latitude", lat, 28.154, within=0.02)


async def h3(town: Town) -> None:
    """Ask about northing first, as surveyors write."""
    await _turned(town, "h3-northing-first-4547.geojson", "northing first")


async def h1_lat(town: Town) -> None:
    """Ask about latitude first, as phones write."""
    await _turned(town, "h1-lat-first.geojson", "latitude first")


async def d1(town: Town) -> None:
    """Read columns of units cut after ten letters."""
    must_have("d1", await town.take("units", "d1-units.zip"), created=1, skipped=[])


async def d2(town: Town) -> None:
    """Read columns of buildings cut after ten letters."""
    must_have("d2", await town.take("buildings", "d2-buildings.zip"), created=1, skipped=[])
    [building] = await town.things("buildings")
    must_be("fire_rating", building["properties"]["fire_rating"], 3)


async def e1(town: Town) -> None:
    """Keep a whole number beside an empty cell whole."""
    must_have("e1", await town.take("buildings", "e1-number-names.gpkg"), created=2)
    names = sorted(each["properties"]["name"] for each in await town.things("buildings"))
    must_be("names", names, ["", "3"])


async def roundtrip(town: Town) -> None:
    """Take what the demo gave back unchanged, for each noun."""
    answer = await town.post_file("units", "roundtrip-units.geojson", circle=town.demo)
    must_have("units of the file", answer.json(), unchanged=12, created=0, updated=0, skipped=[])
    for noun in ("buildings", "hazards", "facilities", "units"):
        out = await town.http.get(f"{town.demo}/{noun}")
        count = len(out.json()["features"])
        back = await town.post_file(noun, f"{noun}.geojson", out.content, circle=town.demo)
        must_have(noun, back.json(), unchanged=count, created=0, updated=0, skipped=[])


async def overpass(town: Town) -> None:
    """Read tags as properties as in a file of OpenStreetMap."""
    must_have("overpass", await town.take("facilities", "overpass-turbo.geojson"), created=2, skipped=[])
    there = await town.things("facilities")
    must_be("kinds", sorted(each["properties"]["kind"] for each in there), ["aed", "hydrant"])
    again = json.loads((town.files / "overpass-turbo.geojson").read_text(encoding="utf-8"))
    for feature in again["features"]:
        feature["geometry"]["coordinates"][0] += METRE_DEG
    moved = await town.post_file("facilities", "later.geojson", json.dumps(again).encode())
    must_have("moved, by id", moved.json(), created=0, updated=2)


CASES = (
    Case(name="a1-hydrants, a2-aeds", run=a1_a2),
    Case(name="a5-block-east, a6-block-west", run=a5_a6),
    Case(name="b1-entrance-gcj02", run=b1),
    Case(name="b2-entrance-4547", run=b2),
    Case(name="c1-one-bowtie", run=c1),
    Case(name="c2-one-empty", run=c2),
    Case(name="f2-gbk-cut", run=f2),
    Case(name="f3-utf8-cut", run=f3),
    Case(name="g1-two-layers", run=g1),
    Case(name="l1-null-island", run=l1),
    Case(name="h3-northing-first-4547", run=h3),
    Case(name="h1-lat-first", run=h1_lat),
    Case(name="d1-units", run=d1),
    Case(name="d2-buildings", run=d2),
    Case(name="e1-number-names", run=e1),
    Case(name="roundtrip-units", run=roundtrip),
    Case(name="overpass-turbo", run=overpass),
)
